"""The plans of tiles among 10,000 services: a tile is a range of an index, and one that gathers reads the index alone."""

from __future__ import annotations

import psycopg2
import pytest

from geo.audience import Audience
from geo.database.owner import login_url, owner_engine, owner_transaction
from geo.queries.tiles.tile import Tile, layer_job
from seeds import seeding
from tests.benchmarks.statements import SESSION
from tests.graphql.conftest import UNREAD
from tests.tiles.conftest import tile_at

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(scope="module")
def plan(copy_seeded):
    """Return the nodes of the plan of a layer of a tile that ran."""
    url = copy_seeded()
    with owner_transaction(url) as owned:
        owned.exec_driver_sql(UNREAD)
    seeding.seed(url, services=10_000)
    with owner_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as owned:
        owned.exec_driver_sql("VACUUM ANALYZE lakana.service")
    connection = psycopg2.connect(login_url(url, Audience.PUBLIC), options=SESSION)
    connection.autocommit = True

    def plan(layer, tile):
        job = layer_job(layer, tile, None)
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(f"PREPARE asked AS {job.statement.sql}")
            places = ",".join(["%s"] * len(job.values))
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING off) EXECUTE asked({places})", job.values)
            return [each for each in nodes(cursor.fetchone()[0][0]["Plan"]) if each["Actual Loops"]]

    yield plan
    connection.close()


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def test_the_world_is_gathered_from_the_index_alone(plan):
    found = [each for each in plan("services", Tile(0, 0, 0)) if each.get("Relation Name") == "service"]
    assert {(each["Node Type"], each["Index Name"]) for each in found} == {("Index Only Scan", "service_tile_idx")}
    assert all(each["Heap Fetches"] == 0 for each in found)
    assert max(each["Actual Rows"] for each in found) > 9_000


def test_a_fine_tile_reads_its_own_services(plan):
    found = plan("services", tile_at(12, -8.0, 12.63))
    assert not [each for each in found if each["Node Type"] == "Seq Scan" and each["Relation Name"] == "service"]
    assert "service_tile_idx" in {each.get("Index Name") for each in found}


def test_outlines_of_the_level_and_the_zoom_alone_are_read(plan):
    found = [each for each in plan("adm1", Tile(5, 15, 14)) if each.get("Relation Name") == "area_outline"]
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in found) <= 50
