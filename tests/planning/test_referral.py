"""Referral: options and reasons as a slow oracle in Python finds them, and every reason on its boundary."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from typing import Any

import pytest

from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY, Audience, Caller
from geo.coordinates import LonLat
from geo.database.loading import keep_hours
from geo.database.owner import owner_engine
from geo.errors import BadInput
from geo.queries.referral.referral import ReferralOptions
from geo.vocabulary import IncidentType
from tests.geodesy import distance_m
from tests.home import point
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

OPTIONS = """query ($at: PointInput!, $type: IncidentType!, $age: Int, $months: Int, $sex: Sex, $within: ReachInput,
  $openAt: DateTime, $days: Int, $first: Int) {
  referralOptions(at: $at, incidentType: $type, age: $age, ageMonths: $months, sex: $sex, within: $within, openAt: $openAt,
    verifiedWithinDays: $days, first: $first) { lastVerifiedOn assumptions steps {
      step { stage position category byMandate kinds reportTo }
      reportToActor { id kind }
      options { ...candidate } leftOut { ...candidate } passedOver { exclusion count } moreNotSeen } } }
fragment candidate on ReferralOption { service { id name phone shelter { id } } distanceMetres competent open hasPlaces
  reasons { exclusion exclusionLabel(language: "en") } }"""
APART = """query ($at: PointInput!, $type: IncidentType!, $age: Int, $sex: Sex, $openAt: DateTime, $days: Int) {
  referralOptions(at: $at, incidentType: $type, age: $age, sex: $sex, openAt: $openAt, verifiedWithinDays: $days) {
    sources { name } steps { step { category } confidentialOptions { service { name phone actor { id } shelter { id }
      location { zone { name } } } hasPlaces reasons { exclusion } } } } }"""
MONDAY_ONE = "2026-03-02T13:00:00Z"
SUNDAY_NIGHT = "2026-03-01T23:30:00Z"


@pytest.fixture(scope="module")
def desk(copy_seeded, home):
    desk = Desk(copy_seeded(), home)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def directory(desk):
    """Every service with its actor and its shelter."""
    rows = desk.rows(
        "SELECT s.id::text, s.category::text, s.confidential, ST_X(s.point::geometry) AS lon, ST_Y(s.point::geometry) AS lat, "
        "s.opening_hours, s.verified_on, s.capacity, a.kind::text, a.jurisdiction_id::text, h.occupancy, h.minimum_age_months, "
        "h.maximum_age_months, h.girls, h.boys FROM lakana.service s LEFT JOIN lakana.actor a ON a.id = s.actor_id "
        "LEFT JOIN lakana.shelter h ON h.service_id = s.id WHERE NOT s.confidential"
    )
    return [dict(row._mapping) for row in rows]


OPEN = {
    "24/7": lambda _day, _hour: True,
    "Mo-Fr 08:00-16:00": lambda day, hour: day < 5 and 8 <= hour < 16,
    "Mo-Fr 07:30-16:00": lambda day, hour: day < 5 and 7.5 <= hour < 16,
    "Mo-Sa 08:00-17:00": lambda day, hour: day < 6 and 8 <= hour < 17,
}


def reasons(each, at, moment, age, sex, metres, days):
    found = set()
    if distance_m(at["lon"], at["lat"], each["lon"], each["lat"]) > metres:
        found.add("TOO_FAR")
    if age is not None and each["minimum_age_months"] is not None and age * 12 + 11 < each["minimum_age_months"]:
        found.add("TOO_YOUNG")
    if age is not None and each["maximum_age_months"] is not None and age * 12 > each["maximum_age_months"]:
        found.add("TOO_OLD")
    if sex == "BOY" and each["boys"] is False:
        found.add("GIRLS_ONLY")
    if sex == "GIRL" and each["girls"] is False:
        found.add("BOYS_ONLY")
    if each["occupancy"] is not None and each["capacity"] <= each["occupancy"]:
        found.add("FULL")
    if not OPEN[each["opening_hours"]](moment.weekday(), moment.hour + moment.minute / 60):
        found.add("CLOSED")
    if each["verified_on"] < moment.date() - dt.timedelta(days=days):
        found.add("NOT_VERIFIED_LATELY")
    return found


@pytest.mark.parametrize("moment", [MONDAY_ONE, SUNDAY_NIGHT])
def test_options_and_reasons_equal_brute_force(desk, directory, moment):
    chance = random.Random(7)
    when, moment = dt.datetime.fromisoformat(moment), desk.home.moment(moment)
    for _ in range(6):
        at = point(desk.home.anywhere(chance))
        age, sex = chance.choice([None, 0, 5, 9, 13, 17]), chance.choice([None, "GIRL", "BOY"])
        metres, days = chance.choice([50_000.0, 300_000.0, 1_000_000.0]), chance.choice([200, 365, 900])
        kind = chance.choice(list(IncidentType))
        answer = desk.ask(
            ANYBODY, OPTIONS, at=at, type=kind.name, age=age, sex=sex, within={"metres": metres}, openAt=moment,
            days=days, first=10,
        )  # fmt: skip
        here = {
            str(row[0])
            for row in desk.rows(
                "SELECT area_id FROM lakana.known_areas(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)",
                *at.values(),
            )
        }
        for step in answer["steps"]:
            of_category = [each for each in directory if each["category"] == step["step"]["category"]]
            ranked = sorted(of_category, key=lambda s: (distance_m(at["lon"], at["lat"], s["lon"], s["lat"]), s["id"]))
            near = [each for each in ranked if distance_m(at["lon"], at["lat"], each["lon"], each["lat"]) <= 1_000_000]
            chosen = {each["id"]: each for each in near[:20]}
            fitting = 0
            for each in near:
                if fitting < 10 and "TOO_FAR" not in (against := reasons(each, at, when, age, sex, metres, days)):
                    chosen[each["id"]] = each
                    fitting += not against
            competent = {
                s["id"]: s for s in of_category if s["kind"] in step["step"]["kinds"] and s["jurisdiction_id"] in here
            }
            if step["step"]["byMandate"]:
                assert len(competent) <= 20
                chosen |= competent
            fit = {k for k, s in chosen.items() if not reasons(s, at, when, age, sex, metres, days)}
            found = {each["service"]["id"]: each for each in step["options"]}
            out = {each["service"]["id"]: each for each in step["leftOut"]}
            order = sorted(
                fit,
                key=lambda k: (
                    not (step["step"]["byMandate"] and k in competent),
                    distance_m(at["lon"], at["lat"], chosen[k]["lon"], chosen[k]["lat"]),
                    k,
                ),
            )
            assert list(found) == order[:10]
            assert len(out) == min(len(chosen) - len(fit), 40)
            assert out.keys() <= chosen.keys() - fit
            counted = Counter(
                r for k in chosen.keys() - fit for r in reasons(chosen[k], at, when, age, sex, metres, days)
            )
            assert {each["exclusion"]: each["count"] for each in step["passedOver"]} == counted
            assert step["moreNotSeen"] is False
            for key, each in (found | out).items():
                assert each["competent"] == (key in competent)
                assert {r["exclusion"] for r in each["reasons"]} == reasons(
                    chosen[key], at, when, age, sex, metres, days
                )
                free = chosen[key]["occupancy"] is not None and chosen[key]["capacity"] > chosen[key]["occupancy"]
                assert each["hasPlaces"] == (None if chosen[key]["occupancy"] is None else free)
                assert each["distanceMetres"] == pytest.approx(
                    distance_m(at["lon"], at["lat"], chosen[key]["lon"], chosen[key]["lat"]), rel=1e-6, abs=1e-3
                )


def test_whom_to_report_to_is_the_officer_of_the_place(desk):
    [step, *_] = desk.ask(ANYBODY, OPTIONS, at=desk.home.at, type="TRAFFICKING")["steps"]
    [first, *_] = desk.ask(
        ANYBODY,
        "query ($at: PointInput!) { competentActors(at: $at, kind: CHILD_PROTECTION_OFFICER) { actor { id kind } } }",
        at=desk.home.at,
    )
    assert step["reportToActor"] == first["actor"]


def test_far_from_every_town_there_is_whom_to_report_to(desk):
    [step, *_] = desk.ask(ANYBODY, OPTIONS, at=point(desk.home.far), type="TRAFFICKING")["steps"]
    assert step["reportToActor"]["kind"] == "CHILD_PROTECTION_OFFICER"


def test_outside_all_jurisdictions_nobody_is_competent_and_the_nearest_remain(desk):
    steps = desk.ask(
        ANYBODY, OPTIONS, at=point(desk.home.abroad), type="OTHER", openAt=desk.home.moment(MONDAY_ONE), days=3650
    )["steps"]
    assert [step["reportToActor"] for step in steps] == [None] * len(steps)
    assert not any(option["competent"] for step in steps for option in step["options"])
    assert all(step["options"] for step in steps)


@pytest.fixture
def shelter(desk):
    """The shelter nearest to Sikasso made one of six places for girls from 6 to 12, open on Mondays from 8 to 16."""
    [row] = desk.rows(
        "SELECT s.id::text, h.id::text AS shelter_id, ST_Distance(s.point, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography) "
        "AS metres FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE NOT s.confidential "
        "ORDER BY metres LIMIT 1", *desk.home.at.values()
    )  # fmt: skip
    with owner_engine(desk.url).begin() as connection:
        keep_hours(connection, ["Mo 08:00-16:00"])
    desk.rows(
        "UPDATE lakana.service SET capacity = 6, opening_hours = 'Mo 08:00-16:00', verified_on = '2026-01-31' "
        "WHERE id = %s RETURNING 1", row.id
    )  # fmt: skip
    desk.rows(
        "UPDATE lakana.shelter SET occupancy = 5, minimum_age_months = 72, maximum_age_months = 155, girls = true, boys = false "
        "WHERE id = %s RETURNING 1", row.shelter_id
    )  # fmt: skip
    return row


def judged(desk, shelter, **given):
    """Return the reasons that speak against the shelter, for a child that it takes but for what is given."""
    given = {"age": 9, "sex": "GIRL", "openAt": MONDAY_ONE, "days": 30, "at": desk.home.at, "first": 10} | given
    given["openAt"] = desk.home.moment(given["openAt"])
    answer = desk.ask(ANYBODY, OPTIONS, type="TRAFFICKING", **given)
    [step] = [each for each in answer["steps"] if each["step"]["category"] == "SAFE_SHELTER"]
    [found] = [each for each in step["options"] + step["leftOut"] if each["service"]["id"] == shelter.id]
    assert (found in step["options"]) == (not found["reasons"])
    return [each["exclusion"] for each in found["reasons"]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"age": None, "sex": None}, []),
        ({"age": 6}, []),
        ({"age": 5}, ["TOO_YOUNG"]),
        ({"age": 12}, []),
        ({"age": 13}, ["TOO_OLD"]),
        ({"sex": "BOY"}, ["GIRLS_ONLY"]),
        ({"openAt": "2026-03-02T08:00:00Z"}, []),
        ({"openAt": "2026-03-02T07:59:59Z"}, ["CLOSED"]),
        ({"openAt": "2026-03-02T15:59:59Z"}, []),
        ({"openAt": "2026-03-02T16:00:00Z"}, ["CLOSED"]),
        ({"openAt": "2026-03-02T17:30:00+02:00"}, []),
        ({"openAt": "2026-03-03T07:59:00+23:59"}, []),
        ({"openAt": "2026-03-01T08:01:00-23:59"}, []),
        ({"days": 30}, []),
        ({"days": 29}, ["NOT_VERIFIED_LATELY"]),
        ({"age": 17, "sex": "BOY", "days": 1}, ["TOO_OLD", "GIRLS_ONLY", "NOT_VERIFIED_LATELY"]),
    ],
)
def test_each_reason_on_its_boundary(desk, shelter, given, expected):
    assert judged(desk, shelter, **given) == expected


def test_a_shelter_whose_last_place_is_taken_is_full(desk, shelter):
    desk.rows("UPDATE lakana.shelter SET occupancy = 6 WHERE id = %s RETURNING 1", shelter.shelter_id)
    assert judged(desk, shelter) == ["FULL"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"months": 30}, []),
        ({"months": 31}, ["TOO_OLD"]),
        ({"months": 5}, ["TOO_YOUNG"]),
        ({"months": 6}, []),
        ({"age": 0}, []),
        ({"age": 2}, []),  # of 24 to 35 months it takes some
        ({"age": 3}, ["TOO_OLD"]),
        ({"age": 2, "months": 30}, []),
        ({"age": 2, "months": 31}, ["TOO_OLD"]),
    ],
)
def test_a_home_takes_children_of_half_a_year_to_two_and_a_half(desk, shelter, given, expected):
    desk.rows(
        "UPDATE lakana.shelter SET minimum_age_months = 6, maximum_age_months = 30 WHERE id = %s RETURNING 1",
        shelter.shelter_id,
    )
    assert judged(desk, shelter, **({"age": None} | given)) == expected


@pytest.mark.parametrize(("months", "listed"), [(5, False), (6, True), (30, True), (31, False)])
def test_shelters_are_listed_for_an_age_in_months(desk, shelter, months, listed):
    desk.rows(
        "UPDATE lakana.shelter SET minimum_age_months = 6, maximum_age_months = 30 WHERE id = %s RETURNING 1",
        shelter.shelter_id,
    )
    found = desk.ask(
        ANYBODY,
        "query ($months: Int) { shelters(forAgeMonths: $months, first: 100) { edges { node { id } } } }",
        months=months,
    )
    assert (shelter.shelter_id in {each["node"]["id"] for each in found["edges"]}) == listed


def test_boys_only(desk, shelter):
    desk.rows("UPDATE lakana.shelter SET girls = false, boys = true WHERE id = %s RETURNING 1", shelter.shelter_id)
    assert judged(desk, shelter) == ["BOYS_ONLY"]
    assert judged(desk, shelter, sex="BOY") == []


def test_what_stands_exactly_at_the_limit_is_within_reach(desk, shelter):
    assert judged(desk, shelter, within={"metres": shelter.metres}) == []
    assert judged(desk, shelter, within={"metres": shelter.metres - 0.001}) == ["TOO_FAR"]


def test_a_time_of_travel_is_a_reach_too(desk, shelter):
    walk = {"travel": {"mode": "WALK", "minutes": 60}}
    [reach] = desk.rows("SELECT lakana.reach_m('WALK', 'DRY', 60)")
    assert (judged(desk, shelter, within=walk) == []) == (shelter.metres <= reach[0])
    assert judged(desk, shelter, within={"travel": {"mode": "WALK", "minutes": 0.001}}) == ["TOO_FAR"]


def test_hours_that_nobody_can_read_exclude_nobody(desk, shelter):
    for hours in ("sur rendez-vous", None):
        desk.rows("UPDATE lakana.service SET opening_hours = %s WHERE id = %s RETURNING 1", hours, shelter.id)
        assert judged(desk, shelter, openAt=SUNDAY_NIGHT) == []


def test_the_clock_is_that_of_the_area(desk, shelter):
    desk.rows("UPDATE lakana.area_time_zone SET name = 'Pacific/Auckland' RETURNING 1")  # Monday 08:00 there
    try:
        assert judged(desk, shelter, openAt="2026-03-01T19:00:00Z") == []
        assert judged(desk, shelter, openAt=MONDAY_ONE) == ["CLOSED"]
        desk.rows("DELETE FROM lakana.area_time_zone RETURNING 1")
        assert judged(desk, shelter, openAt=SUNDAY_NIGHT) == []  # the time there is unknown
    finally:
        desk.rows(
            "INSERT INTO lakana.area_time_zone SELECT id, 'Africa/Bamako' FROM lakana.admin_area WHERE level = 0 "
            "ON CONFLICT (area_id) DO UPDATE SET name = excluded.name RETURNING 1"
        )


@pytest.fixture
def apart(desk):
    """A confidential shelter with a zone that is its alone: six places for girls of 6 to 11, verified in 2026's first quarter."""
    [row] = desk.rows(
        "SELECT s.id::text, h.id::text AS shelter_id, z.name_fr AS zone, ST_X(z.point::geometry) AS lon, "
        "ST_Y(z.point::geometry) AS lat FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id "
        "JOIN lakana.zone z ON z.id = s.zone_id WHERE s.confidential AND s.zone_id IN (SELECT lakana.zones_at(z.point)) "
        "ORDER BY s.id LIMIT 1"
    )
    desk.rows("UPDATE lakana.service SET capacity = 6, verified_on = '2026-02-17' WHERE id = %s RETURNING 1", row.id)
    desk.rows(
        "UPDATE lakana.shelter SET occupancy = 5, minimum_age_months = 84, maximum_age_months = 131, girls = true, boys = false "
        "WHERE id = %s RETURNING 1", row.shelter_id
    )  # fmt: skip
    return row


