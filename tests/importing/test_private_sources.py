"""A source is told while something that everybody may read names it: the list of a hidden shelter is told by nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from geo.database import owner
from tests.graphql.conftest import talking
from tests.importing import test_shelters
from tests.importing.test_shelters import COLUMNS, HIDDEN, OPEN

pytestmark = pytest.mark.database
country = test_shelters.country

SOURCES = "{ sources { name licence url retrievedOn } }"
LIST = "Registre Ypsilon"
ADDRESSES = ("/exports/sources.csv", "/exports/services.csv", "/", "/maps/overview.html", "/nearest/offline", "/ogc")
HIDE = "UPDATE lakana.service SET confidential = true, name = NULL WHERE NOT confidential"

NAMING = """
SELECT c.relname, a.attname, has_column_privilege('lakana_public', c.oid, a.attname, 'SELECT') AS is_public,
  EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indpred IS NULL) AS is_indexed
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
WHERE f.contype = 'f' AND f.confrelid = 'lakana.source'::regclass
"""
BODY = "SELECT prosrc FROM pg_proc WHERE oid = 'lakana.is_named_source'::regproc"


def named(country):
    """The names of the sources that everybody is told."""
    [told] = country.answers((SOURCES, {}))
    return {each["name"] for each in told["sources"]}


def test_a_list_of_confidential_shelters_is_no_source(country):
    before = named(country)
    for number in range(5):
        row = HIDDEN.replace("H1", f"H{number}").replace("22,6,17", f"{22 + number},6,17")
        assert country.load("shelters", COLUMNS + row, source=f"{LIST} {number}", licence="CC0").new == 1
    assert named(country) - before == {"Source non divulguée"}
    assert country.ask("SELECT count(*) FROM lakana.source WHERE name LIKE :name", name=f"{LIST}%") == [0]


def test_a_list_with_an_open_one_is_its_source_until_that_is_hidden(country):
    country.load("shelters", COLUMNS + HIDDEN + OPEN, source=LIST)
    assert LIST in named(country)
    country.run(HIDE)
    assert LIST not in named(country)
    with asyncio.Runner() as runner, talking(runner.run, country.url) as send:
        for address in ADDRESSES:
            answer = send("GET", address)
            assert answer.status_code == 200, address
            assert LIST not in answer.text, address


def test_nor_is_that_of_an_actor_or_an_organisation_out_of_the_directory(country):
    country.run("UPDATE lakana.source SET name = 'Annuaire' WHERE key = 'k'")
    assert country.load("organizations", "name,kind\nONG Jigiya,NGO\n", source="Carnet").new == 1
    own = {"Annuaire", "Carnet"}
    assert own & named(country) == set()  # it runs nothing yet
    country.load("shelters", COLUMNS + OPEN)
    country.run("UPDATE lakana.actor SET organization_id = o.id FROM lakana.organization o WHERE o.name = 'ONG Jigiya'")
    assert own <= named(country)
    country.run(HIDE)
    assert country.ask("SELECT record->>'name' FROM exact.unlisted_actor") == ["ONG Jigiya"]
    assert own & named(country) == set()


def test_no_price_and_no_version_tells_of_it(country):
    counted = "SELECT count(*) FROM lakana.source WHERE lakana.is_named_source(id)"
    before = country.ask(f"{counted} UNION ALL SELECT lakana.public_version()")
    country.run("INSERT INTO lakana.source (key, name, illustrative) VALUES ('y', 'Registre Ypsilon', false)")
    country.run("UPDATE lakana.source SET name = 'Registre Upsilon' WHERE key = 'y'")
    assert country.ask(f"{counted} UNION ALL SELECT lakana.public_version()") == before


def test_whatever_everybody_may_read_that_names_a_source_is_asked(country):
    """A table of a later migration that names sources is asked too, by an index; private ones never are."""
    [body] = country.ask(BODY)
    tables = country.ask(NAMING)
    assert {name for name, _, is_public, _ in tables if not is_public} == {
        "import", "incident_return", "population_cell", "population_share",
    }  # fmt: skip
    public = [(name, column, indexed) for name, column, is_public, indexed in tables if is_public]
    asked = {(name, column) for name, column, _ in public if f"FROM {name} WHERE {column} = wanted" in body}
    assert {(name, column) for name, column, _ in public} - asked == {("organization", "source_id")}
    assert {name for name, _, indexed in public if not indexed} == {"road_network"}  # which has one row


def test_a_source_that_nothing_names_is_looked_for_by_indexes(country):
    """The planner reckons that a source is found among the first rows: of one that is not, it would read all of them."""
    country.run(
        "INSERT INTO lakana.locality (scheme, code, name_fr, area_id, point, source_id) SELECT 'L', n::text, 'Lieu ' || n, a.id, "
        "'POINT(0.5 10.5)', a.source_id FROM lakana.admin_area a, generate_series(1, 5000) n WHERE a.code = 'XX0201'"
    )
    country.run("ANALYZE lakana.locality")
    asked = "SELECT lakana.is_named_source(gen_random_uuid())"
    read = "SELECT pg_stat_get_xact_tuples_returned('lakana.locality'::regclass)"
    with owner.owner_transaction(country.url) as connection:
        assert [connection.scalar(text(each)) for each in (asked, read)] == [False, 0]
