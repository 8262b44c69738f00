"""What the page of every map has: its choices, and nothing that it does not know."""

from __future__ import annotations

import re

import pytest

from api.maps import pathway
from maps.kinds import FOR_PLANNERS, TAKES, MapKind, address
from tests.maps import samples

pytestmark = pytest.mark.database

REGION = "COD-AB:ML03"
FOR_ALL = [each for each in MapKind if each not in FOR_PLANNERS]


def page(http, kind, **choices):
    answer = http("GET", address(kind, choices), headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text[:300]
    return answer


def chosen(html):
    """Return what each list of the form has chosen."""
    lists = re.findall(r'<select name="(\w+)">(.*?)</select>', html, re.DOTALL)
    return {name: re.findall(r'<option value="([^"]*)" selected>', options) for name, options in lists}


@pytest.mark.parametrize("kind", MapKind)
def test_what_a_map_does_not_know_is_refused_and_not_ignored(http, kind):
    others = {name for names in TAKES.values() for name in names} - {*TAKES[kind]}
    for name in (*sorted(others), "zoom", "<script>"):
        answer = http("GET", f"/maps/{kind.value}.html", params={"lang": "en", name: "1"}, headers={"accept": "*/*"})
        assert answer.status_code == 400, name
        known = ", ".join([*TAKES[kind], "lang"])
        assert answer.text == f"parameters: this map knows these and no others: {known}."


@pytest.mark.parametrize("kind", FOR_ALL)
def test_every_choice_of_a_map_can_be_made_on_it(http, kind):
    answer = page(http, kind, lang="en")
    found = chosen(answer.text)
    assert list(found) == [*TAKES[kind], "lang"]
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, 1)
    assert found["lang"] == ["en"]
    assert f'<form class="controls" method="get" action="/maps/{kind.value}.html"' in answer.text
    assert f'href="/maps/{kind.value}.html?lang=en"' in answer.text
    assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", FOR_ALL)
def test_a_map_of_a_region_shows_the_rest_of_the_nation_around_it(http, kind):
    answer = page(http, kind, area=REGION, lang="fr")
    assert chosen(answer.text)["area"] == [REGION]
    layers = samples.embedded(answer.text)["layers"]
    assert [each["properties"]["name"] for each in layers["regions"]] == ["Sikasso"]
    around = {label for each in layers["neighbours"] for label in each["properties"].get("label", ())}
    assert {"Koutiala", "Bougouni", "Kayes"} <= around
    assert "Sikasso" not in around


@pytest.mark.parametrize("kind", [MapKind.OVERVIEW, MapKind.COVERAGE])
def test_a_map_of_an_area_of_before_shows_its_parts_of_then(http, kind):
    layers = samples.embedded(page(http, kind, area="COD-AB@2018:ML03", lang="fr").text)["layers"]
    names = {each["properties"]["name"] for each in layers["regions"]}
    assert names == {"Bougouni", "Kadiolo", "Kolondiéba", "Koutiala", "Sikasso", "Yanfolila", "Yorosso"}


@pytest.mark.parametrize("kind", FOR_ALL)
@pytest.mark.parametrize("area", ["COD-AB:ML99", "ML06", "COD-AB:ML09", "x' OR 1=1", "{{7*191}}"])
def test_an_area_without_an_outline_is_refused(http, kind, area):
    answer = http("GET", address(kind, {"area": area, "lang": "en"}), headers={"accept": "*/*"})
    assert (answer.status_code, answer.text) == (400, "area: choose one of COD-AB:MLI.")


def test_the_overview_is_of_the_period_that_is_chosen(http):
    html = page(http, MapKind.OVERVIEW, period="2025-Q3", lang="en").text
    assert chosen(html)["period"] == ["2025-Q3"]
    assert "3rd quarter 2025" in html.partition("</header>")[0]
    periods = {each["properties"]["period"] for each in samples.embedded(html)["layers"]["counts"]}
    assert periods == {"3rd quarter 2025"}
    for wrong in ("1999", "2025-Q5", "x"):
        answer = http("GET", address(MapKind.OVERVIEW, {"period": wrong}), headers={"accept": "*/*"})
        assert answer.status_code == 400
        assert answer.text.startswith("period: ")


