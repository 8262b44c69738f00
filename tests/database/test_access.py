"""The distances from demand points to services stay right through every change."""

from __future__ import annotations

import math

import pytest

from tests.database.land import point
from tests.database.oracle import check_access
from tests.database.served import TOWNS

pytestmark = pytest.mark.database

ORDERED = tuple(f"00000000-0000-4000-8000-{number:012}" for number in range(1, 5))


def refreshed(land):
    return dict(land.rows("SELECT category::text, refreshed_at FROM lakana.access_refresh"))


def test_nobody_is_served_where_there_is_no_service(served):
    assert check_access(served) == []


def test_the_first_service_is_the_nearest_to_all(served):
    only = served.place(-8, 13)
    assert {row[2] for row in check_access(served)} == {only}
    assert set(refreshed(served)) == {"MEDICAL"}


def test_a_nearer_service_takes_over_where_it_is_nearer_only(served):
    west, east = served.place(-8, 13), served.place(1, 18)
    nearest = {row[1]: row[2] for row in check_access(served)}
    assert [nearest[each] for each in served.points] == [west, west, west, east]


def test_a_service_that_moves_away_gives_its_points_back(served):
    west, east = served.place(-8, 13), served.place(1, 18)
    served.move("service", west, 2, 18)
    nearest = {row[1]: row[2] for row in check_access(served)}
    assert [nearest[each] for each in served.points[:3]] == [east] * 3


def test_a_service_that_comes_nearer_wins_points(served):
    served.place(-8, 13)
    east = served.place(1, 18)
    served.move("service", east, -5.67, 11.32)
    nearest = {row[1]: row[2:4] for row in check_access(served)}
    assert nearest[served.points[1]] == (east, 0)


@pytest.mark.parametrize("degrees", [1e-4, 1e-6, 1e-7, 1e-8])
def test_the_smallest_move_counts(served, degrees):
    only = served.place(-8.1, 13.1)
    served.move("service", only, -8.1 + degrees, 13.1)
    check_access(served)


def test_a_service_that_changes_category_leaves_one_and_enters_the_other(served):
    first = served.place(-8, 13)
    served.place(-4, 14, "LEGAL_AID")
    served.run("UPDATE lakana.service SET category = 'LEGAL_AID' WHERE id = :id", id=first)
    kept = check_access(served)
    assert {row[0] for row in kept} == {"LEGAL_AID"}
    assert len({row[2] for row in kept}) == 2


def test_a_service_that_moves_and_changes_category_at_once(served):
    first = served.place(-8, 13)
    served.place(0, 17)
    served.place(1, 18, "LEGAL_AID")
    served.run("UPDATE lakana.service SET category = 'LEGAL_AID', point = :p WHERE id = :id", id=first, p=point(-4, 14))
    check_access(served)


def test_two_services_swap_their_places_in_one_statement(served):
    first, second = served.place(-8, 13), served.place(1, 18)
    served.run(
        """
        UPDATE lakana.service s SET point = o.point FROM lakana.service o
        WHERE s.id <> o.id AND s.id IN (:first, :second) AND o.id IN (:first, :second)
        """,
        first=first,
        second=second,
    )
    nearest = {row[1]: row[2] for row in check_access(served)}
    assert nearest[served.points[0]] == second


def test_the_last_service_of_a_category_leaves_no_row(served):
    medical, legal = served.place(-8, 13), served.place(-4, 14, "LEGAL_AID")
    served.run("DELETE FROM lakana.service WHERE id = :id", id=medical)
    assert {row[0] for row in check_access(served)} == {"LEGAL_AID"}
    served.run("UPDATE lakana.service SET category = 'OTHER' WHERE id = :id", id=legal)
    assert {row[0] for row in check_access(served)} == {"OTHER"}
    served.run("DELETE FROM lakana.service")
    assert check_access(served) == []


def test_the_date_of_the_data_moves_with_the_last_service_too(served):
    medical = served.place(-8, 13)
    served.run("UPDATE lakana.access_refresh SET refreshed_at = '2000-01-01'")
    served.run("DELETE FROM lakana.service WHERE id = :id", id=medical)
    assert refreshed(served)["MEDICAL"].year > 2000


def test_the_date_of_the_data_stays_where_no_distance_changes(served):
    served.place(-8, 13)
    served.run("UPDATE lakana.access_refresh SET refreshed_at = '2000-01-01'")
    served.run("UPDATE lakana.service SET name = 'Autre', capacity = 3")
    served.place(-20, -40)
    assert refreshed(served)["MEDICAL"].year == 2000


