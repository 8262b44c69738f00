"""Every statement that a question sends reads published tables: none names a schema that no audience may read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from api.graphql.compile.document_cache import Operations
from api.graphql.compile.readings import Root, reading
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY
from geo.queries.base.two_step import Computed, statement_of
from geo.queries.directory.features import MapLayer

SCHEMA = compiled_schema()
assert SCHEMA.query_type
FIELDS = {name: field for name, field in SCHEMA.query_type.fields.items() if isinstance(reading(field), Root)}
PRIVATE = re.compile(r"\b(raw|exact|identity|ledger)\.")
VALUES = {
    "String": '"2025"',
    "AreaCode": '"MLI"',
    "Period": '"2025"',
    "Float": "30000",
    "Int": "1",
    "Boolean": "true",
    "Date": '"2025-01-01"',
    "DateTime": '"2026-01-01T00:00:00Z"',
    "ID": '"00000000-0000-0000-0000-000000000000"',
    "GeoJSON": '{type: "Polygon", coordinates: [[[0, 0], [1, 0], [0, 1], [0, 0]]]}',
}
DEPTH = 3
LEAST = {"first": "1", "permutations": "99", "ageMonths": "12"}
"""Values that keep the price low, are the smallest allowed, or agree with others."""


def literal(kind: Any, layer: str) -> str:
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType):
        chosen = {"MapLayer": layer, "ServiceCategory": "SAFE_SHELTER", "TravelMode": "WALK"}
        return chosen.get(named.name) or next(iter(named.values))
    if isinstance(named, GraphQLInputObjectType):
        wanted = [*named.fields][:1] if named.is_one_of else named.fields
        return "{" + ", ".join(f"{name}: {inner(named.fields[name].type, layer)}" for name in wanted) + "}"
    return VALUES[named.name]


def inner(kind: Any, layer: str) -> str:
    """Write a field of an input, where a number is a degree or a count: 1 is good for both."""
    return "1" if get_named_type(kind).name in {"Float", "Int"} else literal(kind, layer)


def arguments(given: dict[str, GraphQLArgument], *, every: bool = False, layer: str = "") -> str:
    """Write the arguments that must be given, or all; a page of one keeps the price low."""
    written = [
        f"{name}: {LEAST.get(name) or literal(each.type, layer)}"
        for name, each in given.items()
        if is_required_argument(each) or name == "first" or (every and name not in {"after", "point"})
    ]
    return f"({', '.join(written)})" if written else ""


def selection(kind: Any, depth: int) -> str:
    """Write everything that can be asked of a type, so many levels down."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if is_abstract_type(named):
        parts = [f"... on {each.name} {selection(each, depth)}" for each in SCHEMA.get_possible_types(named)]
        return "{ " + " ".join(["__typename", *parts]) + " }"
    assert isinstance(named, GraphQLObjectType)
    fields = ["__typename"]
    for name, field in named.fields.items():
        if is_leaf_type(get_named_type(field.type)) or depth:
            alias = f"{named.name}_{name}: "  # several types in one place may have fields of the same name
            fields.append(f"{alias}{name}{arguments(field.args)} {selection(field.type, depth - 1)}")
    return "{ " + " ".join(fields) + " }"


def statements(name: str) -> list[str]:
    """Compile a root field with everything that can be selected, without and with its optional arguments."""
    found = []
    layers = [each.name for each in MapLayer] if "layer" in FIELDS[name].args else [""]
    for layer, every in [*((layer, False) for layer in layers), ("SERVICES", True)]:  # only SERVICES has categories
        given = arguments(FIELDS[name].args, every=every, layer=layer)
        document = f"{{ {name}{given} {selection(FIELDS[name].type, DEPTH - 1)} }}"
        operation = Operations(SCHEMA).get(document, None)
        values = operation.variables({})
        [asked] = operation.selection(values)
        question = operation.question(asked, values)
        found.append(operation.job(asked, question, values, ANYBODY).statement.sql)
        if isinstance(question, Computed):
            found += [statement_of(rows).sql for rows in question.needs().values()]
    return found


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    """What is asked here is larger than anybody may ask; it is compiled and not run."""
    for limit in (
        "guard.MAX_COST",
        "document_shape.MAX_DEPTH",
        "document_shape.MAX_ALIASES",
        "document_shape.MAX_FRAGMENTS",
        "document_shape.MAX_FIELDS",
    ):
        monkeypatch.setattr(f"api.graphql.compile.{limit}", 10**9)
    monkeypatch.setattr("api.graphql.compile.document_cache.MAX_TOKENS", 10**9)
    for limit in ("TOKENS", "CHARACTERS", "NESTING", "SPREADS"):
        monkeypatch.setattr(f"api.graphql.compile.document_scan.MAX_{limit}", 10**9)


@pytest.mark.parametrize("name", FIELDS)
def test_no_statement_names_a_private_schema(name: str):
    for statement in statements(name):
        assert not PRIVATE.search(statement)


def test_counts_are_read_from_what_was_published_and_never_added_up():
    told = [statement for name in FIELDS for statement in statements(name) if "published_count" in statement]
    assert len(told) >= 4
    for statement in told:
        assert not re.search(r"\b(sum|avg)\s*\(\s*(\w+\.)*(count|incident_count)\b", statement)


def test_the_search_would_find_one():
    assert PRIVATE.search("SELECT * FROM raw.incident_count")
    assert not PRIVATE.search("SELECT draw.x, exact_site FROM lakana.service")