def test_the_map_of_coverage_says_what_its_region_has(http):
    html = page(http, MapKind.COVERAGE, area=REGION, lang="en").text
    [region] = samples.embedded(html)["layers"]["regions"]
    asked = f'need: {{categories: [SAFE_SHELTER]}}, within: {{metres: 30000}}, areaCode: "{REGION}"'
    body = {"query": f"{{ coverage({asked}) {{ total {{ coveredPercent }} }} }}"}
    share = http("POST", "/graphql", json=body).json()["data"]["coverage"]["total"]["coveredPercent"]
    assert region["properties"]["covered"] == f"{share:.1f}%"


HOTSPOTS = """query ($period: Period!) { hotspots(level: LOCALITY, period: $period, first: 50) {
  notReportedCount edges { node { locality { name } hotspotClass } }
} }"""


def test_the_map_of_hotspots_shows_each_of_the_latest_quarters_as_the_api_tells_it(http):
    data = samples.embedded(page(http, MapKind.HOTSPOTS, lang="en").text)
    assert [each["label"] for each in data["moments"]] == [f"{n} quarter 2025" for n in ("1st", "2nd", "3rd", "4th")]
    assert {name: data["layers"][name] for name in data["moments"][-1]["layers"]} == data["moments"][-1]["layers"]
    for number, moment in enumerate(data["moments"], 1):
        asked = {"query": HOTSPOTS, "variables": {"period": f"2025-Q{number}"}}
        told = http("POST", "/graphql", json=asked).json()["data"]["hotspots"]
        names = {each["node"]["locality"]["name"] for each in told["edges"] if each["node"]["hotspotClass"]}
        drawn = moment["layers"]["hotspots"]
        assert {each["properties"]["name"] for each in drawn} == names
        assert f"{told['notReportedCount']} did not report" in moment["note"]


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("kind: OVERVIEW", "/maps/overview.html"),
        ('kind: OVERVIEW, period: "2025-Q3", language: "en"', "/maps/overview.html?period=2025-Q3&lang=en"),
        (
            f'kind: COVERAGE, areaCode: "{REGION}", category: LEGAL_AID, distanceMetres: 50000',
            "/maps/coverage.html?area=COD-AB%3AML03&category=LEGAL_AID&metres=50000",
        ),
        (
            "kind: HOTSPOTS, level: ADM1, incidentType: TRAFFICKING",
            "/maps/hotspots.html?level=ADM1&incident=TRAFFICKING",
        ),
        (
            'kind: PATHWAY, localityCode: "GN:1", incidentType: TRAFFICKING',
            "/maps/pathway.html?incident=TRAFFICKING&place=GN%3A1",
        ),
        ("kind: SITES, siteCount: 5", "/maps/sites.html?sites=5"),
        ('kind: SCENARIO, scenarioId: "1"', "/maps/scenario.html?scenario=1"),
    ],
)
def test_the_api_gives_the_address_of_a_map(ask, asked, url):
    assert ask(f"{{ mapLink({asked}) {{ url }} }}")["data"] == {"mapLink": {"url": url}}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("kind: OVERVIEW, category: LEGAL_AID", "category: this map takes no more than areaCode, period."),
        ("kind: COVERAGE, distanceMetres: 0", "distanceMetres: "),
        ("kind: SITES, siteCount: 21", "siteCount: give 1 to 20."),
        ("kind: PATHWAY, siteCount: 2", "siteCount: this map takes no more than areaCode, incidentType, localityCode."),
        ("kind: HOTSPOTS, level: ADM3", "level: choose one of LOCALITY, ADM1, ADM2."),
        ('kind: OVERVIEW, period: "2025-Q5"', "period: "),
    ],
)
def test_the_api_refuses_what_a_map_does_not_take(ask, asked, problem):
    answer = ask(f"{{ mapLink({asked}) {{ url }} }}")
    assert answer["data"] == {"mapLink": None}
    assert answer["errors"][0]["message"].startswith(problem)


