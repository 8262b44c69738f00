"""A shelter that was public and becomes confidential is another one, and nothing that is kept leads to it."""

from __future__ import annotations

import json

import pytest

from api.graphql.compile.response import Refused
from geo import audit
from geo.audience import Audience
from tests.writes.conftest import CUSTODIAN, PLANNER, SECOND, STEWARD

pytestmark = pytest.mark.database

PLACE = {"lon": -5.712345, "lat": 11.387654}
HIDE = """mutation ($id: ID!, $version: Int!, $changes: ShelterChanges!, $key: String!) {
  updateShelter(id: $id, expectedVersion: $version, changes: $changes, idempotencyKey: $key) {
    ... on Success { id version replayed wasPublic { fact since } node { ... on Shelter { name } } }
    ... on ValidationError { field message } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
LOG = "query ($after: String) { auditEntries(first: 100, after: $after) { edges { cursor node { subject subjectId action before after } } } }"
OF = "query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { subject action before after } } } }"
GATE = {"frontGate": "Permanence, +223 76 00 11 22"}


@pytest.fixture
def office(desk, sikasso, ngo):
    actor = {"name": "ONG Zanbugu · Lafia", "kind": "NGO", "point": sikasso, "organizationId": ngo,
             "phone": "+223 66 55 44 33"}  # fmt: skip
    return desk.done(STEWARD, "createActor", actor=actor)["id"]


def shelter(office, **more):
    return {
        "actorId": office, "name": "Foyer Tintinga", "point": PLACE, "confidential": False, "capacity": 10,
        "girls": True, "boys": False,
    } | more  # fmt: skip


@pytest.fixture
def seen(desk, office):
    """The ids of a public shelter and of its service."""
    made = desk.done(STEWARD, "createShelter", key=f"made {office}", shelter=shelter(office, phone="+223 76 99 88 77"))
    return made["id"], desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])


def hide(desk, shelter_id, version=1, key=None, **changes):
    given = {"confidential": True} | GATE | changes
    return desk.ask(
        STEWARD, HIDE, id=shelter_id, version=version, changes=given, key=key or f"hide {shelter_id} {changes}"
    )


def whole_log(desk):
    found, after = [], None
    while edges := desk.ask(STEWARD, LOG, after=after)["edges"]:
        found += [edge["node"] for edge in edges]
        after = edges[-1]["cursor"]
    return found


def nothing(desk, caller, one):
    return desk.response(caller, NODE, id=one)["data"] == {"node": None}


@pytest.fixture
def remembered(desk, seen, partner):
    """What planners and partners have kept about it."""
    shelter_id, service_id = seen
    proposal = {"shelter": {"id": shelter_id, "changes": {"name": "Foyer Tintinga Sikasso"}}}
    desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Tintinga a changé de nom")
    changes = [{"close": {"serviceId": service_id}}, {"add": {"name": "S", "point": PLACE, "places": 5}}]
    for given in (changes, changes[:1]):
        desk.done(PLANNER, "createScenario", scenario={"name": "Essai", "category": "SAFE_SHELTER", "changes": given})
    desk.rows(
        "INSERT INTO lakana.siting_job (asked, status, progress, answer) "
        "VALUES ('{\"category\": \"SAFE_SHELTER\"}', 'DONE', 1, '{}') RETURNING 1"
    )
    return shelter_id, service_id


def test_it_has_new_ids_and_a_new_name_and_begins_anew(desk, seen, partner):
    shelter_id, service_id = seen
    told = hide(desk, shelter_id)
    assert told["id"] != shelter_id
    assert told["version"] == 1
    assert told["node"]["name"].startswith("Abri ")
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", told["id"])
    assert service != service_id
    for caller in (STEWARD, SECOND, CUSTODIAN, PLANNER, partner):
        assert nothing(desk, caller, shelter_id)
        assert nothing(desk, caller, service_id)
        assert not nothing(desk, caller, told["id"])
    kept = desk.one(
        "SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry), a.name FROM exact.site e "
        "JOIN lakana.actor a ON a.id = e.actor_id WHERE service_id = %s",
        service,
    )
    assert kept == (PLACE["lon"], PLACE["lat"], "ONG Zanbugu · Lafia")


def test_nothing_that_is_kept_leads_from_the_one_to_the_other(desk, remembered, tmp_path):
    shelter_id, service_id = remembered
    before = [each for each in whole_log(desk) if each["subjectId"] in remembered]
    assert {each["subject"] for each in before} == {"shelter", "service"}
    told = hide(desk, shelter_id)
    log = json.dumps(whole_log(desk))
    for known in (shelter_id, service_id, "Tintinga", "tintinga"):
        assert known not in log
    own = desk.ask(STEWARD, OF, id=told["id"])["edges"]
    assert {edge["node"]["action"] for edge in own} == {"INSERT"}
    assert not any(edge["node"]["before"] for edge in own)
    assert desk.rows("SELECT changes::text FROM lakana.scenario WHERE changes::text LIKE %s", f"%{service_id}%") == []
    assert desk.one("SELECT count(*) FROM lakana.scenario WHERE name = 'Essai'") == 1
    assert desk.rows("SELECT 1 FROM lakana.proposal WHERE subject_id = %s", shelter_id) == []
    assert desk.rows("SELECT 1 FROM lakana.siting_job WHERE status = 'DONE'") == []
    assert audit.verify(desk.url, tmp_path)[1] == []


def test_the_steward_who_hides_it_is_told_what_had_been_public_and_nobody_else(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", shelter=shelter(office, phone="+223 76 99 88 78", openingHours="24/7"))
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"phone": None})
    told = hide(desk, made["id"], 2, key="once")
    assert [each["fact"] for each in told["wasPublic"]] == ["ACTOR", "NAME", "OPENING_HOURS", "PHONE", "PLACE"]
    assert all(each["since"] for each in told["wasPublic"])
    again = hide(desk, made["id"], 2, key="once")
    assert again == told | {"replayed": True}
    asked = 'mutation { updateShelterOccupancy(shelterId: %s, expectedVersion: 1, occupancy: 1, idempotencyKey: "x") { ... on Success { wasPublic { fact } } } }'
    with pytest.raises(Refused) as refused:
        desk.response(partner, asked % json.dumps(told["id"]))
    assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


def test_of_what_was_loaded_it_is_told_when_the_log_begins(desk):
    loaded = desk.one(
        "SELECT h.id::text FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id WHERE NOT s.confidential LIMIT 1"
    )
    told = hide(desk, loaded, frontGate="Permanence, +223 76 00 11 23")
    assert {"ACTOR", "LOCALITY", "NAME", "PLACE", "PHONE"} <= {each["fact"] for each in told["wasPublic"]}
    assert len({each["since"] for each in told["wasPublic"]}) == 1


def test_a_replay_of_before_answers_the_old_id_which_is_nothing(desk, office, seen):
    hide(desk, seen[0])
    again = desk.done(STEWARD, "createShelter", key=f"made {office}", shelter=shelter(office, phone="+223 76 99 88 77"))
    assert (again["id"], again["replayed"]) == (seen[0], True)
    assert nothing(desk, STEWARD, again["id"])


def test_a_proposal_to_hide_it_is_forgotten_with_all_else(desk, seen, partner):
    proposal = {"shelter": {"id": seen[0], "changes": {"confidential": True} | GATE}}
    made = desk.done(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Des menaces")
    told = desk.done(STEWARD, "reviewChange", proposalId=made["id"], approve=True)
    assert not nothing(desk, STEWARD, told["id"])
    assert told["id"] != seen[0]
    assert desk.rows("SELECT 1 FROM lakana.proposal WHERE id = %s", made["id"]) == []
    assert seen[0] not in json.dumps(whole_log(desk))


def test_whoever_writes_it_has_a_new_id(desk, seen):
    """No statement of a steward's login hides a service under the id that it had."""
    import psycopg2  # noqa: PLC0415

    from geo.database.owner import login_url  # noqa: PLC0415

    with psycopg2.connect(login_url(desk.url, Audience.STEWARD)) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE lakana.service SET confidential = true WHERE id = %s RETURNING id, name", (seen[1],))
        one, name = cursor.fetchone()
    connection.close()
    assert one != seen[1]
    assert name.startswith("Abri ")


