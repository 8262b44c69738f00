"""Scenarios are their owner's: nobody else reads, compares, changes or finds them, whatever statement is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors as pg

from api.graphql.compile.response import Refused
from geo.audience import ANYBODY, Audience, Caller
from geo.database.owner import login_url
from tests.writes.conftest import STEWARD, Desk

pytestmark = pytest.mark.database

MINE = Caller(Audience.PLANNER, "planner one")
OTHER = Caller(Audience.PLANNER, "planner two")
NOBODYS = "00000000-0000-4000-8000-00000000cafe"
SCENARIO = {
    "name": "Essai",
    "category": "LEGAL_AID",
    "changes": [{"add": {"point": {"lon": -8, "lat": 12.6}, "name": "A"}}],
}
LIST = "{ scenarios(first: 100) { totalCount edges { node { id } } } }"
ONE = "query ($id: ID!) { node(id: $id) { ... on Scenario { name } } }"
COMPARE = """query ($ids: [ID!]!) { compareScenarios(scenarioIds: $ids, within: {metres: 1000}) {
  category base { capacity } scenarios { scenario { id } } } }"""


@pytest.fixture(scope="module")
def desk(copy_seeded) -> Iterator[Desk]:
    made = Desk(copy_seeded())
    yield made
    made.close()


@pytest.fixture(scope="module")
def organizations(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("SELECT id::text FROM lakana.organization ORDER BY id LIMIT 2")]


def save(desk: Desk, caller: Caller, **more: Any) -> str:
    saved: str = desk.done(caller, "createScenario", **SCENARIO | more)["id"]
    return saved


def listed(desk: Desk, caller: Caller) -> set[str]:
    answer = desk.ask(caller, LIST)
    assert answer["totalCount"] == len(answer["edges"])
    return {each["node"]["id"] for each in answer["edges"]}


def told(response: dict[str, Any]) -> dict[str, Any]:
    [error] = response["errors"]
    return {"message": error["message"], "code": error["extensions"]["code"]}


def test_another_planner_finds_what_is_not_there(desk: Desk):
    mine = save(desk, MINE)
    assert mine in listed(desk, MINE)
    assert listed(desk, OTHER) == set()
    for document, argument in ((ONE, "id"), (COMPARE, "ids")):
        for wanted in (mine, NOBODYS):
            given = {argument: [wanted] if argument == "ids" else wanted}
            assert set(desk.response(OTHER, document, **given)["data"].values()) == {None}
        gone = {argument: [NOBODYS] if argument == "ids" else NOBODYS}
        there = {argument: [mine] if argument == "ids" else mine}
        assert desk.response(OTHER, document, **there) == desk.response(OTHER, document, **gone)
        assert "errors" not in desk.response(MINE, document, **there)
    own = save(desk, OTHER)
    alone = desk.response(OTHER, COMPARE, ids=[own])["data"]["compareScenarios"]
    for not_theirs in (mine, NOBODYS):
        # Null in its place, and the others as without it.
        mixed = desk.response(OTHER, COMPARE, ids=[not_theirs, own])["data"]["compareScenarios"]
        assert mixed == alone | {"scenarios": [None, {"scenario": {"id": own}}]}


def test_another_planner_changes_nothing(desk: Desk):
    mine = save(desk, MINE)

    def tried(wanted: str) -> list[dict[str, Any]]:
        seen: dict[str, Any] = {"id": wanted, "expectedVersion": 1}
        renamed = seen | {"changes": {"name": "X"}}
        return [desk.write(OTHER, "updateScenario", **renamed), desk.write(OTHER, "retireScenario", **seen)]

    assert tried(mine) == tried(NOBODYS)
    assert [each["__typename"] for each in tried(mine)] == ["NotFound"] * 2
    assert desk.ask(MINE, ONE, id=mine) == {"name": "Essai"}


def test_the_planners_of_an_organisation_share(desk: Desk, organizations: list[str]):
    here, there = organizations
    one, two = (Caller(Audience.PLANNER, f"{here} {n}", organization_id=here) for n in (1, 2))
    stranger = Caller(Audience.PLANNER, one.holder, organization_id=there)
    shared = save(desk, one)
    assert listed(desk, two) == listed(desk, one) == {shared}
    assert listed(desk, stranger) == set()
    # A planner who leaves the organisation leaves the scenarios to it.
    assert listed(desk, Caller(Audience.PLANNER, one.holder)) == set()
    assert desk.done(two, "updateScenario", id=shared, expectedVersion=1, changes={"name": "Ensemble"})["version"] == 2
    assert desk.ask(one, ONE, id=shared) == {"name": "Ensemble"}
    assert desk.write(stranger, "retireScenario", id=shared, expectedVersion=2)["__typename"] == "NotFound"


@pytest.mark.parametrize("audience", [each for each in Audience if each is not Audience.PLANNER])
@pytest.mark.parametrize(
    "document", [LIST, f'{{ compareScenarios(scenarioIds: ["{NOBODYS}"], within: {{metres: 1}}) {{ category }} }}']
)
def test_scenarios_are_for_planners(desk: Desk, audience: Audience, document: str):
    caller = ANYBODY if audience is Audience.PUBLIC else Caller(audience, "x")
    with pytest.raises(Refused):
        desk.response(caller, document)


def test_the_login_of_planners_sees_and_touches_its_own_rows_only(desk: Desk):
    """Whatever statement the login is brought to run: the database says which rows there are."""
    mine = save(desk, MINE)
    connection = psycopg2.connect(login_url(desk.url, Audience.PLANNER))
    try:
        with connection, connection.cursor() as cursor:

            def rows(statement: str) -> int:
                cursor.execute(statement)
                return int(cursor.rowcount)

            every = "SELECT * FROM lakana.scenario"
            assert rows(every) == 0  # the caller is not set
            cursor.execute("SELECT set_config('lakana.holder', %s, true)", (OTHER.holder,))
            assert rows(f"{every} WHERE id = '{mine}'") == 0
            assert rows(f"UPDATE lakana.scenario SET name = 'X' WHERE id = '{mine}'") == 0
            assert rows(f"DELETE FROM lakana.scenario WHERE id = '{mine}'") == 0
            cursor.execute("SELECT set_config('lakana.holder', %s, true)", (MINE.holder,))
            assert rows(f"{every} WHERE id = '{mine}'") == 1  # control
        with pytest.raises(pg.InsufficientPrivilege), connection, connection.cursor() as cursor:
            cursor.execute(f"UPDATE lakana.scenario SET owner = 'planner two' WHERE id = '{mine}'")
        with pytest.raises(pg.InsufficientPrivilege), connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO lakana.data_change VALUES ('DEMAND', now())")
    finally:
        connection.close()
    assert mine in listed(desk, MINE)


def test_the_audit_log_says_who_and_not_where(desk: Desk):
    mine = save(desk, MINE, changes=[{"add": {"point": {"lon": -7.654321, "lat": 12.345678}, "name": "Secret"}}])
    desk.done(MINE, "updateScenario", id=mine, expectedVersion=1, changes={"name": "Autre"})
    desk.done(MINE, "retireScenario", id=mine, expectedVersion=2)
    entries = desk.ask(
        STEWARD,
        "query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { action holder subjectKind before after sealedDigest } } } }",
        id=mine,
    )["edges"]
    assert [each["node"]["action"] for each in entries] == ["DELETE", "UPDATE", "INSERT"]
    assert {(each["node"]["holder"], each["node"]["subjectKind"]) for each in entries} == {(MINE.holder, "SCENARIO")}
    assert entries[1]["node"]["after"]["name"] == "Autre"
    assert [bool(each["node"]["sealedDigest"]) for each in entries] == [True, False, True]
    assert "7.654321" not in str(entries)
    assert "Secret" not in str(entries)
