"""The made-up country in a database of its own, and beside the seeds."""

from __future__ import annotations

import pytest

from seeds import seeding
from tests.packs import vela


@pytest.fixture(scope="package")
def vela_template(copy_migrated, tmp_path_factory):
    url = copy_migrated()
    seeding.seed(url, vela.write(tmp_path_factory.mktemp("vela")))
    return url


@pytest.fixture(scope="package")
def beside_template(copy_seeded, tmp_path_factory):
    url = copy_seeded()
    seeding.seed(url, vela.write(tmp_path_factory.mktemp("beside")))
    return url
