"""What answers say of themselves is in the catalogue, and the catalogue holds nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from geo import assumptions
from geo.assumptions.catalogue import by_locale, catalogue, translated
from geo.vocabulary import Locale


def sentences(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from sentences(each)


def said() -> set[str]:
    modules = [
        importlib.import_module(f"{assumptions.__name__}.{each.name}")
        for each in pkgutil.iter_modules(assumptions.__path__)
    ]
    values = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    return {each for value in values for each in sentences(value)}


def test_every_sentence_is_told_in_french_and_none_stands_there_for_nothing():
    assert {each.id for each in catalogue(Locale.FR) if each.id} == said()
    for sentence in said():
        french = translated(sentence, Locale.FR)
        assert french != sentence
        assert french.count("%s") == sentence.count("%s"), sentence


def test_bambara_has_only_sentences_that_there_are_and_else_is_told_in_french():
    assert {each.id for each in catalogue(Locale.BM) if each.id} <= said()
    for sentence in said():
        message = catalogue(Locale.BM).get(sentence)
        expected = message.string if message else translated(sentence, Locale.FR)
        assert by_locale((sentence,))["BM"] == [expected]


def test_what_nobody_has_translated_is_noticed():
    with pytest.raises(KeyError):
        translated("Nobody has translated this.", Locale.FR)
