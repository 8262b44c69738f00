"""Nearest services where more of them crowd together than the index's own measure can tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from api.operations import Operations
from geo import database
from geo.audience import ANYBODY
from geo.database import owner_transaction
from geo.pool import Pools
from tests.geodesy import distance_m

pytestmark = pytest.mark.database

MAKE = """
WITH told AS (
  INSERT INTO lakana.source (key, name, illustrative) VALUES ('t', 'T', true) RETURNING id
), nation AS (
  INSERT INTO lakana.admin_area (scheme, code, level, name_fr, source_id)
  SELECT 'T', 'T', 0, 'T', id FROM told RETURNING id
), unit AS (
  INSERT INTO lakana.actor (name, kind, area_id, point, source_id)
  SELECT 'A', 'NGO', nation.id, 'POINT(0 0)', told.id FROM told, nation RETURNING id
)
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT unit.id, place.name, 'MEDICAL', ST_Project('POINT(0 10)'::geography, metres, radians(azimuth)), nation.id, told.id
FROM told, nation, unit, (
  SELECT 'crowd ' || n AS name, 100000.0 + n * 0.001 AS metres, 80.0 + n AS azimuth FROM generate_series(1, 21) n
  UNION ALL
  SELECT 'nearer', 99990, 0
) AS place
"""
"""21 services in the east, which the sphere takes to be nearer than they are, and a nearer one in the north."""


@pytest.mark.parametrize("first", [1, 3, 10])
@pytest.mark.parametrize("category", [None, "MEDICAL"])
def test_the_nearest_of_a_crowd_is_the_nearest_on_the_spheroid(
    make_database: Callable[[], str], run: Any, operations: Operations, first: int, category: str | None
):
    url = make_database()
    database.upgrade(url)
    with owner_transaction(url) as connection:
        connection.execute(text("SET LOCAL search_path = lakana, public"))
        connection.execute(text(MAKE))
        rows = connection.execute(
            text("SELECT name, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.service")
        ).all()
    expected = sorted(distance_m(0, 10, row.lon, row.lat) for row in rows)[:first]
    pools = Pools(url, 1)
    operation = operations.get(
        "query ($first: Int, $category: ServiceCategory) { nearestServices(origin: {lon: 0, lat: 10}, first: $first,"
        " category: $category) { distanceMetres service { name } } }",
        None,
    )
    answered = run(operation.answer(operation.variables({"first": first, "category": category}), ANYBODY, pools))
    pools.close()
    found = orjson.loads(answered.body)["data"]["nearestServices"]
    assert found[0]["service"]["name"] == "nearer"
    assert [each["distanceMetres"] for each in found] == pytest.approx(expected, abs=1e-3)
