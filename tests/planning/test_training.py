"""Trainings: their list, and coverage by who was trained, as a slow oracle in Python finds it."""

from __future__ import annotations

import datetime as dt
import hmac
from fractions import Fraction

import pytest

from geo.audience import ANYBODY
from geo.release.publish import release
from geo.statistics.cell_key import rounded
from tests.conftest import RELEASE_KEY
from tests.geodesy import distance_m
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

COVERAGE = """query ($kind: ActorKind!, $within: ReachInput!, $area: AreaCode, $since: Date, $first: Int, $after: String) {
  trainingCoverage(kind: $kind, within: $within, areaCode: $area, trainedSince: $since) {
    area { code } trainedActorCount populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent
    uncoveredLocalities(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage hasPreviousPage }
      edges { node { locality { id name } uncoveredUnder18 nearestDistanceMetres nearestActor { id } } } }
    basis reachMetres estimate { mode season }
    assumptions en: assumptions(language: "en") lastTrainingOn sources { name } } }"""
EVENTS = """query ($area: AreaCode, $type: IncidentType, $first: Int, $after: String) {
  trainingEvents(areaCode: $area, incidentType: $type, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node {
      id name programme startsOn endsOn incidentTypes participantKinds participants { kind count countLabel } locality { name } organizers { acronym name }
      trainedActors(first: 100) { edges { node { id kind } } } source { illustrative } } } } }"""


@pytest.fixture(scope="module")
def desk(copy_seeded):
    desk = Desk(copy_seeded())
    yield desk
    desk.close()


def trained(desk, kind, since=None):
    return {
        str(row.id): (row.lon, row.lat)
        for row in desk.rows(
            "SELECT a.id, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat, e.ends_on FROM lakana.actor a "
            "JOIN lakana.trained_actor t ON t.actor_id = a.id JOIN lakana.training_event e ON e.id = t.training_event_id "
            "WHERE a.kind::text = %s", kind
        )
        if since is None or row.ends_on >= since
    }  # fmt: skip


def beyond_of(answer):
    return [each["node"] for each in answer["uncoveredLocalities"]["edges"]]


def without_cursor(answer):
    """Return the same answer, however it was asked for."""
    del answer["uncoveredLocalities"]["pageInfo"]["endCursor"]
    return answer


def demand(desk, area):
    return desk.rows(
        "SELECT d.locality_id::text, d.under_18, ST_X(d.point::geometry) AS lon, ST_Y(d.point::geometry) AS lat "
        "FROM lakana.demand_point d JOIN lakana.area_within w ON w.area_id = d.area_set_id JOIN lakana.admin_area a "
        "ON a.id = w.ancestor_id WHERE a.edition = 'v03' AND a.code = %s", area
    )  # fmt: skip


@pytest.mark.parametrize("area", ["MLI", "ML03", "ML04"])
@pytest.mark.parametrize(("kind", "metres"), [("CHILD_PROTECTION_OFFICER", 40_000.0), ("SCHOOL", 150_000.0)])
@pytest.mark.parametrize("since", [None, dt.date(2023, 1, 1)])
def test_coverage_equals_brute_force(desk, area, kind, metres, since):
    offices = trained(desk, kind, since)
    covered = everybody = 0
    beyond = []
    for point in demand(desk, area):
        everybody += point.under_18
        nearest = min(
            ((distance_m(point.lon, point.lat, *place), key) for key, place in offices.items()), default=(None, None)
        )
        if nearest[0] is not None and nearest[0] <= metres:
            covered += point.under_18
        elif point.locality_id:
            beyond.append((-point.under_18, point.locality_id, *nearest))
    answer = desk.ask(
        ANYBODY, COVERAGE, kind=kind, within={"metres": metres}, area=f"COD-AB:{area}", first=100,
        since=since and since.isoformat(),
    )  # fmt: skip
    assert answer["area"]["code"] == area
    assert answer["trainedActorCount"] == len(offices)
    assert (answer["populationUnder18"], answer["coveredUnder18"]) == (everybody, covered)
    assert answer["uncoveredUnder18"] == everybody - covered
    assert answer["coveredPercent"] == pytest.approx(100 * covered / everybody)
    assert answer["uncoveredLocalities"]["totalCount"] == len(beyond)
    for found, (children, locality, distance, actor) in zip(beyond_of(answer), sorted(beyond), strict=True):
        assert (found["locality"]["id"], found["uncoveredUnder18"]) == (locality, -children)
        assert found["nearestActor"] == ({"id": actor} if actor else None)
        assert found["nearestDistanceMetres"] == (None if distance is None else pytest.approx(distance, rel=1e-6))


