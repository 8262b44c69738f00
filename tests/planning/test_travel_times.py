"""travelTimes: every locality with its minutes, along roads where they are known and else an estimate that says so."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.roads import network
from geo.service import Resources
from tests.database.land import point
from tests.geodesy import distance_m
from tests.planning import drawn
from tests.planning.drawn import PLACES, A, B, C, D, F, G, K, Roads, metres

pytestmark = pytest.mark.database

TIMES = """query ($category: ServiceCategory = MEDICAL, $mode: TravelMode = CAR, $season: Season, $area: AreaCode, $first: Int, $after: String) {
  travelTimes(category: $category, mode: $mode, season: $season, areaCode: $area, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { locality { name } minutes basis offRoadMetres beyondRoads nearestService { id } } }
    network { roadsAsOf importedAt computedAt staleSince maxOffRoadMetres source { name licence url } }
    assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } sources { name } } }"""
NAMES = {
    "Amont": PLACES[A],
    "Berge": PLACES[B],
    "Delta": PLACES[D],
    "Gué": PLACES[G],
    "Kidal": PLACES[K],
    "Zone": (2.0, 12.0),
}


@pytest.fixture(scope="module")
def url(copy_migrated):
    """Six localities beside the roads that are drawn, a service at C and one at F, and roads not yet imported."""
    url = copy_migrated()
    with owner_transaction(url) as connection:
        land = Roads(connection)
        part = land.area("B", parent_id=land.home)
        for name, place in NAMES.items():
            area = part if name == "Zone" else land.home
            locality = land.locality(name, area, *place, population=100, under_18=55, population_year=2022)
            land.demand(area, *place, locality_id=locality)
        land.locality("Sans", land.home, 0.0, 12.0)
        land.demand(land.home, 0.01, 12.0)
        for number in (C, F):
            land.place(*PLACES[number])
    return url


@pytest.fixture(scope="module")
def ask(url):
    """Run a document as the public."""
    resources, operations = Resources(url, 2), Operations(compiled_schema())
    with asyncio.Runner() as runner:

        def ask(document=TIMES, **variables):
            operation = operations.get(document, None)
            response = runner.run(operation.answer(operation.variables(variables), ANYBODY, resources))
            return orjson.loads(response.body)

        yield ask
        resources.close()


def times(answer):
    return {edge["node"]["locality"]["name"]: edge["node"] for edge in answer["data"]["travelTimes"]["edges"]}


@pytest.fixture
def roads(url, tmp_path):
    drawn.skip_without_pgrouting(url)
    network.import_roads(url, drawn.write(tmp_path))
    yield
    network.drop(url)


def estimate(url, mode, season):
    with owner_transaction(url) as connection:
        return Roads(connection).rows(
            f"SELECT speed_km_h, detour FROM lakana.travel_estimate WHERE mode = '{mode}' AND season = '{season}'"
        )[0]


@pytest.mark.parametrize(("mode", "season"), [("WALK", "DRY"), ("MOTORCYCLE", "RAINY"), ("CAR", None)])
def test_without_roads_times_are_estimates_from_the_straight_line(ask, url, mode, season):
    answer = ask(mode=mode, **({"season": season} if season else {}))
    speed, detour = estimate(url, mode, season or "DRY")
    found = times(answer)
    assert found.keys() == NAMES.keys()
    for name, place in NAMES.items():
        straight = min(distance_m(*place, *PLACES[number]) for number in (C, F))
        assert found[name]["minutes"] == pytest.approx(straight / 1000 * detour / speed * 60, rel=1e-6)
        assert (found[name]["basis"], found[name]["offRoadMetres"], found[name]["beyondRoads"]) == (
            "ESTIMATE",
            None,
            None,
        )
        assert found[name]["nearestService"] is not None
    whole = answer["data"]["travelTimes"]
    assert whole["network"] is None
    assert len(whole["assumptions"]) == len(whole["en"]) == 3
    assert whole["en"][0].startswith("ESTIMATE")
    assert f"× {detour:g} / {speed:g} km/h" in whole["en"][0]
    assert f"× {detour:g} / {speed:g} km/h".replace(".", ",") in whole["assumptions"][0]
    assert [each["name"] for each in whole["sources"]] == ["Test"]


def test_a_time_that_is_estimated_is_within_the_reach_of_that_time(ask, url):
    """lakana.reach_m and lakana.travel_minutes are each other's inverse."""
    minutes = times(ask())["Berge"]["minutes"]
    with owner_transaction(url) as connection:
        reach = Roads(connection).one("SELECT lakana.reach_m('CAR', 'DRY', :minutes)", minutes=minutes)
    assert reach == pytest.approx(metres(B, C), rel=1e-6)


