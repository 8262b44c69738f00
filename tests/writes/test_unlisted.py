"""Actors are in the directory by their public services, whatever else they run, and nothing that is kept leads to others."""

from __future__ import annotations

import base64
import datetime as dt
import re
import threading

import pytest
from sqlalchemy.exc import DBAPIError

from geo.database import sqlstates
from geo.database.owner import owner_transaction
from geo.vocabulary import ActorKind
from tests.writes.conftest import PLANNER, SECOND, STEWARD
from tests.writes.hiding import GATE, NEUTRAL, hide, shelter, whole_log

pytestmark = pytest.mark.database

LISTED = "query ($id: ID!) { node(id: $id) { ... on ProtectionActor { name services { edges { node { name } } } } } }"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KNOWN_BY_SERVICES = {
    "SOCIAL_SERVICE", "NGO", "CIVIL_SOCIETY", "CHILD_RIGHTS_ASSOCIATION", "WOMENS_GROUP", "YOUTH_GROUP", "SCHOOL",
    "HEALTH_FACILITY", "OTHER",
}  # fmt: skip
TRAINED = (
    "query ($id: ID!) { node(id: $id) { ... on TrainingEvent { trainedActors { totalCount edges { node { id } } } } } }"
)


def listed(desk, one):
    """Return what anybody is told of an actor, None where nothing is."""
    told = desk.response(PLANNER, LISTED, id=one)["data"]["node"]
    return told and told | {"services": [edge["node"] for edge in told["services"]["edges"]]}


def confidential(desk, office):
    return desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))


def of_kind(desk, kind, point):
    return desk.done(STEWARD, "createActor", name=f"Maison {kind}", kind=kind, point=point)["id"]


def a_service(office, sikasso):
    return {"actorId": office, "name": "Centre d’accueil", "category": "CASE_MANAGEMENT", "point": sikasso}


@pytest.mark.parametrize("kind", [each.name for each in ActorKind])
def test_a_kind_that_is_known_by_its_services_is_told_from_the_first_to_the_last(desk, sikasso, kind):
    """Whatever else it runs, so that its coming and going tell nothing of that."""
    one = of_kind(desk, kind, sikasso)
    assert (listed(desk, one) is None) == (kind in KNOWN_BY_SERVICES)
    public = desk.done(STEWARD, "createService", **a_service(one, sikasso))
    assert listed(desk, one)["services"] == [{"name": "Centre d’accueil"}]
    desk.done(STEWARD, "retireService", id=public["id"], expectedVersion=1)
    assert (listed(desk, one) is None) == (kind in KNOWN_BY_SERVICES)


def test_whether_it_is_told_does_not_depend_on_what_is_confidential(desk, office, sikasso):
    """Also not for a moment: a steward who gives its last public service away and looks sees what others would do."""
    other = of_kind(desk, "NGO", sikasso)
    for runs_one in (False, True):
        if runs_one:
            confidential(desk, office)
        assert listed(desk, office) is None
        public = desk.done(STEWARD, "createService", **a_service(office, sikasso))
        moved = desk.done(STEWARD, "updateService", id=public["id"], expectedVersion=1, changes={"actorId": other})
        assert (listed(desk, office), bool(listed(desk, other))) == (None, True)
        back = desk.done(
            STEWARD, "updateService", id=public["id"], expectedVersion=moved["version"], changes={"actorId": office}
        )
        assert (bool(listed(desk, office)), listed(desk, other)) == (True, None)
        desk.done(STEWARD, "retireService", id=public["id"], expectedVersion=back["version"])
    confidential(desk, other)
    public = desk.done(STEWARD, "createService", **a_service(other, sikasso))
    assert listed(desk, other)


@pytest.mark.parametrize("kind", [each.name for each in ActorKind if each.name not in KNOWN_BY_SERVICES])
def test_a_kind_that_is_always_told_runs_none(desk, office, sikasso, kind):
    """Nearly every one of them has a public service: the one that has none would be found by that."""
    one = of_kind(desk, kind, sikasso)
    refused = desk.write(STEWARD, "createShelter", **shelter(one, name=None, confidential=True, **GATE))
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "actorId")
    made = confidential(desk, office)
    refused = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"actorId": one})
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.actorId")
    public = desk.done(STEWARD, "createShelter", **shelter(one, name="Abri ouvert"))
    refused = desk.write(
        STEWARD, "updateShelter", id=public["id"], expectedVersion=1, changes={"confidential": True, **GATE}
    )
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.actorId")


