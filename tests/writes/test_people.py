"""Stewards let partners and planners in by links, and keep them out; of hidden organisations they learn nothing."""

from __future__ import annotations

import re

import pytest

from api.graphql.compile.response import Refused
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.database.tokens import digest_of, new_token
from geo.identity import people, sessions
from geo.identity.people import Identity
from geo.identity.scope import Scope
from tests.writes.conftest import CUSTODIAN, PLANNER, STEWARD

pytestmark = pytest.mark.database

PEOPLE = (
    "{ people(first: 100) { edges { node { id name audience person linkUntil revokedAt organization { name } } } } }"
)


def listed(desk):
    return {each["node"]["id"]: each["node"] for each in desk.ask(STEWARD, PEOPLE)["edges"]}


@pytest.fixture
def awa(desk, ngo):
    return desk.done(STEWARD, "invitePerson", name="Awa", audience="PARTNER", organizationId=ngo)


def hidden_organization(desk):
    """Make an organisation that the directory does not list, and return its id."""
    return desk.one(
        "INSERT INTO lakana.organization (name, kind, source_id) SELECT 'Cachée ' || gen_random_uuid(), 'NGO', id "
        "FROM lakana.source LIMIT 1 RETURNING id::text"
    )


def enter(desk, secret):
    """Spend a link and return the secret of its session, or None."""
    session = new_token()
    with owner_transaction(desk.url) as connection:
        return session if sessions.sign_in(connection, secret, session) else None


def is_open(desk, session):
    found = desk.rows(
        "SELECT 1 FROM identity.session s JOIN identity.invitation i ON i.id = s.invitation_id "
        "WHERE s.digest = %s AND s.ended_at IS NULL",
        digest_of(session),
    )
    return bool(found)


def test_a_partner_is_invited_signs_in_and_is_kept_out(desk, awa):
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", awa["secret"])
    before = listed(desk)[awa["id"]]
    assert (before["name"], before["audience"], before["revokedAt"]) == ("Awa", "PARTNER", None)
    assert before["person"].startswith("lakana ")
    session = enter(desk, awa["secret"])
    assert session is not None
    assert is_open(desk, session)
    assert listed(desk)[awa["id"]] == before  # whether the link was used is told to nobody
    later = desk.done(STEWARD, "renewInvitation", id=awa["id"])["secret"]
    assert is_open(desk, session)
    desk.done(STEWARD, "revokePerson", id=awa["id"])
    assert not is_open(desk, session)
    assert enter(desk, later) is None
    assert listed(desk)[awa["id"]]["revokedAt"] is not None
    assert desk.write(STEWARD, "renewInvitation", id=awa["id"])["__typename"] == "NotFound"


