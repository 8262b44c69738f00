"""Nearest services where more of them crowd together than the index's own measure can tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from api.graphql.compile.document_cache import Operations
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.database.pool import Pool
from geo.service import Resources
from tests.geodesy import distance_m
from tests.graphql.conftest import UNREAD

pytestmark = pytest.mark.database

MAKE = """
WITH told AS (
  INSERT INTO lakana.source (key, name, illustrative) VALUES ('t', 'T', true) RETURNING id
), nation AS (
  INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, source_id)
  SELECT 'T', '1', 'T', 0, 'T', id FROM told RETURNING id
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
"""21 services in the east that look nearer on the sphere than they are, and a nearer one in the north."""


CROWDED = """
WITH told AS (
  INSERT INTO lakana.source (key, name, illustrative) VALUES ('t', 'T', true) RETURNING id
), nation AS (
  INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, source_id)
  SELECT 'T', '1', 'T', 0, 'T', id FROM told RETURNING id
), unit AS (
  INSERT INTO lakana.actor (name, kind, area_id, point, source_id)
  SELECT 'A', 'NGO', nation.id, 'POINT(0 0)', told.id FROM told, nation RETURNING id
)
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT unit.id, 'crowd ' || n, CASE WHEN n % 2 = 0 THEN 'MEDICAL' ELSE 'LEGAL_AID' END::lakana.service_category,
  CASE WHEN n <= 3000 THEN 'POINT(0 10)'::geography
       WHEN n <= 4000 THEN ST_Project('POINT(0 10)'::geography, n % 40, n)
       ELSE ST_Project('POINT(3 10)'::geography, 300000 + (n % 7) * 0.001, n) END, nation.id, told.id
FROM told, nation, unit, generate_series(1, 5000) AS n
"""
"""3,000 services on one spot, 1,000 within 40 m of it, and 1,000 in a ring around another place."""


ALONE = """
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT actor_id, 'alone ' || n, 'EDUCATION', ST_Project('POINT(9 10)'::geography, n * 1000, 1), area_id, source_id
FROM (SELECT * FROM lakana.service LIMIT 1) one, generate_series(1, 30) AS n
"""
"""30 services in a row, a kilometre apart."""


@pytest.fixture(scope="module")
def crowded(copy_migrated: Callable[[], str]) -> Any:
    url = copy_migrated()
    with owner_transaction(url) as connection:
        connection.execute(text(UNREAD))
        connection.execute(text("SET LOCAL search_path = lakana, public"))
        connection.execute(text(CROWDED))
        connection.execute(text(ALONE))
        rows = connection.execute(
            text("SELECT id, category, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM service")
        ).all()
    resources = Resources(url, 1)
    yield resources, rows, url
    resources.close()


ASKED = (
    "query ($first: Int, $categories: [ServiceCategory!], $origin: PointInput!, $within: ReachInput) { nearestServices("
    "origin: $origin, first: $first, categories: $categories, within: $within) { distanceMetres service { id } } }"
)


@pytest.mark.parametrize("categories", [None, ["MEDICAL"], ["LEGAL_AID", "MEDICAL"]])
@pytest.mark.parametrize("first", [1, 10, 100])
@pytest.mark.parametrize(
    "origin", [(0, 10), (0.00001, 10), (3, 10), (8.9, 10.2), (-6, 4), (20, 10), (-74, 40.7), (180, -10), (0, 90)]
)
def test_a_crowd_is_put_in_order_exactly_wherever_one_asks_from(run, operations, crowded, origin, first, categories):
    """On one spot by id; in a ring by distances that differ by a millimetre; nothing beyond 1,000 km."""
    resources, rows, _ = crowded
    measured = sorted(
        (distance_m(origin[0], origin[1], row.lon, row.lat), str(row.id))
        for row in rows
        if categories is None or row.category in categories
    )
    expected = [(metres, each) for metres, each in measured if metres <= 1_000_000][:first]
    operation = operations.get(ASKED, None)
    asked = {"first": first, "categories": categories, "origin": {"lon": origin[0], "lat": origin[1]}}
    answered = run(operation.answer(operation.variables(asked), ANYBODY, resources))
    found = orjson.loads(answered.body)["data"]["nearestServices"]
    assert [each["distanceMetres"] for each in found] == pytest.approx([metres for metres, _ in expected], abs=1e-5)
    on_the_spot = [each["service"]["id"] for each in found if each["distanceMetres"] == 0]
    assert on_the_spot == sorted(on_the_spot)
    if on_the_spot:
        assert on_the_spot == [each for metres, each in expected if metres == 0]


