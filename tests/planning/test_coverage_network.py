"""Coverage by times along roads, against a Dijkstra of the test's own, point by point."""

from __future__ import annotations

import math
import random
from contextlib import closing
from functools import cache

import pytest

from geo.database import owner
from geo.database.owner import owner_transaction
from geo.roads import network
from tests.database.land import Land
from tests.planning import drawn
from tests.planning.answers import answer
from tests.planning.documents import OF, PAGE
from tests.planning.drawn import Roads, minutes
from tests.planning.road_oracle import expected

pytestmark = pytest.mark.database

BOTH = ("IDENTIFICATION", "POLICE_JUSTICE")
EVERY, ANY = {"categories": [*BOTH]}, {"stage": "IDENTIFICATION"}
NEEDS = {"one": {"categories": [BOTH[0]]}, "the other": {"categories": [BOTH[1]]}, "every": EVERY, "any": ANY}
WAYS = [("CAR", "DRY"), ("MOTORCYCLE", "RAINY"), ("WALK", "DRY")]
ASKED = (2.0, 9.0, 20.0, 45.0, 90.0, 400.0)
PLACES = """query ($within: ReachInput!) {
  coverage(need: {categories: [SAFE_SHELTER]}, within: $within, areaCode: "T:A", byPlaces: true) {
    basis assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } sources { name } } }"""
FARTHEST = {"every": max, "any": min}


def settle(url):
    """Let seventy live beside the roads or off them, every other one in a locality; no two have as many children."""
    chance = random.Random(7)
    with owner_transaction(url) as connection:
        land = Roads(connection)
        for number in range(70):
            refs = chance.choice(drawn.WAYS)[0]
            lon, lat = drawn.PLACES[chance.choice(refs)]
            lon, lat = lon + chance.uniform(-0.03, 0.03), lat + chance.uniform(-0.03, 0.03)
            people = {"under_18": 2 * number + 1, "population": 200}
            home = None
            if number % 2:
                home = land.locality(f"L{number:02}", land.home, lon, lat, population_year=2022, **people)
            land.demand(land.home, lon, lat, locality_id=home, **people)
        for number in range(9):
            land.place(chance.uniform(-0.02, 0.25), chance.uniform(11.98, 12.11), BOTH[number % 3 == 0])


@pytest.fixture(scope="module")
def settled(copy_routed, tmp_path_factory):
    """Return the address of a country with roads, and what was answered before they were known."""
    url = copy_routed()
    settle(url)
    before = [of(url, need, asked) for need in NEEDS.values() for asked in ASKED]
    network.import_roads(url, drawn.write(tmp_path_factory.mktemp("roads")), 3_000)
    return url, before


@pytest.fixture
def url(settled):
    return settled[0]


def within(asked, mode="CAR", season="DRY"):
    return {"travel": {"mode": mode, "season": season, "minutes": asked}}


def of(url, need, asked, *way):
    with closing(owner.owner_engine(url).connect()) as connection:
        return answer(connection, OF, need=need, within=within(asked, *way), area="T:A")


def children(url):
    with owner_transaction(url) as connection:
        return dict(Land(connection).rows("SELECT id::text, under_18 FROM lakana.demand_point"))


@cache
def by_oracle(url, mode, season, category):
    return expected(url, mode, season, category)


def least(url, need, mode, season):
    """Return demand point → minutes to what is needed as the oracle finds them, infinite where no road leads there."""
    categories = BOTH if need in FARTHEST else need
    found = [
        {point: min(costs.values(), default=math.inf) for point, costs in by_oracle(url, mode, season, each).items()}
        for each in categories
    ]
    return {point: FARTHEST.get(need, max)(each[point] for each in found) for point in found[0]}


@pytest.mark.parametrize("need", [(BOTH[0],), (BOTH[1],), "every", "any"], ids=[*NEEDS])
@pytest.mark.parametrize(("mode", "season"), WAYS)
def test_covered_are_those_whom_the_oracle_finds_in_time(url, need, mode, season):
    times, under_18 = least(url, need, mode, season), children(url)
    asked_for = NEEDS[need] if need in FARTHEST else {"categories": [*need]}
    told = []
    for asked in ASKED:
        assert all(abs(each - asked) > 1e-3 for each in times.values()), "choose minutes that no rounding can turn"
        found = of(url, asked_for, asked, mode, season)
        told.append(found["total"]["coveredUnder18"])
        assert told[-1] == sum(under_18[point] for point, each in times.items() if each <= asked)
        assert found["inLocalities"]["coveredUnder18"] + found["elsewhere"]["coveredUnder18"] == told[-1]
        assert found["total"]["populationUnder18"] == sum(under_18.values())
        assert found["basis"] == "NETWORK"
    assert told == sorted(told)
    assert 0 < told[-1] < sum(under_18.values())
    assert len(set(told)) > 2


@pytest.mark.parametrize(("need", "farthest"), [(EVERY, max), (ANY, min)], ids=["every", "any"])
def test_exactly_the_minutes_asked_for_are_in_time(url, need, farthest):
    """Each time that the database knows, and the next number below and above it."""
    known, under_18 = [minutes(url, category=each) for each in BOTH], children(url)
    times = {
        point: farthest(math.inf if each[point][0] is None else each[point][0] for each in known) for point in known[0]
    }
    on_the_way = sorted({each for each in times.values() if 0 < each < math.inf})
    for exactly in on_the_way[::5]:
        for asked in (math.nextafter(exactly, 0), exactly, math.nextafter(exactly, math.inf)):
            found = of(url, need, asked)["total"]["coveredUnder18"]
            assert found == sum(under_18[point] for point, each in times.items() if each <= asked)
        assert of(url, need, math.nextafter(exactly, 0)) != of(url, need, exactly)


