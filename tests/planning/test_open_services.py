"""What is open: the nearest, past closed ones; closing for a while; helplines and teams that come; what falls due."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.audience import ANYBODY, Audience, Caller
from geo.database.loading import keep_hours
from geo.database.owner import owner_engine
from geo.notations.opening_hours import read
from tests.geodesy import distance_m
from tests.writes.conftest import STEWARD, Desk

pytestmark = pytest.mark.database

SIKASSO = {"lon": -5.66654, "lat": 11.31755}
SUNDAY_NIGHT = "2026-03-01T23:30:00Z"
SEARCH = """query ($at: PointInput!, $open: DateTime!, $categories: [ServiceCategory!], $first: Int, $within: ReachInput) {
  nearestSearch(origin: $at, openAt: $open, categories: $categories, first: $first, within: $within) {
    services { distanceMetres service { id } } passedOver { exclusion count } moreNotSeen } }"""
NEAREST = """query ($at: PointInput!, $open: DateTime, $categories: [ServiceCategory!], $first: Int) {
  nearestServices(origin: $at, openAt: $open, categories: $categories, first: $first) {
    distanceMetres service { id openingHours { open(at: $open) nextChange(at: $open) } } } }"""
HOURS = """query ($id: ID!, $at: DateTime) { node(id: $id) { ... on Service { closedFrom closedUntil languages
  serviceArea { areaCode } location { precision } phones { number label } actor { phones { number } }
  openingHours { text readable open(at: $at) nextChange(at: $at) } } } }"""
DUE = "query ($on: Date) { servicesDue(dueOn: $on, first: 100) { edges { node { id verifiedOn } } } }"


@pytest.fixture(scope="module")
def desk(copy_seeded, home):
    desk = Desk(copy_seeded(), home)
    yield desk
    desk.close()


def office(desk):
    return desk.one("SELECT id::text FROM lakana.actor ORDER BY id LIMIT 1")


def service(desk, **more):
    given = {"actorId": office(desk), "name": "Service", "category": "MEDICAL", "point": desk.home.at} | more
    return desk.done(STEWARD, "createService", **{name: value for name, value in given.items() if value is not None})[
        "id"
    ]


@pytest.mark.parametrize("categories", [["MEDICAL"], ["MEDICAL", "LEGAL_AID"], None])
def test_at_night_the_nearest_that_are_open_as_by_brute_force(desk, categories):
    rows = desk.rows(
        "SELECT id::text, category::text, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat, opening_hours "
        "FROM lakana.service WHERE point IS NOT NULL"
    )
    here_lon, here_lat = SIKASSO.values()
    ranked = sorted(
        (distance_m(here_lon, here_lat, each.lon, each.lat), each.id, each.opening_hours)
        for each in rows
        if categories is None or each.category in categories
    )
    expected = [each[1] for each in ranked if each[0] <= 1_000_000 and each[2] == "24/7"][:5]
    assert len(expected) == 5
    assert any(each[2] != "24/7" for each in ranked[:5])
    answer = desk.ask(ANYBODY, SEARCH, at=SIKASSO, open=SUNDAY_NIGHT, categories=categories, first=5)
    assert [each["service"]["id"] for each in answer["services"]] == expected
    assert {each["exclusion"] for each in answer["passedOver"]} == {"CLOSED"}
    assert answer["moreNotSeen"] is False
    listed = desk.ask(ANYBODY, NEAREST, at=SIKASSO, open=SUNDAY_NIGHT, categories=categories, first=5)
    assert [each["service"]["id"] for each in listed] == expected
    assert {each["service"]["openingHours"]["open"] for each in listed} == {True}


def test_hours_that_are_not_known_are_never_open_and_are_counted(desk):
    with owner_engine(desk.url).begin() as connection:
        keep_hours(connection, ["Lu-Ve 8h-17h"])
    made = service(desk, category="OTHER")
    desk.rows("UPDATE lakana.service SET opening_hours = 'Lu-Ve 8h-17h' WHERE id = %s RETURNING 1", made)
    answer = desk.ask(
        ANYBODY, SEARCH, at=SIKASSO, open="2026-03-02T10:00:00Z", categories=["OTHER"], within={"metres": 1}
    )
    assert answer["services"] == []
    assert answer["passedOver"] == [{"exclusion": "HOURS_NOT_KNOWN", "count": 1}]
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-02T10:00:00Z")["openingHours"]
    assert told == {"text": "Lu-Ve 8h-17h", "readable": False, "open": None, "nextChange": None}


@pytest.mark.parametrize("hours", ["8h-16h", "Lu-Ve 8h-17h", "n/a", "Mo-Fr"])
def test_hours_that_cannot_be_read_are_refused_with_an_example(desk, hours):
    given = {"actorId": office(desk), "name": "Service", "category": "MEDICAL", "point": SIKASSO, "openingHours": hours}
    refused = desk.write(STEWARD, "createService", **given)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "openingHours")
    assert "Mo-Fr 08:00-16:00" in refused["message"]


def test_hours_are_told_with_plain_dashes_and_by_the_clock_of_the_place(desk):
    made = service(desk, openingHours="Mo\u2013Fr\u00a008:00\u201316:00; PH off", languages=["bm", "fr"])
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-02T10:00:00+05:00")
    assert told["languages"] == ["bm", "fr"]
    assert told["openingHours"] == {
        "text": "Mo-Fr 08:00-16:00; PH off", "readable": True, "open": False, "nextChange": "2026-03-02T08:00:00+00:00",
    }  # fmt: skip
    # 22 September is a holiday, 20 March 2026 may be the end of Ramadan.
    for at, is_open in (
        ("2026-09-22T10:00:00Z", False),
        ("2026-03-20T10:00:00Z", None),
        ("2026-03-23T10:00:00Z", True),
    ):
        assert desk.ask(ANYBODY, HOURS, id=made, at=at)["openingHours"]["open"] is is_open, at


def test_a_moment_without_its_offset_is_refused(desk):
    made = service(desk, openingHours="24/7")
    [error] = desk.response(ANYBODY, HOURS, id=made, at="2026-03-02T10:00:00")["errors"]
    assert "offset" in error["message"]


def test_phones_are_told_one_by_one_of_services_and_actors(desk):
    made = service(desk, phone="20 22 00 41 (standard) / 116")
    told = desk.ask(ANYBODY, HOURS, id=made)
    assert told["phones"] == [{"number": "+22320220041", "label": "standard"}, {"number": "116", "label": None}]
    assert told["actor"]["phones"] == [
        {"number": desk.one("SELECT phone FROM lakana.actor WHERE id = %s", office(desk))}
    ]


def test_a_partner_closes_its_own_service_for_a_while(desk):
    made = service(desk, openingHours="24/7")
    whose = desk.one("SELECT o.id::text FROM lakana.organization o JOIN lakana.actor a ON a.organization_id = o.id "
                     "ORDER BY a.id LIMIT 1")  # fmt: skip
    owner = desk.one("SELECT id::text FROM lakana.actor WHERE organization_id = %s ORDER BY id LIMIT 1", whose)
    own = service(desk, actorId=owner, openingHours="24/7")
    partner = Caller(Audience.PARTNER, "partner", organization_id=whose)
    days = {"closedFrom": "2026-03-02", "closedUntil": "2026-03-08"}
    if desk.one("SELECT organization_id::text FROM lakana.actor WHERE id = %s", office(desk)) != whose:
        assert desk.write(partner, "suspendService", id=made, expectedVersion=1, **days)["__typename"] == "Forbidden"
    done = desk.done(partner, "suspendService", id=own, expectedVersion=1, **days)
    assert (done["__typename"], done["version"]) == ("ServiceSuspended", 2)
    told = desk.ask(ANYBODY, HOURS, id=own, at="2026-03-05T10:00:00Z")
    assert (told["closedFrom"], told["closedUntil"]) == ("2026-03-02", "2026-03-08")
    assert (told["openingHours"]["open"], told["openingHours"]["nextChange"]) == (False, "2026-03-09T00:00:00+00:00")
    desk.done(partner, "suspendService", id=own, expectedVersion=2)
    assert desk.ask(ANYBODY, HOURS, id=own, at="2026-03-05T10:00:00Z")["openingHours"]["open"] is True


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"closedFrom": "2026-03-02"}, "closedUntil"),
        ({"closedUntil": "2026-03-02"}, "closedFrom"),
        ({"closedFrom": "2026-03-02", "closedUntil": "2026-03-01"}, "closedUntil"),
        ({"closedFrom": "1999-12-31", "closedUntil": "2026-03-02"}, "closedFrom"),
        ({"closedFrom": "2026-01-01", "closedUntil": "2100-01-01"}, "closedUntil"),
        ({"closedFrom": "2026-01-01", "closedUntil": "9999-12-31"}, "closedUntil"),
        ({"closedFrom": "9999-01-01", "closedUntil": "9999-12-31"}, "closedFrom"),
    ],
)
def test_days_that_do_not_fit_are_refused(desk, days, field):
    refused = desk.write(STEWARD, "suspendService", id=service(desk), expectedVersion=1, **days)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", field)


def test_a_century_of_days_is_taken_whole(desk):
    made = service(desk, openingHours="24/7")
    desk.done(STEWARD, "suspendService", id=made, expectedVersion=1, closedFrom="2000-01-01", closedUntil="2099-12-31")
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-05T10:00:00Z")
    assert told["openingHours"]["nextChange"] == "2100-01-01T00:00:00+00:00"


def test_no_moment_is_told_that_rfc_3339_cannot_say(desk):
    """An older row may end in 9999: 10000-01-01 was told as its next change."""
    made = service(desk, openingHours="24/7")
    desk.rows(
        "UPDATE lakana.service SET closed_from = '2026-03-02', closed_until = '9999-12-31' WHERE id = %s RETURNING 1",
        made,
    )
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-05T10:00:00Z")
    assert (told["openingHours"]["open"], told["openingHours"]["nextChange"]) == (False, None)
    before = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-01T10:00:00Z")
    assert before["openingHours"]["nextChange"] == "2026-03-02T00:00:00+00:00"


def test_a_confidential_shelter_closes_for_nobody_to_see(desk):
    hidden = desk.one("SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 1")
    version = desk.one("SELECT version FROM lakana.service WHERE id = %s", hidden)
    refused = desk.write(
        STEWARD, "suspendService", id=hidden, expectedVersion=version, closedFrom="2026-03-02", closedUntil="2026-03-03"
    )
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "id")


def test_a_team_that_comes_has_an_area_and_no_distance(desk):
    area = {"serviceAreaCode": "COD-AB:ML03"}
    made = service(desk, category="DISABILITY", point=None, openingHours="24/7", **area)
    told = desk.ask(ANYBODY, HOURS, id=made)
    assert (told["location"], told["serviceArea"]) == (None, {"areaCode": "COD-AB:ML03"})
    for moment in (None, SUNDAY_NIGHT):
        listed = desk.ask(ANYBODY, NEAREST, at=SIKASSO, open=moment, categories=["DISABILITY"], first=2)
        assert [each["service"]["id"] for each in listed if each["distanceMetres"] is None] == [made]
        assert listed[-1]["service"]["id"] == made
        afar = desk.ask(ANYBODY, NEAREST, at={"lon": -8, "lat": 12.65}, open=moment, categories=["DISABILITY"])
        assert made not in {each["service"]["id"] for each in afar}
    # It is in the directory of its area, gets a place, and gives it up.
    listing = "query ($area: AreaCode) { services(areaCode: $area, categories: [DISABILITY], first: 100) { edges { node { id } } } }"
    assert made in {each["node"]["id"] for each in desk.ask(ANYBODY, listing, area="COD-AB:ML03")["edges"]}
    desk.done(STEWARD, "updateService", id=made, expectedVersion=1, changes={"point": SIKASSO})
    assert desk.ask(ANYBODY, HOURS, id=made)["location"] == {"precision": "EXACT"}
    desk.done(STEWARD, "updateService", id=made, expectedVersion=2, changes={"point": None})
    assert desk.ask(ANYBODY, HOURS, id=made)["location"] is None
    refused = desk.write(STEWARD, "updateService", id=made, expectedVersion=3, changes={"serviceAreaCode": None})
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.point")


def test_of_those_that_come_a_shorter_list_begins_as_a_longer_one(desk):
    team = {"category": "DISABILITY", "point": None, "openingHours": "24/7", "serviceAreaCode": "COD-AB:MLI"}
    made = {service(desk, name=f"Équipe {number}", **team) for number in range(4)}
    for moment in (None, SUNDAY_NIGHT):
        lists = {}
        for first in (1, 2, 3, 4, 100):
            listed = desk.ask(ANYBODY, NEAREST, at=SIKASSO, open=moment, categories=["DISABILITY"], first=first)
            lists[first] = [each["service"]["id"] for each in listed if each["distanceMetres"] is None]
        assert made <= {*lists[100]}
        assert [lists[first] for first in (1, 2, 3, 4)] == [lists[100][:first] for first in (1, 2, 3, 4)]


def test_a_service_without_a_place_and_an_area_is_refused(desk):
    refused = desk.write(STEWARD, "createService", actorId=office(desk), name="Ligne", category="OTHER")
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "point")


@pytest.mark.parametrize("languages", [["bm"], ["fr-ML", "ff-Adlm-ML"], ["ar-Arab", "fr-002"]])
def test_languages_may_name_a_script_and_a_country(desk, languages):
    made = service(desk, name=" ".join(languages), languages=languages)
    told = desk.ask(ANYBODY, "query ($id: ID!) { node(id: $id) { ... on Service { languages } } }", id=made)
    assert told == {"languages": languages}


@pytest.mark.parametrize(
    "languages", [["Bambara"], ["bm", "bm"], ["b"], ["bm"] * 21, ["fr-kologho"], ["fr-Awaa"], ["fr-ZZZ"]]
)
def test_languages_are_tags(desk, languages):
    given = {
        "actorId": office(desk),
        "name": "Service",
        "category": "MEDICAL",
        "point": SIKASSO,
        "languages": languages,
    }
    refused = desk.write(STEWARD, "createService", **given)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "languages")


def test_a_partner_lists_what_falls_due_of_its_own(desk):
    whose = desk.one(
        "SELECT organization_id::text FROM lakana.actor WHERE organization_id IS NOT NULL ORDER BY id LIMIT 1"
    )
    partner = Caller(Audience.PARTNER, "partner", organization_id=whose)
    rows = desk.rows(
        "SELECT s.id::text, s.verified_on FROM lakana.service s JOIN lakana.actor a ON a.id = s.actor_id "
        "WHERE a.organization_id = %s", whose
    )  # fmt: skip
    assert rows
    for on in (dt.date(2026, 11, 1), dt.date(2027, 3, 1)):
        due = sorted(
            (each.verified_on or dt.date.min, each.id)
            for each in rows
            if each.verified_on is None or each.verified_on <= on - dt.timedelta(days=365)
        )
        told = desk.ask(partner, DUE, on=on.isoformat())["edges"]
        assert [each["node"]["id"] for each in told] == [each[1] for each in due]
    assert desk.ask(Caller(Audience.PARTNER, "partner"), DUE)["edges"] == []


def test_a_team_of_a_cercle_of_today_comes_where_the_register_tells(desk):
    """No outline tells of the cercle; the town's register does."""
    made = service(desk, category="DISABILITY", point=None, openingHours="24/7", serviceAreaCode="COD-AB:ML1601")
    for at, comes in (({"lon": -5.46, "lat": 12.39}, True), (SIKASSO, False)):
        listed = desk.ask(ANYBODY, NEAREST, at=at, open=None, categories=["DISABILITY"], first=10)
        assert (made in {each["service"]["id"] for each in listed}) is comes