def test_a_training_that_is_not_over_has_trained_nobody(copy_seeded):
    desk = Desk(copy_seeded())
    before = desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 150_000})
    assert before["trainedActorCount"] > 0
    over = [source["name"] for source in before["sources"]]
    assert len(over) == len(set(over)) > 0
    for days, count in ((0, 0), (-1, before["trainedActorCount"])):
        desk.rows(
            "UPDATE lakana.training_event SET ends_on = current_date + %s, starts_on = current_date + %s RETURNING 1",
            days, days
        )  # fmt: skip
        after = desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 150_000})
        assert after["trainedActorCount"] == count
        assert (after["coveredUnder18"] > 0) is (count > 0)
    desk.close()


def test_with_nobody_trained_coverage_is_nought_and_everything_is_beyond(desk):
    answer = desk.ask(ANYBODY, COVERAGE, kind="DONOR", within={"metres": 1_000_000})
    assert (answer["trainedActorCount"], answer["coveredUnder18"], answer["coveredPercent"]) == (0, 0, 0)
    assert answer["lastTrainingOn"] is None
    assert len(beyond_of(answer)) == 20 < answer["uncoveredLocalities"]["totalCount"]
    assert all(each["nearestDistanceMetres"] is each["nearestActor"] is None for each in beyond_of(answer))


def test_the_home_nation_is_meant_where_no_area_is_named(desk):
    whole, named = (
        without_cursor(desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 50_000}, area=area))
        for area in (None, "MLI")
    )
    assert whole == named
    assert "ESTIMATE" in " ".join(whole["en"])


def test_the_limit_is_inclusive_and_coverage_rises_with_it(desk):
    [far, *_] = [
        each
        for each in beyond_of(desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 1_000}, first=100))
        if each["nearestDistanceMetres"] > 50_000
    ]
    metres = far["nearestDistanceMetres"]
    steps = [
        desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": m})["coveredUnder18"]
        for m in (metres - 0.002, metres, metres * 2)
    ]
    assert steps[1] >= steps[0] + far["uncoveredUnder18"]
    assert steps[0] < steps[1] < steps[2]


def test_a_time_of_travel_is_a_reach_too(desk):
    [metres] = desk.rows("SELECT lakana.reach_m('CAR', 'RAINY', 90)")[0]
    travel = {"travel": {"mode": "CAR", "season": "RAINY", "minutes": 90}}
    timed, measured = (
        without_cursor(desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within=within))
        for within in (travel, {"metres": metres})
    )
    assert (timed.pop("basis"), measured.pop("basis")) == ("ESTIMATE", "MEASURED")
    assert (timed.pop("estimate"), measured.pop("estimate")) == ({"mode": "CAR", "season": "RAINY"}, None)
    assert timed == measured