def test_it_comes_back_with_its_log_and_its_version(desk, office, sikasso):
    desk.done(STEWARD, "updateActor", id=office, expectedVersion=1, changes={"phone": "+223 66 55 44 22"})
    public = desk.done(STEWARD, "createService", **a_service(office, sikasso))
    proposal = {"actor": {"id": office, "changes": {"phone": None}}}
    made = desk.done(STEWARD, "proposeChange", proposal=proposal, expectedVersion=2, reason="x y")
    for service in (public, None):
        told = {each["subjectId"] for each in whole_log(desk)} & {office, made["id"]}
        assert told == ({office, made["id"]} if service else set())
        if service:
            desk.done(STEWARD, "retireService", id=service["id"], expectedVersion=1)
    late = desk.write(STEWARD, "updateActor", id=office, expectedVersion=1, changes={"phone": None})
    assert (late["__typename"], late["currentVersion"]) == ("Conflict", 2)
    desk.done(STEWARD, "updateActor", id=office, expectedVersion=2, changes={"phone": None})
    assert desk.rows("SELECT 1 FROM lakana.proposal WHERE id = %s", made["id"]) == []
    desk.done(STEWARD, "createService", **a_service(office, sikasso))
    assert {office, made["id"]} <= {each["subjectId"] for each in whole_log(desk)}
    assert desk.one("SELECT version FROM lakana.actor WHERE id = %s", office) == 3


def test_its_organisation_is_told_with_it(desk, sikasso):
    """Or the one that has no actor would be that of the actor which is not told."""
    own = desk.done(STEWARD, "createOrganization", name="Zanbugu Faso", kind="NGO")["id"]
    asked = "query ($id: ID!) { node(id: $id) { ... on Organization { name } } }"
    actor = {"name": "Zanbugu · siège", "kind": "NGO", "point": sikasso, "organizationId": own}
    one = desk.done(STEWARD, "createActor", **actor)["id"]

    def told():
        every = desk.ask(PLANNER, "{ organizations(first: 100) { edges { node { id } } } }")["edges"]
        return (
            bool(desk.response(PLANNER, asked, id=own)["data"]["node"]),
            own in {each["node"]["id"] for each in every},
            own in {each["subjectId"] for each in whole_log(desk)},
        )

    assert told() == (False, False, False)
    public = desk.done(STEWARD, "createService", **a_service(one, sikasso))
    assert told() == (True, True, True)
    desk.done(STEWARD, "retireService", id=public["id"], expectedVersion=1)
    assert told() == (False, False, False)
    training = {
        "name": "Formation", "startsOn": "2026-01-10", "endsOn": "2026-01-11",
        "participants": [{"kind": "NGO", "people": 7}], "organizerIds": [own],
    }  # fmt: skip
    desk.done(STEWARD, "recordTraining", **training)
    assert told() == (True, True, True)


def test_nor_once_it_is_hidden(desk, office, seen):
    assert listed(desk, office)
    hide(desk, seen[0], frontGate="Permanence, +223 76 00 11 46")
    assert listed(desk, office) is None
    assert office not in str(whole_log(desk))


def test_it_still_runs_its_shelter_and_may_run_another(desk, office, partner):
    made = confidential(desk, office)
    desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=3)
    confidential(desk, office)
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"actorId": office})
    assert listed(desk, office) is None


def test_it_comes_back_with_something_public(desk, office, sikasso):
    training = {
        "name": "Formation", "startsOn": "2026-01-10", "endsOn": "2026-01-11",
        "participants": [{"kind": "NGO", "people": 7}], "trainedActorIds": [office],
    }  # fmt: skip
    event = desk.done(STEWARD, "recordTraining", **training)["id"]
    confidential(desk, office)
    assert desk.ask(PLANNER, TRAINED, id=event) == {"trainedActors": {"totalCount": 0, "edges": []}}
    service = {"actorId": office, "name": "Centre", "category": "CASE_MANAGEMENT", "point": sikasso}
    desk.done(STEWARD, "createService", **service)
    assert listed(desk, office) == {"name": "ONG Zanbugu · Lafia", "services": [{"name": "Centre"}]}
    assert desk.ask(PLANNER, TRAINED, id=event) == {
        "trainedActors": {"totalCount": 1, "edges": [{"node": {"id": office}}]}
    }