def test_a_helpline_is_called_by_a_short_code(desk):
    made = service(desk, category="DISABILITY", point=None, phone="116", serviceAreaCode="COD-AB:MLI")
    told = desk.ask(ANYBODY, "query ($id: ID!) { node(id: $id) { ... on Service { phones { number } } } }", id=made)
    assert told == {"phones": [{"number": "116"}]}


def test_the_hours_of_no_place_are_not_looked_at_for_ever():
    spans = ",".join(f"{hour:02}:{minute:02}-{hour:02}:{minute + 1:02}" for hour in range(8) for minute in (0, 2))
    assert read(f"2024-2099 Mo-Su {spans}") is None
    assert read("Mo-Su 08:00-10:00,11:00-13:00,15:00-18:00; Dec 25 off") is not None


def test_more_spans_than_a_place_has_are_no_hours():
    """Each was looked at where somebody asked when it opens next: 227 ms for 28 of 176 characters."""
    spans = [f"{hour:02}:00-{hour:02}:30" for hour in range(9)]
    assert read(f"Mo-Su {','.join(spans[:8])}") is not None
    assert read(f"Mo-Su {','.join(spans)}") is None
    of_holidays = read(f"Mo-Su 00:00-24:00; PH {','.join(spans)}")
    assert of_holidays is not None
    assert of_holidays.holiday_open is None
