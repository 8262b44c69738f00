"""What is counted by person is counted so by whatever keys, and what nobody is bound to counts as one person or none."""

from __future__ import annotations

import random
import string
from dataclasses import replace

import pytest

from geo import audit
from geo.audience import Audience, Caller
from tests.writes.conftest import CUSTODIAN, SECOND, STEWARD
from tests.writes.test_shelters import forgotten, locate, office, publish, shelter

__all__ = ["forgotten", "office"]
pytestmark = pytest.mark.database

UNBOUND = Caller(Audience.STEWARD, "key of before")


@pytest.fixture
def hidden(desk, office):
    return desk.done(
        STEWARD,
        "createShelter",
        **shelter(office, name="Foyer " + "".join(random.sample(string.ascii_lowercase, 12))),
    )


def locate_with(desk, hidden, caller):
    [answer] = locate(desk, hidden, caller).get("errors", [{"extensions": {"code": None}}])
    return answer["extensions"]["code"]


def test_a_second_key_does_not_double_a_custodian_s_hour(desk, hidden):
    one = Caller(Audience.CUSTODIAN, "key:one", person="people two-keys")
    other = replace(one, holder="key:other")
    assert [locate_with(desk, hidden, caller) for caller in (one, other) * 10] == [None] * 20
    assert [locate_with(desk, hidden, caller) for caller in (one, other)] == ["RATE_LIMITED"] * 2
    assert locate_with(desk, hidden, CUSTODIAN) is None
    holders = desk.rows("SELECT DISTINCT holder, person FROM audit.entry WHERE person = %s ORDER BY 1", one.person)
    assert holders == [("key:one", one.person), ("key:other", one.person)]


def test_keys_that_are_nobody_s_count_as_one_person(desk, hidden):
    asked = [Caller(Audience.CUSTODIAN, f"key:before {number}") for number in range(21)]
    codes = [locate_with(desk, hidden, caller) for caller in asked]
    assert codes == [None] * 20 + ["RATE_LIMITED"]


def test_a_second_key_is_no_second_steward(desk, hidden):
    refused = publish(desk, hidden, STEWARD, replace(STEWARD, holder="another key of the same"))
    assert (refused["__typename"], "by whatever key" in refused["message"]) == ("Forbidden", True)
    assert publish(desk, hidden, STEWARD, SECOND)["__typename"] == "ChangeReviewed"


def test_a_key_that_is_nobody_s_neither_proposes_nor_approves_a_publication(desk, hidden):
    given = {"proposal": {"publication": {"id": hidden["id"]}}, "expectedVersion": 1, "reason": "Le lieu est connu"}
    refused = desk.write(UNBOUND, "proposeChange", **given)
    assert (refused["__typename"], "bound to none" in refused["message"]) == ("Forbidden", True)
    assert publish(desk, hidden, STEWARD, UNBOUND)["__typename"] == "Forbidden"


def test_what_a_key_of_nobody_proposed_before_is_proposed_anew(desk, hidden):
    proposed = desk.done(
        STEWARD,
        "proposeChange",
        proposal={"publication": {"id": hidden["id"]}},
        expectedVersion=1,
        reason="Le lieu est connu",
    )["id"]
    with_trigger = "ALTER TABLE lakana.proposal {} TRIGGER USER"
    desk.rows(
        f"{with_trigger.format('DISABLE')}; UPDATE lakana.proposal SET proposed_person = NULL WHERE id = %s; "
        f"{with_trigger.format('ENABLE')}; SELECT 1",
        proposed,
    )
    refused = desk.write(SECOND, "reviewChange", id=proposed, approve=True)
    assert (refused["__typename"], "proposed anew" in refused["message"]) == ("Forbidden", True)
    desk.done(SECOND, "reviewChange", id=proposed, approve=False)


def test_the_log_says_whose_key_it_was_and_stays_one_chain(desk, hidden, tmp_path):
    entries = "query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { holder person } } } }"
    donor = {"name": "Suivie", "kind": "DONOR", "point": {"lon": -7.99, "lat": 12.64}}
    found = desk.ask(STEWARD, entries, id=desk.done(STEWARD, "createActor", **donor)["id"])["edges"]
    assert {"node": {"holder": STEWARD.holder, "person": STEWARD.person}} in found
    many, wrong = audit.verify(desk.url, tmp_path)
    assert many
    assert wrong == []
    desk.rows(
        "ALTER TABLE audit.entry DISABLE TRIGGER USER; UPDATE audit.entry SET person = 'people other' "
        "WHERE number = (SELECT max(number) FROM audit.entry WHERE person IS NOT NULL); "
        "ALTER TABLE audit.entry ENABLE TRIGGER USER; SELECT 1"
    )
    assert len(audit.verify(desk.url, tmp_path)[1]) >= 1  # control