def told_apart(desk, apart, caller=ANYBODY, at=None, document=APART, **given):
    """Return the confidential services told at a place, those of the step for shelters."""
    at = at or {"lon": apart.lon, "lat": apart.lat}
    given = {"age": 9, "sex": "GIRL", "openAt": desk.home.moment(MONDAY_ONE), "days": 90} | given
    steps = desk.ask(caller, document, at=at, type="TRAFFICKING", **given)["steps"]
    [step] = [each for each in steps if each["step"]["category"] == "SAFE_SHELTER"]
    assert not any(each["confidentialOptions"] for each in steps if each is not step)
    return step["confidentialOptions"]


def of(apart, listed):
    [found] = [each for each in listed if each["service"]["shelter"]["id"] == apart.shelter_id]
    return found


def test_confidential_services_are_told_apart_where_their_zone_holds_the_place(desk, apart):
    listed = told_apart(desk, apart)
    assert listed == sorted(listed, key=lambda each: each["service"]["name"])
    assert {each["service"]["location"]["zone"]["name"] for each in listed} == {apart.zone}
    assert all(each["service"]["phone"] is None and each["service"]["actor"] is None for each in listed)
    [elsewhere] = desk.rows(
        "SELECT ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.zone z WHERE name_fr <> %s "
        "AND z.id IN (SELECT lakana.zones_at(z.point)) ORDER BY id LIMIT 1", apart.zone
    )  # fmt: skip
    others = told_apart(desk, apart, at=dict(elsewhere._mapping))
    assert apart.shelter_id not in {each["service"]["shelter"]["id"] for each in others}
    assert told_apart(desk, apart, at={"lon": 40, "lat": 40}) == []


