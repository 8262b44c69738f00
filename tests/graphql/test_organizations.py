"""Organisations are found by a part of their name or of their acronym, those alone that are published."""

from __future__ import annotations

from contextlib import closing

import orjson
import pytest

from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.service import Resources
from tests.benchmarks.statements import job

pytestmark = pytest.mark.database

FOUND = (
    "query ($text: String!) { organizations(text: $text, first: 100) { totalCount edges { node { name acronym } } } }"
)
UNICEF = {"name": "Fonds des Nations Unies pour l’enfance", "acronym": "UNICEF"}


@pytest.mark.parametrize("text", ["UNICEF", "unicef", "Unice", "ICEF", "ûnïcéf", " unicef ", "pour l'enfance"])
def test_an_organisation_answers_to_its_name_and_to_its_acronym(ask, text):
    assert ask(FOUND, text=text)["data"]["organizations"] == {"totalCount": 1, "edges": [{"node": UNICEF}]}


@pytest.mark.parametrize("text", ["enfance UNICEF", "enfance/UNICEF", "/", "%", "U_ICEF"])
def test_not_to_both_at_once_nor_to_a_wildcard(ask, text):
    assert ask(FOUND, text=text)["data"]["organizations"] == {"totalCount": 0, "edges": []}


def test_every_organisation_is_found_by_what_it_shows(ask):
    """By brute force over what is listed; case is all that differs here."""
    listed = [
        edge["node"]
        for edge in ask("{ organizations(first: 100) { edges { node { name acronym } } } }")["data"]["organizations"][
            "edges"
        ]
    ]
    assert sum(each["acronym"] is not None for each in listed) >= 5
    for part in ("onu", "ong", "ue", "an", "oim", "comite"):
        wanted = [
            each
            for each in listed
            if part in each["name"].lower().replace("é", "e") or part in (each["acronym"] or "").lower()
        ]
        found = ask(FOUND, text=part)["data"]["organizations"]
        assert [edge["node"] for edge in found["edges"]] == wanted
        assert wanted


def test_one_that_is_not_published_is_found_by_nothing(copy_seeded, run, operations):
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.organization (name, acronym, kind, source_id) "
            "SELECT 'Gardiens discrets', 'GDX', 'NGO', id FROM lakana.source ORDER BY key LIMIT 1"
        )
    operation = operations.get(FOUND, None)
    with closing(Resources(url, 1)) as resources:
        for text in ("GDX", "gardiens"):
            body = run(operation.answer(operation.variables({"text": text}), ANYBODY, resources)).body
            assert orjson.loads(body)["data"]["organizations"]["totalCount"] == 0


@pytest.mark.parametrize(
    "nested",
    ["trainingEvents { edges { node { organizers { id } } } }", "actors { edges { node { organization { id } } } }"],
)
def test_one_that_a_record_names_is_published_without_being_asked(nested):
    """To ask it of each organisation took up to 2 s of one list of organisers, by a plan of before."""
    assert "EXISTS" not in job(f"{{ {nested} }}", {}).statement.sql
    assert "EXISTS" in job("{ organizations { edges { node { id } } } }", {}).statement.sql
