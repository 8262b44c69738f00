"""Confidential shelters: their place is kept from everybody, hiding takes effect at once, publishing takes two."""

from __future__ import annotations

import json
import uuid

import pytest

from api.graphql.compile.response import Refused
from geo.audience import Audience, Caller
from tests.writes.conftest import CUSTODIAN, PLANNER, SECOND, STEWARD
from tests.writes.hiding import next_day

pytestmark = pytest.mark.database

CANARY = {"lon": -5.712345, "lat": 11.387654}
LOCATE = "query ($id: ID!, $why: String!) { exactLocation(shelterId: $id, purpose: $why) { point auditEntryId } }"
WHY = "Transfert d’un enfant en danger"
PLACE = """query ($id: ID!) { node(id: $id) { ... on Shelter { confidential frontGate version
  location { point precision adminArea { level } locality { id } } } } }"""


@pytest.fixture(autouse=True)
def forgotten(desk):
    """The tests give one name and one front gate again and again, which none may have that is or was public."""
    yield
    desk.rows("DELETE FROM lakana.service WHERE NOT confidential AND name LIKE 'Foyer Silence%%' RETURNING 1")
    for table in ("former_word", "former_phone", "former_gate"):
        desk.rows(f"DELETE FROM exact.{table} RETURNING 1")


@pytest.fixture
def office(desk, sikasso, ngo):
    actor = {"name": "Siège", "kind": "NGO", "point": sikasso, "organizationId": ngo}
    return desk.done(STEWARD, "createActor", **actor)["id"]


def shelter(office, **more):
    return {
        "actorId": office, "name": "Foyer Silence", "point": CANARY, "confidential": True, "capacity": 10,
        "girls": True, "boys": False, "frontGate": "Permanence, +223 20 22 00 00",
    } | more  # fmt: skip


OPEN = {"confidential": False, "frontGate": None}


def place(desk, made, caller=STEWARD):
    return desk.ask(caller, PLACE, id=made["id"])


def locate(desk, made, caller=CUSTODIAN, why=WHY):
    return desk.response(caller, LOCATE, id=made["id"], why=why)


def exact(desk, made):
    return desk.rows(
        "SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry) FROM exact.site e JOIN lakana.shelter s USING (service_id) WHERE s.id = %s",
        made["id"],
    )


def test_a_hidden_shelter_stands_at_its_area_and_its_place_at_the_custodian_s(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    told = place(desk, made)
    assert told["confidential"]
    assert told["frontGate"] == "Permanence, +223 20 22 00 00"
    assert told["location"]["precision"] == "AREA"
    assert told["location"]["locality"] is None
    assert told["location"]["point"]["coordinates"] != [CANARY["lon"], CANARY["lat"]]
    assert locate(desk, made)["data"]["exactLocation"]["point"]["coordinates"] == [CANARY["lon"], CANARY["lat"]]


def test_a_steward_reads_why_a_place_was_told_by_what_the_custodian_got(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    told = locate(desk, made)["data"]["exactLocation"]["auditEntryId"]
    entry = "query ($id: ID!) { node(id: $id) { ... on AuditEntry { action holder after subject { id } } } }"
    assert desk.ask(STEWARD, entry, id=told) == {
        "action": "LOCATE",
        "holder": CUSTODIAN.holder,
        "after": {"purpose": WHY},
        "subject": {"id": made["id"]},
    }
    assert desk.ask(CUSTODIAN, entry, id=told) is None


def test_moving_a_hidden_shelter_inside_its_area_shows_nowhere(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    before = place(desk, made)
    moved = desk.done(
        STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"point": {"lon": -5.66, "lat": 11.31}}
    )
    assert moved["version"] == 1
    assert place(desk, made) == before
    assert exact(desk, made) == [(-5.66, 11.31)]


def test_the_capacity_of_a_shelter_is_never_emptied(desk, office):
    """Through its service it was: nobody knew whether it has places, and it was hidden like that."""
    open_one = shelter(office, confidential=False) | {"frontGate": None}
    made = desk.done(STEWARD, "createShelter", **open_one)
    refused = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"capacity": None})
    assert (refused["field"], refused["message"][:18]) == ("changes.capacity", "it cannot be empty")


