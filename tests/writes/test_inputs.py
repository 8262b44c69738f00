"""What mutations take and give: one input, one result of their own, null that clears and absence that keeps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLString,
    GraphQLUnionType,
    assert_input_object_type,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
)

from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller
from tests.writes.conftest import PLANNER, STEWARD
from tests.writes.hiding import GATE, PLACE, shelter

pytestmark = pytest.mark.database

SCHEMA = compiled_schema()
MUTATIONS = SCHEMA.mutation_type.fields if SCHEMA.mutation_type else {}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def pascal(name: str) -> str:
    return name[0].upper() + name[1:]


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_has_one_input_and_a_result_of_its_own(name):
    [argument] = MUTATIONS[name].args
    assert (argument, str(MUTATIONS[name].args["input"].type)) == ("input", f"{pascal(name)}Input!")
    result = get_named_type(MUTATIONS[name].type)
    assert isinstance(result, GraphQLUnionType)
    assert result.name == f"{pascal(name)}Result"
    done, *errors = result.types
    # Counts are filed under a source, and what is said of many localities has no id of its own.
    instead = {"recordIncidentCounts": "source", "setExpectedReporters": "localitiesSet"}
    assert {instead.get(name, "id"), "replayed"} <= done.fields.keys()
    interface = SCHEMA.type_map["WriteError"]
    assert isinstance(interface, GraphQLInterfaceType)
    assert all(interface in each.interfaces for each in errors)
    assert interface not in done.interfaces
    fields = MUTATIONS[name].args["input"].type.of_type.fields
    told = {each.name for each in errors}
    assert "ValidationError" in told
    assert ("expectedVersion" in fields) <= ("Conflict" in told)
    assert ("id" in fields) <= ("NotFound" in told)


def test_an_id_says_of_what_it_is():
    """Of fourteen mutations it was "an id that an earlier answer gave"."""
    told: dict[str | None, set[str]] = {}
    for name, mutation in MUTATIONS.items():
        if given := mutation.args["input"].type.of_type.fields.get("id"):
            told.setdefault(given.description, set()).add(name)
    assert told == {
        "The organisation.": {"updateOrganization", "retireOrganization"},
        "The actor.": {"updateActor", "retireActor"},
        "The service; not that of a shelter.": {"updateService", "retireService"},
        "The service.": {"verifyService", "suspendService"},
        "The shelter.": {"updateShelter", "retireShelter", "updateShelterOccupancy"},
        "The proposal.": {"reviewChange"},
        "The scenario.": {"updateScenario", "retireScenario"},
        "The job.": {"cancelSiting"},
        "The import.": {"undoImport"},
        "The organisation, actor, service, shelter, presence or training.": {"withdrawRecord"},
        "The reported number.": {"settleWrongNumber"},
        "The person; a partner or a planner.": {"renewInvitation", "revokePerson"},
    }


def test_a_text_says_how_long_it_may_be():
    found = {
        f"{name}.{field}"
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLInputObjectType)
        for field, each in kind.fields.items()
        if get_named_type(each.type) is GraphQLString and "characters" not in (each.description or "")
    }
    assert {each for each in found if not each.endswith(".phone")} == set()
    assert SCHEMA.query_type is not None
    holder = SCHEMA.query_type.fields["auditEntries"].args["holder"]
    assert holder.description == "Only what this holder did, 1 to 200 characters."


def test_what_is_read_after_a_write_may_be_gone_again():
    """The source of recorded counts was never null, as if nobody could take it away in between."""
    for mutation in MUTATIONS.values():
        done = get_named_type(mutation.type).types[0]
        for name, each in done.fields.items():
            if not is_leaf_type(get_named_type(each.type)) and name != "wasPublic":
                assert not is_non_null_type(each.type), f"{done.name}.{name}"


def test_a_success_names_the_record_by_what_it_is():
    given = {
        "ShelterUpdated": {"id", "version", "wasPublic", "replayed", "shelter"},
        "ShelterRetired": {"id", "replayed"},
        "ScenarioCreated": {"id", "version", "replayed", "scenario"},
        "ChangeProposed": {"id", "replayed", "proposal"},
        "SitingStarted": {"id", "replayed", "job"},
        "IncidentCountsRecorded": {"returnsRecorded", "source", "replayed"},
        "TrainingRecorded": {"id", "replayed", "trainingEvent"},
    }
    assert {name: {*SCHEMA.type_map[name].fields} for name in given} == given  # type: ignore[attr-defined]


def test_what_is_hidden_and_what_is_absent_are_not_found_alike(desk):
    scenario = {"name": "Essai", "category": "MEDICAL", "changes": [{"add": {"point": PLACE, "name": "A"}}]}
    made = desk.done(PLANNER, "createScenario", **scenario)
    other = Caller(Audience.PLANNER, "another planner")
    told = [desk.write(other, "retireScenario", id=each, expectedVersion=1) for each in (made["id"], UNKNOWN)]
    assert told[0] == told[1]
    assert told[0]["__typename"] == "NotFound"


def test_a_record_can_be_read_from_what_wrote_it(desk, partner):
    document = """mutation ($input: CreateScenarioInput!) { createScenario(input: $input) {
      ... on ScenarioCreated { id version scenario { id name changes { name } } } ... on WriteError { message } } }"""
    given = {"name": "Lu", "category": "MEDICAL", "changes": [{"add": {"point": PLACE, "name": "Là"}}]}
    done = desk.ask(PLANNER, document, input=given | {"idempotencyKey": "read"})
    assert done["scenario"] == {"id": done["id"], "name": "Lu", "changes": [{"name": "Là"}]}


@pytest.mark.parametrize(
    ("point", "field"),
    [({"lon": -5.6, "lat": 91}, "changes.point.lat"), ({"lon": -30.0, "lat": 0.0}, "changes.point")],
)
def test_a_field_is_named_by_its_path_in_the_input(desk, seen, point, field):
    result = desk.write(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"point": point})
    assert (result["__typename"], result["field"]) == ("ValidationError", field)


def test_a_change_of_a_scenario_is_named_by_its_path(desk):
    given = {"name": "Chemin", "category": "MEDICAL", "changes": [{"add": {"point": PLACE, "name": "A"}}]}
    wrong = [{"add": {"point": PLACE, "name": "A"}}, {"close": {"serviceId": UNKNOWN}}]
    result = desk.write(PLANNER, "createScenario", **given | {"changes": wrong})
    assert result["field"] == "changes.1.close.serviceId"
    made = desk.done(PLANNER, "createScenario", **given)["id"]
    for changes, field in (({"changes": wrong}, "changes.changes.1.close.serviceId"), ({}, "changes")):
        result = desk.write(PLANNER, "updateScenario", id=made, expectedVersion=1, changes=changes)
        assert (result["__typename"], result["field"]) == ("ValidationError", field)


# ---- null clears, absence keeps ----

FULL: dict[str, dict[str, Any]] = {
    "Organization": {"name": "ONG Pleine", "kind": "NGO", "acronym": "OPL", "url": "https://example.org/"},
    "Actor": {"phone": "+223 20 22 11 00", "verifiedOn": "2026-01-05", "jurisdictionCode": "COD-AB:ML03"},
    "Service": {
        "capacity": 4, "openingHours": "24/7", "phone": "+223 20 22 11 01", "verifiedOn": "2026-01-05",
        "languages": ["bm"],
    },
    "Shelter": {
        "minimumAgeMonths": 6, "maximumAgeMonths": 12, "openingHours": "24/7", "phone": "+223 20 22 11 02",
        "verifiedOn": "2026-01-05", "occupancy": 2, "languages": ["bm"],
    },
}  # fmt: skip
COLUMNS = {"jurisdictionCode": "jurisdiction_id", "organizationId": "organization_id", "localityId": "locality_id"}
KEPT = {
    "Organization": {"name", "kind"},
    "Actor": {"name", "kind", "point", "areaCode", "areaName", "jurisdictionName"},
    "Service": {"name", "kind", "point", "areaCode", "areaName", "actorId", "category", "serviceAreaName"},
    "Shelter": {
        "name", "point", "areaCode", "areaName", "actorId", "confidential", "capacity", "girls", "boys", "occupancy", "frontGate"
    },
}  # fmt: skip
"""The fields that cannot be empty."""


def snake(name: str) -> str:
    return COLUMNS.get(name) or "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


@pytest.fixture
def record(desk, office, ngo, sikasso):
    """Enter a record with a value in every field."""
    town = desk.one(
        "SELECT id::text FROM lakana.locality ORDER BY point <-> 'SRID=4326;POINT(-5.66654 11.31755)' LIMIT 1"
    )

    def make(kind: str, number: int) -> str:
        of_place = {"point": sikasso, "localityId": town}
        needed: dict[str, dict[str, Any]] = {
            "Organization": {"name": f"ONG Pleine {number}"},
            "Actor": {"name": "Plein", "kind": "DONOR", "organizationId": ngo, **of_place},
            "Service": {"actorId": office, "name": "Plein", "category": "LEGAL_AID", **of_place},
            "Shelter": shelter(office) | of_place,
        }
        return str(desk.done(STEWARD, f"create{kind}", **(FULL[kind] | needed[kind]))["id"])

    return make


def row_of(desk, kind, one):
    if kind == "Shelter":
        return desk.rows(
            "SELECT to_jsonb(s) || to_jsonb(h) FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id "
            "WHERE h.id = %s", one
        )[0][0]  # fmt: skip
    return desk.rows(f"SELECT to_jsonb(t) FROM lakana.{kind.lower()} t WHERE id = %s", one)[0][0]


CHANGES = [(kind, name) for kind in FULL for name in getattr(SCHEMA.type_map[f"{kind}ChangesInput"], "fields", {})]
CHANGES.remove(("Service", "serviceAreaCode"))  # it goes with the point: tests/planning/test_open_services.py
CHANGES = [each for each in CHANGES if each[1] != "another"]  # alone it changes nothing: test_directory.py


def test_every_field_of_changes_may_be_left_out():
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLInputObjectType) and name.endswith("ChangesInput"):
            assert not [each for each, field in kind.fields.items() if is_non_null_type(field.type)], name
            assert "null clears" in (kind.description or ""), name


def test_changes_are_described_by_what_changing_does():
    """They said of a field that is left out what becomes of it in a new record, where here it stays."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLInputObjectType) and name.endswith("ChangesInput"):
            for each, field in kind.fields.items():
                told = re.search("where it is left out|Left out|a new shelter", field.description or "")
                assert told is None, f"{name}.{each}"