def test_published_and_hidden_again_it_is_another_one_again(desk, seen):
    first = hide(desk, seen[0])
    publication = {"publication": {"id": first["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    public = desk.done(SECOND, "reviewChange", proposalId=proposed["id"], approve=True)
    assert public["id"] == first["id"]
    second = hide(desk, first["id"], public["version"], frontGate="Permanence, +223 76 00 11 24")
    assert len({seen[0], first["id"], second["id"]}) == 3
    assert first["id"] not in json.dumps(whole_log(desk))


# Names


@pytest.mark.parametrize(
    "name",
    [
        "Foyer de Sikasso",
        "Le refuge, KOUTIALA",
        "Maison Zanbugu",
        "Foyer  lafia",
        "Abri Kadiolo nord",
    ],
)
def test_a_name_that_holds_one_of_its_zone_is_refused(desk, office, name):
    result = desk.write(STEWARD, "createShelter", shelter=shelter(office, name=name, confidential=True, **GATE))
    assert (result["__typename"], result["field"]) == ("ValidationError", "name")
    made = desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **GATE))
    result = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"name": name})
    assert (result["__typename"], result["field"]) == ("ValidationError", "name")


def test_nor_is_that_of_an_organisation_at_work_there_told(desk, office, ngo):
    [acronym] = desk.rows("UPDATE lakana.organization SET acronym = 'ZBG' WHERE id = %s RETURNING acronym", ngo)
    name = desk.one("SELECT name FROM lakana.organization WHERE id = %s", ngo)
    for telling in (f"Foyer {name}", f"Foyer {name.split()[-1]}", f"Foyer {acronym[0].lower()}"):
        made = shelter(office, name=telling, confidential=True, **GATE)
        assert desk.write(STEWARD, "createShelter", shelter=made)["field"] == "name"


