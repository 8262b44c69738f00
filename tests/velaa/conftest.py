"""The fixtures of a seeded database, over Velaa: a suite that is taken in here runs in it instead of in Mali.

A fixture is made anew for each conftest that has its name, so those that stand on the seeds are taken in one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import RELEASE_KEY, copy_seeded, seeded_url, unguessed
from tests.home import VELAA, Home
from tests.packs import vela
from tests.tiles.conftest import http, layers, run

__all__ = ["copy_seeded", "http", "layers", "run", "seeded_url"]


@pytest.fixture(scope="session")
def home() -> Home:
    return VELAA


@pytest.fixture(scope="session")
def seeded_template(copy_migrated: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with Velaa, its law and illustrative rows, and its counts released, to be copied and never served."""
    from geo.release import publish  # noqa: PLC0415  most runs of a few tests need no seeds
    from seeds import seeding  # noqa: PLC0415

    url = copy_migrated()
    seeding.seed(url, vela.write(tmp_path_factory.mktemp("velaa"), vela.WHOLE))
    with unguessed():
        publish.release(url, RELEASE_KEY)
    return url
