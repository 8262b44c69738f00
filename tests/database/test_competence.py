"""Who is competent at a place among many actors, and which nations a place abroad is near to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geo.database.owner import owner_engine, owner_transaction

pytestmark = pytest.mark.database

LEADERS = """
SET LOCAL session_replication_role = replica;
INSERT INTO lakana.actor (name, kind, point, area_id, area_set_id, jurisdiction_id, source_id)
SELECT 'Chef ' || n, 'TRADITIONAL_LEADER', CASE WHEN n %% 3 = 0 THEN l.point ELSE
    ST_SetSRID(ST_MakePoint(ST_X(l.point::geometry) + (n * 37 %% 600 - 300) / 1000.0,
                            ST_Y(l.point::geometry) + (n * 91 %% 600 - 300) / 1000.0), 4326)::geography END,
  l.area_id, l.area_set_id, c.id, l.source_id
FROM generate_series(1, 12000) n
JOIN (SELECT *, row_number() OVER (ORDER BY code) AS number FROM lakana.locality) l ON l.number = 1 + n %% 94
JOIN (SELECT id, row_number() OVER (ORDER BY code) AS number FROM lakana.admin_area WHERE (edition, level) = ('v03', 2)) c
  ON c.number = 1 + n * 7919 %% 160;
"""
AT = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography"
FOUND = f"SELECT actor_id, area_id, basis FROM lakana.competent_at({AT}, 'TRADITIONAL_LEADER')"
NEAREST = f"""
WITH known AS (
  SELECT area_id, level, lakana.has_successor(area_id) AS older FROM lakana.known_areas({AT})
), held AS (
  SELECT a.id, a.point, rank() OVER (ORDER BY k.level DESC, k.older) AS depth
  FROM lakana.actor a JOIN lakana.area_within w ON w.area_id = a.jurisdiction_id JOIN known k ON k.area_id = w.ancestor_id
  WHERE a.kind = 'TRADITIONAL_LEADER'
), ranked AS (
  SELECT id, row_number() OVER (ORDER BY min(depth), ST_Distance(point, {AT}), id) AS number FROM held
  WHERE depth = 1 GROUP BY id, point
)
SELECT id FROM ranked WHERE number <= 3
"""
READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE (schemaname, relname) = ('lakana', 'actor')"
PLACES = {
    "desert": (-3.0, 22.5),
    "beside a border": (-9.0, 13.5),
    "abroad": (-12.5, 14.5),
    "abroad in the south": (-5.9, 10.0),
}


@pytest.fixture(scope="module")
def crowded(copy_seeded: Callable[[], str]) -> str:
    """The seeds and 12,000 traditional leaders of cercles, a third of them on the spots of 94 towns."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(LEADERS)
        connection.exec_driver_sql("ANALYZE lakana.actor")
    return url


@pytest.mark.parametrize("where", PLACES)
def test_the_three_nearest_are_found_without_measuring_all(crowded: str, where: str) -> None:
    """All 12,000 were measured, and each asked for a successor of its area: 250 to 500 ms, now 2 ms."""
    place = dict(zip(("lon", "lat"), PLACES[where], strict=True))
    with owner_transaction(crowded) as connection:
        found = connection.execute(text(FOUND), place).all()
        read = connection.exec_driver_sql(READ).scalar_one()
        expected = set(connection.execute(text(NEAREST), place).scalars())
    assert {row.actor_id for row in found} == expected
    assert len(found) == 3
    assert {row.basis for row in found} == {"NATION" if "abroad" in where else "LEVEL_ABOVE"}
    assert read < 1_000


NATION = """
INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, geom, valid_from, valid_to, source_id)
SELECT 'TEST', '1', :code, 0, :code, ST_Multi(ST_GeomFromText(:outline, 4326)), :since, :until, id FROM lakana.source LIMIT 1
"""


@pytest.fixture
def nation(seeded_url: str) -> Iterator[Callable[..., Callable[[float, float], set[tuple[Any, ...]]]]]:
    """Make a nation of an outline, and give how it is known at a place; it is gone afterwards."""
    engine = owner_engine(seeded_url)
    with engine.connect() as connection, connection.begin() as transaction:
        yield lambda outline, **dates: _made(connection, outline, **dates)
        transaction.rollback()
    engine.dispose()


def _made(
    connection: Connection, outline: str, since: str | None = None, until: str | None = None
) -> Callable[[float, float], set[tuple[Any, ...]]]:
    connection.execute(text(NATION), {"code": "X", "outline": outline, "since": since, "until": until})

    def known(lon: float, lat: float) -> set[tuple[Any, ...]]:
        rows = connection.execute(
            text(
                f"SELECT k.basis, k.certain FROM lakana.known_areas({AT}) k JOIN lakana.admin_area a ON a.id = k.area_id "
                "WHERE a.scheme = 'TEST'"
            ),
            {"lon": lon, "lat": lat},
        )
        return {tuple(row) for row in rows}

    return known


BOX = "POLYGON(({0} {1}, {2} {1}, {2} {3}, {0} {3}, {0} {1}))"
ABROAD = {("NATION", False)}


@pytest.mark.parametrize(
    ("outline", "near", "beyond"),
    [
        ((40, 0, 50, 10), (50.89, 5.0), (50.91, 5.0)),
        ((40, -40, 50, -30), (45.0, -40.89), (45.0, -40.92)),
        ((40, 75, 50, 80), (54.2, 78.0), (54.5, 78.0)),  # a degree of longitude has 23 km there
        ((0, 88, 90, 89.5), (-90.0, 89.7), (-90.0, 88.9)),  # across the pole, which 56 km are left to
        ((170, -20, 180, -15), (-179.1, -17.0), (-179.0, -17.0)),  # across the antimeridian
        ((-180, -20, -170, -15), (179.1, -17.0), (179.0, -17.0)),
    ],
)
def test_a_nation_is_known_within_100_km_of_its_border(nation, outline, near, beyond):
    known = nation(BOX.format(*outline))
    assert known(*near) == ABROAD
    assert known(*beyond) == set()


def test_a_nation_that_is_no_more_in_force_is_not_told_abroad(nation):
    assert nation(BOX.format(40, 0, 50, 10), until="2020-01-01")(50.5, 5.0) == set()


@pytest.mark.parametrize(("lat", "at_1_km"), [(5.0, 0.00903), (78.0, 0.0433)])
def test_an_outline_of_many_positions_is_certain_from_1_km_inside_on(nation, lat, at_1_km):
    known = nation(f"{BOX.format(40, lat - 2, 50, lat + 2)}")
    assert known(50 - at_1_km * 0.98, lat) == {("OUTLINE", False)}
    assert known(50 - at_1_km * 1.02, lat) == {("OUTLINE", True)}
    assert known(45.0, lat + 2 - 0.0088) == {("OUTLINE", False)}
    assert known(45.0, lat + 2 - 0.0092) == {("OUTLINE", True)}
    assert known(45.0, lat + 2) == {("OUTLINE", False)}
