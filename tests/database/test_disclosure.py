"""A confidential site has a zone and nothing else that tells where it stands, whatever anybody offers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError

from geo.database import tables
from geo.writes import zones
from tests.database.land import point, square
from tests.database.oracle import check_access

pytestmark = pytest.mark.database

TOLD = """
SELECT z.name_fr, num_nonnulls(s.actor_id, s.point, s.area_id, s.locality_id, s.phone, s.opening_hours), s.radius_m
FROM lakana.service s LEFT JOIN lakana.zone z ON z.id = s.zone_id WHERE s.id = :id
"""
READABLE = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE has_any_column_privilege(:role, format('%I.%I', schemaname, tablename), 'SELECT')
  AND schemaname IN ('lakana', 'exact', 'raw') ORDER BY 1
"""
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped
  AND has_column_privilege(:role, attrelid, attnum, 'SELECT')
"""
ALL_OF = "SELECT array_agg(name_fr ORDER BY name_fr) FROM lakana.zone"


@pytest.fixture
def ground(land):
    """A nation of three regions side by side: R2 is too small and goes with R1; R0 is divided into C0 and C1 with C2,
    and a quarter of it into nothing that is known."""
    land.nation = land.area("N", 0, geom=square(-8, 10, 6), locality_count=400)
    land.people(land.nation, 1_000_000)
    land.regions = [
        land.area(f"R{number}", 1, parent_id=land.nation, geom=square(-8 + 2 * number, 10, 2), locality_count=count)
        for number, count in enumerate((100, 100, 19))
    ]
    land.cercles = [
        land.area(f"C{number}", 2, parent_id=land.regions[0], geom=geom, locality_count=40)
        for number, geom in enumerate((square(-8, 10, 1), square(-7, 10, 1), square(-7, 11, 1)))
    ]
    for each in land.regions:
        land.people(each, 200_000)
    for each, people in zip(land.cercles, (60_000, 60_000, 40_000), strict=True):
        land.people(each, people)
    land.town = land.locality("town", land.cercles[0], -7.5, 10.5)
    land.office = land.actor(land.cercles[0], kind="OTHER")
    for lon, lat in ((-7.5, 10.5), (-6.5, 10.5), (-3.2, 11.5)):
        land.demand(land.nation, lon, lat)
    land.made = zones.make(land.connection)
    return land


def shelter(land, area, lon=-7.5, lat=10.5, **more):
    of = {"category": "SAFE_SHELTER", "confidential": True, "name": "Silence"} | more
    return land.service(of.pop("actor_id", land.office), area, lon, lat, **of)


def exact(land, service, area, lon, lat, **more):
    values = {"service_id": service, "point": point(lon, lat), "area_id": area, "actor_id": land.office} | more
    land.connection.execute(insert(tables.exact_site).values(**values))


def told(land, service):
    return land.rows(TOLD, id=service)[0]


def dump(land, role="lakana_public"):
    """Every row that a role may read with its place in the table and the transaction that wrote it."""
    tables_read = [name for (name,) in land.rows(READABLE, role=role)]
    assert "lakana.service" in tables_read
    columns = {name: land.one(COLUMNS, name=name, role=role) for name in tables_read}
    land.run(f"SET LOCAL ROLE {role}")
    rows = {
        name: land.rows(f"SELECT ctid::text, xmin::text, {told} FROM {name} ORDER BY ctid")
        if (told := columns[name]).count(",") == -1
        else land.rows(f"SELECT {told} FROM {name} ORDER BY 1, 2")
        for name in tables_read
    }
    land.run("RESET ROLE")
    return rows


# Zones


def test_the_zones_of_the_ground(ground):
    assert ground.made == 3
    assert ground.one(ALL_OF) == ["C0", "C1 et C2", "R1 et R2"]
    assert ground.rows("SELECT name_en, name_bm FROM lakana.zone WHERE name_fr = 'R1 et R2'") == [
        ("R1 and R2", "R1 ni R2")
    ]
    assert zones.make(ground.connection) == 0


def test_a_zone_is_as_large_as_its_areas_and_its_point_lies_in_it(ground):
    rows = ground.rows(
        "SELECT abs(sum(pi() * a.radius_m ^ 2) / (pi() * z.radius_m ^ 2) - 1), bool_or(ST_Covers(a.geom, z.point::geometry)) "
        "FROM lakana.zone z JOIN lakana.zone_area p ON p.zone_id = z.id JOIN lakana.admin_area a ON a.id = p.area_id "
        "GROUP BY z.id, z.radius_m"
    )
    assert all(off < 1e-6 and inside for off, inside in rows)


@given(lon=st.floats(-8, -2), lat=st.floats(10, 12))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_place_of_the_country_lies_in_exactly_one_zone(ground, lon, lat):
    here = {"p": point(lon, lat), "nation": ground.nation}
    found = ground.rows("SELECT id::text FROM lakana.zones_at(:p) AS id", **here)
    assert len(found) == 1
    assert ground.one("SELECT lakana.zone_for(:p, :nation)::text", **here) == found[0][0]
    nearest = "SELECT id::text FROM lakana.zone ORDER BY ST_Distance(geom::geography, :p), id LIMIT 1"
    covering = ground.rows(
        "SELECT id::text FROM lakana.zone WHERE ST_Covers(geom, CAST(:p AS geometry)) ORDER BY id", **here
    )
    assert found[0] == (covering[0] if covering else ground.rows(nearest, **here)[0])


@pytest.mark.parametrize(("lon", "found"), [(-8.05, 1), (-8.2, 0)])
def test_what_no_outline_holds_lies_in_the_nearest_within_10_km(ground, lon, found):
    assert ground.one("SELECT count(*) FROM lakana.zones_at(:p)", p=point(lon, 10.5)) == found
    # A site of the country gets a zone however far away it is, because the hull of a country is wide.
    assert ground.one("SELECT lakana.zone_for(:p, :nation) IS NOT NULL", p=point(lon, 10.5), nation=ground.nation)


HOLDS = "SELECT array_agg(name_fr ORDER BY name_fr) FROM lakana.zone WHERE lakana.area_holds_zone(:area, id)"
MEETS = "SELECT array_agg(name_fr ORDER BY name_fr) FROM lakana.zone WHERE id IN (SELECT lakana.zones_meeting(:area))"


def test_which_areas_hold_and_meet_which_zones(ground):
    every = ["C0", "C1 et C2", "R1 et R2"]
    other = ground.area("M", 0, scheme="U")
    ground.crosswalk(other, ground.nation)
    parts = {
        "linked": ground.area("U0", 1, scheme="U", parent_id=other),
        "drawn": ground.area("U1", 1, scheme="U", parent_id=other, geom=square(-8.001, 9.999, 1.003)),
        "half": ground.area("U2", 1, scheme="U", parent_id=other, geom=square(-7.5, 10, 1)),
        "unknown": ground.area("U3", 1, scheme="U", parent_id=other),
    }
    ground.crosswalk(parts["linked"], ground.cercles[1])
    expected = {
        ground.nation: (every, every), other: (every, every),
        ground.regions[0]: (["C0", "C1 et C2"], ["C0", "C1 et C2"]), ground.regions[1]: (None, ["R1 et R2"]),
        ground.cercles[0]: (["C0"], ["C0"]), ground.cercles[1]: (None, ["C1 et C2"]),
        parts["linked"]: (None, ["C1 et C2"]), parts["drawn"]: (["C0"], ["C0", "C1 et C2"]),
        parts["half"]: (None, ["C0", "C1 et C2"]), parts["unknown"]: (None, every),
    }  # fmt: skip
    assert {area: (ground.one(HOLDS, area=area), ground.one(MEETS, area=area)) for area in expected} == expected


def test_of_two_editions_the_one_with_more_zones_is_divided(land):
    old = land.area("OLD", 0, scheme="A", geom=square(-8, 10, 2), locality_count=400)
    new = land.area("NEW", 0, scheme="B", geom=square(-8, 10, 2), locality_count=400)
    land.crosswalk(new, old)
    for number in range(2):
        part = land.area(f"P{number}", 1, scheme="B", parent_id=new, geom=square(-8 + number, 10, 1), locality_count=40)
        land.people(part, 60_000)
    assert zones.make(land.connection) == 2
    assert land.one(ALL_OF) == ["P0", "P1"]
    # An area of the other edition lies in the same zones.
    assert land.one("SELECT count(*) FROM lakana.zones_of_country(:old)", old=old) == 2


def test_a_country_without_an_outline_has_no_zone_and_hides_nobody(land):
    alone = land.area("alone", 0)
    land.office = land.actor(alone, kind="OTHER")
    assert zones.make(land.connection) == 0
    said = land.refused(lambda: shelter(land, alone))
    assert said.message_detail == "confidential"
    assert "lakana zones" in said.message_primary
    open_one = shelter(land, alone, confidential=False)
    land.refused(lambda: land.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=open_one))


CHANGES = {
    "people": "UPDATE lakana.area_population SET total = 1, under_18 = 1",
    "no people": "DELETE FROM lakana.area_population",
    "localities": "UPDATE lakana.admin_area SET locality_count = 1",
    "outlines": "UPDATE lakana.admin_area SET geom = ST_Multi(ST_Translate(geom, 0.3, 0.3))",
    "no outlines": "UPDATE lakana.admin_area SET geom = NULL",
    "out of force": "UPDATE lakana.admin_area SET valid_to = current_date",
    "another parent": "UPDATE lakana.admin_area SET parent_id = (SELECT id FROM lakana.admin_area WHERE code = 'R1') WHERE code = 'C0'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_areas_that_change_move_no_zone_and_no_site(ground, hidden, change):
    every = "SELECT z::text FROM lakana.zone z ORDER BY id"
    before = told(ground, hidden), ground.rows(every)
    ground.run(change)
    ground.run("UPDATE lakana.service SET name = name WHERE id = :id", id=hidden)
    assert (told(ground, hidden), ground.rows(every)) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lakana.zoning SET least_people = 60000", "DELETE FROM lakana.zoning",
        "UPDATE lakana.zone SET radius_m = 1", "DELETE FROM lakana.zone",
        "DELETE FROM lakana.zone_area", "UPDATE lakana.zone_area SET area_id = area_id",
    ],
)  # fmt: skip
def test_from_the_first_confidential_place_on_the_zones_stay(ground, change):
    with ground.connection.begin_nested() as free:
        ground.run(change)
        free.rollback()
    made = shelter(ground, ground.cercles[0])
    ground.run("DELETE FROM lakana.service WHERE id = :id", id=made)
    with pytest.raises(DatabaseError, match="stay as they are"), ground.connection.begin_nested():
        ground.run(change)


# What is published


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), radius=st.floats(0, 1e6), number=st.integers(0, 2))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_offered_the_zone_speaks(ground, lon, lat, radius, number):
    offered = {"radius_m": radius, "locality_id": ground.town, "phone": "+223 20 00 00 01", "opening_hours": "24/7"}
    made = shelter(ground, ground.cercles[number], lon, lat, **offered)
    expected = (["C0", "C1 et C2", "C1 et C2"][number], 0, 0)
    assert told(ground, made) == expected
    ground.run(
        "UPDATE lakana.service SET point = :p, radius_m = :r, locality_id = :t, area_id = :a, actor_id = :o, zone_id = NULL, "
        "phone = '+223 20 00 00 02', opening_hours = '24/7' WHERE id = :id",
        p=point(lat, lon / 2), r=radius, t=ground.town, a=ground.cercles[number], o=ground.office, id=made,
    )  # fmt: skip
    assert told(ground, made) == expected


def test_its_source_is_neutral_and_stays_truthful_and_its_day_a_quarter(ground):
    real = ground.add(tables.source, key="real", name="ONG", illustrative=False)
    for source, illustrative in ((ground.source, True), (real, False)):
        made = shelter(ground, ground.cercles[0], source_id=source, verified_on="2026-08-17")
        found = ground.rows(
            "SELECT s.verified_on::text, o.illustrative, o.key LIKE 'confidential%' FROM lakana.service s "
            "JOIN lakana.source o ON o.id = s.source_id WHERE s.id = :id",
            id=made,
        )
        assert found == [("2026-07-01", illustrative, True)]


def test_an_open_service_stands_where_it_is_said_to_stand(ground):
    made = shelter(ground, ground.cercles[0], confidential=False, radius_m=5, locality_id=ground.town)
    assert told(ground, made) == (None, 4, 0)


def test_one_that_becomes_confidential_has_no_distance_at_once(ground):
    made = shelter(ground, ground.cercles[0], confidential=False, locality_id=ground.town)
    other = shelter(ground, ground.regions[1], -4.5, 11, confidential=False)
    assert {row[2] for row in check_access(ground)} == {made, other}
    ground.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=made)
    assert {row[2] for row in check_access(ground)} == {other}
    ground.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=other)
    assert check_access(ground) == []


@pytest.fixture
def hidden(ground):
    made = shelter(ground, ground.cercles[0])
    shelter(ground, ground.regions[1], confidential=False)
    exact(ground, made, ground.cercles[0], -7.4, 10.4)
    return made


@pytest.mark.parametrize("role", ["lakana_public", "lakana_partner", "lakana_planner", "lakana_steward"])
def test_a_move_inside_its_zone_changes_nothing_that_anybody_reads(ground, hidden, role):
    before = dump(ground, role)
    ground.run("UPDATE exact.site SET point = :p WHERE service_id = :id", p=point(-7.9, 10.9), id=hidden)
    other = ground.actor(ground.cercles[2], kind="OTHER")
    before = dump(ground, role)
    ground.run(
        "UPDATE exact.site SET locality_id = :town, actor_id = :actor WHERE service_id = :id",
        town=ground.town, actor=other, id=hidden,
    )  # fmt: skip
    assert dump(ground, role) == before


def test_the_dump_would_notice(ground, hidden):
    before = dump(ground)
    ground.run("UPDATE lakana.service SET verified_on = '2026-01-01' WHERE id = :id", id=hidden)
    assert dump(ground) != before


def test_a_site_that_moves_to_another_zone_takes_what_is_told_along(ground, hidden):
    ground.run(
        "UPDATE exact.site SET point = :p, area_id = :area WHERE service_id = :id",
        p=point(-3, 11), area=ground.regions[1], id=hidden,
    )  # fmt: skip
    assert told(ground, hidden) == ("R1 et R2", 0, 0)


def test_a_first_exact_site_elsewhere_corrects_the_zone(ground):
    made = shelter(ground, ground.cercles[0])
    exact(ground, made, ground.nation, -3, 11)
    assert told(ground, made) == ("R1 et R2", 0, 0)


def test_an_exact_site_does_not_move_an_open_service(ground):
    made = shelter(ground, ground.cercles[0], confidential=False)
    exact(ground, made, ground.regions[1], -3, 11)
    assert told(ground, made) == (None, 3, 0)


def test_whoever_runs_it_may_leave_and_nobody_learns_of_it(ground):
    runner = ground.actor(ground.cercles[0], kind="OTHER")
    made = shelter(ground, ground.cercles[0], actor_id=runner)
    exact(ground, made, ground.cercles[0], -7.4, 10.4, actor_id=runner)
    ground.run("DELETE FROM lakana.actor WHERE id = :id", id=runner)
    assert ground.one("SELECT actor_id FROM exact.site WHERE service_id = :id", id=made) is None