def test_no_candidate_is_confidential(desk):
    answer = desk.ask(ANYBODY, OPTIONS, at=desk.home.at, type="TRAFFICKING", first=10, days=3650)
    told = {each["service"]["id"] for step in answer["steps"] for each in step["options"] + step["leftOut"]}
    hidden = {row[0] for row in desk.rows("SELECT id::text FROM lakana.service WHERE confidential")}
    assert told
    assert hidden
    assert not told & hidden


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"age": None, "sex": None}, []),
        # It takes ages 7 to 10. If 6 or 11 were refused, queries would reveal that.
        ({"age": 6}, []),
        ({"age": 11}, []),
        ({"age": 5}, ["TOO_YOUNG"]),
        ({"age": 12}, ["TOO_OLD"]),
        ({"sex": "BOY"}, ["GIRLS_ONLY"]),
        # Verified on 17 February: this counts as 1 January, when the quarter began, 60 days before 2 March.
        ({"days": 60}, []),
        ({"days": 59}, ["NOT_VERIFIED_LATELY"]),
    ],
)
def test_what_is_public_of_a_confidential_shelter_is_all_that_it_is_judged_by(desk, apart, given, expected):
    found = of(apart, told_apart(desk, apart, **given))
    assert [each["exclusion"] for each in found["reasons"]] == expected
    assert found["hasPlaces"] is True