def test_a_link_is_told_once(desk, ngo):
    given = {"name": "Binta", "audience": "PLANNER", "organizationId": ngo}
    first = desk.done(STEWARD, "invitePerson", "the same", **given)
    again = desk.done(STEWARD, "invitePerson", "the same", **given)
    assert (again["id"], again["replayed"], again["secret"]) == (first["id"], True, None)
    kept = desk.rows(
        "SELECT to_jsonb(a)::text FROM audit.answered a UNION ALL SELECT to_jsonb(e)::text FROM audit.entry e"
    )
    assert first["id"] in str(kept)  # control
    assert first["secret"] not in str(kept)
    assert digest_of(first["secret"]) not in str(kept)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"audience": "PARTNER"}, "organizationId"),
        ({"audience": "PLANNER", "areaCode": "COD-AB:ML03"}, "areaCode"),
        ({"audience": "PARTNER", "areaCode": "COD-AB:NONE"}, "areaCode"),
        ({"audience": "PLANNER", "hours": 169}, "hours"),
        ({"audience": "PLANNER", "hours": 0}, "hours"),
        ({"audience": "PLANNER", "name": ""}, "name"),
        ({"audience": "PLANNER", "organizationId": "00000000-0000-4000-8000-000000000000"}, "organizationId"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_field(desk, ngo, given, field):
    whole = {
        "name": "Coumba",
        "organizationId": ngo if "areaCode" in given and given["audience"] == "PARTNER" else None,
    }
    refused = desk.write(STEWARD, "invitePerson", **whole | given)
    assert (refused["__typename"], refused["field"]) == ("ValidationError", field)


@pytest.mark.parametrize("audience", ["STEWARD", "CUSTODIAN", "PUBLIC"])
def test_nobody_makes_a_second_steward_or_a_custodian_of_themselves(desk, audience):
    """Else two stewards would be one person, and the places of an hour more than twenty."""
    assert desk.write(STEWARD, "invitePerson", name="Moi", audience=audience)["__typename"] == "Forbidden"
    if audience == "PUBLIC":
        return
    identity = Identity(people.NO_PROVIDER, people.new_subject())
    people.add(desk.url, identity, "Dado", Scope(audience))
    person = desk.one("SELECT id::text FROM identity.person WHERE subject = %s", identity.subject)
    for mutation in ("renewInvitation", "revokePerson"):
        assert desk.write(STEWARD, mutation, id=person)["__typename"] == "Forbidden"


def test_of_an_organisation_that_is_not_listed_nothing_is_told(desk):
    """It may run a confidential shelter."""
    hidden = hidden_organization(desk)
    given = {"name": "Fanta", "audience": "PARTNER"}
    refused = desk.write(STEWARD, "invitePerson", **given, organizationId=hidden)
    unknown = desk.write(STEWARD, "invitePerson", **given, organizationId="00000000-0000-4000-8000-000000000000")
    assert refused == unknown
    identity = Identity(people.NO_PROVIDER, people.new_subject())
    people.add(desk.url, identity, "Fanta", Scope("PARTNER", hidden))
    person = desk.one("SELECT id::text FROM identity.person WHERE subject = %s", identity.subject)
    assert person not in listed(desk)
    for mutation in ("renewInvitation", "revokePerson"):
        assert desk.write(STEWARD, mutation, id=person)["__typename"] == "NotFound"
    entries = desk.ask(STEWARD, f'{{ auditEntries(subjectId: "{person}", first: 10) {{ edges {{ node {{ id }} }} }} }}')
    assert entries["edges"] == []


def test_the_log_names_who_invited_whom(desk, awa):
    asked = f'{{ auditEntries(subjectId: "{awa["id"]}", first: 10) {{ edges {{ node {{ holder subjectKind action after }} }} }} }}'
    told = [each["node"] for each in desk.ask(STEWARD, asked)["edges"]]
    assert {(each["subjectKind"], each["holder"]) for each in told} == {
        ("PERSON", STEWARD.holder),
        ("INVITATION", STEWARD.holder),
    }
    assert not any({"digest", "spent_at"} & set(each["after"] or {}) for each in told)


def told_of(desk, person):
    """Return the entries of a person in the log, without what is of a moment, and until when the list says a link is open."""
    asked = f'{{ auditEntries(subjectId: "{person}", first: 50) {{ edges {{ node {{ subjectKind action before after }} }} }} }}'
    entries = [each["node"] for each in desk.ask(STEWARD, asked)["edges"]]
    changes = [
        (each["subjectKind"], each["action"], *map(sorted, (each["before"] or {}, each["after"] or {})))
        for each in entries
    ]
    return changes, listed(desk)[person]["linkUntil"]


def test_neither_the_log_nor_the_list_tells_whether_a_link_was_used(desk, ngo):
    """One person uses each link and another none: a steward is told the same of both, once the last is over and after."""
    told = {}
    for uses in (True, False):
        given = {"name": "Djeneba", "audience": "PARTNER", "organizationId": ngo}
        made = desk.done(STEWARD, "invitePerson", **given)
        link = made["secret"]
        for hours in (100, 1):
            assert not uses or enter(desk, link)
            link = desk.done(STEWARD, "renewInvitation", id=made["id"], hours=hours)["secret"]
        with owner_transaction(desk.url) as connection:
            early = "UPDATE identity.invitation SET expires_at = now() WHERE digest = %s"
            connection.exec_driver_sql(early, (digest_of(link),))
        told[uses] = [told_of(desk, made["id"])]
        desk.done(STEWARD, "renewInvitation", id=made["id"])
        desk.done(STEWARD, "revokePerson", id=made["id"])
        told[uses].append(told_of(desk, made["id"]))
    assert told[True] == told[False]
    assert [until for _, until in told[True]] == [None, None]


@pytest.mark.parametrize("caller", [PLANNER, CUSTODIAN, Caller(Audience.PARTNER, "partner")])
def test_others_may_not(desk, awa, caller):
    for ask in (lambda: desk.write(caller, "revokePerson", id=awa["id"]), lambda: desk.response(caller, PEOPLE)):
        with pytest.raises(Refused, match="reserved for STEWARD"):
            ask()


def test_a_holder_makes_a_hundred_links_in_a_day(desk, awa):
    other = Caller(Audience.STEWARD, "steward of many", person="people many")
    with owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO identity.invitation (person_id, digest, invited_by, expires_at, spent_at) "
            "SELECT %s, lpad(to_hex(n), 64, '0'), 'steward of many', now(), now() FROM generate_series(1, 99) n",
            (awa["id"],),
        )
    desk.done(other, "renewInvitation", id=awa["id"])
    assert desk.failed(other, "renewInvitation", id=awa["id"])["extensions"]["code"] == "UNAVAILABLE"
    desk.done(STEWARD, "renewInvitation", id=awa["id"])  # others go on
