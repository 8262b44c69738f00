"""The made-up country in a database of its own, and beside the seeds."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo.database import owner
from geo.database.loading import insert_demand_points
from seeds import seeding
from tests.packs import vela

TOWNS = """
SELECT id::text, id::text AS locality_id, area_id::text, ST_AsText(point) AS point, population, under_18, source_id::text
FROM lakana.locality WHERE scheme = 'VELA' ORDER BY code
"""


def settle(url: str, folder) -> None:
    """Load the pack, and let its people live in its places."""
    seeding.seed(url, vela.write(folder))
    with owner.owner_transaction(url) as connection:
        insert_demand_points(connection, [dict(row) for row in connection.execute(text(TOWNS)).mappings()])


@pytest.fixture(scope="package")
def vela_template(copy_migrated, tmp_path_factory):
    url = copy_migrated()
    settle(url, tmp_path_factory.mktemp("vela"))
    return url


@pytest.fixture(scope="package")
def beside_template(copy_seeded, tmp_path_factory):
    url = copy_seeded()
    settle(url, tmp_path_factory.mktemp("beside"))
    return url
