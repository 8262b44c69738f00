"""Codes and points resolved to areas, editions of a division, and what lies in what."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import DatabaseError

from geo.database import tables
from tests.database.land import point, square

pytestmark = pytest.mark.database


def days(land, number):
    """Return the day this many days from the database's today."""
    return land.one("SELECT current_date + CAST(:number AS int)", number=number)


def in_force(land, code):
    return land.one("SELECT lakana.area_in_force(:code)::text", code=code)


def at(land, lon, lat):
    return {row[0] for row in land.rows("SELECT area_id::text FROM lakana.areas_at(:p)", p=point(lon, lat))}


def area_of(land, lon, lat):
    return land.one("SELECT lakana.area_of(:p)::text", p=point(lon, lat))


def ancestors(land, area):
    query = "SELECT ancestor_id::text FROM lakana.area_within WHERE area_id = :area"
    return {row[0] for row in land.rows(query, area=area)}


def refusal(land, query, **values):
    said = land.refused(lambda: land.one(query, **values))
    assert said.message_detail == "areaCode"
    return said.message_primary.replace("%s", said.message_hint)  # as geo.database.sqlstates.blamed does


IN_FORCE = "SELECT lakana.area_in_force(:code)"


def test_a_bare_code_that_one_area_bears(land):
    area = land.area("X1")
    land.area("X2")
    assert in_force(land, "X1") == area
    assert in_force(land, "T:X1") == area


def test_no_code_is_no_area(land):
    land.area("X1")
    assert in_force(land, None) is None


@pytest.mark.parametrize(
    "code", ["X9", "T:X9", "U:X1", "", ":", "T:", ":X1", "T:X1:", "T:X1:X1", "T:X1'; --", "%s", "X%s:%d"]
)
def test_an_unknown_code_is_refused(land, code):
    land.area("X1")
    assert f"bears the code {code}" in refusal(land, IN_FORCE, code=code)


def test_an_ambiguous_code_names_the_choices(land):
    one, other = land.area("X1", scheme="T"), land.area("X1", scheme="U", name_fr="Kita")
    said = refusal(land, IN_FORCE, code="X1")
    assert "T:X1 (X1), U:X1 (Kita)" in said
    assert [in_force(land, code) for code in ("T:X1", "U:X1")] == [one, other]


def test_only_the_edition_in_force_counts(land):
    land.area("X1", valid_from=days(land, -20), valid_to=days(land, -10), name_fr="old")
    now = land.area("X1", valid_from=days(land, -10), valid_to=days(land, 10))
    land.area("X1", valid_from=days(land, 10), name_fr="new")
    assert in_force(land, "X1") == now


@pytest.mark.parametrize(
    ("first", "after_last", "found"),
    [(0, 1, True), (0, None, True), (None, 1, True), (-1, 0, False), (None, 0, False), (1, None, False)],
)
def test_an_area_is_in_force_from_its_first_day_to_the_day_before_its_end(land, first, after_last, found):
    bounds = {"valid_from": first, "valid_to": after_last}
    given = {name: None if number is None else days(land, number) for name, number in bounds.items()}
    area = land.area("X1", geom=square(0, 0, 1), **given)
    assert at(land, 0.5, 0.5) == {area}  # of whatever edition
    if found:
        assert in_force(land, "X1") == area == area_of(land, 0.5, 0.5)
    else:
        assert "no area in force" in refusal(land, IN_FORCE, code="X1")
        assert area_of(land, 0.5, 0.5) is None


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ((None, None), (None, None), True),
        (("2020-01-01", "2025-01-01"), ("2024-12-31", None), True),
        (("2020-01-01", "2025-01-01"), ("2025-01-01", None), False),
        (("2020-01-01", None), (None, "2020-01-02"), True),
        (("2020-01-01", None), (None, "2020-01-01"), False),
    ],
)
def test_two_editions_of_a_code_may_not_overlap(land, first, second, clash):
    spans = [[each and dt.date.fromisoformat(each) for each in span] for span in (first, second)]
    land.area("X1", valid_from=spans[0][0], valid_to=spans[0][1])
    land.area("X1", scheme="U")
    if clash:
        with pytest.raises(DatabaseError, match="admin_area_one_in_force"), land.connection.begin_nested():
            land.area("X1", valid_from=spans[1][0], valid_to=spans[1][1])
    else:
        land.area("X1", valid_from=spans[1][0], valid_to=spans[1][1])


