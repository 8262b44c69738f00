"""Stewards read who loaded what when, with its problems in their language, and take it back."""

from __future__ import annotations

import json
from contextlib import closing

import orjson
import pytest

from geo.arguments import RowId
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.service import Resources
from geo.writes.imports import UndoImport
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options

pytestmark = pytest.mark.database

STEWARD = Caller(Audience.STEWARD, "key:abc")
LISTED = """
{ imports(kind: "organizations") { totalCount edges { node { __typename id kind holder source { name licence } importedAt
  rowsRead rowsNew rowsRefused problemCount undoneAt undoneBy files { name sheet sha256 }
  problems { file row columnName value trouble refused fr: what(language: "fr") en: what(language: "en") mend(language: "en") } } } } }
"""
UNDO = """
mutation ($id: ID!, $key: String!) { undoImport(input: {id: $id, idempotencyKey: $key}) {
  ... on ImportUndone { id replayed undone { undoneBy } } ... on WriteError { message } } }
"""
ROWS = "nom,sigle,type\nKanuya,K,ONG nat\n<script>alert(1)</script>,,danse\nKANUYA,K,ONG nat\n"


@pytest.fixture
def url(copy_seeded):
    return copy_seeded()


@pytest.fixture
def ask(url, run, operations, tmp_path):
    for number, rows in enumerate((ROWS, "nom,type\nJigiya,ONG nat\n")):
        path = tmp_path / f"liste{number}.csv"
        path.write_text(rows, encoding="utf-8")
        importing.run(url, LOADERS["organizations"], [path], Options(accept_partial=True, licence="CC0"))
    with closing(Resources(url, 1)) as resources:

        def ask(document, caller=STEWARD, **variables):
            operation = operations.get(document, None)
            return orjson.loads(run(operation.answer(operation.variables(variables), caller, resources)).body)

        yield ask


def test_an_import_says_who_what_when_and_what_was_wrong(ask):
    answer = ask(LISTED)["data"]["imports"]
    assert answer["totalCount"] == 3
    newest, first, _ = (each["node"] for each in answer["edges"])  # the last one is of the seeds
    assert (newest["rowsRead"], newest["problems"]) == (1, [])
    assert (first["rowsRead"], first["rowsNew"], first["rowsRefused"], first["problemCount"]) == (3, 1, 1, 2)
    assert (first["holder"], first["source"], first["undoneAt"]) == (
        "owner",
        {"name": "organizations", "licence": "CC0"},
        None,
    )
    assert [each["name"] for each in first["files"]] == ["liste0.csv"]
    refused, note = first["problems"]
    assert (refused["row"], refused["columnName"], refused["value"], refused["refused"]) == (3, "type", "danse", True)
    assert refused["trouble"] == "UNKNOWN_TERM"
    assert refused["fr"] != refused["en"]
    assert (note["trouble"], note["refused"]) == ("SPELT_OTHERWISE", False)
    by_id = "query ($id: ID!) { node(id: $id) { __typename ... on Import { kind } } }"
    assert ask(by_id, id=first["id"])["data"]["node"] == {"__typename": "Import", "kind": "organizations"}
    for audience in Audience:
        if audience is not Audience.STEWARD:
            assert ask(by_id, Caller(audience, "other"), id=first["id"])["data"]["node"] is None


def test_services_and_areas_go_as_they_came(run, operations, copy_seeded, tmp_path):
    """In the steward's own session, with all that triggers do to places, distances and the log."""
    url = copy_seeded()
    centre = tmp_path / "centres.csv"
    centre.write_text("id,name,category,lat,lon\n1,Clinique de l’essai,MEDICAL,12.64,-7.99\n", encoding="utf-8")
    outline = {"type": "Polygon", "coordinates": [[[-8, 12], [-7, 12], [-7, 13], [-8, 13], [-8, 12]]]}
    feature = {"properties": {"ADM1_PCODE": "ZZ01", "ADM1_FR": "Essai", "ADM0_PCODE": "ZZ", "ADM0_FR": "Essais"}}
    areas = tmp_path / "areas.geojson"
    areas.write_text(
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": outline, **feature}]})
    )
    counted = (
        "SELECT (SELECT count(*) FROM lakana.service) AS services, (SELECT count(*) FROM lakana.area_crosswalk) AS ways"
    )
    ids = []
    with owner_transaction(url) as connection:
        before = tuple(connection.exec_driver_sql(counted).one())
    for kind, path, options in (
        ("services", centre, Options(scheme="X")),
        ("areas", areas, Options(scheme="ZZ", edition="1")),
    ):
        report = importing.run(url, LOADERS[kind], [path], options)
        assert report.new == 1
        ids.append(report.import_id)
    with closing(Resources(url, 1)) as resources:
        operation, told = operations.get(UNDO, None), []
        for each in ids:
            variables = operation.variables({"id": each, "key": f"key {each}"})
            told.append(orjson.loads(run(operation.answer(variables, STEWARD, resources)).body)["data"]["undoImport"])
    assert told[0]["id"] == ids[0]
    assert "1 of admin_area referred to by what is not told" in told[1]["message"]  # any exact place, wherever it is
    with owner_transaction(url) as connection:  # who reads exact places anyway
        UndoImport(id=RowId(str(ids[1]))).apply(connection, STEWARD)
    with owner_transaction(url) as connection:
        assert tuple(connection.exec_driver_sql(counted).one()) == before
        gone = "SELECT count(*) FROM audit.entry WHERE holder = 'key:abc' AND (action, subject) = ('DELETE', 'service')"
        assert connection.exec_driver_sql(gone).scalar() == 1


