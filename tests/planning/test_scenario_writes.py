"""What is saved of a scenario and what is refused; and which data it says have changed since."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database import owner
from geo.errors import BadInput
from geo.vocabulary import DataPart, Locale, label
from geo.writes.places import check_in_a_country
from geo.writes.scenarios import base_moment
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

PLANNER = Caller(Audience.PLANNER, "planner of scenarios")
NOBODYS = str(uuid.uuid4())
PLACE = {"lon": -5.66654, "lat": 11.31755}
ADD = {"add": {"point": PLACE, "name": "Site"}}
TOTAL = "{ newlyCoveredUnder18 lostUnder18 coveredUnder18 meanDistanceMetres }"
COMPARE = f"""query ($ids: [ID!]!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel, $language: Language) {{
  compareScenarios(scenarioIds: $ids, within: $within, areaCode: $area, level: $level) {{
    scenarios {{ total {TOTAL} areas {TOTAL} capacity unknownCapacityCount changedData {{ part partLabel(language: $language) }} }} }} }}"""


@pytest.fixture(scope="module")
def desk(copy_seeded) -> Iterator[Desk]:
    made = Desk(copy_seeded())
    yield made
    made.close()


@pytest.fixture(scope="module")
def ours(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("SELECT id::text FROM lakana.service WHERE category = 'LEGAL_AID' ORDER BY id")]


def scenario(**more: Any) -> dict[str, Any]:
    return {"name": "Essai", "category": "LEGAL_AID", "changes": [ADD]} | more


def save(desk: Desk, **more: Any) -> str:
    saved: str = desk.done(PLANNER, "createScenario", **scenario(**more))["id"]
    return saved


def compare(desk: Desk, *ids: str, **more: Any) -> Any:
    return desk.ask(PLANNER, COMPARE, ids=list(ids), **({"within": {"metres": 30_000}} | more))["scenarios"]


def moved(**more: float) -> dict[str, Any]:
    return {"add": {"point": PLACE | more, "name": "Site"}}


def too_many() -> dict[str, Any]:
    return scenario(changes=[ADD] * 51)


BAD = {
    "too many": (too_many(), "changes", "51"),
    "none": (scenario(changes=[]), "changes", "1 to 50"),
    "no name": (scenario(name=" "), "name", "1 to 200"),
    "unknown service": (
        scenario(changes=[ADD, {"close": {"serviceId": NOBODYS}}]),
        "changes.1.close.serviceId",
        "no service",
    ),
    "no id": (scenario(changes=[{"close": {"serviceId": "x"}}]), "changes.0.close.serviceId", "not an id"),
    "outside": (scenario(changes=[moved(lon=2.35, lat=48.85)]), "changes.0.add.point", "outside the country"),
    "swapped": (scenario(changes=[moved(lon=11.31755, lat=-5.66654)]), "changes.0.add.point", "swapped"),
    "no latitude": (scenario(changes=[ADD, moved(lat=91)]), "changes.1.add.point.lat", "91"),
    "fewer places than none": (
        scenario(changes=[{"add": ADD["add"] | {"capacity": -1}}]),
        "changes.0.add.capacity",
        "-1",
    ),
    "too many places": (scenario(changes=[{"add": ADD["add"] | {"capacity": 10_001}}]), "changes.0.add.capacity", "10"),
    "to come": (scenario(baseDate="2999-01-01T00:00:00Z"), "baseDate", "to come"),
    "long ago": (scenario(baseDate="0001-01-01T00:00:00+14:00"), "baseDate", "too long ago"),
}


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_wrong_is_said_and_nothing_is_saved(desk: Desk, wrong: str):
    given, field, words = BAD[wrong]
    before = desk.rows("SELECT * FROM lakana.scenario ORDER BY id")
    refused = desk.write(PLANNER, "createScenario", **given)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", field)
    assert words in refused["message"]
    assert desk.rows("SELECT * FROM lakana.scenario ORDER BY id") == before


def test_the_bounds_themselves_are_taken(desk: Desk, ours: list[str]):
    resize = [{"resize": {"serviceId": each, "capacity": n}} for each, n in zip(ours[:2], (0, 10_000), strict=True)]
    save(desk, changes=[*resize, *[ADD] * 48])


def test_fifty_places_are_measured_in_one_go(desk: Desk):
    """The hull of each nation was made anew for each place: 265 ms for fifty."""
    places = [LonLat(lon=-5.6 + n / 100, lat=11.3) for n in range(50)]

    def took_s(points: list[LonLat]) -> float:
        began = time.perf_counter()
        check_in_a_country(connection, points)
        return time.perf_counter() - began

    with owner.owner_transaction(desk.url) as connection:
        one, all_of_them = (min(took_s(points) for _ in range(9)) for points in (places[:1], places))
        with pytest.raises(BadInput, match="km outside the country") as refused:
            check_in_a_country(connection, [*places, LonLat(lon=2.35, lat=48.85, field="changes.50.add.point")])
    assert refused.value.field == "changes.50.add.point"
    assert all_of_them < 8 * one


def test_services_are_of_the_category_and_changed_once(desk: Desk, ours: list[str]):
    other = desk.one("SELECT id::text FROM lakana.service WHERE category = 'OTHER' ORDER BY id LIMIT 1")
    move = {"move": {"serviceId": ours[0].upper(), "point": PLACE}}
    for changes, field in (
        ([{"close": {"serviceId": other}}], "changes.0.close.serviceId"),
        ([{"close": {"serviceId": ours[0]}}, move], "changes.1.move.serviceId"),
    ):
        refused = desk.write(PLANNER, "createScenario", **scenario(changes=changes))
        assert (refused["__typename"], refused["field"]) == ("ValidationError", field)


@pytest.mark.parametrize("moment", ["2026-03-03T07:59:00+23:59", "2026-03-01T08:01:00-23:59"])
def test_a_base_date_may_have_any_offset(desk: Desk, moment: str):
    saved = save(desk, baseDate=moment)
    told = desk.ask(PLANNER, "query ($id: ID!) { node(id: $id) { ... on Scenario { baseDate } } }", id=saved)[
        "baseDate"
    ]
    assert dt.datetime.fromisoformat(told) == dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"within": {"metres": 0}}, "within.metres"),
        ({"within": {"metres": -5}}, "within.metres"),
        ({"within": {"metres": 1_000_001}}, "within.metres"),
        ({"within": {"travel": {"mode": "WALK", "minutes": 0}}}, "within.travel.minutes"),
        ({"area": "NO:SUCH"}, "areaCode"),
        ({"level": "LOCALITY"}, "level"),
    ],
)
def test_a_comparison_out_of_bounds_is_refused(desk: Desk, given: dict[str, Any], field: str):
    arguments = {"ids": [save(desk)], "within": {"metres": 1_000}} | given
    [error] = desk.response(PLANNER, COMPARE, **arguments)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}


def test_what_cannot_be_compared_is_refused(desk: Desk):
    legal = [save(desk) for _ in range(6)]
    other = save(desk, category="OTHER")
    for ids in (legal, [], [legal[0], legal[0].upper()], [legal[0], other]):
        [error] = desk.response(PLANNER, COMPARE, ids=ids, within={"metres": 1_000})["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "scenarioIds"}
    assert len(compare(desk, *legal[:5])) == 5


def test_a_write_is_made_once_and_by_who_has_seen_what_there_is(desk: Desk):
    key = str(uuid.uuid4())
    first = desk.done(PLANNER, "createScenario", key, **scenario(name="Une fois"))
    again = desk.done(PLANNER, "createScenario", key, **scenario(name="Une fois"))
    assert (again["id"], again["replayed"]) == (first["id"], True)
    assert desk.one("SELECT count(*) FROM lakana.scenario WHERE name = 'Une fois'") == 1
    changed = desk.done(PLANNER, "updateScenario", id=first["id"], expectedVersion=1, changes={"name": "Deux fois"})
    assert changed["version"] == 2
    late = desk.write(PLANNER, "updateScenario", id=first["id"], expectedVersion=1, changes={"name": "Trois"})
    assert (late["__typename"], late["currentVersion"]) == ("Conflict", 2)
    assert desk.write(PLANNER, "retireScenario", id=first["id"], expectedVersion=1)["__typename"] == "Conflict"
    desk.done(PLANNER, "retireScenario", id=first["id"], expectedVersion=2)
    assert desk.one("SELECT count(*) FROM lakana.scenario WHERE id::text = %s", first["id"]) == 0
    for empty in ({}, {"name": None}, {"changes": None}):
        refused = desk.write(PLANNER, "updateScenario", id=save(desk), expectedVersion=1, changes=empty)
        assert refused["__typename"] == "ValidationError"


CHANGED = {
    "SERVICES": "UPDATE lakana.service SET point = ST_Translate(point::geometry, 0.01, 0)::geography WHERE id::text = '{ours}'",
    "DEMAND": "UPDATE lakana.demand_point SET under_18 = under_18 - 1 WHERE id = "
    "(SELECT id FROM lakana.demand_point WHERE under_18 > 0 ORDER BY id LIMIT 1)",
    "AREAS": "UPDATE lakana.admin_area SET valid_to = current_date WHERE id = "
    "(SELECT id FROM lakana.admin_area WHERE level = 2 AND daterange(valid_from, valid_to) @> current_date ORDER BY id LIMIT 1)",
    "TRAVEL": "UPDATE lakana.travel_estimate SET detour = detour + 0.1 WHERE mode = 'WALK' AND season = 'DRY'",
}


def told(part: str, locale: Locale) -> dict[str, str]:
    return {"part": part, "partLabel": label(DataPart[part], locale)}


@pytest.mark.parametrize("part", CHANGED)
def test_the_same_answer_until_data_change_and_then_which(desk: Desk, ours: list[str], part: str):
    change = CHANGED[part].format(ours=ours[0])
    one = save(desk, changes=[ADD, {"close": {"serviceId": ours[1]}}])
    first = compare(desk, one)
    assert first[0]["changedData"] == []
    assert compare(desk, one) == first
    before = dt.datetime.now(dt.UTC).isoformat()
    with owner.owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(change)
    assert compare(desk, one)[0]["changedData"] == [told(part, Locale.FR)]
    assert compare(desk, one, language="en")[0]["changedData"] == [told(part, Locale.EN)]
    assert compare(desk, one, language="bm")[0]["changedData"] == [told(part, Locale.FR)]
    # A planner who saves the list of changes again has seen the current data; a new name does not show that.
    desk.done(PLANNER, "updateScenario", id=one, expectedVersion=1, changes={"name": "Autre"})
    assert len(compare(desk, one)[0]["changedData"]) == 1
    desk.done(PLANNER, "updateScenario", id=one, expectedVersion=2, changes={"changes": [ADD]})
    assert compare(desk, one)[0]["changedData"] == []
    # A scenario with a base date before the change, saved after it.
    late = save(desk, baseDate=before)
    assert compare(desk, late)[0]["changedData"] == [told(part, Locale.FR)]
    desk.done(PLANNER, "updateScenario", id=late, expectedVersion=1, changes={"baseDate": _now()})
    assert compare(desk, late)[0]["changedData"] == []


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def test_what_the_answer_does_not_rest_on_is_no_change(desk: Desk, ours: list[str]):
    before = _now()
    one = save(desk)
    with owner.owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(
            "UPDATE lakana.service SET phone = '+22320220000', verified_on = current_date WHERE id::text = %s",
            (ours[2],),
        )
        connection.exec_driver_sql("UPDATE lakana.service SET capacity = 3 WHERE category = 'OTHER'")
    assert compare(desk, one)[0]["changedData"] == []
    assert compare(desk, save(desk, baseDate=before))[0]["changedData"] == []


def test_what_changed_and_changed_back_is_no_change(desk: Desk, ours: list[str]):
    one = save(desk)
    first = compare(desk, one)
    capacity = desk.one("SELECT capacity FROM lakana.service WHERE id::text = %s", ours[0])
    for places, told in ((4_321, 1), (capacity, 0)):
        with owner.owner_transaction(desk.url) as connection:
            connection.exec_driver_sql("UPDATE lakana.service SET capacity = %s WHERE id::text = %s", (places, ours[0]))
        assert len(compare(desk, one)[0]["changedData"]) == told
    assert [each["total"] for each in compare(desk, one)] == [each["total"] for each in first]


def test_a_service_that_is_gone_changes_nothing_more(desk: Desk, ours: list[str]):
    going = ours[-1]
    point = {"lon": -8.0, "lat": 12.6}
    closed = save(desk, changes=[ADD, {"close": {"serviceId": going}}])
    elsewhere = save(desk, changes=[{"move": {"serviceId": going, "point": point}}])
    added = save(desk, changes=[{"add": {"point": point, "name": "A"}}])
    before = compare(desk, closed)[0]["total"]
    with owner.owner_transaction(desk.url) as connection:
        connection.exec_driver_sql("DELETE FROM lakana.service WHERE id::text = %s", (going,))
    after = compare(desk, closed, elsewhere, added)
    assert [each["changedData"] for each in after] == [[told("SERVICES", Locale.FR)]] * 3
    assert after[0]["total"]["coveredUnder18"] == before["coveredUnder18"]
    assert after[1]["total"] == after[2]["total"]


def test_a_moment_without_an_offset_is_utc():
    assert base_moment("baseDate", dt.datetime(2026, 1, 1)) == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # noqa: DTZ001
    with pytest.raises(BadInput, match="to come"):
        base_moment("baseDate", dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))
