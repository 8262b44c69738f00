"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import api
import geo
import maps
import seeds

MODULES = [
    found.name
    for package in (geo, maps, seeds, api)
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if ".migrations" not in found.name and not found.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    failures, _ = doctest.testmod(importlib.import_module(name))
    assert failures == 0