def test_it_comes_back_as_its_shelter_is_published(desk, office, seen):
    hidden = hide(desk, seen[0], frontGate="Permanence, +223 76 00 11 47")
    publication = {"publication": {"id": hidden["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=publication, expectedVersion=1, reason="Connu")
    desk.done(SECOND, "reviewChange", id=proposed["id"], approve=True)
    [told] = listed(desk, office)["services"]
    assert NEUTRAL.fullmatch(told["name"])


def test_that_another_runs_it_now_brings_nobody_back(desk, office, sikasso):
    made = confidential(desk, office)
    other = desk.done(STEWARD, "createActor", name="Kafo Nyeta", kind="NGO", point=sikasso)["id"]
    service = {"actorId": other, "name": "Centre", "category": "CASE_MANAGEMENT", "point": sikasso}
    desk.done(STEWARD, "createService", **service)
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"actorId": other})
    assert listed(desk, office) is None
    assert listed(desk, other)


def test_no_cursor_counts_proposals_that_are_gone(desk, seen):
    """Cursors held numbers, whose gaps told how many were deleted, and when."""
    proposal = {"shelter": {"id": seen[0], "changes": {"name": "Foyer Tintinga"}}}
    made = [
        desk.done(STEWARD, "proposeChange", proposal=proposal, expectedVersion=1, reason="x y")["id"] for _ in range(3)
    ]
    desk.rows("DELETE FROM lakana.proposal WHERE id = %s RETURNING 1", made[1])
    edges = desk.ask(STEWARD, "{ proposals(first: 100) { edges { cursor node { id proposedAt } } } }")["edges"]
    assert [edge["node"]["id"] for edge in edges if edge["node"]["id"] in made] == [made[0], made[2]]
    for edge in edges:
        held = base64.urlsafe_b64decode(edge["cursor"] + "==").decode()
        [key] = re.findall(r"\b\d{16}\b", held)
        at = dt.datetime.fromisoformat(edge["node"]["proposedAt"])
        assert (at - EPOCH) // dt.timedelta(microseconds=1) == int(key)


def test_a_proposal_that_is_under_way_while_it_is_hidden_finds_nothing(desk, seen):
    proposal = "INSERT INTO lakana.proposal (kind, subject_id, changes, reason) VALUES ('SHELTER', %s, '{}', 'x y')"
    ended = []

    def propose():
        try:
            with owner_transaction(desk.url) as connection:
                connection.exec_driver_sql(proposal, (seen[0],))
        except DBAPIError as error:
            ended.append(sqlstates.blamed(error))

    with owner_transaction(desk.url) as connection:
        connection.exec_driver_sql("UPDATE lakana.service SET confidential = true WHERE id = %s", (seen[1],))
        under_way = threading.Thread(target=propose)
        under_way.start()
        under_way.join(0.3)
        assert under_way.is_alive()
    under_way.join(10)
    assert [getattr(each, "field", each) for each in ended] == ["id"]


def test_how_full_it_is_is_never_proposed(desk, office, partner):
    made = confidential(desk, office)
    for field in ("capacity", "occupancy"):
        proposal = {"shelter": {"id": made["id"], "changes": {field: 7}}}
        result = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="x y")
        assert (result["__typename"], result.get("field")) == ("ValidationError", f"proposal.shelter.changes.{field}")


def test_an_actor_that_leaves_tells_nobody_what_it_ran(desk, office):
    confidential(desk, office)
    before = len(whole_log(desk))
    desk.done(STEWARD, "retireActor", id=office, expectedVersion=1)
    assert len(whole_log(desk)) == before  # withheld, like all entries that name it
    assert desk.one("SELECT count(*) FROM exact.site WHERE actor_id = %s", office) == 0


def test_who_runs_it_is_told_to_a_steward_and_never_proposed(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    proposal = {"shelter": {"id": made["id"], "changes": {"actorId": office}}}
    result = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="x y")
    assert (result["__typename"], result.get("field")) == ("ValidationError", "proposal.shelter.changes.actorId")


def test_hours_are_not_told(desk, office):
    made = shelter(office, name=None, confidential=True, openingHours="24/7", **GATE)
    assert desk.write(STEWARD, "createShelter", **made)["field"] == "openingHours"


def test_whether_it_is_full_tells_a_steward_no_number(desk, office, partner):
    """By one of the two numbers after another and whether there is room, the other would be found to the child."""
    made = confidential(desk, office)
    for changes in ({"capacity": 9}, {"occupancy": 9}):
        result = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=made["version"], changes=changes)
        assert result["__typename"] == "ValidationError", changes
        assert {result["field"].removeprefix("changes."), *changes} == {"capacity", "occupancy"}
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    version = desk.one("SELECT version FROM lakana.service WHERE id = %s", service)
    assert desk.write(STEWARD, "verifyService", id=service, capacity=9, expectedVersion=version)["field"] == "capacity"
    occupancy = {"id": made["id"], "expectedVersion": made["version"], "occupancy": 3}
    assert desk.write(STEWARD, "updateShelterOccupancy", **occupancy)["field"] == "capacity"
    desk.done(partner, "updateShelterOccupancy", **occupancy)


def test_a_part_of_the_place_of_one_that_is_not_told_is_refused(desk, office, sikasso):
    """What contradicts it would tell, in kilometres, where its office stands."""
    version = desk.one("SELECT (record->>'version')::int FROM exact.unlisted_actor WHERE id = %s", office)
    far = desk.one("SELECT id::text FROM lakana.locality WHERE name_fr = 'Kidal'")
    for part in ({"localityId": far}, {"areaCode": "COD-AB:ML08"}):
        told = desk.write(STEWARD, "updateActor", id=office, expectedVersion=version, changes=part)
        assert (told["__typename"], told["field"]) == ("ValidationError", "changes.point")
    whole = {"point": sikasso, "areaCode": "COD-AB:ML03", "another": True}
    desk.done(STEWARD, "updateActor", id=office, expectedVersion=version, changes=whole)