@pytest.mark.parametrize(("origin", "times"), [((0, 10), 2), ((3, 10), 2), ((9.5, 10.2), 1), ((-74, 40.7), 2)])
def test_only_where_many_crowd_or_none_is_near_another_statement_is_asked(
    run, operations, crowded, origin, times, monkeypatch
):
    """The nearest few are mostly enough."""
    resources, _, _ = crowded
    asked = []
    run_jobs = Pool.run

    async def noted(pool, jobs, *given):
        asked.append(len(jobs))
        return await run_jobs(pool, jobs, *given)

    monkeypatch.setattr(Pool, "run", noted)
    category = "EDUCATION" if times == 1 else "MEDICAL"
    operation = operations.get(ASKED, None)
    given = {"first": 10, "categories": [category], "origin": {"lon": origin[0], "lat": origin[1]}}
    body = run(operation.answer(operation.variables(given), ANYBODY, resources)).body
    assert asked == [1] * times
    assert len(orjson.loads(body)["data"]["nearestServices"]) == (0 if origin[0] < -70 else 10)


def test_how_many_share_a_spot_is_not_read(crowded):
    """Of 3,000 on one spot as many are read as are asked for, and so from 900 km away."""
    _, _, url = crowded
    with owner_transaction(url) as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        for lon in (0.0, 7.9):
            plan = connection.execute(
                text(
                    "SELECT count(*) FROM lakana.nearest_services(ST_MakePoint(:lon, 10)::geography, 'MEDICAL', 10, 1000000)"
                ),
                {"lon": lon},
            ).scalar()
            assert plan == 10
        walked = connection.execute(text("SELECT count(*) FROM lakana.service_spot")).scalar()
    assert walked is not None
    assert walked < 2_100


def test_spots_follow_the_services(copy_migrated):
    """What comes, moves, changes its category or goes, alone or with others on its spot, leaves the spots right."""
    url = copy_migrated()
    agree = text(
        "SELECT (SELECT count(*) FROM (SELECT DISTINCT category, point::geometry FROM lakana.service"
        " EXCEPT SELECT category, point::geometry FROM lakana.service_spot) missing)"
        " + (SELECT count(*) FROM (SELECT category, point::geometry FROM lakana.service_spot"
        " EXCEPT SELECT category, point::geometry FROM lakana.service) left_over)"
    )
    with owner_transaction(url) as connection:
        connection.execute(text("SET LOCAL search_path = lakana, public"))
        connection.execute(text(CROWDED.replace("5000", "4100")))
        for change in (
            "SELECT 1",
            "UPDATE service SET point = 'POINT(1 1)' WHERE name = 'crowd 4050'",
            "UPDATE service SET point = 'POINT(0 10)' WHERE name = 'crowd 3500'",
            "UPDATE service SET category = 'EDUCATION' WHERE name IN ('crowd 1', 'crowd 4051')",
            "DELETE FROM service WHERE name = 'crowd 2'",
            "DELETE FROM service WHERE point::geometry = 'SRID=4326;POINT(0 10)'::geometry",
            "DELETE FROM service",
        ):
            connection.execute(text(change))
            assert connection.execute(agree).scalar() == 0, change


@pytest.mark.parametrize("metres", [1_000_000.001, 3e7, 0.0])
def test_nobody_searches_farther_than_1000_km(run, operations, crowded, metres):
    operation = operations.get(ASKED, None)
    asked = {"origin": {"lon": 0, "lat": 10}, "within": {"metres": metres}}
    answered = run(operation.answer(operation.variables(asked), ANYBODY, crowded[0]))
    [error] = orjson.loads(answered.body)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "within.metres"}
    assert "0.001 to 1,000,000 metres" in error["message"]


@pytest.fixture(scope="module")
def nearer(copy_migrated: Callable[[], str]) -> Any:
    url = copy_migrated()
    with owner_transaction(url) as connection:
        connection.execute(text("SET LOCAL search_path = lakana, public"))
        connection.execute(text(MAKE))
        rows = connection.execute(
            text("SELECT name, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.service")
        ).all()
    resources = Resources(url, 1)
    yield resources, rows
    resources.close()


@pytest.mark.parametrize("first", [1, 3, 10])
@pytest.mark.parametrize("categories", [None, ["MEDICAL"], ["LEGAL_AID", "MEDICAL"]])
def test_the_nearest_of_a_crowd_is_the_nearest_on_the_spheroid(
    nearer: Any, run: Any, operations: Operations, first: int, categories: list[str] | None
):
    resources, rows = nearer
    expected = sorted(distance_m(0, 10, row.lon, row.lat) for row in rows)[:first]
    operation = operations.get(
        "query ($first: Int, $categories: [ServiceCategory!]) { nearestServices(origin: {lon: 0, lat: 10}, first: $first,"
        " categories: $categories) { distanceMetres service { name } } }",
        None,
    )
    answered = run(
        operation.answer(operation.variables({"first": first, "categories": categories}), ANYBODY, resources)
    )
    found = orjson.loads(answered.body)["data"]["nearestServices"]
    assert found[0]["service"]["name"] == "nearer"
    assert [each["distanceMetres"] for each in found] == pytest.approx(expected, abs=1e-3)
