"""A confidential site stands at the published point of its area, whatever anybody offers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from geo import tables
from tests.database.land import point, square
from tests.database.oracle import check_access

pytestmark = pytest.mark.database

PLACE = """
SELECT area_id::text, ST_X(point::geometry), ST_Y(point::geometry), radius_m, locality_id::text
FROM lakana.service WHERE id = :id
"""
PUBLISHED = """
SELECT id::text, ST_X(point::geometry), ST_Y(point::geometry), radius_m, NULL FROM lakana.admin_area WHERE id = :id
"""
READABLE = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE has_table_privilege(:role, format('%I.%I', schemaname, tablename), 'SELECT')
  AND schemaname IN ('lakana', 'exact', 'raw') ORDER BY 1
"""


@pytest.fixture
def ground(land):
    """A nation of two large regions; the first holds two small cercles, of which neither hides anybody."""
    land.nation = land.area("N", 0, geom=square(-8, 10, 6), locality_count=400)
    land.people(land.nation, 1_000_000)
    land.regions = [
        land.area(f"R{number}", 1, parent_id=land.nation, geom=square(-8 + 3 * number, 10, 3), locality_count=100)
        for number in range(2)
    ]
    land.cercles = [
        land.area(f"C{number}", 2, parent_id=land.regions[0], geom=square(-8 + number, 10, 1), locality_count=19)
        for number in range(2)
    ]
    for each in land.regions + land.cercles:
        land.people(each, 200_000)
    land.town = land.locality("town", land.cercles[0], -7.5, 10.5)
    land.office = land.actor(land.nation)
    for lon, lat in ((-7.5, 10.5), (-6.5, 10.5), (-3.2, 11.5)):
        land.demand(land.nation, lon, lat)
    return land


def shelter(land, area, lon=-7.5, lat=10.5, **more):
    return land.service(land.office, area, lon, lat, **({"category": "SAFE_SHELTER", "confidential": True} | more))


def exact(land, service, area, lon, lat):
    values = {"service_id": service, "point": point(lon, lat), "area_id": area}
    land.connection.execute(insert(tables.exact_site).values(**values))


def place(land, service):
    return land.rows(PLACE, id=service)[0]


def published(land, area):
    return land.rows(PUBLISHED, id=area)[0]


def dump(land, role="lakana_public"):
    """Every row that a role may read with its place in the table and the transaction that wrote it."""
    tables_read = [name for (name,) in land.rows(READABLE, role=role)]
    assert "lakana.service" in tables_read
    land.run(f"SET LOCAL ROLE {role}")
    rows = {
        name: land.rows(f"SELECT ctid::text, xmin::text, t::text FROM {name} t ORDER BY ctid") for name in tables_read
    }
    land.run("RESET ROLE")
    return rows


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), radius=st.floats(0, 1e6), cercle=st.integers(0, 1))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_offered_the_area_speaks(ground, lon, lat, radius, cercle):
    made = shelter(ground, ground.cercles[cercle], lon, lat, radius_m=radius, locality_id=ground.town)
    assert place(ground, made) == published(ground, ground.regions[0])
    ground.run("UPDATE lakana.service SET point = :p, radius_m = :r, locality_id = :t WHERE id = :id",
               p=point(lat, lon / 2), r=radius, t=ground.town, id=made)  # fmt: skip
    assert place(ground, made) == published(ground, ground.regions[0])