def test_a_new_shelter_has_nobody_in_it_unless_that_is_said(desk, office):
    occupancy = assert_input_object_type(SCHEMA.type_map["CreateShelterInput"]).fields["occupancy"]
    assert (str(occupancy.type), occupancy.default_value) == ("Int!", 0)
    made = desk.done(STEWARD, "createShelter", **shelter(office))["id"]
    assert desk.one("SELECT occupancy FROM lakana.shelter WHERE id = %s", made) == 0


@pytest.mark.parametrize(("kind", "name"), CHANGES)
def test_null_clears_a_field_and_what_is_left_out_stays(desk, record, kind, name):
    one = record(kind, CHANGES.index((kind, name)))
    before = row_of(desk, kind, one)
    told = desk.write(STEWARD, f"update{kind}", id=one, expectedVersion=1, changes={name: None})
    after = row_of(desk, kind, one)
    if name in KEPT[kind] - {"frontGate"}:
        assert (told["__typename"], told["field"]) == ("ValidationError", f"changes.{name}")
        assert "it cannot be empty" in told["message"]
        assert after == before
        return
    assert told["__typename"] == f"{kind}Updated", told
    column = snake(name)
    if name != "frontGate":  # of a public shelter there is none
        assert before[column] is not None
        assert not after[column]  # of languages the empty list
    own = {column, f"public_{column}", "version", "name_key", "search_key", "changed_at"}
    assert {each: value for each, value in after.items() if each not in own} == {
        each: value for each, value in before.items() if each not in own
    }


