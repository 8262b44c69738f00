"""What is kept by blocks follows from the demand points, whatever happens to them."""

from __future__ import annotations

import random

import pytest

from tests.database.oracle import check_access

pytestmark = pytest.mark.database

KEPT = """
SELECT area_set_id, in_locality, point_ids, locality_ids, children, under_18, (
  SELECT array_agg(ST_AsEWKT(point::geometry) ORDER BY number) FROM unnest(points) WITH ORDINALITY AS p(point, number)
), (
  SELECT bool_and(ST_3DDistance(lakana.geocentric(d.point), b.centre) <= radius_m + 1e-6)
  FROM lakana.demand_point d WHERE d.id = ANY (point_ids))
FROM lakana.demand_block b ORDER BY 1, 2, 3
"""
# Not by lakana.block_of: two corners of a square of half a degree.
GROUPED = """
SELECT area_set_id, locality_id IS NOT NULL, array_agg(id ORDER BY id), array_agg(locality_id ORDER BY id),
       array_agg(under_18 ORDER BY id), sum(under_18), array_agg(ST_AsEWKT(point::geometry) ORDER BY id), true
FROM lakana.demand_point
GROUP BY area_set_id, locality_id IS NOT NULL, ST_SnapToGrid(point::geometry, 0.25, 0.25, 0.5, 0.5) ORDER BY 1, 2, 3
"""
SUMS = """
SELECT category::text, block_id::text, ascending_m, children_within FROM lakana.block_access ORDER BY category::text, block_id
"""
ADDED_UP = """
SELECT category::text, block_id::text, array_agg(distance_m ORDER BY distance_m), array_agg((
  SELECT sum(other.under_18) FROM lakana.access other
  WHERE (other.category, other.block_id) = (a.category, a.block_id) AND other.distance_m <= a.distance_m) ORDER BY distance_m)
FROM lakana.access a GROUP BY category, block_id ORDER BY category::text, block_id
"""


def check(land):
    assert land.rows(KEPT) == land.rows(GROUPED)
    assert land.rows(SUMS) == land.rows(ADDED_UP)
    return check_access(land)


def test_blocks_follow_their_points(served):
    chance = random.Random(3)
    served.place(-8, 13)
    served.place(-4, 14, "LEGAL_AID")
    other = served.area("B")
    points = []
    for number in range(40):
        lon, lat = chance.uniform(-8, -6), chance.uniform(12, 13)
        town = served.locality(f"L{number}", served.home, lon, lat) if number % 3 else None
        points.append(served.demand(chance.choice((served.home, other)), lon, lat, locality_id=town))
    check(served)
    served.move("demand_point", points[0], 3, 15)
    served.run("UPDATE lakana.demand_point SET under_18 = 7, population = 9 WHERE id = :id", id=points[1])
    served.run("UPDATE lakana.demand_point SET area_id = :a WHERE id = :id", a=other, id=points[2])
    served.run("UPDATE lakana.demand_point SET locality_id = NULL WHERE id = :id", id=points[4])
    check(served)
    served.run("UPDATE lakana.demand_point SET point = ST_Translate(point::geometry, 0.4, 0.1) WHERE random() < 0.5")
    served.run("DELETE FROM lakana.demand_point WHERE random() < 0.3")
    check(served)
    served.run("DELETE FROM lakana.demand_point")
    assert check(served) == []
    assert served.rows(SUMS) == []


def test_nothing_is_left_of_tables_that_are_emptied(served):
    served.place(-8, 13)
    served.run("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be logged keeps a table from being emptied
    served.run("TRUNCATE lakana.service CASCADE")
    assert check(served) == []
    served.place(-8, 13)
    assert len(check(served)) == 4
    served.run("TRUNCATE lakana.demand_point CASCADE")
    assert check(served) == []


def test_points_near_the_antimeridian_and_the_pole(served):
    for lon, lat in ((179.9, 10), (-179.9, 10), (179.99, 10.1), (0, 89.9), (180, 89.95), (90, -89.9)):
        served.demand(served.home, lon, lat)
    for lon, lat in ((179.95, 10.05), (-179.8, 10), (-90, 89.8), (0, -80)):
        served.place(lon, lat)
    check(served)
    gone = served.place(-179.95, 10)
    check(served)
    served.run("DELETE FROM lakana.service WHERE id = :id", id=gone)
    check(served)


def test_many_services_and_points_in_one_statement(served):
    """Enough for squares smaller than blocks, and for several services so near that the spheroid decides."""
    served.run("SELECT setseed(0.25)")
    served.run(
        "INSERT INTO lakana.demand_point (area_id, point, population, under_18, source_id) "
        "SELECT :area, ST_MakePoint(random() * 2, 12 + random())::geography, 10, 5, :source FROM generate_series(1, 1100)",
        area=served.home,
        source=served.source,
    )
    served.run(
        "INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id) "
        "SELECT :actor, 'S', 'MEDICAL', ST_MakePoint(random() * 2, 12 + round(random()::numeric, 2))::geography, :area, :source "
        "FROM generate_series(1, 120)",
        actor=served.office,
        area=served.home,
        source=served.source,
    )
    kept, brute = served.rows(KEPT_ROWS), served.rows(BRUTE_ROWS)
    assert len(kept) == 1104
    assert kept == brute
    served.run("DELETE FROM lakana.service WHERE random() < 0.5")
    assert served.rows(KEPT_ROWS) == served.rows(BRUTE_ROWS)


KEPT_ROWS = "SELECT demand_point_id, service_id, distance_m FROM lakana.access ORDER BY 1"
BRUTE_ROWS = """
SELECT DISTINCT ON (d.id) d.id, s.id, ST_Distance(s.point, d.point) FROM lakana.service s, lakana.demand_point d
ORDER BY d.id, ST_Distance(s.point, d.point), s.id
"""