def test_an_area_that_ends_before_it_begins_is_refused(land):
    for last in (dt.date(2020, 1, 1), dt.date(2019, 1, 1)):
        with pytest.raises(DatabaseError), land.connection.begin_nested():
            land.area("X1", valid_from=dt.date(2020, 1, 1), valid_to=last)
    assert land.one("SELECT count(*) FROM lakana.admin_area") == 0


def test_a_point_inside_on_the_border_and_outside(land):
    nation = land.area("N", 0, geom=square(0, 0, 2))
    west = land.area("W", parent_id=nation, geom=square(0, 0, 1))
    east = land.area("E", parent_id=nation, geom=square(1, 0, 1))
    assert at(land, 0.5, 0.5) == {nation, west}
    assert at(land, 1.5, 0.5) == {nation, east}
    assert at(land, 1, 0.5) == {nation, west, east}
    assert at(land, 0, 0) == {nation, west}
    assert at(land, 1.5, 1.5) == {nation}
    assert at(land, 0.5, -0.000001) == at(land, 3, 3) == at(land, -180, 90) == set()


@pytest.fixture
def editions(land):
    """An outlined division of one region, and a newer one without outlines: two regions, each with its cercle and town."""
    land.old_nation = land.area("ON", 0, scheme="O", geom=square(0, 0, 4))
    land.old = land.area("OR", scheme="O", parent_id=land.old_nation, geom=square(0, 0, 2))
    land.nation = land.area("N", 0)
    land.crosswalk(land.nation, land.old_nation)
    land.regions = [land.area(f"R{number}", parent_id=land.nation) for number in range(2)]
    land.cercles = [land.area(f"C{number}", 2, parent_id=region) for number, region in enumerate(land.regions)]
    for region in land.regions:
        land.crosswalk(region, land.old)
    for number, cercle in enumerate(land.cercles):
        land.locality(f"town {number}", cercle, 0.2 + number, 0.5)
    return land


def area_set(land, table, row):
    """Return the smallest areas that a row is known to lie in."""
    found = land.rows(
        f"SELECT unnest(coalesce(s.area_ids, ARRAY[t.area_set_id]))::text FROM lakana.{table} t "
        "LEFT JOIN lakana.area_set s ON s.id = t.area_set_id WHERE t.id = :row",
        row=row,
    )
    return {area for (area,) in found}


def test_the_nearest_town_tells_nothing(editions):
    """Beside a town of one region: the outlines tell the old division, and nothing tells the new one."""
    assert at(editions, 0.21, 0.5) == {editions.old_nation, editions.old}
    assert at(editions, 3, 0.5) == {editions.old_nation}
    assert area_of(editions, 0.21, 0.5) == editions.old


def test_a_place_lies_in_one_area_of_each_edition(editions):
    town = editions.locality("third", editions.cercles[1], 1.5, 0.5)
    assert area_set(editions, "locality", town) == {editions.cercles[1]}  # which lies in the old region whole
    cercle = editions.area("OC", 2, scheme="O", parent_id=editions.old, geom=square(1, 0, 1))
    editions.run("SELECT lakana.settle_places()")
    assert area_set(editions, "locality", town) == {editions.cercles[1], cercle}
    held = editions.one("SELECT area_set_id::text FROM lakana.locality WHERE id = :town", town=town)
    assert ancestors(editions, held) == {
        editions.cercles[1], editions.regions[1], editions.nation, cercle, editions.old, editions.old_nation
    }  # fmt: skip