def test_a_name_of_another_zone_tells_nothing(desk, office):
    made = shelter(office, name="Foyer de Kayes", confidential=True, **GATE)
    assert desk.write(STEWARD, "createShelter", shelter=made)["__typename"] == "Success"


@pytest.mark.parametrize("name", ["Foyer Tintinga", "tintinga 2", "Maison TINTINGA"])
def test_what_it_was_called_is_refused_and_the_same_name_replaced(desk, seen, name):
    told = hide(desk, seen[0], name=name)
    if name == "Foyer Tintinga":
        assert told["node"]["name"].startswith("Abri ")
    else:
        assert told["field"] == "name"


def test_so_is_what_it_was_called_before_that(desk, seen):
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"name": "Foyer Bolokada"})
    assert hide(desk, seen[0], 2, name="Bolokada Neuf")["field"] == "name"
    assert hide(desk, seen[0], 2, name="Tintinga Neuf")["field"] == "name"
    assert hide(desk, seen[0], 2, name="Abri Neuf")["node"]["name"] == "Abri Neuf"


@pytest.mark.parametrize("name", ["Foyer Tintinga", "Maison tintinga"])
def test_nor_is_it_given_that_name_later(desk, seen, name):
    told = hide(desk, seen[0])
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", told["id"])
    for mutation, one in (("updateShelter", told["id"]), ("updateService", service)):
        result = desk.write(STEWARD, mutation, id=one, expectedVersion=1, changes={"name": name})
        assert (result["__typename"], result.get("field")) == ("ValidationError", "name"), mutation
    desk.done(STEWARD, "updateShelter", id=told["id"], expectedVersion=1, changes={"name": "Abri Neuf"})


def test_a_public_one_needs_a_name(desk, office):
    assert desk.write(STEWARD, "createShelter", shelter=shelter(office, name=None))["field"] == "name"
    hidden = desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **GATE))
    assert desk.one(
        "SELECT name LIKE 'Abri %%' FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE h.id = %s",
        hidden["id"],
    )


# Front gates


@pytest.mark.parametrize(
    "contact",
    [
        "Permanence, +223 66 55 44 33", "66554433", "Appeler 66.55.44.33 ou 76 00 00 99", "0022366554433",
        "Bureau de Sikasso, +223 76 00 11 25", "ONG Zanbugu, +223 76 00 11 26",
    ],
)  # fmt: skip
def test_a_front_gate_is_neither_a_public_number_nor_a_place(desk, office, contact):
    made = shelter(office, confidential=True, name=None, frontGate=contact)
    result = desk.write(STEWARD, "createShelter", shelter=made)
    assert (result["__typename"], result["field"]) == ("ValidationError", "frontGate")


def test_nor_is_it_the_number_that_it_had(desk, seen):
    assert hide(desk, seen[0], frontGate="Permanence, +223 76 99 88 77")["field"] == "frontGate"


@pytest.mark.parametrize("written", ["+223 76 00 11 22", "76001122", "00223 76-00-11-22"])
def test_a_public_record_does_not_get_the_number_of_a_front_gate(desk, office, written):
    desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **GATE))
    for mutation, arguments in (
        ("updateActor", {"id": office, "expectedVersion": 1, "changes": {"phone": written}}),
        ("createShelter", {"shelter": shelter(office, phone=written)}),
    ):
        result = desk.write(STEWARD, mutation, **arguments)
        assert (result["__typename"], result["field"]) == ("ValidationError", "phone")


