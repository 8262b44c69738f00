"""Everything with an id answers to ``node`` and ``nodes``: who may not read it, gets null as for what is not there."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from graphql import GraphQLID, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.arguments import LONGEST_ID, check_id
from geo.audience import ANYBODY, Audience, Caller
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.queries.directory.node import KINDS, MOST_IDS

SCHEMA = compiled_schema()
KEEPER = "keeper of nodes"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Scenario { name } ... on Service { name } } }"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PRIVATE = ("scenario", "siting_job", "proposal", "audit")


def test_a_text_that_is_longer_than_any_id_is_not_read():
    """Braces and hyphens are left out of an id, however many."""
    assert check_id("id", f"urn:uuid:{{{UNKNOWN}}}") == UNKNOWN
    assert check_id("id", UNKNOWN + "-" * (LONGEST_ID - len(UNKNOWN))) == UNKNOWN
    with pytest.raises(BadInput, match="not an id of this service"):
        check_id("id", UNKNOWN + "-" * (LONGEST_ID + 1 - len(UNKNOWN)))


def test_all_with_an_id_are_nodes():
    interface = SCHEMA.type_map["Node"]
    assert isinstance(interface, GraphQLInterfaceType)
    nodes = {each.name for each in SCHEMA.get_possible_types(interface)}
    assert SCHEMA.mutation_type is not None
    unions: list[Any] = [get_named_type(each.type) for each in SCHEMA.mutation_type.fields.values()]
    written = {each.types[0].name for each in unions}
    with_an_id = {
        name
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLObjectType) and "id" in kind.fields and name not in written
    }
    assert nodes == with_an_id == {*KINDS}


OF_A_NODE = {"AuditEntry.subjectId", "Proposal.subjectId", "ScenarioChange.serviceId", "ExactLocation.auditEntryId"}
"""Ids beside a record's own: of what is logged; of an actor, a service or a shelter; of a service; of an entry of the log."""


def test_every_id_that_an_answer_gives_is_one_of_a_node():
    """A number, the id of a key and that of a source were given as ids, by which nothing could be read."""
    told = {
        f"{name}.{field}"
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field, each in kind.fields.items()
        if get_named_type(each.type) is GraphQLID
    }
    assert {each for each in told if not each.endswith(".id")} == OF_A_NODE
    without_record = {name for name in (each.partition(".")[0] for each in told) if not _is_node_or_leads_to_one(name)}
    assert {name for name in without_record if not name.endswith("Retired")} == {
        "ExactLocation",
        "RecordWithdrawn",
    }  # what is withdrawn is no node any more


def _is_node_or_leads_to_one(name: str) -> bool:
    interface = SCHEMA.type_map["Node"]
    kind: Any = SCHEMA.type_map[name]
    reached = {get_named_type(each.type) for each in kind.fields.values()}
    return any(interface is each or interface in getattr(each, "interfaces", ()) for each in (kind, *reached))


@pytest.fixture(scope="module")
def private(seeded_url):
    """The ids of what is not everybody's, by type."""
    ids: dict[str, Any] = {name: str(uuid.uuid4()) for name in ("Scenario", "SitingJob", "Proposal")}
    with owner_transaction(seeded_url) as connection:
        run = connection.exec_driver_sql
        run("SELECT set_config('lakana.holder', %s, true)", (KEEPER,))
        service = run("SELECT id::text FROM lakana.service WHERE NOT confidential LIMIT 1").scalar()
        run(
            "INSERT INTO lakana.scenario (id, name, category, changes, base_date, base_data) "
            "VALUES (%s, 'Le mien', 'MEDICAL', %s, now(), '{}')",
            (ids["Scenario"], json.dumps([{"kind": "CLOSE", "service_id": service}])),
        )
        run("INSERT INTO lakana.siting_job (id, asked) VALUES (%s, '{}')", (ids["SitingJob"],))
        run(
            "INSERT INTO lakana.proposal (id, kind, subject_id, changes, reason, by_partner) "
            "VALUES (%s, 'SERVICE', %s, '{}', 'x y', true)",
            (ids["Proposal"], service),
        )
        ids["AuditEntry"] = run("SELECT id::text FROM audit.entry ORDER BY number DESC LIMIT 1").scalar()
        ids["Service"] = service
    yield ids
    with owner_transaction(seeded_url) as connection:
        for table in ("scenario", "siting_job", "proposal"):
            connection.exec_driver_sql(f"DELETE FROM lakana.{table} WHERE id = ANY (%s::uuid[])", ([*ids.values()],))