def test_a_steward_takes_an_import_back_once(ask, url, tmp_path):
    centre = tmp_path / "centres.csv"
    centre.write_text("id,name,category,lat,lon\n2,Clinique du retour,MEDICAL,12.64,-7.99\n", encoding="utf-8")
    loaded = importing.run(url, LOADERS["services"], [centre], Options(scheme="Y")).import_id
    done = ask(UNDO, id=loaded, key="one")["data"]["undoImport"]
    assert done == {"id": loaded, "replayed": False, "undone": {"undoneBy": "key:abc"}}
    assert ask(UNDO, id=loaded, key="one")["data"]["undoImport"]["replayed"] is True
    assert ask(UNDO, id=loaded, key="two")["data"]["undoImport"]["id"] == loaded
    assert (
        "nothing of that id"
        in ask(UNDO, id="00000000-0000-4000-8000-000000000000", key="three")["data"]["undoImport"]["message"]
    )
    entries = '{ auditEntries(holder: "key:abc") { edges { node { action subjectKind subject { __typename } } } } }'
    told = [each["node"] for each in ask(entries)["data"]["auditEntries"]["edges"]]
    assert {"action": "UNDO", "subjectKind": "IMPORT", "subject": {"__typename": "Import"}} in told


def test_a_steward_is_told_of_no_list_of_organizations_what_stands_on_it(ask):
    """Whether one has a login, or actors that nobody is told of: the owner's command takes such a list back."""
    for each in ask(LISTED)["data"]["imports"]["edges"][:2]:
        undone = ask(UNDO, id=each["node"]["id"], key=each["node"]["id"])["data"]["undoImport"]
        assert "organization" in undone["message"]


KEPT = """{
  imports(first: 10) { totalCount edges { node { kind rowsRead rowsNew problemCount problems { trouble } files { name } } } }
  auditEntries(first: 50) { edges { node { action after } } } }"""


def test_of_shelters_nothing_is_told_and_of_incidents_how_many_returns(ask, url, tmp_path):
    """Who loads shelters enters who runs them in the same minutes; rows that name no type count it as zero."""
    with owner_transaction(url) as connection:
        operator = connection.exec_driver_sql("SELECT id FROM lakana.actor WHERE kind = 'NGO' LIMIT 1").scalar()
    before = ask(KEPT)["data"]["imports"]["totalCount"]
    tables = {
        "shelters": f"code,name,actor,confidential,lat,lon,capacity,girls,boys\nA1,Foyer Essai,{operator},non,12.64,-7.99,9,oui,oui\n",
        "incidents": "Localité,Code,Trimestre,Type,Nombre\nZégoua,2448322,2026-Q3,SMUGGLING,1\nZégoua,2448322,2026-Q3,SEXUAL_ABUSE,2\n",
    }
    for kind, rows in tables.items():
        path = tmp_path / "Kita.csv"
        path.write_text(rows, encoding="utf-8")
        report = importing.run(url, LOADERS[kind], [path], Options(scheme="GEONAMES"), holder=("key:def", "someone"))
        assert report.new == 1, report.as_data()
    answer = ask(KEPT)["data"]
    assert answer["imports"]["totalCount"] == before + 1
    newest = answer["imports"]["edges"][0]["node"]
    assert newest == {
        "kind": "incidents", "rowsRead": 1, "rowsNew": 1, "problemCount": 0, "problems": [], "files": [{"name": "incidents 1"}],
    }  # fmt: skip
    told = orjson.dumps(answer).decode()
    assert "shelters" not in {
        each["node"]["after"] and each["node"]["after"].get("kind") for each in answer["auditEntries"]["edges"]
    }
    assert "Kita" not in told