def test_it_tells_nothing_of_the_zone_that_the_shelter_moves_to_either(desk, office):
    gate = {"frontGate": "Permanence Kayes, +223 76 00 11 27"}
    made = desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **gate))
    moved = {"point": {"lon": -11.43, "lat": 14.45}}
    result = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=moved)
    assert (result["__typename"], result.get("field")) == ("ValidationError", "frontGate")
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=moved | GATE)


# Who runs it


def test_an_actor_that_leaves_tells_nobody_what_it_ran(desk, office):
    desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **GATE))
    before = len(whole_log(desk))
    desk.done(STEWARD, "retireActor", id=office, expectedVersion=1)
    assert [each["subject"] for each in whole_log(desk)[:-before]] == ["actor"]
    assert desk.one("SELECT count(*) FROM exact.site WHERE actor_id = %s", office) == 0


def test_who_runs_it_is_told_to_a_steward_and_never_proposed(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", shelter=shelter(office, name=None, confidential=True, **GATE))
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    for kind, one in (("shelter", made["id"]), ("service", service)):
        proposal = {kind: {"id": one, "changes": {"actorId": office}}}
        result = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="x y")
        assert (result["__typename"], result.get("field")) == ("ValidationError", "actorId"), kind
    for changes in ({"actorId": office}, {"openingHours": "24/7"}):
        result = desk.write(STEWARD, "updateService", id=service, expectedVersion=1, changes=changes)
        assert (result["__typename"], result.get("field")) == ("ValidationError", *changes)


def test_hours_are_not_told(desk, office):
    made = shelter(office, name=None, confidential=True, openingHours="24/7", **GATE)
    assert desk.write(STEWARD, "createShelter", shelter=made)["field"] == "openingHours"


# Places

STORED = """SELECT s.capacity, h.occupancy, e.capacity, e.occupancy FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id
LEFT JOIN exact.places e ON e.service_id = s.id WHERE h.id = %s"""
PLACES = "query ($id: ID!) { node(id: $id) { ... on Shelter { version hasPlaces capacity occupancy available } } }"


def test_how_many_places_there_are_is_told_in_tens_and_kept_apart(desk, office, partner):
    hidden = shelter(office, name=None, confidential=True, capacity=14, occupancy=3, **GATE)
    made = desk.done(STEWARD, "createShelter", shelter=hidden)["id"]
    told = {"version": 1, "hasPlaces": True, "capacity": 10, "occupancy": 0, "available": 10}
    assert desk.ask(partner, PLACES, id=made) == told
    assert desk.one(STORED, made) == (10, 0, 14, 3)
    one = {"shelterId": made, "expectedVersion": 1}
    # One child more: no version says so.
    assert desk.done(partner, "updateShelterOccupancy", occupancy=4, **one)["version"] == 1
    assert desk.ask(partner, PLACES, id=made) == told
    assert desk.one(STORED, made) == (10, 0, 14, 4)
    # The very number that stands for others.
    assert desk.done(partner, "updateShelterOccupancy", occupancy=10, **one)["version"] == 2
    assert desk.one(STORED, made) == (10, 10, 14, 10)
    one["expectedVersion"] = 2
    desk.done(partner, "updateShelterOccupancy", occupancy=14, **one)
    assert desk.ask(partner, PLACES, id=made) == told | {
        "version": 2,
        "hasPlaces": False,
        "occupancy": 10,
        "available": 0,
    }
    desk.done(partner, "updateShelterOccupancy", occupancy=14, capacity=16, **one)
    assert desk.one(STORED, made) == (10, 10, 16, 14)


def test_numbers_come_along_when_it_is_hidden_and_back_when_it_is_published(desk, seen):
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"occupancy": 7, "capacity": 13})
    version = desk.ask(STEWARD, PLACES, id=seen[0])["version"]
    told = hide(desk, seen[0], version, frontGate="Permanence, +223 76 00 11 29")
    assert desk.one(STORED, told["id"]) == (10, 0, 13, 7)
    assert told["version"] == 1
    publication = {"publication": {"id": told["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    desk.done(SECOND, "reviewChange", proposalId=proposed["id"], approve=True)
    assert desk.one(STORED, told["id"]) == (13, 7, None, None)


def test_a_shelter_is_hidden_with_new_numbers_at_once(desk, seen):
    told = hide(desk, seen[0], capacity=25, occupancy=11, frontGate="Permanence, +223 76 00 11 28")
    assert desk.one(STORED, told["id"]) == (20, 10, 25, 11)
