"""What ``areaCode`` gives is taken wherever an area is asked for."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import closing

import orjson
import pytest
from graphql import assert_object_type, get_named_type, is_leaf_type, is_required_argument
from sqlalchemy import text

from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY, Audience, Caller
from geo.database import owner
from geo.errors import BadInput
from geo.queries.directory.features import MapLayer
from geo.service import Resources
from geo.vocabulary import AreaLevel

pytestmark = pytest.mark.database

EVERY = """query ($after: String) { adminAreas(first: 100, after: $after) {
  edges { node { id areaCode scheme code level levelLabel } } pageInfo { hasNextPage endCursor } } }"""
TAKEN = """query ($code: AreaCode!) {
  adminArea(code: $code) { id areaCode }
  localities(areaCode: $code, first: 1) { totalCount }
  services(areaCode: $code, first: 1) { totalCount }
  adminAreas(parentCode: $code, first: 1) { totalCount }
  incidentCounts(level: LOCALITY, period: "2025", areaCode: $code, first: 1) { edges { cursor } }
  featureCollection(layer: LOCALITIES, areaCode: $code, first: 1) }"""
PLANNED = """query ($code: AreaCode!) {
  coverage(need: {categories: [MEDICAL]}, within: {metres: 1000}, areaCode: $code) { total { area { areaCode } } }
  trends(level: LOCALITY, areaCode: $code, first: 1) { totalCount }
  hotspots(level: LOCALITY, period: "2025", areaCode: $code, first: 1) { totalCount } }"""


@pytest.fixture(scope="module")
def areas(ask):
    found, after = [], None
    while True:
        page = ask(EVERY, after=after)["data"]["adminAreas"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def test_every_area_answers_to_its_code(ask, areas):
    assert len(areas) == 1 + 20 + 160 + 1 + 9
    for each in areas:
        assert each["areaCode"] == f"{each['scheme']}:{each['code']}"
        answer = ask(TAKEN, code=each["areaCode"])
        assert "errors" not in answer, answer
        assert answer["data"]["adminArea"] == {"id": each["id"], "areaCode": each["areaCode"]}


def test_planning_takes_codes_of_each_level(ask, areas):
    for each in {area["level"]: area for area in areas}.values():
        answer = ask(PLANNED, code=each["areaCode"])
        assert "errors" not in answer, answer
        assert answer["data"]["coverage"]["total"]["area"] == {"areaCode": each["areaCode"]}


LISTED = """query ($code: AreaCode!) {
  localities(areaCode: $code) { edges { node { areaCode adminArea { areaCode } } } }
  services(areaCode: $code, first: 100) { edges { node { location { locality { areaCode } } } } }
  shelters(areaCode: $code, first: 100) { edges { node { confidential location { locality { areaCode } } } } }
  actors(areaCode: $code, first: 100) { edges { node { location { locality { areaCode } } } } }
  incidentCounts(level: LOCALITY, period: "2025", areaCode: $code) { edges { node { locality { areaCode } } } }
  areas: incidentCounts(level: ADM2, period: "2025", areaCode: $code) { totalCount }
  featureCollection(layer: LOCALITIES, areaCode: $code) trainingEvents(areaCode: $code) { totalCount } }"""


PLANNER = Caller(Audience.PLANNER, "planner")
QUERY = assert_object_type(compiled_schema().query_type).fields
GIVEN = {
    "accessScores": "category: OTHER, within: {metres: 1}, first: 1",
    "actors": "first: 1",
    "adminAreas": "first: 1",
    "compareScenarios": 'scenarioIds: ["00000000-0000-4000-8000-000000000000"], within: {metres: 1}',
    "contextSeries": "first: 1",
    "coverage": "need: {categories: [OTHER]}, within: {metres: 1}",
    "coverageCurve": "need: {categories: [OTHER]}",
    "coverageGaps": "need: {categories: [OTHER]}, within: {metres: 1}, first: 1",
    "featureCollection": "layer: SERVICES, first: 1",
    "gapAreas": "category: OTHER, within: {metres: 1000}",
    "hotspots": 'period: "2025", permutations: 99, first: 1',
    "incidentCounts": 'period: "2025", first: 1',
    "localities": "first: 1",
    "locality": 'name: "Sikasso"',
    "localityCoverage": "need: {categories: [OTHER]}, within: {metres: 1}, first: 1",
    "places": 'search: "Sikasso"',
    "presence": "first: 1",
    "responsePathway": "incidentType: TRAFFICKING",
    "services": "first: 1",
    "shelters": "first: 1",
    "siteRecommendations": "category: OTHER, within: {metres: 1000}, model: MCLP, siteCount: 1",
    "sitesTried": "category: OTHER, within: {metres: 1}",
    "trainingCoverage": "kind: NGO, within: {metres: 1}",
    "trainingEvents": "first: 1",
    "travelTimes": "category: OTHER, mode: WALK, first: 1",
    "trends": "first: 1",
}
"""What each root field that takes an area or a level is given besides."""


def roots_with(type_):
    """Return the root fields with an argument of a type, and its name.

    The code of adminArea is a name and no filter; mapLink writes an address, and its page refuses what is no area.
    """
    return [
        (root, name)
        for root, field in QUERY.items()
        for name, argument in field.args.items()
        if str(get_named_type(argument.type)) == type_ and root not in {"adminArea", "mapLink"}
    ]


def asked(root, **given):
    """Write a document of one root field."""
    written = ", ".join([GIVEN[root], *(f"{name}: {value}" for name, value in given.items())])
    below = "" if is_leaf_type(get_named_type(QUERY[root].type)) else " { __typename }"
    return f"{{ {root}({written}){below} }}"


@pytest.mark.parametrize(("root", "name"), roots_with("AreaCode"))
def test_each_argument_says_whether_the_code_of_a_locality_will_do(ask_as, root, name):
    town = ask_as(PLANNER, '{ locality(name: "Sikasso") { areaCode adminArea { areaCode } } }')["data"]["locality"]
    code, area = town["areaCode"], town["adminArea"]["areaCode"]
    needed = {"level": "ADM1"} if "level" in QUERY[root].args else {}
    answer = ask_as(PLANNER, asked(root, **{name: f'"{code}"'}, **needed))
    words = QUERY[root].args[name].description
    if "or the locality by its own code" in words:
        assert "errors" not in answer, answer
        return
    assert "The code of a locality is an error, which names its area." in words
    [error] = answer["errors"]
    assert error["message"] == f"{name}: a locality is no area; name the one that holds it: {code} lies in {area}."
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": name}


@pytest.mark.parametrize("layer", [each.name for each in MapLayer if each is not MapLayer.GROUND])
def test_every_layer_takes_the_code_of_a_locality(ask, layer):
    """No area lies in a locality; it was an error for the layer of areas alone. The ground lies in no area."""
    code = ask('{ locality(name: "Sikasso") { areaCode } }')["data"]["locality"]["areaCode"]
    answer = ask(f'{{ featureCollection(layer: {layer}, areaCode: "{code}") }}')
    assert "errors" not in answer, answer
    assert (answer["data"]["featureCollection"]["features"] == []) == (layer == "ADMIN_AREAS")


@pytest.mark.parametrize(("root", "name"), roots_with("AreaLevel"))
def test_each_level_says_which_are_taken(operations, root, name):
    taken = re.findall(r"\bADM\d|\bLOCALITY", QUERY[root].args[name].description)
    assert len(taken) > 3
    code = QUERY[root].args.get("areaCode")
    needed = {"areaCode": '"COD-AB:ML03"'} if code and is_required_argument(code) else {}
    for each in (level.name for level in AreaLevel):
        operation = operations.get(asked(root, **{name: each}, **needed), None)
        values = operation.variables({})
        [field] = operation.selection(values)
        if each in taken:
            assert operation.question(field, values)
        else:
            with pytest.raises(BadInput, match=f"^{name}: {each} is none of {', '.join(taken)}; "):
                operation.question(field, values)


@pytest.mark.parametrize("name", ["Sikasso", "Bamako", "Kadiolo", "Tombouctou"])
def test_a_locality_answers_to_its_code_where_things_are_listed(ask, name):
    """Not what lies around it; a confidential shelter is said to lie in no locality."""
    code = ask("query ($name: String!) { locality(name: $name) { areaCode } }", name=name)["data"]["locality"][
        "areaCode"
    ]
    answer = ask(LISTED, code=code.lower())
    assert "errors" not in answer, answer
    found = answer["data"]
    [own] = found["localities"]["edges"]
    assert own["node"]["areaCode"] == code
    for listed in ("services", "shelters", "actors"):
        places = [edge["node"]["location"]["locality"] for edge in found[listed]["edges"]]
        assert all(each == {"areaCode": code} for each in places), listed
    assert found["services"]["edges"]
    assert found["incidentCounts"]["edges"] == [{"node": {"locality": {"areaCode": code}}}]
    assert found["areas"]["totalCount"] == 0
    assert found["featureCollection"]["numberReturned"] == 1
    [error] = ask(
        "query ($code: AreaCode!) { coverage(need: {categories: [OTHER]}, within: {metres: 1}, areaCode: $code) "
        "{ total { area { id } } } }",
        code=code,
    )["errors"]
    area = own["node"]["adminArea"]["areaCode"]
    assert error["message"] == f"areaCode: a locality is no area; name the one that holds it: {code} lies in {area}."
    assert error["extensions"]["field"] == "areaCode"


def test_blanks_and_case_are_forgiven(ask):
    for code in (" ml03", "cod-ab:ML03", "COD-AB : ml03", "cod-ab@V03:ml03", "COD-AB@v03: ML03"):
        assert ask(TAKEN, code=code)["data"]["adminArea"]["areaCode"] == "COD-AB:ML03", code


def test_what_was_meant_is_told(ask):
    [error] = ask('{ services(areaCode: "ML3") { totalCount } }')["errors"]
    assert "did you mean COD-AB:ML03" in error["message"]
    assert ask('{ adminArea(code: "ML99") { id } }') == {"data": {"adminArea": None}}


def test_the_countrys_words_for_its_levels(ask):
    words = """query ($code: AreaCode!) { adminArea(code: $code) { level fr: levelLabel(language: "fr")
      en: levelLabel(language: "en") bm: levelLabel(language: "bm") } }"""
    told = {
        code: tuple(ask(words, code=code)["data"]["adminArea"].values()) for code in ("MLI", "ML03", "ML0301", "ML-3")
    }
    assert told == {
        "MLI": ("ADM0", "nation", "nation", "jamana"),
        "ML03": ("ADM1", "région", "region", "mara"),
        "ML0301": ("ADM2", "cercle", "cercle", "sɛrikili"),
        "ML-3": ("ADM1", "région", "region", "mara"),
    }


OLD = "UPDATE lakana.admin_area SET valid_from = '2010-01-01', valid_to = :until, edition = 'v02' WHERE code = 'ML1601'"


def test_an_edition_that_is_not_in_force_answers_with_its_name(copy_seeded, run, operations):
    """Its code is written with its edition, is taken so, and not without."""
    url = copy_seeded()
    with owner.owner_transaction(url) as connection:
        connection.execute(text(OLD), {"until": dt.date(2020, 1, 1)})
    with closing(Resources(url, 2)) as resources:

        def asked(document, **variables):
            operation = operations.get(document, None)
            return orjson.loads(run(operation.answer(operation.variables(variables), ANYBODY, resources)).body)

        listed = asked('{ adminAreas(edition: "v02") { edges { node { areaCode } } } }')["data"]["adminAreas"]["edges"]
        assert listed == [{"node": {"areaCode": "COD-AB@v02:ML1601"}}]
        answer = asked(TAKEN, code="COD-AB@v02:ML1601")
        assert "errors" not in answer, answer
        assert answer["data"]["localities"]["totalCount"] > 0
        answer = asked(PLANNED, code="COD-AB@v02:ML1601")
        assert "errors" not in answer, answer
        [error] = asked('{ services(areaCode: "COD-AB:ML1601") { totalCount } }')["errors"]
        assert "did you mean COD-AB@v02:ML1601" in error["message"]
