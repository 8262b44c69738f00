"""A write sent again with its key is made once and gets the same answer, whatever happened in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from api.graphql.compile.projection import Projection
from geo.database.writer import Writer
from geo.writes.organizations import ORGANIZATION
from geo.writes.records import Create
from geo.writes.write import once
from tests.writes.conftest import SECOND, STEWARD

pytestmark = pytest.mark.database


def named(name):
    return {"name": name, "kind": "NGO"}


def many(desk, name):
    return desk.one("SELECT count(*) FROM lakana.organization WHERE name = %s", name)


def test_the_same_write_is_made_once(desk):
    first = desk.done(STEWARD, "createOrganization", key="a", **named("Une fois"))
    again = desk.done(STEWARD, "createOrganization", key="a", **named("Une fois"))
    assert again == first | {"replayed": True}
    assert many(desk, "Une fois") == 1


def test_a_replay_answers_even_after_the_record_went_on(desk):
    made = desk.done(STEWARD, "createOrganization", key="b", **named("Allée"))
    changed = desk.done(
        STEWARD, "updateOrganization", key="c", id=made["id"], expectedVersion=1, changes={"acronym": "A"}
    )
    desk.done(STEWARD, "retireOrganization", id=made["id"], expectedVersion=2)
    again = desk.done(
        STEWARD, "updateOrganization", key="c", id=made["id"], expectedVersion=1, changes={"acronym": "A"}
    )
    assert again == changed | {"replayed": True}


def test_what_a_write_selects_is_made_once_and_aside(desk):
    """It was made anew on the loop with each write and each replay: 8 s of everybody's time for 1,357 characters."""
    threads = []
    compiled = Projection.compiled

    def watched(projection, *given):
        threads.append(threading.current_thread().name)
        return compiled(projection, *given)

    document = """mutation ($o: CreateOrganizationInput!) { createOrganization(input: $o) {
      ... on OrganizationCreated { replayed organization { name } } } }"""
    with mock.patch.object(Projection, "compiled", watched):
        told = [desk.ask(STEWARD, document, o=named("Choisie") | {"idempotencyKey": "sel"}) for _ in range(3)]
    assert [each["replayed"] for each in told] == [False, True, True]
    assert [name.startswith("lakana-aside") for name in threads] == [True]


def test_a_key_is_for_one_write(desk):
    desk.done(STEWARD, "createOrganization", key="d", **named("Dite"))
    for mutation, arguments in (
        ("createOrganization", named("Autre")),
        ("createOrganization", named("Dite") | {"acronym": "D"}),
        ("retireOrganization", {"id": "00000000-0000-4000-8000-000000000000", "expectedVersion": 1}),
    ):
        result = desk.write(STEWARD, mutation, key="d", **arguments)
        assert (result["__typename"], result["field"]) == ("ValidationError", "idempotencyKey")


def test_keys_of_two_holders_do_not_meet(desk):
    desk.done(STEWARD, "createOrganization", key="e", **named("Première"))
    assert not desk.done(SECOND, "createOrganization", key="e", **named("Seconde"))["replayed"]


def test_what_failed_may_be_mended_under_the_same_key(desk):
    assert desk.write(STEWARD, "createOrganization", key="f", **named(" "))["field"] == "name"
    assert not desk.done(STEWARD, "createOrganization", key="f", **named("Corrigée"))["replayed"]


@pytest.mark.parametrize("key", ["", " ", "k" * 201, "k\0"])
def test_a_key_has_1_to_200_characters(desk, key):
    result = desk.write(STEWARD, "createOrganization", key=key or " ", **named("Sans clé"))
    assert (result["__typename"], result["field"]) == ("ValidationError", "idempotencyKey")
    assert many(desk, "Sans clé") == 0


def test_sent_twice_at_once_it_is_made_once(desk):
    writer = Writer(desk.url)
    asked = Create(record=ORGANIZATION, values=named("Simultanée"))

    def send(_):
        return writer._transact(STEWARD, lambda connection: once(asked, "g", connection, STEWARD))

    with ThreadPoolExecutor(4) as threads:
        saved = list(threads.map(send, range(4)))
    writer.close()
    assert len({each.id for each in saved}) == 1
    assert sorted(each.replayed for each in saved) == [False, True, True, True]
    assert many(desk, "Simultanée") == 1
