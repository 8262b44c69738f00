"""A made-up nation of any size for measuring: 720 districts, villages in them, and services of all 17 categories.

Everything follows from the number of a row, so equal sizes give equal nations. The first category has 6 services, so one
of them is nearest for about a sixth of all points; the others share the rest, each with 1.4 times as many as the one before.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, text

from geo import audit
from geo.database import owner
from geo.database.loading import insert_demand_points
from seeds.loading.distances import worked_out_once

WEST, SOUTH, STEP = 3.0, 4.0, 0.4
"""The south-west corner of the nation, and the sides of a district, in degrees: 30 × 24 districts, 1.2 million km²."""
COLUMNS, ROWS, BY_STATE = 30, 24, 5
FIRST, FEWEST = "CASE_MANAGEMENT", 6
BATCH = 50_000

_CHANCE = """
CREATE OR REPLACE FUNCTION pg_temp.chance(n bigint, salt text) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || substr(md5(salt || n), 1, 8))::bit(32)::bigint::double precision / 4294967296.0
$$;
"""
_AREAS = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('nation', 'Nation', true);
INSERT INTO lakana.admin_area (id, scheme, edition, code, level, name_fr, parent_id, geom, source_id)
SELECT md5('area' || code)::uuid, 'NATION', '1', code, level, 'Area ' || code, md5('area' || parent)::uuid,
       ST_Multi(ST_MakeEnvelope(w, s, e, n, 4326)), source.id
FROM lakana.source, (
  SELECT 'N' AS code, 0 AS level, NULL AS parent, {WEST} AS w, {SOUTH} AS s,
         {WEST} + {STEP} * {COLUMNS} AS e, {SOUTH} + {STEP} * {ROWS} AS n
  UNION ALL
  SELECT 'N' || i || '-' || j, 1, 'N', {WEST} + {STEP} * {BY_STATE} * i, {SOUTH} + {STEP} * {BY_STATE} * j,
         {WEST} + {STEP} * {BY_STATE} * (i + 1), {SOUTH} + {STEP} * least({BY_STATE} * (j + 1), {ROWS})
  FROM generate_series(0, {COLUMNS} / {BY_STATE} - 1) AS i, generate_series(0, ({ROWS} - 1) / {BY_STATE}) AS j
  UNION ALL
  SELECT 'D' || i || '-' || j, 2, 'N' || i / {BY_STATE} || '-' || j / {BY_STATE}, {WEST} + {STEP} * i, {SOUTH} + {STEP} * j,
         {WEST} + {STEP} * (i + 1), {SOUTH} + {STEP} * (j + 1)
  FROM generate_series(0, {COLUMNS} - 1) AS i, generate_series(0, {ROWS} - 1) AS j
) area
WHERE key = 'nation' ORDER BY level;
INSERT INTO lakana.actor (id, name, kind, point, area_id, source_id)
SELECT md5('actor' || n)::uuid, 'Actor ' || n, 'POLICE_BRIGADE', a.point, a.id, a.source_id
FROM generate_series(0, 999) AS n JOIN lakana.admin_area a ON a.code = 'D' || n % {COLUMNS} || '-' || n % {ROWS};
"""

