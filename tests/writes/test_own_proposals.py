"""Partners read what became of their own proposals, and nothing of others or of who reviewed them."""

from __future__ import annotations

import psycopg2
import pytest

from api.graphql.compile.response import Refused
from geo.audience import Audience, Caller
from geo.database.owner import login_url
from tests.writes.conftest import SECOND, STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database

LIST = """query ($status: ProposalStatus) { proposals(first: 100, status: $status) { totalCount edges { node {
  id kind subject { id __typename } subjectId changes expectedVersion reason status proposedBy reviewNote } } } }"""
ONE = "query ($id: ID!) { node(id: $id) { ... on Proposal { status reviewNote } } }"
PROPOSE = """mutation ($input: ProposeChangeInput!) { proposeChange(input: $input) {
  ... on ChangeProposed { id proposal { id status } } ... on WriteError { message } } }"""


def proposal(one: str, key: str) -> dict[str, object]:
    return {
        "proposal": {"shelter": {"id": one, "changes": {"minimumAgeMonths": 6}}},
        "expectedVersion": 1,
        "reason": "Dès six ans",
        "idempotencyKey": key,
    }


def own(desk, caller, **given):
    return [edge["node"] for edge in desk.ask(caller, LIST, **given)["edges"]]


def test_a_partner_follows_its_proposal_to_its_review(desk, seen, partner):
    made = desk.ask(partner, PROPOSE, input=proposal(seen[0], "followed"))
    assert made["proposal"] == {"id": made["id"], "status": "OPEN"}
    [told] = own(desk, partner)
    assert told == {
        "id": made["id"],
        "kind": "SHELTER",
        "subject": {"id": seen[0], "__typename": "Shelter"},
        "subjectId": seen[0],
        "changes": {"minimumAgeMonths": 6},
        "expectedVersion": 1,
        "reason": "Dès six ans",
        "status": "OPEN",
        "proposedBy": partner.holder,
        "reviewNote": None,
    }
    desk.done(STEWARD, "reviewChange", id=made["id"], approve=False, note="Pas encore")
    assert desk.ask(partner, ONE, id=made["id"]) == {"status": "REJECTED", "reviewNote": "Pas encore"}
    assert own(desk, partner, status="OPEN") == []
    assert [each["id"] for each in own(desk, partner, status="REJECTED")] == [made["id"]]


WHOLE: dict[str, dict[str, object]] = {
    "actor": {"name": "Bureau lu", "kind": "NGO", "point": {"lon": -5.66, "lat": 11.31}, "areaCode": "COD-AB:ML03",
              "jurisdictionCode": None, "phone": "+223 20 22 00 77", "verifiedOn": "2026-01-05"},
    "service": {"category": "LEGAL_AID", "openingHours": "24/7", "capacity": 4, "localityId": None},
    "shelter": {"minimumAgeMonths": 6, "maximumAgeMonths": None, "girls": True, "openingHours": "24/7", "confidential": False},
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
def test_a_proposal_is_read_as_it_was_sent(desk, seen, office, partner, sikasso, kind):
    """It came back in the names of the columns, `minimum_age_months` for `minimumAgeMonths`, with the version among them."""
    ids = {"actor": office, "shelter": seen[0]}
    sent = WHOLE[kind]
    if kind == "service":
        new = {"actorId": office, "name": "Centre", "category": "MEDICAL", "point": sikasso}
        ids |= {"service": desk.done(STEWARD, "createService", **new)["id"]}
        sent = sent | {"actorId": office}
    one = ids[kind]
    made = desk.done(
        partner, "proposeChange", proposal={kind: {"id": one, "changes": sent}}, expectedVersion=1, reason="Lu"
    )
    for caller in (partner, STEWARD):
        [told] = [each for each in own(desk, caller) if each["id"] == made["id"]]
        assert (told["changes"], told["expectedVersion"], told["subject"]["id"]) == (sent, 1, one)
    assert desk.done(STEWARD, "reviewChange", id=made["id"], approve=True)["record"]["id"] == one


def test_a_publication_changes_no_field_and_a_record_that_is_gone_is_null(desk, office, partner, sikasso):
    hidden = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))["id"]
    made = desk.ask(
        STEWARD,
        PROPOSE,
        input={"proposal": {"publication": {"id": hidden}}, "expectedVersion": 1, "reason": "x", "idempotencyKey": "p"},
    )["id"]
    [told] = [each for each in own(desk, STEWARD) if each["id"] == made]
    assert (told["changes"], told["expectedVersion"], told["subject"]["id"]) == ({}, 1, hidden)
    actor = desk.done(STEWARD, "createActor", name="Bientôt parti", kind="DONOR", point=sikasso)["id"]
    asked = {"proposal": {"actor": {"id": actor, "changes": {"name": "Parti"}}}, "expectedVersion": 1, "reason": "x"}
    gone = desk.done(partner, "proposeChange", **asked)["id"]
    desk.done(STEWARD, "retireActor", id=actor, expectedVersion=1)
    [told] = [each for each in own(desk, STEWARD) if each["id"] == gone]
    assert (told["subject"], told["subjectId"]) == (None, actor)
    assert gone not in {each["id"] for each in own(desk, partner)}


