"""Numbers that anybody says are wrong: only public ones are noted, nothing of who said it, and a steward settles each."""

from __future__ import annotations

import asyncio
import uuid

import psycopg2
import pytest
from psycopg2 import errors

from geo.audience import ANYBODY, Audience
from geo.database.owner import login_url
from geo.writes.wrong_numbers import report
from tests.writes.conftest import SECOND, STEWARD
from tests.writes.hiding import GATE, hide, whole_log

pytestmark = pytest.mark.database

NUMBER = "+22376998877"
RECORDS = "SELECT record_id::text, number FROM lakana.wrong_number ORDER BY id"
LIST = """query ($open: Boolean) { wrongNumbers(first: 100, open: $open) { totalCount edges { node {
  id number published reports outcome settledBy settledPerson record { id ... on Service { name phones { number } } } } } } }"""


def say(desk, record, number=NUMBER):
    with asyncio.Runner() as runner:
        runner.run(desk.resources.writer.run(ANYBODY, lambda connection: report(connection, record, number)))


def listed(desk, open_=None):
    return {each["node"]["record"]["id"]: each["node"] for each in desk.ask(STEWARD, LIST, open=open_)["edges"]}


@pytest.fixture
def said(desk, seen):
    """The id of a service of which a number was reported."""
    say(desk, seen[1])
    return seen[1]


def test_a_number_is_listed_once_however_often_it_is_said(desk, said, seen):
    say(desk, said)
    one = listed(desk, True)[said]
    assert (one["number"], one["published"], one["reports"], one["outcome"]) == (NUMBER, True, 2, None)
    assert one["record"]["phones"] == [{"number": NUMBER}]
    columns = desk.rows("SELECT to_jsonb(w) - 'id' FROM lakana.wrong_number w WHERE record_id = %s", said)[0][0]
    assert {key for key, value in columns.items() if value is not None} == {
        "name_key", "record_id", "number", "reports", "first_reported_on", "last_reported_on",
    }  # fmt: skip


def test_numbers_of_actors_are_noted_and_what_nobody_publishes_is_not(desk, office, seen, said):
    before = [each for each in map(tuple, desk.rows(RECORDS)) if each[0] != said]
    say(desk, office, "+22366554433")
    assert listed(desk)[office]["number"] == "+22366554433"
    hidden = hide(desk, seen[0])
    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", hidden["id"])
    for record, number in [
        (office, NUMBER),
        (str(uuid.uuid4()), NUMBER),
        (service, NUMBER),
        (service, GATE["frontGate"]),
        (seen[1], NUMBER),
        (hidden["id"], NUMBER),
    ]:
        say(desk, record, number)
    # As the shelter was hidden, what was said of it went, and of the office too, which is in the directory no more.
    assert [*map(tuple, desk.rows(RECORDS))] == before


def test_what_is_hidden_takes_along_what_was_said_and_settled_of_it(desk, said, seen):
    one = listed(desk)[said]["id"]
    desk.done(STEWARD, "settleWrongNumber", id=one, outcome="RIGHT")
    say(desk, said)
    assert any(each["subjectKind"] == "WRONG_NUMBER" for each in whole_log(desk))
    hide(desk, seen[0])
    assert desk.rows("SELECT FROM lakana.wrong_number WHERE record_id = %s", said) == []
    assert not any(each["subjectId"] == one for each in whole_log(desk))


def test_what_is_retired_takes_it_along_too(desk, said, seen):
    version = desk.ask(STEWARD, "query ($id: ID!) { node(id: $id) { ... on Shelter { version } } }", id=seen[0])
    desk.done(STEWARD, "retireShelter", id=seen[0], expectedVersion=version["version"])
    assert said not in listed(desk)


def test_a_steward_settles_it_once_and_the_log_says_so(desk, said, seen):
    one = listed(desk)[said]["id"]
    refused = desk.write(STEWARD, "settleWrongNumber", id=one, outcome="CORRECTED")
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "outcome")
    version = desk.ask(STEWARD, "query ($id: ID!) { node(id: $id) { ... on Shelter { version } } }", id=seen[0])
    changes = {"phone": "+223 76 99 88 78"}
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=version["version"], changes=changes)
    assert listed(desk, True)[said]["published"] is False
    assert desk.done(SECOND, "settleWrongNumber", id=one, outcome="CORRECTED")["id"] == one
    assert said not in listed(desk, True)
    settled = listed(desk, False)[said]
    assert (settled["outcome"], settled["settledBy"], settled["settledPerson"]) == (
        "CORRECTED",
        SECOND.holder,
        SECOND.person,
    )
    [entry] = [each for each in whole_log(desk) if each["subjectKind"] == "WRONG_NUMBER" and each["subjectId"] == one]
    assert entry["before"]["outcome"] is None
    assert entry["after"]["outcome"] == "CORRECTED"
    again = desk.write(STEWARD, "settleWrongNumber", id=one, outcome="RIGHT")
    assert (again["__typename"], again["field"]) == ("ValidationError", "id")


def test_what_is_said_again_of_a_settled_number_is_open_anew(desk, said):
    one = listed(desk)[said]["id"]
    desk.done(STEWARD, "settleWrongNumber", id=one, outcome="RIGHT")
    say(desk, said)
    assert listed(desk, True)[said]["id"] != one


def test_a_day_takes_so_many_new_numbers_and_no_more(desk, said):
    with_bound = "INSERT INTO lakana.wrong_number (record_id, number) SELECT gen_random_uuid(), '1' FROM generate_series(1, 1000) RETURNING id"
    made = [str(each[0]) for each in desk.rows(with_bound)]
    other = desk.one(
        "SELECT id::text FROM lakana.service WHERE phone IS NOT NULL AND id <> %s ORDER BY id LIMIT 1", said
    )
    number = desk.one("SELECT number FROM lakana.service s, lakana.phones(s.phone) WHERE s.id = %s LIMIT 1", other)
    say(desk, other, number)
    say(desk, said)
    assert desk.rows("SELECT FROM lakana.wrong_number WHERE record_id = %s", other) == []
    assert desk.one("SELECT reports FROM lakana.wrong_number WHERE record_id = %s", said) == 2
    desk.rows("DELETE FROM lakana.wrong_number WHERE id = ANY (%s::uuid[]) RETURNING 1", made)
    say(desk, other, number)
    assert desk.one("SELECT reports FROM lakana.wrong_number WHERE record_id = %s", other) == 1


@pytest.mark.parametrize("login", [each for each in Audience if each is not Audience.STEWARD])
def test_nobody_else_reads_the_list_and_the_public_alone_reports(desk, said, login):
    with psycopg2.connect(login_url(desk.url, login)) as connection, connection.cursor() as cursor:
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("SELECT id FROM lakana.wrong_number LIMIT 1")
        connection.rollback()
        if login is not Audience.PUBLIC:
            with pytest.raises(errors.InsufficientPrivilege):
                cursor.execute("SELECT lakana.report_wrong_number(%s, '1')", (said,))
