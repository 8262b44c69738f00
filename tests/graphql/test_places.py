"""Places are found by whatever they are called, and what stands in them by their names."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.service import Resources
from seeds.loading.ids import stable_id

pytestmark = pytest.mark.database

PLACES = """query ($search: String!, $area: AreaCode, $first: Int) { places(search: $search, areaCode: $area, first: $first) {
  matchedName score exact place { __typename ... on Locality { name(language: "fr") areaCode adminArea { areaCode } }
    ... on AdminArea { name(language: "fr") areaCode edition level } } } }"""


def found(ask, search: str, area: str | None = None, first: int = 10) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = ask(PLACES, search=search, area=area, first=first)["data"]["places"]
    return places


@pytest.mark.parametrize(
    ("search", "name", "exact"),
    [
        ("koutyala", "Koutiala", False),
        ("Kutiala", "Koutiala", True),
        ("KOUTIALA ", "Koutiala", True),
        ("kout", "Koutiala", False),
        ("Koutiala, Sikasso", "Koutiala", False),
        ("Ndebougou", "N'Débougou", True),
        ("N’DÉBOUGOU", "N'Débougou", True),
        ("Jenne", "Djenné", False),
        ("Kalaban Coro", "Kalaban Koro", False),
        ("سِيكاسو", "Sikasso", True),
        ("سيكـاسو", "Sikasso", True),
        ("Sikas\u00adso", "Sikasso", True),
        ("Tombouktou", "Tombouctou", False),
        ("mopty", "Mopti", False),
    ],
)
def test_the_likeliest_comes_first(ask, search, name, exact):
    first, *others = found(ask, search)
    assert (first["place"]["__typename"], first["place"]["name"], first["exact"]) == ("Locality", name, exact)
    assert (first["score"] == 1) is exact
    scores = [first["score"], *(each["score"] for each in others)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_a_name_that_only_an_area_bears_suggests_the_town_of_nearly_that_name(ask):
    cercle, former, town, *_ = found(ask, "Macina")
    assert (cercle["place"]["areaCode"], cercle["place"]["level"], cercle["exact"]) == ("COD-AB:ML0405", "ADM2", True)
    assert (former["place"]["areaCode"], former["exact"]) == ("COD-AB@2018:ML0407", True)
    assert (town["place"]["name"], town["matchedName"], town["exact"]) == ("Ké-Macina", "Ké-Macina", False)
    assert ask('{ locality(name: "Macina") { name } }') == {"data": {"locality": None}}


def test_what_bears_one_name_is_all_told_with_its_edition(ask):
    """The smallest first; regions of two editions are equal."""
    places = [each["place"] for each in found(ask, "sikasso") if each["exact"]]
    told = [(place["areaCode"], place.get("edition")) for place in places]
    assert told[:2] == [("GEONAMES:2451185", None), ("COD-AB:ML0301", "v03")]
    assert {*told[2:]} == {
        ("COD-AB@2018:ML0307", "2018"),
        ("COD-AB:ML03", "v03"),
        ("COD-AB@2018:ML03", "2018"),
        ("ISO-3166-2:ML-3", "2009"),
    }
    assert [each["place"] for each in found(ask, "Sikasso") if each["exact"]] == places


@pytest.mark.parametrize("search", ["zzzzqqqq", "??", "Атлантида"])
def test_where_nothing_is_alike_the_list_is_empty(ask, search):
    assert found(ask, search) == []


def test_only_what_lies_in_an_area(ask):
    inside = [each["place"]["areaCode"] for each in found(ask, "Sikasso", "COD-AB:ML03")]
    assert inside[:4] == ["GEONAMES:2451185", "COD-AB:ML0301", "COD-AB@2018:ML0307", "COD-AB:ML03"]
    assert "ISO-3166-2:ML-3" not in inside
    assert not [each for each in found(ask, "Sikasso", "COD-AB:ML06") if each["score"] > 0.6]


def test_there_are_as_many_as_asked_for(ask):
    assert [len(found(ask, "sikasso", first=first)) for first in (1, 3)] == [1, 3]
    assert found(ask, "ko", first=100)[:5] == found(ask, "ko", first=5)


@pytest.mark.parametrize(
    ("search", "good"), [("k", False), ("ké", True), (" k ", False), ("k" * 100, True), ("k" * 101, False)]
)
def test_how_long_a_text_may_be_is_said(ask, search, good):
    answer = ask(PLACES, search=search, first=1)
    if good:
        assert "errors" not in answer
        return
    [error] = answer["errors"]
    assert error["message"] == "search: give from 2 to 100 characters."
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "search"}


@pytest.fixture(scope="module")
def ask_more(copy_seeded, run, operations):
    """Ask a copy with a spelling in N'Ko, and with two villages that bear one name."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.locality_name (locality_id, name) VALUES (%s, %s)",
            (stable_id("locality", "GEONAMES", "2454268"), "ߞߎ߬ߕߌߦߊߟߊ"),
        )
        connection.exec_driver_sql(
            "WITH village AS (INSERT INTO lakana.locality (scheme, code, name_fr, area_id, point, source_id) "
            "SELECT 'TEST', a.code, 'Sanankoro', a.id, l.point, l.source_id FROM lakana.admin_area a, lakana.locality l "
            "WHERE a.edition = 'v03' AND a.code IN ('ML0301', 'ML0401') AND l.name_fr = 'Sikasso' RETURNING id, name_fr) "
            "INSERT INTO lakana.locality_name (locality_id, name) SELECT id, name_fr FROM village"
        )
    resources = Resources(url, 1)

    def ask_more(document: str, **variables: Any) -> dict[str, Any]:
        operation = operations.get(document, None)
        response = run(operation.answer(operation.variables(variables), ANYBODY, resources))
        answer: dict[str, Any] = orjson.loads(response.body)
        return answer

    yield ask_more
    resources.close()


