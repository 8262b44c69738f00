"""Arguments that are coerced once for each document are those that graphql-core coerces in each request."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, get_argument_values, parse
from graphql.execution.values import VariableValues
from graphql.language import FieldNode

from api.graphql.compile.arguments import Arguments

SCHEMA = build_schema("""
    enum Colour { RED BLUE }
    input Point { lon: Float! lat: Float! name: String label: String! = "here" }
    input Within @oneOf { metres: Float minutes: Float }
    input Shape { points: [Point!]! colour: Colour = RED inner: Point }
    type Query {
      f(a: Int, b: Int! = 7, c: Int!, d: String = "d", point: Point, within: Within, shape: Shape, list: [Int],
        colours: [Colour!] = [RED]): Int
    }
""")
WRITTEN = [
    "c: 1",
    "c: $c",
    "c: $c, a: $a, b: $b, d: $d",
    "c: 1, a: null, d: null",
    "c: 1, point: {lon: 1, lat: 2}",
    "c: 1, point: {lon: $c, lat: 2, label: $d}",
    "c: 1, point: {lon: $a, lat: 2, name: $d, label: $text}",
    "c: 1, point: $point",
    "c: 1, within: {metres: $a}",
    "c: 1, within: {metres: 3}",
    "c: 1, shape: {points: [{lon: $c, lat: $c}], colour: $colour, inner: {lon: 1, lat: $c}}",
    "c: 1, shape: {points: {lon: 1, lat: 2}, inner: $point}",
    "c: 1, list: [1, $a, null]",
    "c: 1, list: $a, colours: [RED, $colour]",
    "c: 1, colours: $colours",
]
VARIABLES: list[dict[str, Any]] = [
    {},
    {"c": 1},
    {
        "c": 1,
        "a": 2,
        "b": 3,
        "d": "x",
        "text": "y",
        "colour": "BLUE",
        "colours": ["BLUE"],
        "point": {"lon": 1, "lat": 2},
    },
    {"c": None, "a": None, "b": None, "d": None, "text": None, "colour": None, "colours": None, "point": None},
    {"c": 1, "a": None, "d": None, "text": "y"},
]


def told(read, variables: VariableValues) -> Any:
    try:
        return read(variables)
    except GraphQLError as error:
        return error.message


@pytest.mark.parametrize("given", VARIABLES, ids=str)
@pytest.mark.parametrize("written", WRITTEN)
def test_they_are_the_same(written, given):
    assert SCHEMA.query_type
    field = SCHEMA.query_type.fields["f"]
    operation = parse(f"{{ f({written}) }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    [node] = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    variables = VariableValues({}, given)
    expected = told(lambda values: get_argument_values(field, node, values), variables)
    own = Arguments(field, node)
    assert told(own.values, variables) == expected
    assert told(own.values, variables) == expected  # constants are not changed by what was read


def test_constants_are_coerced_once(monkeypatch):
    from api.graphql.compile import arguments  # noqa: PLC0415

    assert SCHEMA.query_type
    operation = parse("{ f(c: 1, point: {lon: $lon, lat: 2}, colours: [BLUE]) }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    [node] = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    own = Arguments(SCHEMA.query_type.fields["f"], node)
    monkeypatch.setattr(arguments, "coerce_input_literal", lambda *_: pytest.fail("coerced again"))
    assert own.values(VariableValues({}, {"lon": 3.0}))["point"] == {"lon": 3.0, "lat": 2.0, "label": "here"}
