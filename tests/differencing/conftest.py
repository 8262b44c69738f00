"""What the attacks stand on: the lattice, rebuilt by asking the API as anybody, and the truth to score them by."""

from __future__ import annotations

import os

import pytest

from geo.database.owner import owner_transaction
from geo.release import check
from geo.release.sampler import Effort
from tests.differencing.outsider import TYPES, Lattice, rebuilt
from tests.graphql.conftest import *  # noqa: F403  the API as the public asks it

FULL = os.environ.get("DIFFERENCING") == "full"
"""Ten keys and both years; otherwise one key and one year."""
EFFORT = check.EFFORT if FULL else Effort(chains=16, sweeps=40, warm_up=60)
"""How long the sampler attacks: as long as in a release; in a small round half as long, but in ``test_attacks``.

After half the passes it names 15 of 442 leaves of the first year of ``test_rare_years``, after all 17; 4 are too many.
"""

RAW = "SELECT l.scheme || ':' || l.code, quarter, incident_type::text, count FROM raw.incident_count JOIN lakana.locality l ON l.id = locality_id"


@pytest.fixture(scope="session")
def truth(seeded_url) -> dict[tuple[str, str, str], int]:
    with owner_transaction(seeded_url) as connection:
        found = {tuple(row[:3]): row[3] for row in connection.exec_driver_sql(RAW)}
    assert {kind for _, _, kind in found} == set(TYPES)
    return found


@pytest.fixture(scope="session")
def lattice(ask, truth) -> Lattice:
    """Everything that is public of the latest year, and the truth of its leaves."""
    year = ask("{ releasedPeriods { period } }")["data"]["releasedPeriods"][0]["period"]
    assert len(year) == 4
    return rebuilt(ask, year).with_truth(truth)


@pytest.fixture(scope="session")
def lattice_2024(ask, truth) -> Lattice:
    return rebuilt(ask, "2024").with_truth(truth)


@pytest.fixture(scope="session")
def lattices(lattice, lattice_2024) -> list[Lattice]:
    """The years of this round."""
    return [lattice, lattice_2024] if FULL else [lattice_2024]