def test_a_full_confidential_shelter_is_told_as_full(desk, apart):
    desk.rows("UPDATE lakana.shelter SET occupancy = 6 WHERE id = %s RETURNING 1", apart.shelter_id)
    assert of(apart, told_apart(desk, apart))["hasPlaces"]
    desk.rows("UPDATE exact.places SET changed_on = changed_on - 1 RETURNING 1")  # as after midnight
    found = of(apart, told_apart(desk, apart))
    assert (found["hasPlaces"], found["reasons"]) == (False, [{"exclusion": "FULL"}])


def test_partners_read_the_front_gate_of_those_told_apart(desk, apart):
    gates = APART.replace("shelter { id }", "shelter { id frontGate }")
    listed = told_apart(desk, apart, Caller(Audience.PLANNER, "planner"), document=gates)
    assert listed
    assert all(each["service"]["shelter"]["frontGate"] for each in listed)


def test_how_many_places_are_left_is_told_with_a_key(desk, shelter):
    document = OPTIONS.replace("hasPlaces", "hasPlaces available")
    answer = desk.ask(
        Caller(Audience.PARTNER, "partner"),
        document,
        at=desk.home.at,
        type="TRAFFICKING",
        first=10,
        openAt=desk.home.moment(MONDAY_ONE),
    )
    found = [c for s in answer["steps"] for c in s["options"] + s["leftOut"] if c["service"]["id"] == shelter.id]
    assert {(each["hasPlaces"], each["available"]) for each in found} == {(True, 1)}
    with pytest.raises(Refused):
        desk.ask(ANYBODY, document, at=desk.home.at, type="TRAFFICKING")