def test_localities_are_covered_in_time_and_their_distance_stays_a_straight_line(url):
    times = least(url, "every", "CAR", "DRY")
    with owner_transaction(url) as connection:
        land = Land(connection)
        homes = dict(
            land.rows("SELECT id::text, locality_id::text FROM lakana.demand_point WHERE locality_id IS NOT NULL")
        )
        far = dict(
            land.rows("SELECT demand_point_id::text, max(distance_m) FROM lakana.access GROUP BY demand_point_id")
        )
        page = answer(connection, PAGE, need=EVERY, within=within(90.0), first=100, area="T:A")
        assert page["basis"] == "NETWORK"
    rows = {edge["node"]["locality"]["id"]: edge["node"] for edge in page["edges"]}
    assert rows.keys() == set(homes.values())
    told = {point: (rows[home]["covered"], rows[home]["nearestDistanceMetres"]) for point, home in homes.items()}
    assert told == {point: (times[point] <= 90, far[point]) for point in homes}
    assert {each["covered"] for each in rows.values()} == {True, False}


@pytest.mark.parametrize(("need", "farthest"), [(EVERY, max), (ANY, min)], ids=["every", "any"])
@pytest.mark.parametrize("asked", ASKED)
def test_whoever_has_no_time_along_roads_is_estimated_as_without_roads(url, need, farthest, asked):
    """One category's times are gone at some points, the other's at others, both at some, none at the rest."""
    times, under_18 = {each: least(url, (each,), "CAR", "DRY") for each in BOTH}, children(url)
    lost = {
        each: {point for at, point in enumerate(sorted(under_18)) if at % (2 + turn) == 0}
        for turn, each in enumerate(BOTH)
    }
    with closing(owner.owner_engine(url).connect()) as connection:
        land = Land(connection)
        gone = "DELETE FROM lakana.travel_time WHERE category = CAST(:category AS lakana.service_category) AND demand_point_id"
        for category, points in lost.items():
            land.run(f"{gone} = ANY (CAST(:points AS uuid[]))", category=category, points=[*points])
        straight = {
            (category, point): distance_m
            for category, point, distance_m in land.rows(
                "SELECT category::text, demand_point_id::text, distance_m FROM lakana.access"
            )
        }
        found = answer(connection, OF, need=need, within=within(asked), area="T:A")
    reach = found["reachMetres"]

    def near(point):
        within_reach = [
            straight[each, point] <= reach if point in lost[each] else times[each][point] <= asked for each in BOTH
        ]
        return all(within_reach) if farthest is max else any(within_reach)

    assert found["total"]["coveredUnder18"] == sum(under_18[point] for point in under_18 if near(point))
    assert found["basis"] == "NETWORK"


def test_the_answer_says_that_it_goes_by_roads_and_whose_they_are(url):
    found = of(url, EVERY, 30.0)
    assert found["assumptions"][0].startswith("RÉSEAU (NETWORK)")
    assert "hors réseau" in found["assumptions"][0]
    assert found["assumptions"][1].startswith("ESTIMATION (ESTIMATE)")
    assert found["en"][0].startswith("NETWORK: ")
    assert "beyond the roads" in found["en"][0]
    assert found["en"][1].startswith("ESTIMATE: for a place whose time along roads is not computed")
    assert found["estimate"] == {"mode": "CAR", "season": "DRY"}
    assert {each["name"] for each in found["sources"]} == {"Test", "© OpenStreetMap contributors"}
    with owner_transaction(url) as connection:
        computed = Land(connection).one(
            "SELECT to_json(max(computed_at))#>>'{}' FROM lakana.travel_refresh WHERE category::text = ANY (:both)",
            both=[*BOTH],
        )
    assert found["dataAsOf"]["loadedOn"] == computed


def test_a_distance_takes_no_roads(url):
    with closing(owner.owner_engine(url).connect()) as connection:
        found = answer(connection, OF, need=EVERY, within={"metres": 5_000.0}, area="T:A")
    assert found["basis"] == "MEASURED"
    assert {each["name"] for each in found["sources"]} == {"Test"}
    assert not any("NETWORK" in each for each in (*found["assumptions"], *found["en"]))


def test_places_are_shared_out_by_the_estimate_and_it_is_said(url):
    with closing(owner.owner_engine(url).connect()) as connection:
        found = answer(connection, PLACES, within=within(30.0))
    assert found["basis"] == "ESTIMATE"
    assert "Known roads are not taken into account where places are shared out." in found["en"]
    assert any("les routes connues ne sont pas prises en compte" in each for each in found["assumptions"])
    assert {each["name"] for each in found["sources"]} == {"Test"}


def test_without_roads_everything_is_as_it_was_before_them(settled, make_database):
    """Estimated before the roads came, and again when they are gone."""
    url, before = settled
    assert {each["basis"] for each in before} == {"ESTIMATE"}
    copy = make_database(url)
    asked = [(need, each) for need in NEEDS.values() for each in ASKED]
    assert [of(copy, *each) for each in asked] != before
    network.drop(copy)
    assert [of(copy, *each) for each in asked] == before
    for (need, _), found in zip(asked, before, strict=True):
        assert found["assumptions"][0].startswith("ESTIMATION\u00a0: la durée n’est pas mesurée sur un réseau routier.")
        assert not any("routes connues" in each for each in found["assumptions"])
        with closing(owner.owner_engine(copy).connect()) as connection:
            straight = answer(connection, OF, need=need, within={"metres": found["reachMetres"]}, area="T:A")
        assert straight["total"] == found["total"]
        assert (straight["dataAsOf"], straight["sources"]) == (found["dataAsOf"], found["sources"])