@pytest.mark.parametrize("confidential", [False, True])
def test_a_shelter_is_changed_as_a_shelter_alone(desk, office, partner, confidential):
    """Its service took five of its fields, by other rules, and said of the others that it is a shelter's."""
    made = desk.done(STEWARD, "createShelter", **shelter(office, **{} if confidential else OPEN))
    service = str(desk.one("SELECT service_id FROM lakana.shelter WHERE id = %s", made["id"]))
    before = desk.rows("SELECT s FROM lakana.service s WHERE id = %s", service)
    told = []
    for version in (1, 2):
        for changes in ({"capacity": 12}, {"name": "Foyer"}, {"verifiedOn": "2026-01-05"}, {"category": "LEGAL_AID"}):
            told += [desk.write(STEWARD, "updateService", id=service, expectedVersion=version, changes=changes)]
        told += [desk.write(STEWARD, "retireService", id=service, expectedVersion=version)]
    assert {(each["__typename"], each.get("field"), each["message"]) for each in told} == {
        ("ValidationError", "id", "it is a shelter's; change it by `updateShelter`, retire it by `retireShelter`.")
    }
    for version in (1, 2):
        proposal = {"service": {"id": service, "changes": {"name": "Foyer"}}}
        refused = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=version, reason="Nom")
        assert (refused["__typename"], refused.get("field")) == ("ValidationError", "proposal.service.id")
        assert "`Service.shelter`" in refused["message"]
    assert desk.rows("SELECT s FROM lakana.service s WHERE id = %s", service) == before
    desk.done(partner, "verifyService", id=service, expectedVersion=1)


def test_to_hide_takes_effect_at_once_and_keeps_the_place(desk, office):
    open_one = shelter(office, confidential=False, phone="+223 20 22 00 01") | {"frontGate": None}
    made = desk.done(STEWARD, "createShelter", **open_one)
    assert place(desk, made)["location"]["precision"] == "EXACT"
    made = desk.done(
        STEWARD,
        "updateShelter",
        id=made["id"],
        expectedVersion=1,
        changes={"confidential": True, "frontGate": "Permanence"},
    )
    assert place(desk, made)["location"]["precision"] == "AREA"
    assert exact(desk, made) == [(CANARY["lon"], CANARY["lat"])]
    assert (
        desk.one(
            "SELECT phone FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE h.id = %s",
            made["id"],
        )
        is None
    )
    near = "query ($at: PointInput!) { nearestServices(origin: $at, categories: [SAFE_SHELTER], first: 100, within: {metres: 50}) { service { name } } }"
    assert [each for each in desk.ask(STEWARD, near, at=CANARY) if each["service"]["name"] == "Foyer Silence"] == []


def publish(desk, made, proposer=STEWARD, reviewer=SECOND, version=1):
    proposed = desk.done(
        proposer,
        "proposeChange",
        proposal={"publication": {"id": made["id"]}},
        expectedVersion=version,
        reason="Le lieu est connu",
    )
    return desk.write(reviewer, "reviewChange", id=proposed["id"], approve=True)


def test_to_publish_takes_two_different_stewards(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    refused = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"confidential": False})
    assert refused["__typename"] == "Forbidden"
    assert publish(desk, made, STEWARD, STEWARD)["__typename"] == "Forbidden"
    assert place(desk, made)["confidential"]
    assert publish(desk, made, SECOND, STEWARD)["__typename"] == "ChangeReviewed"
    told = place(desk, made)
    assert not told["confidential"]
    assert told["frontGate"] is None
    assert told["location"]["point"]["coordinates"] == [CANARY["lon"], CANARY["lat"]]
    assert exact(desk, made) == []