def test_numbers_of_options(desk):
    for first in (1, 10):
        steps = desk.ask(
            ANYBODY, OPTIONS, at=desk.home.at, type="OTHER", first=first, openAt=desk.home.moment(MONDAY_ONE), days=3650
        )["steps"]
        assert max(len(step["options"]) for step in steps) == first


HERE = LonLat(lon=-5, lat=12)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"age": -1}, "age"),
        ({"age": 18}, "age"),
        ({"first": 0}, "first"),
        ({"first": 11}, "first"),
        ({"verified_within_days": 0}, "verified_within_days"),
        ({"verified_within_days": 3651}, "verified_within_days"),
        ({"age": 3, "age_months": 26}, "age_months"),
        ({"open_at": dt.datetime(2026, 3, 2, 10)}, "open_at"),  # noqa: DTZ001  that is what is refused
        ({"open_at": dt.datetime(1999, 12, 31, tzinfo=dt.UTC)}, "open_at"),
        ({"open_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}, "open_at"),
    ],
)
def test_what_is_refused(given, field):
    with pytest.raises(BadInput) as caught:
        ReferralOptions(at=HERE, incident_type=IncidentType.OTHER, **given)
    assert caught.value.field == field


def test_the_bounds_are_inclusive():
    bounds: list[dict[str, Any]] = [
        {"age": 0},
        {"age": 17},
        {"first": 1},
        {"first": 10},
        {"verified_within_days": 3650},
    ]
    for given in bounds:
        ReferralOptions(at=HERE, incident_type=IncidentType.OTHER, **given)


