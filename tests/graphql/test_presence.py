"""Presence is told as lists say it: apart from services, and of organisations that the directory does not list by no more."""

from __future__ import annotations

import json
from contextlib import closing

import orjson
import psycopg2
import pytest

from geo.audience import ANYBODY, Audience
from geo.database.owner import login_url, owner_transaction
from geo.service import Resources
from tests.benchmarks.statements import SESSION, job

pytestmark = pytest.mark.database

WHOLE = """
query ($area: AreaCode, $sector: Sector, $organization: ID, $during: Period, $first: Int, $after: String) {
  presence(areaCode: $area, sector: $sector, organizationId: $organization, during: $during, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id organizationName organization { name } area { code } sector sectorLabel startsOn endsOn reportedOn
      source { name licence } } } } }
"""
LISTED, ITS_OWN, HIDDEN = (
    "Fonds des Nations Unies pour l’enfance",
    "FONDS DES NATIONS UNIES POUR L'ENFANCE",
    "Gardiens discrets",
)
PLANT = f"""
INSERT INTO lakana.source (key, name, licence, illustrative) VALUES ('3W', 'OCHA Mali 3W', 'CC BY-IGO', false);
INSERT INTO lakana.organization (name, acronym, kind, source_id) SELECT '{HIDDEN}', 'GDX', 'NGO', id FROM lakana.source WHERE key = '3W';
INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, starts_on, ends_on, reported_on, source_id)
SELECT o.id, w.name, a.id, w.sector::lakana.sector, w.starts_on::date, w.ends_on::date, '2023-12-31', s.id
FROM (VALUES ('{LISTED}', '{ITS_OWN.replace("'", "''")}', 'ML03', 'PROTECTION', '2023-10-01', '2023-12-31'),
             ('{LISTED}', '{ITS_OWN.replace("'", "''")}', 'ML04', 'EDUCATION', NULL, '2022-06-30'),
             ('{HIDDEN}', '{HIDDEN.upper()}', 'ML03', 'CHILD_PROTECTION', NULL, NULL)) AS w (known, name, code, sector, starts_on, ends_on)
JOIN lakana.organization o ON o.name = w.known JOIN lakana.source s ON s.key = '3W'
JOIN lakana.admin_area a ON a.code = w.code AND a.level = 1 AND a.scheme = 'COD-AB' AND daterange(a.valid_from, a.valid_to) @> current_date
"""


@pytest.fixture(scope="module")
def url(copy_seeded):
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(PLANT.replace("%", "%%"))
    return url


@pytest.fixture(scope="module")
def ask(url, run, operations):
    with closing(Resources(url, 1)) as resources:

        def ask(document, **variables):
            operation = operations.get(document, None)
            return orjson.loads(run(operation.answer(operation.variables(variables), ANYBODY, resources)).body)

        yield ask


def found(answer):
    return [
        (each["node"]["organizationName"], each["node"]["area"]["code"]) for each in answer["data"]["presence"]["edges"]
    ]


def test_presence_is_told_with_its_source_and_day(ask):
    node = ask(WHOLE, sector="PROTECTION")["data"]["presence"]["edges"][0]["node"]
    assert node.pop("id")
    assert node == {
        "organizationName": ITS_OWN,
        "organization": {"name": LISTED},
        "area": {"code": "ML03"},
        "sector": "PROTECTION",
        "sectorLabel": "Protection",
        "startsOn": "2023-10-01",
        "endsOn": "2023-12-31",
        "reportedOn": "2023-12-31",
        "source": {"name": "OCHA Mali 3W", "licence": "CC BY-IGO"},
    }
    assert (
        ask(WHOLE, sector="CHILD_PROTECTION")["data"]["presence"]["edges"][0]["node"]["sectorLabel"]
        == "Protection de l’enfance"
    )