def test_an_unknown_area_and_too_many_rows_are_refused(desk):
    for wrong in ({"area": "nowhere"}, {"first": 0}, {"first": 101}):
        answer = desk.response(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 1}, **wrong)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_pages_of_what_is_beyond_make_the_whole_and_are_of_one_answer(desk):
    asked = {"kind": "SCHOOL", "within": {"metres": 30_000}}
    whole = desk.ask(ANYBODY, COVERAGE, **asked, first=100)["uncoveredLocalities"]
    assert [each["node"]["uncoveredUnder18"] for each in whole["edges"]] == sorted(
        (each["node"]["uncoveredUnder18"] for each in whole["edges"]), reverse=True
    )
    found, after = [], None
    while True:
        page = desk.ask(ANYBODY, COVERAGE, **asked, first=7, after=after)["uncoveredLocalities"]
        found += page["edges"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == whole["edges"]
    assert len(found) == whole["totalCount"] > 7
    other = desk.response(ANYBODY, COVERAGE, **(asked | {"kind": "NGO"}), after=after)
    assert "not a cursor of this list" in other["errors"][0]["message"]


def test_where_nobody_is_counted_nobody_is_known(copy_seeded):
    desk = Desk(copy_seeded())
    desk.rows("DELETE FROM lakana.demand_point RETURNING 1")
    answer = desk.ask(ANYBODY, COVERAGE, kind="SCHOOL", within={"metres": 30_000})
    sums = ("populationUnder18", "coveredUnder18", "uncoveredUnder18", "coveredPercent")
    assert {each: answer[each] for each in sums} == dict.fromkeys(sums)
    assert answer["uncoveredLocalities"]["totalCount"] == 0
    desk.close()


def test_trainings_are_listed_the_newest_first(desk):
    answer = desk.ask(ANYBODY, EVENTS, first=50)
    days = [each["node"]["startsOn"] for each in answer["edges"]]
    assert days == sorted(days, reverse=True)
    assert answer["totalCount"] == len(days) == 6
    paged, after = [], None
    while True:
        page = desk.ask(ANYBODY, EVENTS, first=4, after=after)
        paged += page["edges"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert paged == answer["edges"]


def test_the_workshop_of_2019_is_real_and_has_trained_nobody_that_is_known(desk):
    nodes = [each["node"] for each in desk.ask(ANYBODY, EVENTS, first=50)["edges"]]
    [workshop] = [each for each in nodes if not each["source"]["illustrative"]]
    assert workshop["startsOn"] == "2019-03-19"
    assert workshop["incidentTypes"] == ["TRAFFICKING", "SMUGGLING"]
    assert {each["acronym"] for each in workshop["organizers"]} == {"ONUDC", "CNCLTP"}
    assert workshop["trainedActors"]["edges"] == []
    assert workshop["locality"] is None
    for each in nodes:
        if each["source"]["illustrative"]:
            kinds = {edge["node"]["kind"] for edge in each["trainedActors"]["edges"]}
            assert set() < kinds <= set(each["participantKinds"])


def test_participants_are_told_rounded_and_never_a_total(desk):
    raw = {
        (row.id, row.kind): row.people
        for row in desk.rows(
            "SELECT training_event_id::text AS id, kind::text, count AS people FROM raw.training_participants"
        )
    }
    told = {
        (each["node"]["id"], cell["kind"]): cell
        for each in desk.ask(ANYBODY, EVENTS, first=50)["edges"]
        for cell in each["node"]["participants"]
    }
    assert told.keys() == raw.keys()
    assert len(told) == 35
    for leaf, people in raw.items():
        leaf_key = hmac.digest(RELEASE_KEY, f"training/{leaf[0]}/{leaf[1]}".encode(), "sha256")[:8]
        draw = hmac.digest(RELEASE_KEY, b"cell/" + leaf_key, "sha256")[:8]
        up = Fraction(int.from_bytes(draw, "big"), 2**64) < Fraction(people % 5, 5)
        assert told[leaf]["count"] == people // 5 * 5 + 5 * up
        assert told[leaf]["countLabel"] == (str(told[leaf]["count"]) if told[leaf]["count"] else "0–4")


def test_what_was_told_stays_and_a_training_to_come_tells_nothing(desk):
    before = desk.ask(ANYBODY, EVENTS, first=50)
    desk.rows("UPDATE raw.training_participants SET count = count + 40 RETURNING 1")
    event = before["edges"][0]["node"]["id"]
    desk.rows(
        "INSERT INTO lakana.training_event (id, name, starts_on, ends_on, participant_kinds, source_id) "
        "SELECT '00000000-0000-4000-8000-00000000a11c', 'à venir', current_date, current_date, '{NGO}', source_id "
        "FROM lakana.training_event WHERE id = %s RETURNING 1", event
    )  # fmt: skip
    desk.rows(
        "INSERT INTO raw.training_participants VALUES ('00000000-0000-4000-8000-00000000a11c', 'NGO', 30) RETURNING 1"
    )
    try:
        release(desk.url, RELEASE_KEY)
        after = [each["node"] for each in desk.ask(ANYBODY, EVENTS, first=50)["edges"]]
        assert after[1:] == [each["node"] for each in before["edges"]]
        assert (after[0]["name"], after[0]["participants"]) == ("à venir", [])
    finally:
        desk.rows("DELETE FROM lakana.training_event WHERE name = 'à venir' RETURNING 1")
        desk.rows("UPDATE raw.training_participants SET count = count - 40 RETURNING 1")


def test_the_rounding_is_right_on_average_and_off_by_at_most_four():
    for people in range(30):
        found = [rounded(people, (2 * key + 1) * 2**64 // 2000) for key in range(1000)]
        assert all(each % 5 == 0 and abs(each - people) <= 4 for each in found)
        assert sum(found) == 1000 * people


def test_trainings_by_incident_type_and_by_area(desk):
    every = [each["node"] for each in desk.ask(ANYBODY, EVENTS, first=50)["edges"]]
    for incident_type in ("TRAFFICKING", "FORCED_BEGGING", "OTHER"):
        found = [each["node"]["id"] for each in desk.ask(ANYBODY, EVENTS, first=50, type=incident_type)["edges"]]
        assert found == [each["id"] for each in every if incident_type in each["incidentTypes"]]
    found = [each["node"] for each in desk.ask(ANYBODY, EVENTS, first=50, area="ML03")["edges"]]
    assert [each["locality"]["name"] for each in found] == ["Sikasso"]


def test_a_training_has_an_id_like_anything_else(desk):
    [edge] = desk.ask(ANYBODY, EVENTS, first=1)["edges"]
    node = desk.ask(
        ANYBODY, "query ($id: ID!) { node(id: $id) { id ... on TrainingEvent { name } } }", id=edge["node"]["id"]
    )
    assert node == {"id": edge["node"]["id"], "name": edge["node"]["name"]}