# Squaring draws villages together in the south-west of their districts, as they crowd in a part of a country.
_PLACES = """
CREATE TEMPORARY TABLE place AS
SELECT n, md5('place' || n)::uuid AS id, md5('area' || 'D' || i || '-' || j)::uuid AS area_id,
       ST_SetSRID(ST_MakePoint({WEST} + {STEP} * (i + pg_temp.chance(n, 'x') ^ 2), {SOUTH} + {STEP} * (j + pg_temp.chance(n, 'y') ^ 2)),
                  4326)::geography AS point,
       (100 + 3000 * pg_temp.chance(n, 'people') ^ 6)::int AS under_18
FROM (SELECT n, floor(pg_temp.chance(n, 'i') * {COLUMNS})::int AS i, floor(pg_temp.chance(n, 'j') * {ROWS})::int AS j
      FROM generate_series(CAST(:first AS bigint), :last) AS n) drawn
"""
# One in a hundred is a cell that no locality holds.
_LOCALITIES = """
INSERT INTO lakana.locality
  (id, scheme, code, name_fr, area_id, point, population, under_18, population_year, source_id)
SELECT place.id, 'NATION', 'L' || n, 'Village ' || substr(md5('name' || n), 1, 8), area_id, point,
       2 * under_18, under_18, 2022, source.id
FROM pg_temp.place, lakana.source WHERE key = 'nation' AND n % 100 > 0
"""
_DEMAND = """
SELECT md5('demand' || n)::uuid::text AS id, CASE WHEN n % 100 > 0 THEN place.id END::text AS locality_id, area_id::text,
       ST_AsEWKT(point) AS point, 2 * under_18 AS population, under_18, source.id::text AS source_id
FROM pg_temp.place, lakana.source WHERE key = 'nation'
"""
_SERVICES = """
INSERT INTO lakana.service (id, actor_id, name, category, point, area_id, capacity, verified_on, source_id)
SELECT md5('service' || category || n)::uuid, md5('actor' || n % 1000)::uuid, 'Service ' || category || ' ' || n, category,
       ST_SetSRID(ST_MakePoint({WEST} + {STEP} * (i + pg_temp.chance(n, category || 'x') ^ 2),
                               {SOUTH} + {STEP} * (j + pg_temp.chance(n, category || 'y') ^ 2)), 4326),
       md5('area' || 'D' || i || '-' || j)::uuid, n % 50, DATE '2026-01-01' + (n % 150)::int, source.id
FROM lakana.source, (
  SELECT category, n, floor(pg_temp.chance(n, category || 'i') * {COLUMNS})::int AS i,
         floor(pg_temp.chance(n, category || 'j') * {ROWS})::int AS j
  FROM (SELECT CAST(:category AS lakana.service_category) AS category) own, generate_series(CAST(:first AS bigint), :last) AS n
) drawn WHERE key = 'nation'
"""


def by_category(services: int) -> list[int]:
    """Return how many services each of the 17 categories has: 6 of the first, and so many in all.

    Examples
    --------
    >>> numbers = by_category(20_000)
    >>> sum(numbers), numbers[:3], numbers[-1]
    (20000, [6, 37, 52], 5739)

    """
    weights = [1.4**number for number in range(16)]
    numbers = [max(1, int((services - FEWEST) * each / sum(weights))) for each in weights]
    numbers[-1] += services - FEWEST - sum(numbers)
    return [FEWEST, *numbers]


def make(url: str, points: int, services: int) -> tuple[float, float]:
    """Make the nation in a database that is empty; one demand point in a hundred is a cell without a locality.

    Returns
    -------
    tuple of float
        How many demand points a second were loaded, with their areas, and the seconds in which what is nearest to all
        of them was then found, once all services were there.

    """
    with owner.owner_transaction(url) as connection, audit.bulk(connection, "country", name="Nation"):
        connection.execute(text(_filled(_CHANCE + _AREAS)))
        rate = settle(connection, 1, points)
        with worked_out_once(connection):
            categories = connection.scalars(
                text("SELECT unnest(enum_range(NULL::lakana.service_category))::text")
            ).all()
            for category, number in zip(categories, by_category(services), strict=True):
                for first in range(1, number + 1, BATCH):
                    values = {"category": category, "first": first, "last": min(first + BATCH - 1, number)}
                    connection.execute(text(_filled(_SERVICES)), values)
            began = time.perf_counter()
        distances_s = time.perf_counter() - began
    owner.vacuum(url)
    return rate, distances_s


def settle(connection: Connection, first: int, last: int) -> float:
    """Load the localities and demand points of these numbers, and return how many of the latter a second."""
    connection.execute(text(_filled(_CHANCE + _PLACES)), {"first": first, "last": last})
    connection.execute(text(_LOCALITIES))
    rows = [dict(row) for row in connection.execute(text(_DEMAND)).mappings()]
    began = time.perf_counter()
    insert_demand_points(connection, rows)
    taken = time.perf_counter() - began
    connection.execute(text("DROP TABLE pg_temp.place"))
    return (last - first + 1) / taken


def _filled(sql: str) -> str:
    for name, value in {
        "WEST": WEST,
        "SOUTH": SOUTH,
        "STEP": STEP,
        "COLUMNS": COLUMNS,
        "ROWS": ROWS,
        "BY_STATE": BY_STATE,
    }.items():
        sql = sql.replace(f"{{{name}}}", str(value))
    return sql
