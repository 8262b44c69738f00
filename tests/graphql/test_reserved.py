"""Fields that are reserved for some: the whole operation is refused to others, in words that say what to do."""

from __future__ import annotations

import re

import pytest
from graphql import is_object_type

from api.graphql.compile.guard import Price, check_audience
from api.graphql.compile.reserved import reserved_for
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY, Audience, Caller
from geo.errors import Forbidden, Unauthenticated

pytestmark = pytest.mark.database

GATES = (
    "{ shelters(first: 100) { edges { node { confidential frontGate location { zone { areas { scheme code } } } } } } }"
)
KNOWN = [each for each in Audience if each is not Audience.PUBLIC]


def test_the_public_may_not_ask_for_the_front_gate(ask_as):
    with pytest.raises(Refused) as refused:
        ask_as(ANYBODY, GATES)
    [error] = refused.value.errors
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert "Shelter.frontGate" in error["message"]


def test_a_fragment_hides_nothing(ask_as):
    with pytest.raises(Refused):
        ask_as(
            ANYBODY,
            "{ shelters { edges { node { ...a } } } } fragment a on Shelter { ... on Shelter { x: frontGate } }",
        )


def test_what_is_not_asked_of_the_document_does_not_count(operations, run, resources):
    document = "query A { sources { name } } query B { shelters { edges { node { frontGate } } } }"
    operation = operations.get(document, "A")
    assert run(operation.answer(operation.variables({}), ANYBODY, resources)).codes == ()


@pytest.mark.parametrize("audience", KNOWN)
def test_partners_and_above_read_the_front_gate_of_confidential_shelters_only(ask_as, audience):
    answer = ask_as(Caller(audience, "test"), GATES)
    shelters = [edge["node"] for edge in answer["data"]["shelters"]["edges"]]
    assert {each["confidential"] for each in shelters} == {True, False}
    assert all((each["frontGate"] is not None) == each["confidential"] for each in shelters)


def test_a_key_that_is_limited_to_an_area_reads_no_gate_elsewhere(ask_as, seeded_url):
    from geo.database.owner import owner_transaction  # noqa: PLC0415

    hidden = [edge["node"] for edge in ask_as(Caller(Audience.PARTNER, "t"), GATES)["data"]["shelters"]["edges"]]
    area = next(each["location"]["zone"]["areas"][0] for each in hidden if each["confidential"])
    with owner_transaction(seeded_url) as connection:
        area_id = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.admin_area WHERE scheme = %s AND code = %s", (area["scheme"], area["code"])
        ).scalar()
    limited = ask_as(Caller(Audience.PARTNER, "t", area_id=area_id), GATES)["data"]["shelters"]["edges"]
    # A gate is shown if the key's area holds the whole zone, and not if a part of the zone lies outside it.
    for each in (edge["node"] for edge in limited if edge["node"]["confidential"]):
        assert bool(each["frontGate"]) == (each["location"]["zone"]["areas"] == [area])


def test_an_audience_that_is_not_named_is_forbidden():
    for_stewards = {"Query.x": frozenset({Audience.STEWARD})}
    check_audience(for_stewards, Caller(Audience.STEWARD, "s"))
    with pytest.raises(Forbidden, match="STEWARD"):
        check_audience(for_stewards, Caller(Audience.PARTNER, "p"))
    with pytest.raises(Unauthenticated):
        check_audience(for_stewards, ANYBODY)


def test_a_mutation_that_names_nobody_is_for_nobody():
    from graphql import OperationDefinitionNode, build_schema, parse  # noqa: PLC0415

    schema = build_schema("type Query { a: Int } type Mutation { b: Int }")
    price = Price(schema, {})
    [definition] = parse("mutation { b }").definitions
    assert isinstance(definition, OperationDefinitionNode)
    price.of(definition)
    assert price.reserved == {"Mutation.b": frozenset()}
    with pytest.raises(Forbidden, match="nobody"):
        check_audience(price.reserved, Caller(Audience.STEWARD, "s"))


def test_whom_a_field_is_for_stands_in_its_description_too():
    """Introspection hides directives."""
    fields = {
        f"{name}.{field}": each
        for name, kind in compiled_schema().type_map.items()
        if is_object_type(kind)
        for field, each in kind.fields.items()
    }
    for name, field in fields.items():
        audiences = reserved_for(field)
        told = re.search(r" Reserved for ([A-Z, and]+)\.$", field.description or "")
        named = set(re.findall(r"[A-Z]+", told[1])) if told else None
        assert named == (None if audiences is None else {each.name for each in audiences}), name
    assert fields["Shelter.frontGate"].description.endswith("PARTNER, PLANNER, CUSTODIAN and STEWARD.")
    assert fields["Query.auditEntries"].description.endswith("Reserved for STEWARD.")
    assert fields["Query.exactLocation"].description.endswith("Reserved for CUSTODIAN.")
    assert fields["Mutation.verifyService"].description.endswith("Reserved for PARTNER and STEWARD.")


def test_http_says_401(http):
    answer = http("POST", "/graphql", json={"query": GATES})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" not in answer.json()