def test_it_is_found_by_area_organisation_and_period(ask):
    assert {*found(ask(WHOLE))} == {(ITS_OWN, "ML03"), (ITS_OWN, "ML04"), (HIDDEN.upper(), "ML03")}
    assert set(found(ask(WHOLE, area="ML03"))) == {(ITS_OWN, "ML03"), (HIDDEN.upper(), "ML03")}
    assert len(found(ask(WHOLE, area="ML"))) == 3
    assert found(ask(WHOLE, during="2022")) == [(ITS_OWN, "ML04"), (HIDDEN.upper(), "ML03")]
    assert set(found(ask(WHOLE, during="2023-Q4"))) == {(ITS_OWN, "ML03"), (HIDDEN.upper(), "ML03")}
    assert found(ask(WHOLE, during="2023-Q3")) == [(HIDDEN.upper(), "ML03")]
    assert found(ask(WHOLE, during="2024-Q1", sector="PROTECTION")) == []
    own = '{ organizations(text: "UNICEF") { edges { node { id presence { totalCount edges { node { area { code } } } } } } } }'
    organization = ask(own)["data"]["organizations"]["edges"][0]["node"]
    assert [each["node"]["area"]["code"] for each in organization["presence"]["edges"]] == ["ML04", "ML03"]
    assert len(found(ask(WHOLE, organization=organization["id"]))) == 2


def test_pages_follow_each_other(ask):
    pages, after = [], None
    while True:
        page = ask(WHOLE, first=1, after=after)["data"]["presence"]
        pages += [each["node"]["id"] for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(pages) == len(set(pages)) == page["totalCount"] == 3


def test_an_organisation_that_is_not_listed_is_told_by_the_words_of_the_list_alone(ask, url):
    answer = ask(WHOLE, sector="CHILD_PROTECTION")["data"]["presence"]["edges"][0]["node"]
    assert (answer["organizationName"], answer["organization"]) == (HIDDEN.upper(), None)
    with owner_transaction(url) as connection:
        hidden = connection.exec_driver_sql("SELECT id FROM lakana.organization WHERE acronym = 'GDX'").scalar()
    assert found(ask(WHOLE, organization=str(hidden))) == []
    assert HIDDEN not in json.dumps(ask("{ organizations(first: 100) { edges { node { name } } } }"))
    by_id = "query ($id: ID!) { node(id: $id) { id ... on Presence { organization { id } } } }"
    assert ask(by_id, id=answer["id"])["data"]["node"] == {"id": answer["id"], "organization": None}
    assert ask(by_id, id=str(hidden))["data"]["node"] is None


MANY = """
ALTER TABLE lakana.organization DISABLE TRIGGER USER;
INSERT INTO lakana.organization (name, kind, source_id)
SELECT 'Association ' || md5(n::text), 'NGO', s.id FROM (SELECT id FROM lakana.source LIMIT 1) s, generate_series(1, 400) n;
ALTER TABLE lakana.organization ENABLE TRIGGER USER;
INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, starts_on, reported_on, source_id)
SELECT o.id, o.name, a.id, e.sector, '2023-01-01'::date + n, '2023-12-31', o.source_id
FROM (SELECT *, row_number() OVER () AS number FROM lakana.organization WHERE name LIKE 'Association%%') o
CROSS JOIN generate_series(1, 60) n
JOIN LATERAL (SELECT id FROM lakana.admin_area WHERE level = 2 OFFSET (o.number * 7 + n) %% 40 LIMIT 1) a ON true
JOIN LATERAL (SELECT (enum_range(NULL::lakana.sector))[1 + n %% 18] AS sector) e ON true;
VACUUM_LATER
"""


@pytest.mark.slow
def test_a_page_among_24_000_walks_an_index(url, copy_seeded):
    many = copy_seeded()
    with owner_transaction(many) as connection:
        connection.exec_driver_sql(MANY.replace("VACUUM_LATER", "ANALYZE lakana.presence, lakana.organization"))
        assert connection.exec_driver_sql("SELECT count(*) FROM lakana.presence").scalar() == 24_000
    connection = psycopg2.connect(login_url(many, Audience.PUBLIC), options=SESSION)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        for variables, index in (
            ({}, "presence_name_key_id_idx"),
            ({"sector": "HEALTH"}, "presence_name_key_id_idx"),
            ({"area": "COD-AB:ML03"}, None),
        ):
            asked = job(WHOLE.replace("totalCount", ""), variables)
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(f"PREPARE asked AS {asked.statement.sql}")
            places = f"({','.join(['%s'] * len(asked.values))})"
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked{places}", asked.values)
            told = json.dumps(cursor.fetchone()[0])
            plan = json.loads(told)[0]
            assert index is None or index in told
            assert plan["Execution Time"] < 100, told
            assert '"Relation Name": "actor", "Alias": "actor", "Node Type": "Seq Scan"' not in told
