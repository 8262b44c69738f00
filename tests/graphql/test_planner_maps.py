"""The maps of planners: recommended sites, and a scenario beside today; as the API tells them, and to planners alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.maps import files
from api.pages.map_choices import Choices
from api.settings import Settings
from geo.errors import Forbidden
from geo.identity import keys
from geo.identity.scope import Scope
from geo.vocabulary import Locale
from maps.kinds import MapKind, address
from tests.graphql.conftest import talking
from tests.maps import samples

pytestmark = pytest.mark.database

PEPPER = "5c" * 32
SETTINGS: dict[str, Any] = {"key_pepper": PEPPER}
CREATE = """mutation ($input: CreateScenarioInput!) {
  createScenario(input: $input) { ... on ScenarioCreated { id } ... on WriteError { message } }
}"""
COMPARED = """query ($id: ID!) { compareScenarios(scenarioIds: [$id], within: {metres: 30000}) {
  base { total { coveredPercent } } scenarios { total { coveredPercent newlyCoveredUnder18 } }
} }"""
SITES = """{ siteRecommendations(category: SAFE_SHELTER, within: {metres: 30000}, model: MCLP, siteCount: 4) {
  coveredAfterUnder18 sites { locality { name } }
} }"""
Open = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def url(copy_seeded: Callable[[], str]) -> str:
    return copy_seeded()


@pytest.fixture(scope="module")
def key(url: str) -> Callable[[str], str]:
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    return lambda name: keys.create(url, bytes.fromhex(PEPPER), name, Scope("PLANNER"), end)


@pytest.fixture(scope="module")
def planner(run: Any, url: str, key: Callable[[str], str]) -> Any:
    with talking(run, url, 60, **SETTINGS) as send:

        def sent(method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
            signs = {"accept": "*/*" if method == "POST" else "text/html", "authorization": f"Bearer {token or own}"}
            return send(method, path, headers=signs, **options)

        own = key("planner")
        yield sent


def asked(planner: Open, query: str, **variables: Any) -> Any:
    told = planner("POST", "/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in told, told
    return told["data"]


@pytest.fixture(scope="module")
def scenario(planner: Open) -> str:
    point = {"lon": -5.76667, "lat": 10.55}
    given = {"name": "Kadiolo <b>", "category": "SAFE_SHELTER", "changes": [{"add": {"point": point, "name": "Foyer"}}]}
    told = asked(planner, CREATE, input={**given, "idempotencyKey": "map"})
    return str(told["createScenario"]["id"])


def test_recommended_sites_are_those_that_the_api_finds(planner: Open) -> None:
    answer = planner("GET", address(MapKind.SITES, {"sites": "4", "lang": "fr"}))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    layers = samples.embedded(answer.text)["layers"]
    told = asked(planner, SITES)["siteRecommendations"]
    assert [each["properties"]["name"] for each in layers["gaps"]] == [
        each["locality"]["name"] for each in told["sites"]
    ]
    assert {each["properties"]["radius_m"] for each in layers["reach"]} == {30_000.0}
    after = f"{told['coveredAfterUnder18']:,}".replace(",", "\u202f")
    assert after in answer.text


def test_a_scenario_stands_beside_today(planner: Open, scenario: str) -> None:
    answer = planner("GET", address(MapKind.SCENARIO, {"scenario": scenario, "lang": "en"}))
    assert answer.status_code == 200
    page = samples.embedded(answer.text)
    told = asked(planner, COMPARED, id=scenario)["compareScenarios"]
    [then] = told["scenarios"]
    for total in (told["base"]["total"], then["total"]):
        assert f"<dd>{total['coveredPercent']:.1f}%</dd>" in answer.text
    assert f"<dd>{then['total']['newlyCoveredUnder18']:,}</dd>" in answer.text
    added = {row[3]["name"] for row in page["layers"]["sites"]} - {row[3]["name"] for row in page["beside"]["sites"]}
    assert added == {"Foyer"}
    covered = [
        {each["properties"]["name"]: each["properties"].get("covered") for each in layers["regions"]}
        for layers in (page["beside"], page["layers"])
    ]
    changed = {name for name in covered[0] if covered[0][name] != covered[1][name]}
    assert changed == {"Sikasso"}
    assert "Kadiolo &#60;b&#62;" in answer.text
    latest = planner("GET", address(MapKind.SCENARIO, {"lang": "en"}))
    assert latest.text == answer.text, "the one that was saved last is the usual one"


def test_the_scenario_of_another_is_not_shown(planner: Open, scenario: str, key: Callable[[str], str]) -> None:
    other = key("another planner")
    for given in ({"scenario": scenario}, {}):
        answer = planner("GET", address(MapKind.SCENARIO, {**given, "lang": "en"}), other)
        assert answer.status_code == 400
        assert "Kadiolo" not in answer.text
        assert "this is none of your scenarios" in answer.text


@pytest.mark.parametrize("count", ["0", "21", "x", "1.5"])
def test_a_number_of_sites_that_is_none_is_refused(planner: Open, count: str) -> None:
    assert planner("GET", address(MapKind.SITES, {"sites": count})).status_code == 400


def test_the_same_map_is_written_as_a_file(planner: Open, url: str, scenario: str, key: Callable[[str], str]) -> None:
    choices = Choices(Locale.EN, scenario=scenario)
    shown = files.Credentials(key("planner"), Settings(**SETTINGS))
    assert "planner" not in repr(shown)
    html = files.map_file(url, MapKind.SITES, choices, shown)
    assert len(samples.embedded(html)["layers"]["gaps"]) == 3
    with pytest.raises(Forbidden):
        files.map_file(url, MapKind.SITES, choices)