def test_along_roads(ask, roads):
    answer = ask()
    found = times(answer)
    way = metres(B, D) / 55 + metres(D, drawn.E) / 65 + metres(drawn.E, C) / 40
    assert found["Berge"]["minutes"] == pytest.approx(way * 0.06, rel=1e-6)
    assert {name: each["basis"] for name, each in found.items()} == dict.fromkeys(NAMES, "NETWORK")
    assert found["Berge"]["offRoadMetres"] == pytest.approx(0, abs=0.01)
    assert [name for name, each in found.items() if each["minutes"] is None] == ["Kidal", "Zone"]
    assert [name for name, each in found.items() if each["beyondRoads"]] == ["Zone"]
    assert found["Zone"]["nearestService"] is None
    assert found["Zone"]["offRoadMetres"] > network.MAX_OFF_ROAD_M
    whole = answer["data"]["travelTimes"]
    assert whole["network"]["maxOffRoadMetres"] == 5000
    assert whole["network"]["staleSince"] is None
    assert whole["network"]["source"] == {
        "name": "© OpenStreetMap contributors",
        "licence": "ODbL 1.0",
        "url": "https://www.openstreetmap.org/copyright",
    }
    assert [each["name"] for each in whole["sources"]] == ["Test", "© OpenStreetMap contributors"]
    assert whole["en"][0].startswith("NETWORK")
    assert "5000 m" in whole["assumptions"][0]
    assert whole["dataAsOf"]["loadedOn"] == whole["network"]["computedAt"]


def test_a_service_that_comes_is_said(ask, url, roads):
    with owner_transaction(url) as connection:
        land = Roads(connection)
        new = land.place(*PLACES[A])
    whole = ask()["data"]["travelTimes"]
    assert whole["network"]["staleSince"] is not None
    assert "Services or localities have changed" in whole["en"][1]
    assert "ont changé" in whole["assumptions"][1]
    with owner_transaction(url) as connection:
        Roads(connection).run("DELETE FROM lakana.service WHERE id = :id", id=new)


def test_a_service_that_moves_leaves_estimates_in_its_place(ask, url, roads):
    found = times(ask())
    service = found["Berge"]["nearestService"]["id"]
    theirs = {name for name, each in found.items() if each["nearestService"] == {"id": service}}
    assert {"Berge", "Delta"} <= theirs < NAMES.keys()
    with owner_transaction(url) as connection:
        Roads(connection).run(
            "UPDATE lakana.service SET point = :point WHERE id = :id", id=service, point=point(0.061, 12.0)
        )
    after = times(ask())
    assert {name for name, each in after.items() if each["basis"] == "ESTIMATE"} == theirs
    with owner_transaction(url) as connection:
        Roads(connection).run(
            "UPDATE lakana.service SET point = :point WHERE id = :id", id=service, point=point(*PLACES[C])
        )


def test_pages_go_by_name(ask):
    first = ask(first=4)["data"]["travelTimes"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (6, True)
    rest = ask(first=4, after=first["pageInfo"]["endCursor"])
    names = [edge["node"]["locality"]["name"] for edge in first["edges"]] + [*times(rest)]
    assert names == sorted(NAMES)
    assert rest["data"]["travelTimes"]["pageInfo"]["hasNextPage"] is False


def test_an_area_holds_its_own(ask):
    assert [*times(ask(area="T:B"))] == ["Zone"]


def test_no_service_no_time(ask):
    answer = ask(category="LEGAL_AID")
    assert {each["minutes"] for each in times(answer).values()} == {None}
    assert {each["basis"] for each in times(answer).values()} == {"ESTIMATE"}
    assert answer["data"]["travelTimes"]["dataAsOf"]["loadedOn"]


@pytest.mark.parametrize(
    ("variables", "field", "told"),
    [
        ({"first": 0}, "first", "1 to 100"),
        ({"first": 101}, "first", "1 to 100"),
        ({"after": "x"}, "after", "cursor"),
        ({"area": "XX"}, "areaCode", "adminAreas lists"),
    ],
)
def test_bad_input_is_told(ask, variables, field, told):
    [error] = ask(**variables)["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith(f"{field}: ")
    assert told in error["message"]