def test_no_other_partner_reads_it_not_even_a_colleague(desk, seen, partner, ngo):
    made = desk.ask(partner, PROPOSE, input=proposal(seen[0], "mine alone"))["id"]
    stewards = desk.ask(SECOND, PROPOSE, input=proposal(seen[0], "a steward's"))["id"]
    colleague = Caller(Audience.PARTNER, "colleague", organization_id=ngo)
    for caller in (colleague, Caller(Audience.PARTNER, SECOND.holder, person=SECOND.person)):
        assert own(desk, caller) == []
        for one in (made, stewards):
            assert desk.ask(caller, ONE, id=one) is None
    assert {made, stewards} <= {each["id"] for each in own(desk, STEWARD)}


@pytest.mark.parametrize("field", ["reviewedBy", "reviewedPerson", "reviewedAt"])
def test_who_reviewed_it_is_for_stewards(desk, partner, field):
    document = f"{{ proposals {{ edges {{ node {{ {field} }} }} }} }}"
    assert desk.ask(STEWARD, document)
    with pytest.raises(Refused, match="reserved for STEWARD"):
        desk.ask(partner, document)


def test_what_is_about_a_confidential_shelter_is_told_to_its_proposer_at_once(desk, office, partner):
    hidden = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))["id"]
    made = desk.ask(partner, PROPOSE, input=proposal(hidden, "of a hidden one"))
    assert made["proposal"]["status"] == "OPEN"
    assert made["id"] not in {each["id"] for each in own(desk, STEWARD)}


def test_a_shelter_that_is_hidden_and_one_that_is_retired_leave_the_same(desk, office, partner):
    """The proposals about what is hidden are deleted, and would have told it from what is closed."""
    told = []
    for name, end in (("Foyer caché", "hidden"), ("Foyer fermé", "closed")):
        made = desk.done(STEWARD, "createShelter", **shelter(office, name=name, confidential=False))
        about = desk.ask(partner, PROPOSE, input=proposal(made["id"], f"about one that is {end}"))["id"]
        row = {"id": made["id"], "expectedVersion": made["version"]}
        if end == "hidden":
            desk.done(STEWARD, "updateShelter", changes={"confidential": True, "name": None, **GATE}, **row)
        else:
            desk.done(STEWARD, "retireShelter", **row)
        listed = [each["id"] for each in own(desk, partner)]
        told.append((desk.response(partner, ONE, id=about), about in listed))
    assert told == [({"data": {"node": None}}, False)] * 2


def test_the_login_of_partners_reads_no_proposal_by_itself(desk):
    connection = psycopg2.connect(login_url(desk.url, Audience.PARTNER))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM lakana.proposal LIMIT 1")
    connection.close()