def test_a_child_is_in_no_error_no_key_and_no_statement():
    with pytest.raises(BadInput) as caught:
        ReferralOptions(at=HERE, incident_type=IncidentType.OTHER, age=93)
    assert "93" not in str(caught.value)
    given = [
        ReferralOptions(at=LonLat(lon=lon, lat=12), incident_type=IncidentType.OTHER, age=age)
        for lon, age in [(-5.4321, None), (1, 7)]
    ]
    assert given[0].shape() == given[1].shape()
    operation = Operations(compiled_schema()).get(OPTIONS, None)
    values = operation.variables({"at": {"lon": -5.4321, "lat": 12}, "type": "OTHER", "age": 7, "sex": "BOY"})
    [asked] = operation.selection(values)
    job = operation.job(asked, operation.question(asked, values), values, ANYBODY)
    assert "5.4321" not in job.statement.sql
    told = {84, 95, "BOY", -5.4321}  # seven years are 84 to 95 months
    assert not told & {*job.statement.constants, *job.statement.constants.values()}
    assert told <= set(job.values)


def test_assumptions_name_what_is_not_known(desk):
    answer = desk.ask(ANYBODY, OPTIONS, at=desk.home.at, type="OTHER")
    said = json.dumps(answer["assumptions"], ensure_ascii=False)
    for word in ("ESTIMATION", "jours fériés", "permanence", "mandat"):
        assert word in said


def shelters_step(desk, **given):
    given = {
        "at": desk.home.at,
        "type": "TRAFFICKING",
        "openAt": desk.home.moment(MONDAY_ONE),
        "days": 3650,
        "first": 1,
    } | given
    steps = desk.ask(ANYBODY, OPTIONS, **given)["steps"]
    [step] = [each for each in steps if each["step"]["category"] == "SAFE_SHELTER"]
    return step