@pytest.mark.parametrize("search", ["ߞߎߕߌߦߊߟߊ", "ߞߎ߬ߕߌ߫ߦߊ߲ߟߊ", "\u07de\u07ce\u07d5\u07cc\u07fa\u07e6\u07ca\u07df\u07ca"])
def test_a_place_is_found_in_nko_with_and_without_its_marks(ask_more, search):
    first = found(ask_more, search)[0]
    assert (first["place"]["name"], first["matchedName"], first["exact"]) == ("Koutiala", "ߞߎ߬ߕߌߦߊߟߊ", True)


def test_equal_names_in_two_areas_are_both_told_and_never_guessed(ask_more):
    both = [each for each in found(ask_more, "SANANKORO") if each["exact"]]
    assert {each["place"]["adminArea"]["areaCode"] for each in both} == {"COD-AB:ML0301", "COD-AB:ML0401"}
    assert ask_more('{ locality(name: "Sanankoro") { name } }') == {"data": {"locality": None}}
    one = ask_more('{ locality(name: "sanankoro", areaCode: "COD-AB:ML04") { areaCode } }')
    assert one == {"data": {"locality": {"areaCode": "TEST:ML0401"}}}


LISTED = """query ($text: String!) {
  services(text: $text, first: 100) { totalCount edges { node { id name location { locality { name } } } } }
  actors(text: $text, first: 100) { totalCount edges { node { id name location { locality { name } } } } }
  shelters(text: $text, first: 100) { totalCount edges { node { id confidential name location { locality { name } } } } } }"""


@pytest.mark.parametrize("text", ["Ndebougou", "n'débougou"])
def test_what_stands_in_a_place_is_found_by_any_spelling_of_it(ask, rows, text):
    told = ask(LISTED, text=text)["data"]
    for table in ("service", "actor"):
        expected = rows(
            f"SELECT count(*) AS n FROM lakana.{table} t JOIN lakana.locality l ON l.id = t.locality_id "
            "WHERE l.name_fr = 'N''Débougou'"
        )[0]["n"]
        assert told[f"{table}s"]["totalCount"] == expected > 0


def test_a_part_of_a_places_name_finds_nothing_by_the_place(ask, rows):
    """« ebougo » is in no name but of places: a text is never a guess at one."""
    assert rows("SELECT count(*) AS n FROM lakana.locality_name WHERE name_key LIKE '%ndebougo%'")[0]["n"] > 0
    told = ask(LISTED, text="Ndebougo")["data"]
    assert {each: listed["totalCount"] for each, listed in told.items()} == {"services": 0, "actors": 0, "shelters": 0}


def test_no_name_of_a_place_finds_a_confidential_shelter(ask, rows):
    every = rows(
        "SELECT DISTINCT name FROM (SELECT name FROM lakana.locality_name "
        "UNION ALL SELECT unnest(ARRAY[name_fr, name_en]) FROM lakana.admin_area) n WHERE name IS NOT NULL"
    )
    public = 0
    for each in every:
        shelters = ask(LISTED, text=each["name"])["data"]["shelters"]["edges"]
        assert not [edge for edge in shelters if edge["node"]["confidential"]], each
        public += len(shelters)
    assert public > 0


def test_organisations_are_found_by_their_acronyms(ask):
    found = ask('{ organizations(text: "unicef") { edges { node { acronym } } } }')["data"]["organizations"]["edges"]
    assert [edge["node"]["acronym"] for edge in found] == ["UNICEF"]


@pytest.mark.parametrize("search", ["\ufdfa" * 100, "\ufdfa" * 6, "㌀" * 26])
def test_a_text_is_as_long_as_its_signs_written_out(ask, search):
    """100 signs became 1,800 letters, which took 119 ms for 18 points."""
    [error] = ask(PLACES, search=search)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "search"}
    assert "more than 100 characters once its signs are written out" in error["message"]


MANY = """INSERT INTO lakana.locality_name (locality_id, name)
SELECT (array_agg(l.id))[1], 'Ka' || substr(translate(md5(n::text), '0123456789', 'bodougasin'), 1, 9) FROM lakana.locality l,
generate_series(1, 8000) n GROUP BY n"""


def test_only_so_many_spellings_are_likened(make_database, seeded_template):
    """« kaka… » was likened with all that hold « ka »: 2.3 s of 300,000. What begins with the text is always found."""
    with owner_transaction(make_database(seeded_template)) as connection:
        connection.exec_driver_sql(MANY)
        connection.exec_driver_sql("ANALYZE lakana.locality_name")
        connection.exec_driver_sql("SET LOCAL track_functions = 'all'")
        called = "SELECT matched_name FROM lakana.places_called(%s, NULL, 10)"
        assert connection.exec_driver_sql(called, ("koutiala",)).scalars().first() == "Koutiala"
        assert connection.exec_driver_sql(called, ("ka",)).scalars().all()[0].lower().startswith("ka")
        likened = "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'similarity'"
        assert 3_000 <= connection.exec_driver_sql(likened).scalar_one() <= 4_000