def test_the_front_gate_of_a_hidden_shelter_is_never_cleared(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    told = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"frontGate": None})
    assert (told["__typename"], told["field"]) == ("ValidationError", "changes.frontGate")


def test_the_base_date_of_a_scenario_is_cleared_to_now(desk):
    given = {"name": "Daté", "category": "MEDICAL", "changes": [{"add": {"point": PLACE, "name": "A"}}]}
    made = desk.done(PLANNER, "createScenario", **given)["id"]
    before = desk.one("SELECT base_date FROM lakana.scenario WHERE id = %s", made)
    desk.done(PLANNER, "updateScenario", id=made, expectedVersion=1, changes={"baseDate": None})
    assert desk.one("SELECT base_date FROM lakana.scenario WHERE id = %s", made) > before
    for name in ("name", "changes"):
        told = desk.write(PLANNER, "updateScenario", id=made, expectedVersion=2, changes={name: None})
        assert (told["__typename"], told["field"]) == ("ValidationError", f"changes.{name}")
        assert "it cannot be empty" in told["message"]


@pytest.mark.parametrize("kind", ["Actor", "Service", "Shelter"])
def test_moving_a_point_picks_area_and_locality_anew(desk, record, kind):
    one = record(kind, 0)
    before = row_of(desk, kind, one)
    assert before["locality_id"]
    kayes = {"lon": -11.43, "lat": 14.45}
    desk.done(STEWARD, f"update{kind}", id=one, expectedVersion=1, changes={"point": kayes})
    after = row_of(desk, kind, one)
    assert after["area_id"] == desk.one("SELECT lakana.area_of('POINT(-11.43 14.45)'::geography)::text")
    assert after["area_id"] != before["area_id"]
    assert after["locality_id"] is None
    named = {"point": {"lon": -5.66, "lat": 11.31}, "areaCode": "COD-AB:ML03"}
    town = before["locality_id"]
    desk.done(STEWARD, f"update{kind}", id=one, expectedVersion=2, changes=named | {"localityId": town})
    assert row_of(desk, kind, one)["locality_id"] == town
    desk.done(STEWARD, f"update{kind}", id=one, expectedVersion=3, changes=named)
    assert row_of(desk, kind, one)["locality_id"] is None
    assert "picks its area anew and has no locality" in (SCHEMA.type_map[f"{kind}ChangesInput"].description or "")