@pytest.fixture
def crowded(desk):
    """25 full shelters within 5 km of Sikasso, and one 100 km away that has places; its id."""
    crowd = (
        "WITH made AS (INSERT INTO lakana.service (actor_id, name, category, point, area_id, capacity, verified_on, source_id) "
        "SELECT a.id, 'Foyer serré ' || n, 'SAFE_SHELTER', ST_Project(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, "
        "CASE n WHEN 26 THEN 100000 ELSE n * 200 END, 0), a.area_id, 5, '2026-02-01', a.source_id "
        "FROM generate_series(1, 26) AS n, (SELECT * FROM lakana.actor ORDER BY id LIMIT 1) a RETURNING id, name) "
        "INSERT INTO lakana.shelter (service_id, occupancy, girls, boys) "
        "SELECT id, CASE WHEN name LIKE '%%26' THEN 4 ELSE 5 END, true, true FROM made RETURNING service_id"
    )
    desk.rows(crowd, *desk.home.at.values())
    # Of the seeds' own none is near that would do.
    desk.rows("UPDATE lakana.shelter SET occupancy = 1000 WHERE service_id IN (SELECT id FROM lakana.service WHERE "
              "NOT confidential AND name NOT LIKE 'Foyer serré%%') RETURNING 1")  # fmt: skip
    [row] = desk.rows("SELECT id::text FROM lakana.service WHERE name = 'Foyer serré 26'")
    yield row.id
    desk.rows("DELETE FROM lakana.service WHERE name LIKE 'Foyer serré%%' RETURNING 1")


def test_full_shelters_do_not_hide_the_one_that_has_places(desk, crowded):
    step = shelters_step(desk)
    assert [each["service"]["id"] for each in step["options"]] == [crowded]
    full = {each["exclusion"]: each["count"] for each in step["passedOver"]}["FULL"]
    assert full >= 25
    assert step["moreNotSeen"] is False
    # Within reach it is looked for, and beyond it only among the nearest.
    assert shelters_step(desk, within={"metres": 99_000})["options"] == []


def test_a_search_that_is_cut_off_says_so(desk, crowded):
    """At the 1,000th: with 1,100 more full ones nobody saw the one behind them."""
    desk.rows(
        "WITH made AS (INSERT INTO lakana.service (actor_id, name, category, point, area_id, capacity, verified_on, source_id) "
        "SELECT s.actor_id, 'Foyer serré 0', s.category, s.point, s.area_id, 5, s.verified_on, s.source_id "
        "FROM lakana.service s, generate_series(1, 1100) WHERE s.name = 'Foyer serré 1' RETURNING id) "
        "INSERT INTO lakana.shelter (service_id, occupancy, girls, boys) SELECT id, 5, true, true FROM made RETURNING 1"
    )
    step = shelters_step(desk)
    assert (step["options"], step["moreNotSeen"]) == ([], True)
    assert {each["exclusion"]: each["count"] for each in step["passedOver"]}["FULL"] == 1000
    assert len(step["leftOut"]) == 40


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (("2026-03-02", "2026-03-02"), ["CLOSED_FOR_NOW"]),
        (("2026-02-01", "2026-03-01"), []),
        (("2026-03-03", "2026-04-01"), []),
        ((None, None), []),
    ],
)
def test_what_is_closed_for_a_while_is_left_out_on_both_days(desk, shelter, closed, expected):
    desk.rows(
        "UPDATE lakana.service SET closed_from = %s, closed_until = %s WHERE id = %s RETURNING 1", *closed, shelter.id
    )
    assert judged(desk, shelter) == expected
    desk.rows("UPDATE lakana.service SET closed_from = NULL, closed_until = NULL WHERE id = %s RETURNING 1", shelter.id)


def test_a_helpline_is_offered_without_a_distance_where_it_serves(desk):
    [made] = desk.rows(
        "INSERT INTO lakana.service (actor_id, name, category, area_id, service_area_id, verified_on, source_id) "
        "SELECT a.id, 'Ligne verte', 'SAFE_SHELTER', n.id, n.id, '2026-02-01', a.source_id "
        "FROM lakana.actor a, lakana.admin_area n WHERE n.id = lakana.home_area() ORDER BY a.id LIMIT 1 RETURNING id::text"
    )
    step = shelters_step(desk, first=2)
    assert [each["service"]["id"] for each in step["options"] if each["distanceMetres"] is None] == [made.id]
    assert step["options"][-1]["open"] is None  # it says no hours
    assert made.id not in {
        each["service"]["id"] for each in shelters_step(desk, at={"lon": 2.1, "lat": 13.5})["options"]
    }
    desk.rows("DELETE FROM lakana.service WHERE id = %s RETURNING 1", made.id)