@pytest.mark.database
@pytest.mark.parametrize("audience", Audience)
def test_each_audience_gets_what_it_may_read(ask_as, private, audience):
    caller = Caller(audience, KEEPER)
    for name, one in private.items():
        node = ask_as(caller, NODE, id=one)["data"]["node"]
        expected = {"__typename": name, "id": one} if audience in KINDS[name].readers else None
        assert node == expected, (name, audience)
    for name in ("Scenario", "SitingJob", "Proposal"):
        told = ask_as(Caller(audience, "somebody else"), NODE, id=private[name])["data"]["node"]
        assert bool(told) is (name == "Proposal" and audience is Audience.STEWARD)


@pytest.mark.database
def test_nodes_keep_their_order_and_say_what_is_not_there(ask_as, private):
    ids = [private["Scenario"], UNKNOWN, private["Service"], private["Scenario"], private["Proposal"]]
    told = ask_as(Caller(Audience.PLANNER, KEEPER), NODES, ids=ids)["data"]["nodes"]
    assert [each and each["id"] for each in told] == [ids[0], None, ids[2], ids[0], None]
    assert (told[0]["name"], told[2]["__typename"]) == ("Le mien", "Service")
    told = ask_as(ANYBODY, NODES, ids=ids)["data"]["nodes"]
    assert [each and each["id"] for each in told] == [None, None, ids[2], None, None]
    assert ask_as(ANYBODY, NODES, ids=[])["data"] == {"nodes": []}


@pytest.mark.database
def test_at_most_so_many_at_once(ask_as, private):
    told = ask_as(ANYBODY, NODES, ids=[private["Service"]] * MOST_IDS)["data"]["nodes"]
    assert len(told) == MOST_IDS
    [error] = ask_as(ANYBODY, NODES, ids=[UNKNOWN] * (MOST_IDS + 1))["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", "ids")


NO_IDS = ("x", "", "-", ",", f"{UNKNOWN},{UNKNOWN}", f"{UNKNOWN}0", "null", "\0", "\ud800", "0" * 10_000)


@pytest.mark.database
@pytest.mark.parametrize("wrong", NO_IDS)
def test_what_is_no_id_is_null_as_what_is_not_there(ask_as, private, wrong):
    assert ask_as(ANYBODY, NODE, id=wrong) == ask_as(ANYBODY, NODE, id=UNKNOWN) == {"data": {"node": None}}
    told = ask_as(ANYBODY, NODES, ids=[wrong, private["Service"], wrong])["data"]["nodes"]
    assert [each and each["id"] for each in told] == [None, private["Service"], None]
    assert ask_as(ANYBODY, NODES, ids=[wrong]) == {"data": {"nodes": [None]}}


@pytest.mark.database
@pytest.mark.parametrize("document", [NODE, NODES])
@pytest.mark.parametrize("audience", Audience)
def test_one_statement_asks_no_table_that_the_login_may_not_read(resources, run, audience, document):
    operation = Operations(SCHEMA).get(document, None)
    variables = operation.variables({"id": UNKNOWN} if document is NODE else {"ids": [UNKNOWN]})
    [field] = operation.selection(variables)
    question = operation.question(field, variables).asked_by(audience)
    job = operation.job(field, question, variables, Caller(audience, KEEPER))
    asked = {each for each in PRIVATE if each in job.statement.sql}
    may = {
        Audience.PARTNER: {"proposal"},
        Audience.PLANNER: {"scenario", "siting_job"},
        Audience.STEWARD: {"proposal", "audit"},
    }
    assert asked == may.get(audience, set())


def test_nodes_cost_by_the_number_of_ids():
    operation = Operations(SCHEMA).get(NODES, None)

    def cost(many):
        return operation.cost(operation.variables({"ids": [UNKNOWN] * many}))

    assert cost(1) < cost(10) < cost(100) < 200
    assert cost(100) - cost(99) == pytest.approx(cost(2) - cost(1))