LOCALITIES = """query ($area: AreaCode!) { localities(areaCode: $area, first: 100) {
  edges { node { name population { total } } }
} }"""


@pytest.mark.parametrize("area", ["COD-AB:MLI", REGION])
def test_a_map_names_the_largest_towns_of_its_area(http, area):
    drawn = samples.embedded(page(http, MapKind.OVERVIEW, area=area, lang="fr").text)["layers"]["towns"]
    body = {"query": LOCALITIES, "variables": {"area": area}}
    told = [edge["node"] for edge in http("POST", "/graphql", json=body).json()["data"]["localities"]["edges"]]
    people = {each["name"]: each["population"]["total"] for each in told if each["population"]}
    names = [each["properties"]["label"][0] for each in drawn]
    assert len(names) == min(60, len(people)) > 3
    assert [people[name] for name in names] == sorted(people.values(), reverse=True)[: len(names)]
    assert [each["properties"]["from"] for each in drawn][:9] == ([5] * 8 + [6])[: len(names)]


@pytest.mark.parametrize("kind", [each for each in MapKind if each in FOR_PLANNERS])
def test_the_maps_of_planners_are_for_no_one_else(http, kind):
    answer = http("GET", address(kind, {"lang": "en"}), headers={"accept": "text/html"})
    assert answer.status_code == 403
    assert "lakana-data" not in answer.text


PATHWAY = """query ($at: PointInput!) { referralOptions(at: $at, incidentType: TRAFFICKING, first: 3) {
  steps { options { service { name } } reportToActor { name } }
} }"""


def test_the_map_of_a_pathway_shows_what_the_api_tells_at_the_place(http):
    code, place = one_locality(http, "Koutiala")
    html = page(http, MapKind.PATHWAY, place=code, incident="TRAFFICKING", lang="en").text
    assert chosen(html)["place"] == [code]
    assert "Koutiala</h1>" in html
    lon, lat = place["coordinates"]
    body = {"query": PATHWAY, "variables": {"at": {"lon": lon, "lat": lat}}}
    steps = http("POST", "/graphql", json=body).json()["data"]["referralOptions"]["steps"]
    told = {each["service"]["name"] for step in steps for each in step["options"]}
    told |= {step["reportToActor"]["name"] for step in steps if step["reportToActor"]}
    drawn = samples.embedded(html)["layers"]["sites"]
    assert drawn[0][:3] == [round(lat, 4), round(lon, 4), "here"]
    named = {row[3]["name"] for row in drawn[1:]}
    assert named
    assert named <= told
    assert all(name in html for name in ("Identification", "Straight line"))


def test_a_place_beyond_those_that_a_nation_lists_is_shown(http, monkeypatch):
    """It was sought among the first hundred of the nation alone: 500 in a larger country."""
    monkeypatch.setattr(pathway, "PLACES", pathway.PLACES.replace("first: 100", "first: 1"))
    code, _ = one_locality(http, "Koutiala")
    html = page(http, MapKind.PATHWAY, place=code, incident="TRAFFICKING", lang="en").text
    assert chosen(html)["place"] == [code]
    assert "Koutiala</h1>" in html


def one_locality(http, name):
    found = http("POST", "/graphql", json={"query": f'{{ locality(name: "{name}") {{ areaCode point }} }}'})
    told = found.json()["data"]["locality"]
    return told["areaCode"], told["point"]


@pytest.mark.parametrize("place", ["GN:0", "x", "COD-AB:ML03", "{{7*191}}"])
def test_a_place_that_is_no_locality_is_refused(http, place):
    answer = http("GET", address(MapKind.PATHWAY, {"place": place, "lang": "en"}), headers={"accept": "*/*"})
    assert (answer.status_code, answer.text) == (400, "place: give the code of a town or village whose place is known.")