@pytest.mark.parametrize("many", [50, 51, 200])
def test_many_services_in_one_statement(served, many):
    served.place(-8, 13)
    served.run(
        """
        INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
        SELECT :actor, 'S', (ARRAY['MEDICAL', 'LEGAL_AID'])[1 + n % 2]::lakana.service_category,
               ST_MakePoint(-12 + n * 7919 % 160 / 10.0, 10 + n * 104729 % 130 / 10.0)::geography, :area, :source
        FROM generate_series(1, 2 * :many) AS n
        """,
        actor=served.office,
        area=served.home,
        source=served.source,
        many=many,
    )
    assert len(check_access(served)) == 8
    served.run(
        "DELETE FROM lakana.service WHERE ctid IN (SELECT ctid FROM lakana.service ORDER BY id LIMIT :many)", many=many
    )
    assert len(check_access(served)) == 8


def test_equally_near_services_tie_to_the_smaller_id(served):
    for which in (ORDERED[2], ORDERED[0], ORDERED[3], ORDERED[1]):
        served.place(*TOWNS[0], id=which)
    assert {row[2] for row in check_access(served)} == {ORDERED[0]}
    served.run("DELETE FROM lakana.service WHERE id = :id", id=ORDERED[0])
    assert {row[2] for row in check_access(served)} == {ORDERED[1]}


def test_a_twin_of_smaller_id_takes_over_when_it_arrives_on_the_spot(served):
    served.place(*TOWNS[0], id=ORDERED[1])
    served.place(*TOWNS[3], id=ORDERED[0])
    served.move("service", ORDERED[0], *TOWNS[0])
    assert {row[2] for row in check_access(served)} == {ORDERED[0]}


def test_more_than_eight_on_one_spot_still_tie_to_the_smaller_id(served):
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(1, 31)]
    for which in reversed(ids):
        served.place(*TOWNS[1], id=which)
    assert {row[2] for row in check_access(served)} == {ids[0]}


@pytest.mark.parametrize("metres", [1_000, 100_000, 800_000])
def test_the_spheroid_decides_where_the_sphere_would_err(served, metres):
    """North and south a degree is shorter on the spheroid than on the sphere, by 0.5 % here, east and west longer."""
    lon, lat = TOWNS[0]
    turns = [0.5 * math.pi + step / 100 for step in range(-6, 7)] + [
        1.5 * math.pi + step / 100 for step in range(-6, 7)
    ]
    for turn in turns:
        _project(served, lon, lat, metres, turn)
    north = _project(served, lon, lat, metres * 0.9999, 0.0)
    nearest = {row[1]: row[2] for row in check_access(served)}
    assert nearest[served.points[0]] == north


def _project(land, lon, lat, metres, turn):
    return land.one(
        """
        INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
        VALUES (:actor, 'S', 'MEDICAL', ST_Project(ST_Point(:lon, :lat)::geography, :metres, :turn), :area, :source)
        RETURNING id::text
        """,
        lon=lon,
        lat=lat,
        metres=metres,
        turn=turn,
        actor=land.office,
        area=land.home,
        source=land.source,
    )


def test_demand_points_come_move_and_go(served):
    served.place(-8, 13)
    served.place(1, 18)
    served.place(0, 17, "LEGAL_AID")
    new = served.demand(served.home, -3, 16, under_18=7)
    assert sum(row[1] == new for row in check_access(served)) == 2
    served.move("demand_point", new, -8, 13)
    check_access(served)
    other = served.area("B")
    served.run("UPDATE lakana.demand_point SET under_18 = 9, area_id = :area WHERE id = :id", area=other, id=new)
    assert {row[4:] for row in check_access(served) if row[1] == new} == {(9, other)}
    served.run("DELETE FROM lakana.demand_point WHERE id = :id", id=new)
    assert len(check_access(served)) == 8


def test_what_is_nearest_is_found_by_an_index_and_not_by_looking_at_all(served):
    served.run(
        "INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id) "
        "SELECT :office, 'S ' || i || ' ' || j, 'MEDICAL', ST_MakePoint(-8 + i / 10.0, 11 + j / 10.0), :home, :source "
        "FROM generate_series(0, 49) AS i, generate_series(0, 39) AS j",
        office=served.office,
        home=served.home,
        source=served.source,
    )
    served.run("ANALYZE lakana.service_spot")
    read = "SELECT (seq_tup_read + idx_tup_fetch)::integer FROM pg_stat_xact_user_tables WHERE relname = 'service_spot'"
    before = served.one(read)
    asked = "SELECT count(*) FROM lakana.nearest_to('MEDICAL', ARRAY(SELECT id FROM lakana.demand_point))"
    assert served.one(asked) == len(TOWNS)
    looked_at = served.one(read) - before
    assert 0 < looked_at < 200 * len(TOWNS)  # of 2,000; compared with all it would be as many for each
    check_access(served)
