"""What the attacks stand on: the lattice, rebuilt by asking the API as anybody, and the truth to score them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.database import owner_transaction
from tests.differencing.figures import Figures
from tests.differencing.outsider import TYPES, Seen, rebuilt
from tests.graphql.conftest import *  # noqa: F403  the API as the public asks it

if TYPE_CHECKING:
    from collections.abc import Iterator

RAW = "SELECT l.scheme || ':' || l.code, quarter, incident_type::text, count FROM raw.incident_count JOIN lakana.locality l ON l.id = locality_id"


@pytest.fixture(scope="session")
def seen(ask, seeded_url) -> Seen:
    """Everything that is public of the latest year, and the truth of its leaves."""
    found = rebuilt(ask)
    with owner_transaction(seeded_url) as connection:
        truth = {tuple(row[:3]): row[3] for row in connection.exec_driver_sql(RAW)}
    assert {kind for _, _, kind in truth} == set(TYPES)
    return found.with_truth(truth)


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """The table of what was found, printed at the end."""
    found = Figures()
    yield found
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n\n{found.table()}\n")
