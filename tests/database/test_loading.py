"""Demand points that come many at a time are as those that come one by one."""

from __future__ import annotations

import random

import pytest

from geo.database.loading import insert_demand_points
from seeds.loading.distances import worked_out_once
from tests.database.land import point, square
from tests.database.oracle import check_access

pytestmark = pytest.mark.database


@pytest.fixture
def editions(land):
    """Two divisions whose squares cut each other, one of them in two levels."""
    nation = land.area("N", 0, geom=square(0, 10, 4))
    for number in range(4):
        land.area(f"A{number}", 1, parent_id=nation, geom=square(number % 2 * 2, 10 + number // 2 * 2, 2))
    for number in range(3):
        land.area(f"B{number}", 1, scheme="U", geom=square(number * 1.5, 10.5, 1.5))
    return land


def test_areas_of_many_places_are_those_of_each(editions):
    chance = random.Random(8)
    areas = [row[0] for row in editions.rows("SELECT id::text FROM lakana.admin_area ORDER BY code")]
    places = [(chance.randint(-2, 10) / 2, 9.5 + chance.randint(0, 10) / 2, chance.choice(areas)) for _ in range(150)]
    together = editions.rows(
        "SELECT area_set_id::text FROM lakana.area_sets_of(CAST(:places AS geography[]), CAST(:areas AS uuid[])) ORDER BY number",
        places=[point(lon, lat) for lon, lat, _ in places],
        areas=[area for *_, area in places],
    )
    each = [
        editions.one(
            "SELECT lakana.area_set_of(CAST(:place AS geography), CAST(:area AS uuid))::text",
            place=point(lon, lat),
            area=area,
        )
        for lon, lat, area in places
    ]
    assert [row[0] for row in together] == each
    assert len(set(each)) > 10


def test_points_loaded_together_are_as_those_that_are_inserted(editions):
    home = editions.one("SELECT id::text FROM lakana.admin_area WHERE code = 'A0'")
    editions.service(editions.actor(home), home, 1, 11)
    town = editions.locality("L", home, 1.2, 11.2)
    rows = [
        {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "locality_id": town if number == 3 else None,
            "area_id": home,
            "point": f"POINT({0.03 + number * 0.1} {10.53 + number * 0.1})",
            "population": 10,
            "under_18": number,
            "source_id": editions.source,
        }
        for number in range(10)
    ]
    told = "SELECT id, locality_id, area_id, area_set_id, block_id, point, population, under_18, source_id FROM lakana.demand_point ORDER BY id"
    insert_demand_points(editions.connection, rows)
    loaded = editions.rows(told)
    assert len(check_access(editions)) == 10
    editions.run("DELETE FROM lakana.demand_point")
    for row in rows:
        editions.demand(row["area_id"], 0, 0, **row)
    assert editions.rows(told) == loaded


def test_of_actors_who_come_with_many_services_those_without_one_are_not_listed(editions):
    home = editions.one("SELECT id::text FROM lakana.admin_area WHERE code = 'A0'")
    waiting = editions.actor(home, kind="NGO")  # who gets a service after the others
    with worked_out_once(editions.connection):
        serving, idle = editions.actor(home, kind="NGO"), editions.actor(home, kind="NGO")
        editions.service(serving, home, 1, 11)
    listed = {row[0] for row in editions.rows("SELECT id::text FROM lakana.actor")}
    assert listed >= {waiting, serving}
    assert idle not in listed
    assert editions.rows("SELECT id::text FROM exact.unlisted_actor") == [(idle,)]
    editions.service(waiting, home, 1.2, 11)
    editions.run("SET CONSTRAINTS ALL IMMEDIATE")
    assert editions.one("SELECT count(*) FROM exact.unlisted_actor") == 1
