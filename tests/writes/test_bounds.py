"""What a holder may keep has a bound, which writes that come at once do not pass together either."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from geo.audience import Audience, Caller
from geo.database.writer import Writer
from geo.errors import Unavailable
from geo.vocabulary import ProposalKind
from geo.writes.proposals import ProposeChange
from geo.writes.scenarios import CreateScenario
from geo.writes.write import once
from tests.writes.conftest import SECOND, STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database

PLANNER = Caller(Audience.PLANNER, "planner who keeps much")
PARTNER = Caller(Audience.PARTNER, "partner who proposes much", organization_id=str(uuid.uuid4()))
PLACE = {"lon": -5.66654, "lat": 11.31755}
SCENARIO = {"name": "Essai", "category": "LEGAL_AID", "changes": [{"add": {"point": PLACE, "name": "Site"}}]}
AT_ONCE = 6


def at_once(desk, caller, make):
    """Do a write from several threads at a time, and return what is said where there was no room."""
    writer = Writer(desk.url)

    def go(_):
        try:
            writer._transact(caller, lambda connection: once(make(), str(uuid.uuid4()), connection, caller))
        except Unavailable as error:
            return str(error)
        return None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        said = [each for each in threads.map(go, range(AT_ONCE)) if each]
    writer.close()
    return said


def propose(service):
    return ProposeChange(
        kind=ProposalKind.SERVICE,
        subject_id=service,
        expected_version=1,
        values={"name": "Autre"},
        reason="Nom nouveau",
    )


def test_open_proposals(desk):
    service = desk.one("SELECT id::text FROM lakana.service WHERE category = 'LEGAL_AID' AND version = 1 LIMIT 1")
    desk.rows(
        "SET LOCAL lakana.holder = 'partner who proposes much'; SET LOCAL lakana.bulk = 'on'; "
        "INSERT INTO lakana.proposal (kind, subject_id, changes, reason) "
        "SELECT 'SERVICE', %s, '{}', 'x' FROM generate_series(1, 98); SELECT 1",
        service,
    )
    said = at_once(desk, PARTNER, lambda: propose(service))
    assert len(said) == AT_ONCE - 2
    assert said[0].startswith("100 proposals of yours are open, which is the most")
    assert desk.one("SELECT count(*) FROM lakana.proposal WHERE proposed_by = %s", PARTNER.holder) == 100
    assert at_once(desk, Caller(Audience.PARTNER, "another"), lambda: propose(service)) == []
    # What is retired leaves room, as what is hidden does, whose proposals are deleted: room told the two apart.
    other = desk.one("SELECT id::text FROM lakana.service WHERE category = 'LEGAL_AID' AND id <> %s LIMIT 1", service)
    desk.done(STEWARD, "retireService", id=service, expectedVersion=1)
    desk.rows("UPDATE lakana.service SET version = version WHERE id = %s RETURNING 1", other)
    version = desk.one("SELECT version FROM lakana.service WHERE id = %s", other)
    assert at_once(desk, PARTNER, lambda: replace(propose(other), expected_version=version)) == []


def test_open_proposals_to_publish(desk, office):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))["id"]
    desk.rows(
        "SELECT set_config('lakana.holder', %s, true), set_config('lakana.person', %s, true); SET LOCAL lakana.bulk = 'on'; "
        "INSERT INTO lakana.proposal (kind, subject_id, changes, reason) "
        "SELECT 'PUBLICATION', %s, '{}', 'x' FROM generate_series(1, 100); SELECT 1",
        STEWARD.holder,
        STEWARD.person,
        made,
    )
    asked = {"proposal": {"publication": {"id": made}}, "expectedVersion": 1, "reason": "Le lieu est connu"}
    full = desk.failed(STEWARD, "proposeChange", **asked)
    assert (full["extensions"]["code"], full["message"][:13]) == ("UNAVAILABLE", "100 proposals")
    assert desk.write(SECOND, "proposeChange", **asked)["__typename"] == "ChangeProposed"


def test_scenarios(desk):
    first = desk.done(PLANNER, "createScenario", **SCENARIO)["id"]
    desk.rows(
        "SET LOCAL lakana.bulk = 'on'; INSERT INTO lakana.scenario (owner, name, category, base_data, changes) "
        "SELECT owner, name, category, base_data, changes FROM lakana.scenario, generate_series(1, 197) "
        "WHERE id = %s; SELECT 1",
        first,
    )
    made = desk.rows("SELECT count(*) FROM lakana.scenario WHERE owner = %s", PLANNER.owner)
    assert made == [(198,)]

    def make():
        from geo.coordinates import LonLat  # noqa: PLC0415

        change = {"kind": "ADD", "point": LonLat(lon=PLACE["lon"], lat=PLACE["lat"]), "name": "Site"}
        return CreateScenario(values={"name": "Essai", "category": "LEGAL_AID", "changes": [change]})

    said = at_once(desk, PLANNER, make)
    assert len(said) == AT_ONCE - 2
    assert "retireScenario" in said[0]
    full = desk.failed(PLANNER, "createScenario", **SCENARIO)
    assert (full["extensions"]["code"], full["message"][:13]) == ("UNAVAILABLE", "200 scenarios")
    desk.done(PLANNER, "retireScenario", id=first, expectedVersion=1)
    desk.done(PLANNER, "createScenario", **SCENARIO)


def test_idempotency_keys_are_kept_for_two_days_and_bounded(desk):
    holder = "steward with many keys"
    fill = (
        "INSERT INTO audit.answered (holder, key, digest, answer, answered_at) "
        "SELECT %s, 'old ' || n, '', '{}', now() - interval '1 hour' * %s FROM generate_series(1, %s) n RETURNING 1"
    )
    remember = "SELECT audit.remember(%s, %s, '', '{}')::text"
    desk.rows(fill, holder, 49, 150)
    desk.rows(remember, holder, "new")
    assert (
        desk.one("SELECT count(*) FROM audit.answered WHERE holder = %s", holder) == 51
    )  # at most 100 at a time are forgotten
    desk.rows(remember, holder, "newer")
    assert desk.one("SELECT count(*) FROM audit.answered WHERE holder = %s", holder) == 2
    desk.rows(fill, holder, 24, 19_998)
    caller = Caller(Audience.STEWARD, "key:many", person=holder)
    refused = desk.response(
        caller,
        'mutation { createOrganization(input: {name: "Une de trop", kind: NGO, idempotencyKey: "k"}) { __typename } }',
    )["errors"][0]
    assert refused["extensions"]["code"] == "RATE_LIMITED"
    assert refused["message"].startswith("20,000 writes of yours")
    assert desk.rows("SELECT 1 FROM lakana.organization WHERE name = 'Une de trop'") == []
    other = Caller(Audience.STEWARD, "another steward", person="people other")
    desk.done(other, "createOrganization", name="Une de plus", kind="NGO")


def test_the_keys_of_a_person_are_counted_together(desk):
    """A second key neither doubles what a person may keep nor hides what they have kept."""
    one, other = (Caller(Audience.PLANNER, f"key:{n}", person="people of many keys") for n in "ab")
    stranger = Caller(Audience.PLANNER, "key:c", person="people of one key")
    start = {"category": "LEGAL_AID", "within": {"metres": 30_000}, "model": "MCLP"}
    jobs = [desk.done(each, "startSiting", **start)["id"] for each in (one, other, one)]
    for each in (one, other):
        assert "3 jobs of yours" in desk.failed(each, "startSiting", **start)["message"]
    listed = "{ sitingJobs { edges { node { id } } } }"
    for each, known in ((one, jobs), (other, jobs), (stranger, [])):
        found = [edge["node"]["id"] for edge in desk.ask(each, listed)["edges"]]
        assert sorted(found) == sorted(known)
    saved = desk.done(one, "createScenario", key="the same", **SCENARIO)
    assert desk.write(other, "createScenario", key="the same", **SCENARIO) == {**saved, "replayed": True}
    assert [each["node"]["id"] for each in desk.ask(other, "{ scenarios { edges { node { id } } } }")["edges"]] == [
        saved["id"]
    ]