def test_what_is_made_of_whole_areas_holds_what_lies_in_these(editions):
    former = {"parent_id": editions.old, "valid_to": days(editions, 0)}
    cercle = editions.area("OC", 2, scheme="O", geom=square(1, 0, 1), **former)
    editions.crosswalk(cercle, editions.regions[1])
    assert at(editions, 1.5, 0.5) == {cercle, editions.old, editions.old_nation, editions.regions[1], editions.nation}
    assert area_of(editions, 1.5, 0.5) == editions.regions[1]
    village = editions.locality("village", editions.regions[1], 1.6, 0.6)
    assert area_set(editions, "locality", village) == {cercle}


def test_a_register_outweighs_an_outline_across_the_border(editions):
    """A town stands a little outside of its cercle's region: it lies in that, and not in the neighbour as well."""
    cercles = [
        editions.area(f"OC{number}", 2, scheme="O", parent_id=editions.old, geom=square(number, 0, 1))
        for number in range(2)
    ]
    for cercle, region in zip(cercles, editions.regions, strict=True):
        editions.crosswalk(cercle, region)
    town = editions.locality("border", editions.cercles[0], 1.01, 0.5)
    assert area_set(editions, "locality", town) == {editions.cercles[0]}


def test_a_place_follows_its_point_and_its_area(editions):
    cercles = [
        editions.area(f"OC{number}", 2, scheme="O", parent_id=editions.old, geom=square(number, 0, 1))
        for number in range(2)
    ]
    town = editions.locality("border", editions.nation, 0.5, 0.5)
    assert area_set(editions, "locality", town) == {editions.nation, cercles[0]}
    editions.run("UPDATE lakana.locality SET point = :p WHERE id = :town", p=point(1.5, 0.5), town=town)
    assert area_set(editions, "locality", town) == {editions.nation, cercles[1]}
    editions.run("UPDATE lakana.locality SET area_id = :area WHERE id = :town", area=editions.cercles[0], town=town)
    assert area_set(editions, "locality", town) == {editions.cercles[0], cercles[1]}


@pytest.mark.parametrize(
    ("level", "outlined", "parts"),
    [(None, True, "new"), (1, True, "new"), (2, False, "new"), (2, True, "old")],
)
def test_the_parts_of_an_area_are_those_whose_outlines_are_known(editions, level, outlined, parts):
    old = [
        editions.area(
            f"OC{number}", 2, scheme="O", parent_id=editions.old, geom=square(number, 0, 1) if outlined else None
        )
        for number in range(2)
    ]
    for cercle, region in zip(old, editions.regions, strict=True):
        editions.crosswalk(cercle, region)
        if outlined:
            editions.run(
                "UPDATE lakana.admin_area r SET geom = c.geom FROM lakana.admin_area c WHERE r.id = :r AND c.id = :c",
                r=region,
                c=cercle,
            )
    new = editions.regions if level != 2 else editions.cercles
    found = editions.rows("SELECT lakana.parts_of(:whole, :level)::text", whole=editions.nation, level=level)
    assert {part for (part,) in found} == set(old if parts == "old" else new)


def test_what_lies_in_what_goes_up_parents_and_whole_crosswalks(editions):
    assert ancestors(editions, editions.cercles[1]) == {
        editions.cercles[1], editions.regions[1], editions.nation, editions.old, editions.old_nation
    }  # fmt: skip
    assert ancestors(editions, editions.old) == {editions.old, editions.old_nation}


def test_a_part_of_an_area_does_not_lie_in_another(editions):
    split = editions.area("split", parent_id=editions.nation)
    editions.crosswalk(split, editions.old, 0.5)
    assert editions.old not in ancestors(editions, split)
    editions.run("UPDATE lakana.area_crosswalk SET share = 1 WHERE from_area_id = :split", split=split)
    assert editions.old in ancestors(editions, split)
    editions.run("DELETE FROM lakana.area_crosswalk WHERE from_area_id = :split", split=split)
    assert editions.old not in ancestors(editions, split)