@pytest.mark.parametrize(
    ("people", "localities", "side", "hides"),
    [
        pytest.param(50_000, 20, 1, True, id="exactly on the bounds"),
        pytest.param(49_999, 20, 1, False, id="one person too few"),
        pytest.param(50_000, 19, 1, False, id="one locality too few"),
        pytest.param(50_000, None, 1, False, id="localities unknown"),
        pytest.param(None, 20, 1, False, id="people unknown"),
        pytest.param(50_000, 20, 0.162, True, id="radius a little above 10 km"),
        pytest.param(50_000, 20, 0.160, False, id="radius a little below 10 km"),
        pytest.param(50_000, 20, None, False, id="no outline"),
    ],
)
def test_the_smallest_area_that_is_large_enough(ground, people, localities, side, hides):
    outline = square(-7.9, 10.1, side) if side else None
    own = ground.area("own", 2, parent_id=ground.regions[0], geom=outline, locality_count=localities)
    if people:
        ground.people(own, 10_000_000, 1998)
        ground.people(own, people, 2022)
    radius = ground.one("SELECT radius_m FROM lakana.admin_area WHERE id = :id", id=own)
    assert side is None or (radius > 10_000) == (side > 0.161)
    made = shelter(ground, own)
    assert place(ground, made) == published(ground, own if hides else ground.regions[0])


def test_an_area_without_outline_is_hidden_by_the_old_one_that_it_lies_in(ground):
    new = ground.area("new", 1, scheme="U", locality_count=100)
    ground.people(new, 500_000)
    ground.crosswalk(new, ground.regions[1])
    assert place(ground, shelter(ground, new)) == published(ground, ground.regions[1])


def test_an_open_service_stands_where_it_is_said_to_stand(ground):
    made = shelter(ground, ground.cercles[0], confidential=False, radius_m=5, locality_id=ground.town)
    assert place(ground, made) == (ground.cercles[0], -7.5, 10.5, 0, ground.town)


def test_an_open_service_that_becomes_confidential_moves_at_once_with_its_distances(ground):
    made = shelter(ground, ground.cercles[0], confidential=False, locality_id=ground.town)
    before = check_access(ground)
    ground.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=made)
    assert place(ground, made) == published(ground, ground.regions[0])
    after = check_access(ground)
    assert min(row[3] for row in before) == 0
    assert all(old[3] != new[3] for old, new in zip(before, after, strict=True))


def test_no_area_large_enough_is_refused_in_words_that_help(land):
    alone = land.area("alone", geom=square(0, 0, 1), locality_count=19)
    land.people(alone, 100_000)
    land.office = land.actor(alone)
    said = land.refused(lambda: shelter(land, alone))
    assert said.message_detail == "areaId"
    assert "50,000 people" in said.message_primary
    open_one = shelter(land, alone, confidential=False)
    land.refused(lambda: land.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=open_one))
    assert land.one("SELECT count(*) FROM lakana.service") == 1


@pytest.fixture
def hidden(ground):
    made = shelter(ground, ground.cercles[0])
    shelter(ground, ground.regions[1], confidential=False)
    exact(ground, made, ground.cercles[0], -7.4, 10.4)
    return made


@pytest.mark.parametrize("role", ["lakana_public", "lakana_partner", "lakana_planner", "lakana_steward"])
def test_a_move_inside_its_area_changes_nothing_that_anybody_reads(ground, hidden, role):
    before = dump(ground, role)
    ground.run("UPDATE exact.site SET point = :p WHERE service_id = :id", p=point(-5.1, 12.9), id=hidden)
    ground.run(
        "UPDATE exact.site SET area_id = :area, locality_id = :town WHERE service_id = :id",
        area=ground.cercles[1], town=ground.town, id=hidden,
    )  # fmt: skip
    assert dump(ground, role) == before


def test_the_dump_would_notice(ground, hidden):
    before = dump(ground)
    ground.run("UPDATE lakana.service SET name = name WHERE id = :id", id=hidden)
    assert dump(ground) != before


def test_a_site_that_moves_to_another_disclosure_area_takes_its_public_place_along(ground, hidden):
    ground.run(
        "UPDATE exact.site SET point = :p, area_id = :area WHERE service_id = :id",
        p=point(-3, 12), area=ground.regions[1], id=hidden,
    )  # fmt: skip
    assert place(ground, hidden) == published(ground, ground.regions[1])
    check_access(ground)


def test_a_first_exact_site_elsewhere_corrects_the_public_place(ground):
    made = shelter(ground, ground.cercles[0])
    exact(ground, made, ground.regions[1], -3, 12)
    assert place(ground, made) == published(ground, ground.regions[1])