def test_what_has_changed_since_is_not_published(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    subject = {"publication": {"id": made["id"]}}
    proposed = desk.done(STEWARD, "proposeChange", proposal=subject, expectedVersion=1, reason="Le lieu est connu")
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"name": "B"})
    assert desk.write(SECOND, "reviewChange", id=proposed["id"], approve=True)["__typename"] == "Conflict"
    assert place(desk, made)["confidential"]


def test_the_database_itself_wants_two(desk, office):
    """Whatever the server says: no statement of a steward's login makes a site public."""
    import psycopg2  # noqa: PLC0415

    from geo.database.owner import login_url  # noqa: PLC0415

    made = desk.done(STEWARD, "createShelter", **shelter(office))
    connection = psycopg2.connect(login_url(desk.url, Audience.STEWARD))
    with pytest.raises(psycopg2.Error) as refused, connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE lakana.service SET confidential = false WHERE id = (SELECT service_id FROM lakana.shelter WHERE id = %s)",
            (made["id"],),
        )
    assert refused.value.pgcode == "LK403"
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lakana.proposal (kind, subject_id, changes, reason, proposed_by) VALUES ('PUBLICATION', %s, '{}', 'x', 'other')",
            (made["id"],),
        )
    connection.close()


def test_a_partner_may_not_propose_to_publish(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    result = desk.write(
        partner, "proposeChange", proposal={"publication": {"id": made["id"]}}, expectedVersion=1, reason="Pour rien"
    )
    assert result["__typename"] == "Forbidden"


def test_where_a_hidden_shelter_stands_is_never_proposed(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    proposal = {"shelter": {"id": made["id"], "changes": {"point": {"lon": -5.6, "lat": 11.3}}}}
    with pytest.raises(Refused, match="unknown field 'point'"):
        desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Déménagement")


def test_nor_is_the_place_of_one_that_is_to_be_hidden(desk, office, partner):
    """What is proposed stands in the proposals and the audit log for good."""
    made = desk.done(STEWARD, "createShelter", **shelter(office, confidential=False, frontGate=None))
    own = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    place = {"point": {"lon": -5.6123, "lat": 11.3}}
    for changes in (place | {"confidential": True}, place):
        proposal = {"shelter": {"id": made["id"], "changes": changes}}
        with pytest.raises(Refused, match="unknown field 'point'"):
            desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Déménagement")
    proposal = {"service": {"id": own, "changes": place}}
    result = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Déménagement")
    assert (result["__typename"], result.get("field")) == ("ValidationError", "proposal.service.id")
    assert desk.one("SELECT count(*) FROM audit.entry WHERE after::text LIKE '%%-5.6123%%'") == 0


def test_a_retired_shelter_is_gone_whole(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    desk.done(STEWARD, "retireShelter", id=made["id"], expectedVersion=1)
    assert exact(desk, made) == []
    assert desk.response(STEWARD, PLACE, id=made["id"])["data"]["node"] is None
    assert locate(desk, made) == {"data": {"exactLocation": None}}


def test_somebody_can_be_called_about_every_hidden_shelter(desk, office):
    assert desk.write(STEWARD, "createShelter", **shelter(office, frontGate=None))["field"] == "frontGate"
    public = shelter(office, name="Foyer ouvert", confidential=False, frontGate=None)
    seen = desk.done(STEWARD, "createShelter", **public)
    hide = {"confidential": True}
    assert (
        desk.write(STEWARD, "updateShelter", id=seen["id"], expectedVersion=1, changes=hide)["field"]
        == "changes.frontGate"
    )
    hidden = desk.done(STEWARD, "createShelter", **shelter(office))
    shut = {"frontGate": None}
    assert (
        desk.write(STEWARD, "updateShelter", id=hidden["id"], expectedVersion=1, changes=shut)["field"]
        == "changes.frontGate"
    )


def test_a_proposal_that_nobody_could_approve_is_refused(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    proposal = {"shelter": {"id": made["id"], "changes": {"confidential": False}}}
    assert (
        desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="x")["field"]
        == "proposal.shelter.changes.confidential"
    )


def test_a_shelter_and_its_service_lead_to_each_other_and_to_one_history(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    own = desk.ask(STEWARD, "query ($id: ID!) { node(id: $id) { ... on Shelter { service { id } } } }", id=made["id"])
    back = "query ($id: ID!) { node(id: $id) { ... on Service { shelter { id available } } } }"
    assert desk.ask(STEWARD, back, id=own["service"]["id"]) == {"shelter": {"id": made["id"], "available": 10}}
    # Of what was written, stewards read nothing: the moment would lead to who runs it.
    entries = "query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { subjectKind } } } }"
    for each in (made["id"], own["service"]["id"]):
        assert desk.ask(STEWARD, entries, id=each)["edges"] == []
    written = "SELECT DISTINCT subject FROM audit.entry WHERE subject_id IN (%s, %s) ORDER BY 1"
    found = desk.rows(written, made["id"], own["service"]["id"])
    assert [row[0] for row in found] == ["front_gate", "places", "service", "shelter", "site"]


# Partners


def test_partners_keep_the_occupancy_of_their_own(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    changed = desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=7)
    assert changed["version"] == 1  # it is confidential: what is published stays the same
    both = desk.done(partner, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=8, capacity=9)
    answer = desk.ask(
        partner,
        "query ($id: ID!) { node(id: $id) { ... on Shelter { occupancy capacity available hasPlaces version } } }",
        id=made["id"],
    )
    # It is confidential, so what is published stays the same until midnight, in tens.
    told = {"occupancy": 0, "capacity": 10, "available": 10, "hasPlaces": True}
    assert answer == told | {"version": both["version"]}
    kept = "SELECT e.occupancy, e.capacity FROM lakana.shelter h JOIN exact.places e USING (service_id)"
    assert tuple(desk.one(f"{kept} WHERE h.id = %s", made["id"])) == (8, 9)


CROWD = "{0:,} is more than 3 times the capacity, {1:,}; where it is true, give the capacity that there is now too."


def test_more_children_than_places_are_believed_up_to_three_times(desk, office, partner):
    """A typing error of 9999 for 9 was taken in silence, and the shelter was full for everybody."""
    open_one = shelter(office, confidential=False, capacity=20) | {"frontGate": None}
    refused = desk.write(STEWARD, "createShelter", **open_one | {"occupancy": 61})
    assert (refused["field"], refused["message"]) == ("occupancy", CROWD.format(61, 20))
    made = desk.done(STEWARD, "createShelter", **open_one | {"occupancy": 60})
    row = {"id": made["id"], "expectedVersion": 1}
    for caller in (STEWARD, partner):
        refused = desk.write(caller, "updateShelterOccupancy", occupancy=9_999, **row)
        assert (refused["field"], refused["message"]) == ("occupancy", CROWD.format(9_999, 20))
    refused = desk.write(STEWARD, "updateShelter", changes={"occupancy": 61}, **row)
    assert (refused["field"], refused["message"]) == ("changes.occupancy", CROWD.format(61, 20))
    for changes, of in (({"occupancy": 61}, 20), ({"occupancy": 91, "capacity": 30}, 30)):
        proposal = {"shelter": {"id": made["id"], "changes": changes}}
        refused = desk.write(partner, "proposeChange", proposal=proposal, expectedVersion=1, reason="Plein")
        told = (refused["field"], refused["message"])
        assert told == ("proposal.shelter.changes.occupancy", CROWD.format(changes["occupancy"], of))
    grown = desk.done(partner, "updateShelterOccupancy", occupancy=61, capacity=21, **row)
    assert desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=grown["version"], changes={"girls": True})


def test_no_refusal_tells_the_capacity_of_a_confidential_shelter(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office, capacity=8))
    row = {"id": made["id"], "expectedVersion": 1}
    desk.done(partner, "updateShelterOccupancy", occupancy=25, **row)
    for caller in (partner, STEWARD):
        refused = desk.write(caller, "updateShelterOccupancy", occupancy=28, capacity=9, **row)
        assert (refused["field"], refused["message"]) == ("occupancy", CROWD.format(28, 9))


def test_the_database_itself_keeps_partners_to_their_own(desk, partner):
    """Whatever the server says: a partner's login changes nothing of others, and nothing without saying whose it is."""
    import psycopg2  # noqa: PLC0415

    from geo.database.owner import login_url  # noqa: PLC0415

    connection = psycopg2.connect(login_url(desk.url, Audience.PARTNER))
    for statement in ("UPDATE lakana.service SET capacity = 77", "UPDATE lakana.shelter SET occupancy = 0"):
        for own in ("", partner.organization_id):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lakana.organization', %s, true)", (own,))
                with pytest.raises(psycopg2.Error) as refused:
                    cursor.execute(statement)
            connection.rollback()
            assert refused.value.pgcode == "LK403"
    connection.close()


@pytest.mark.parametrize("scope", ["another organisation", "no organisation", "another area"])
def test_partners_do_not_touch_what_is_others(desk, office, ngo, scope):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    bamako = desk.one("SELECT id::text FROM lakana.admin_area WHERE (edition, code) = ('v03', 'ML09')")
    caller = {
        "another organisation": Caller(Audience.PARTNER, "p2", organization_id=str(uuid.uuid4())),
        "no organisation": Caller(Audience.PARTNER, "p3"),
        "another area": Caller(Audience.PARTNER, "p4", organization_id=ngo, area_id=bamako),
    }[scope]
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    for result in (
        desk.write(caller, "updateShelterOccupancy", id=made["id"], expectedVersion=1, occupancy=7),
        desk.write(caller, "verifyService", id=service, expectedVersion=1),
    ):
        assert result["__typename"] == "Forbidden"
    assert desk.one("SELECT occupancy FROM lakana.shelter WHERE id = %s", made["id"]) == 0


def test_partners_verify_their_own_services(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
    desk.done(partner, "verifyService", id=service, expectedVersion=1, verifiedOn="2026-11-01", capacity=12)
    # For a confidential shelter this is published later, together with others.
    assert desk.one("SELECT verified_on, capacity FROM lakana.service WHERE id = %s", service) == (None, 10)
    kept = "SELECT verified_on::text, capacity, told_from > now() FROM exact.places WHERE service_id = %s"
    assert desk.one(kept, service) == ("2026-11-01", 12, True)


def test_a_proposal_of_a_partner_is_made_by_a_steward(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    changes = {"name": "Foyer Paix", "maximumAgeMonths": 12, "verifiedOn": "2026-10-01"}
    proposed = desk.done(
        partner,
        "proposeChange",
        proposal={"shelter": {"id": made["id"], "changes": changes}},
        expectedVersion=1,
        reason="Nouveau nom",
    )
    next_day(desk)
    waiting = desk.ask(
        STEWARD, "{ proposals(status: OPEN, first: 100) { edges { node { id kind changes proposedBy reason } } } }"
    )
    found = next(edge["node"] for edge in waiting["edges"] if edge["node"]["id"] == proposed["id"])
    assert found["changes"] == changes
    assert found["proposedBy"] == "partner"
    done = desk.done(STEWARD, "reviewChange", id=proposed["id"], approve=True, note="Merci")
    assert (done["id"], done["record"]["id"]) == (proposed["id"], made["id"])
    # It is confidential, so we store the band that contains the age.
    assert desk.one("SELECT maximum_age_months FROM lakana.shelter WHERE id = %s", made["id"]) == 71
    again = desk.write(STEWARD, "reviewChange", id=proposed["id"], approve=False)
    assert (again["__typename"], again["field"]) == ("ValidationError", "id")


def test_a_proposal_for_what_has_changed_since_is_a_conflict_and_stays_open(desk, office, partner):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    proposed = desk.done(
        partner,
        "proposeChange",
        proposal={"shelter": {"id": made["id"], "changes": {"name": "A"}}},
        expectedVersion=1,
        reason="x",
    )
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"name": "B"})
    assert desk.write(STEWARD, "reviewChange", id=proposed["id"], approve=True)["__typename"] == "Conflict"
    assert desk.one("SELECT status FROM lakana.proposal WHERE id = %s", proposed["id"]) == "OPEN"
    rejected = desk.done(STEWARD, "reviewChange", id=proposed["id"], approve=False, note="Dépassé")
    assert rejected["id"] == proposed["id"]
    assert (
        desk.one(
            "SELECT name FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE h.id = %s", made["id"]
        )
        == "B"
    )


# Custodians


def test_an_exact_place_is_told_once_a_request(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    with pytest.raises(Refused) as refused:
        desk.response(
            CUSTODIAN,
            "query ($id: ID!, $why: String!) { a: exactLocation(shelterId: $id, purpose: $why) { point } b: exactLocation(shelterId: $id, purpose: $why) { point } }",
            id=made["id"],
            why=WHY,
        )
    assert refused.value.errors[0]["extensions"]["code"] == "TOO_COSTLY"


@pytest.mark.parametrize("caller", [STEWARD, PLANNER, Caller(Audience.PARTNER, "p"), Caller(Audience.PUBLIC, "public")])
def test_nobody_else_is_told(desk, office, caller):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    with pytest.raises(Refused):
        locate(desk, made, caller)


@pytest.mark.parametrize("why", ["", "court", "a" * 201, "a\0" * 10])
def test_a_purpose_is_required(desk, office, why):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    [error] = locate(desk, made, why=why)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "purpose"}


def test_twenty_an_hour_and_each_call_is_logged(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    caller = Caller(Audience.CUSTODIAN, "busy custodian", person="people dado")
    open_one = desk.one(
        "SELECT h.id::text FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id WHERE NOT confidential LIMIT 1"
    )
    for wanted in (open_one, str(uuid.uuid4())):
        assert desk.response(caller, LOCATE, id=wanted, why=WHY) == {"data": {"exactLocation": None}}
    for _ in range(18):
        assert locate(desk, made, caller)["data"]["exactLocation"]
    [error] = locate(desk, made, caller)["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert locate(desk, made, Caller(Audience.CUSTODIAN, "another", person="people else"))["data"]
    logged = desk.rows(
        "SELECT subject_id, after->>'purpose' FROM audit.entry WHERE holder = 'busy custodian' AND action = 'LOCATE'"
    )
    assert len(logged) == 20
    assert {purpose for _, purpose in logged} == {WHY}


def test_no_entry_of_the_log_tells_a_place(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office))
    desk.done(
        STEWARD,
        "updateShelter",
        id=made["id"],
        expectedVersion=1,
        changes={"point": {"lon": -5.654321, "lat": 11.312345}},
    )
    publish(desk, made)
    locate(desk, made)
    entries = "{ auditEntries(first: 100) { edges { node { holder action subjectKind subjectId before after sealedDigest id } } } }"
    told = json.dumps(desk.ask(STEWARD, entries))
    assert "FRONT_GATE" in told
    for digits in ("5.712345", "11.387654", "5.654321", "11.312345"):
        assert digits not in told
    assert desk.one(
        "SELECT count(*) > 2 FROM audit.sealed WHERE after::text LIKE '%%5.712345%%' OR before::text LIKE '%%5.712345%%'"
    )