def test_what_lies_in_what_follows_a_new_parent(editions):
    editions.run(
        "UPDATE lakana.admin_area SET parent_id = :parent WHERE id = :id",
        parent=editions.regions[0], id=editions.cercles[1],
    )  # fmt: skip
    assert editions.regions[0] in ancestors(editions, editions.cercles[1])
    assert editions.regions[1] not in ancestors(editions, editions.cercles[1])


def test_the_home_nation_is_the_one_that_no_crosswalk_leads_to(editions):
    assert editions.one("SELECT lakana.home_area()::text") == editions.nation


def test_two_nations_or_none_must_be_named(land):
    assert "none" in refusal(land, "SELECT lakana.home_area()")
    land.area("N", 0)
    other = land.area("M", 0, name_fr="Niger")
    assert "T:M (Niger), T:N (N)" in refusal(land, "SELECT lakana.home_area()")
    land.run("UPDATE lakana.admin_area SET valid_to = current_date WHERE id = :id", id=other)
    assert land.one("SELECT lakana.home_area()::text") == in_force(land, "N")


def test_the_published_place_of_an_area_lies_in_it_and_its_radius_is_the_circles_of_equal_area(land):
    crescent = "SRID=4326;MULTIPOLYGON(((0 0, 3 0, 3 3, 0 3, 0 2, 2 2, 2 1, 0 1, 0 0)))"
    area = land.area("X1", geom=crescent)
    inside, metres, round_area = land.rows(
        "SELECT ST_Covers(geom, point::geometry), radius_m, ST_Area(geom::geography) FROM lakana.admin_area"
    )[0]
    assert inside
    assert abs(3.141592653589793 * metres**2 / round_area - 1) < 1e-9
    land.run("UPDATE lakana.admin_area SET geom = NULL WHERE id = :id", id=area)
    assert land.rows("SELECT point, radius_m FROM lakana.admin_area") == [(None, None)]


def test_a_name_of_several_places_is_none_of_them(land):
    one, other = land.area("X1"), land.area("X2")
    places = {area: land.locality(f"K{number}", area) for number, area in enumerate((one, other))}
    for place in places.values():
        land.connection.execute(tables.locality_name.insert().values(locality_id=place, name="Kita"))
    named = "SELECT lakana.locality_named('Kita', CAST(:area AS uuid))::text"
    assert land.one(named, area=None) is None
    assert {area: land.one(named, area=area) for area in places} == places
    assert land.one(named, area=land.area("X3")) is None


def test_an_edition_that_is_not_in_force_is_named_with_the_code(land):
    old = land.area("X1", valid_from=days(land, -20), valid_to=days(land, -10), edition="v1")
    now = land.area("X1", valid_from=days(land, -10), edition="v2")
    codes = {"T@v1:X1": old, "t @ V1 : x1": old, "T@v2:X1": now, "T:X1": now, "X1": now}
    assert {code: in_force(land, code) for code in codes} == codes
    written = (
        "SELECT lakana.area_code(scheme, edition, code, valid_from, valid_to) FROM lakana.admin_area WHERE id = :id"
    )
    assert [land.one(written, id=each) for each in (old, now)] == ["T@v1:X1", "T:X1"]
    assert "no area bears the code T@v3:X1 (did you mean T:X1, T@v1:X1?)" in refusal(land, IN_FORCE, code="T@v3:X1")


def test_a_code_is_unique_in_its_edition(land):
    land.area("X1", valid_to=days(land, -10), edition="v1")
    with pytest.raises(DatabaseError, match="admin_area_scheme_edition_code_key"), land.connection.begin_nested():
        land.area("X1", valid_from=days(land, -10), edition="v1")


@pytest.mark.parametrize("wrong", [{"scheme": "T:"}, {"edition": "v 1"}, {"edition": "a@b"}, {"code": "X:1"}])
def test_what_could_not_be_read_back_is_not_stored(land, wrong):
    with pytest.raises(DatabaseError, match="admin_area_written_check"), land.connection.begin_nested():
        land.area(**({"code": "X1"} | wrong))