def test_an_exact_site_does_not_move_an_open_service(ground):
    made = shelter(ground, ground.cercles[0], confidential=False)
    exact(ground, made, ground.regions[1], -3, 12)
    assert place(ground, made)[:3] == (ground.cercles[0], -7.5, 10.5)


@pytest.fixture
def own_cercle(ground):
    """A cercle just large enough, with a confidential site in it, and an open one beside it."""
    own = ground.area("own", 2, parent_id=ground.regions[0], geom=square(-7.9, 10.1, 1), locality_count=20)
    ground.people(own, 50_000)
    made = shelter(ground, own)
    exact(ground, made, own, -7.4, 10.4)
    shelter(ground, own, confidential=False)
    assert place(ground, made) == published(ground, own)
    return own, made


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lakana.area_population SET total = 49999, under_18 = 1 WHERE area_id = :own",
        "DELETE FROM lakana.area_population WHERE area_id = :own",
        "UPDATE lakana.admin_area SET locality_count = 19 WHERE id = :own",
        "UPDATE lakana.admin_area SET geom = NULL WHERE id = :own",
        "UPDATE lakana.admin_area SET geom = ST_Multi(ST_Scale(geom, 0.1, 0.1)) WHERE id = :own",
        "UPDATE lakana.admin_area SET valid_to = current_date WHERE id = :own",
    ],
)
def test_an_area_that_no_longer_hides_gives_its_sites_to_the_next(ground, own_cercle, change):
    own, made = own_cercle
    ground.run(change, own=own)
    assert place(ground, made) == published(ground, ground.regions[0])
    check_access(ground)


def test_an_outline_that_changes_takes_the_public_place_along(ground, own_cercle):
    own, made = own_cercle
    before = place(ground, made)
    ground.run("UPDATE lakana.admin_area SET geom = ST_Multi(ST_Translate(geom, 0.2, 0.2)) WHERE id = :own", own=own)
    assert place(ground, made) == published(ground, own) != before
    check_access(ground)


def test_an_area_that_comes_to_hide_takes_the_sites_that_lie_in_it(ground, hidden):
    """The exact area is known to the database: a better hiding place nearer by is used at once."""
    assert place(ground, hidden) == published(ground, ground.regions[0])
    ground.run("UPDATE lakana.admin_area SET locality_count = 20 WHERE id = :id", id=ground.cercles[0])
    assert place(ground, hidden) == published(ground, ground.cercles[0])


def test_an_area_that_moves_to_another_parent_takes_its_sites_along(ground, hidden):
    ground.run(
        "UPDATE lakana.admin_area SET parent_id = :parent WHERE id = :id",
        parent=ground.regions[1],
        id=ground.cercles[0],
    )
    assert place(ground, hidden) == published(ground, ground.regions[1])


def test_an_area_out_of_force_hides_nobody(ground):
    old = ground.area("old", 2, parent_id=ground.regions[0], geom=square(-7.9, 10.1, 1), locality_count=20,
                      valid_from="2000-01-01", valid_to="2020-01-01")  # fmt: skip
    ground.people(old, 50_000)
    assert place(ground, shelter(ground, old)) == published(ground, ground.regions[0])


def test_the_last_area_that_hides_a_site_cannot_lose_what_hides_it(ground, hidden):
    said = ground.refused(lambda: ground.run("UPDATE lakana.admin_area SET locality_count = 1"))
    assert "large enough to hide it" in said.message_primary
    assert place(ground, hidden) == published(ground, ground.regions[0])


def test_a_change_elsewhere_writes_no_site(ground, hidden):
    mark = "SELECT xmin::text, ctid::text FROM lakana.service WHERE id = :id"
    before = ground.rows(mark, id=hidden)
    ground.run("UPDATE lakana.admin_area SET name_en = 'Elsewhere'")
    ground.people(ground.cercles[1], 10, 1999)
    assert ground.rows(mark, id=hidden) == before
