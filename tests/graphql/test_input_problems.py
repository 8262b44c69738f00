"""Every kind of value that the schema takes is refused alike: written out or by a variable, alone, in a list, in an input.

The kinds and the places come from the schema, so that a new one is tried as well.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    assert_input_object_type,
    get_named_type,
    get_nullable_type,
    is_required_input_field,
    parse,
)

from api.graphql.compile import input_problems
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.graphql.compile.variables import coerced
from api.graphql.schema import compiled_schema
from geo.vocabulary import ServiceCategory

SCHEMA = compiled_schema()
OPERATIONS = Operations(SCHEMA)
OURS_ALONE = "12.3456"
CHOICES = f"Give one of {', '.join(each.name for each in ServiceCategory)}."
FITS_ANYTHING = {"GeoJSON", "JSON"}
"""Scalars of which every value is one; what a GeoJSON must be, the question that takes it says."""
FITS_TEXT = {"String", "ID", "AreaCode", "Period"}
"""Scalars of which every text is one; which texts name something, the question says."""


class Place(NamedTuple):
    """An argument of a field, or a field of an input."""

    holder: str
    name: str
    type: Any


def _arguments() -> Iterator[tuple[str, Place]]:
    for kind in SCHEMA.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field, each in kind.fields.items():
                for name, argument in each.args.items():
                    yield field, Place(kind.name, name, argument.type)


def _members() -> Iterator[Place]:
    for kind in SCHEMA.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            for name, field in kind.fields.items():
                yield Place(kind.name, name, field.type)


ARGUMENTS, MEMBERS = [*_arguments()], [*_members()]
TAKEN = {get_named_type(each.type).name: get_named_type(each.type) for each in (*(at for _, at in ARGUMENTS), *MEMBERS)}
KINDS = sorted({name for name, kind in TAKEN.items() if getattr(kind, "is_one_of", True)} - FITS_ANYTHING)


def _wrong(kind: str) -> list[tuple[str, Any]]:
    """Return values that are none of a kind, as they are written and as a variable holds them."""
    if isinstance(TAKEN[kind], GraphQLInputObjectType):
        return [("{}", {})]
    found = [(f"{{x: {OURS_ALONE}}}", {"x": float(OURS_ALONE)})]
    return found if kind in FITS_TEXT else [*found, (f'"{OURS_ALONE}"', OURS_ALONE)]


FITTING = {
    "Int": 1,
    "Float": 1,
    "Boolean": True,
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T00:00:00Z",
    "Language": "fr",
}


def _fitting(type_: Any) -> tuple[str, Any]:
    """Return a value that fits, as it is written and as a variable holds it."""
    match get_nullable_type(type_):
        case GraphQLList():
            return "[]", []
        case GraphQLEnumType(values=values):
            return next(iter(values)), next(iter(values))
        case GraphQLInputObjectType() as kind:
            return _input(kind, {} if not kind.is_one_of else {next(iter(kind.fields)): None})
        case kind:
            value = FITTING.get(kind.name, "a")
            return json.dumps(value), value


def _input(kind: GraphQLInputObjectType, given: dict[str, tuple[str, Any] | None]) -> tuple[str, Any]:
    """Return an input with some members, and what it needs besides."""
    needed = {name: None for name, each in kind.fields.items() if is_required_input_field(each)} | given
    members = {name: each or _fitting(kind.fields[name].type) for name, each in needed.items()}
    written = ", ".join(f"{name}: {text}" for name, (text, _) in members.items())
    return f"{{{written}}}", {name: value for name, (_, value) in members.items()}


def _within(type_: Any, written: str, value: Any) -> tuple[str, str, Any]:
    """Return where in a value of a type something wrong stands, and that value."""
    match type_:
        case GraphQLNonNull(of_type=inner):
            return _within(inner, written, value)
        case GraphQLList(of_type=inner):
            at, text, held = _within(inner, written, value)
            return f".0{at}", f"[{text}]", [held]
    return "", written, value


def _refusals(document: str) -> list[dict[str, Any]]:
    with pytest.raises(Refused) as found:
        OPERATIONS.get(document, None)
    return found.value.errors


def _of_variable(type_: str, value: Any) -> list[dict[str, Any]]:
    definition = parse(f"query ($f: {type_}) {{ __typename }}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    with pytest.raises(Refused) as found:
        coerced(SCHEMA, definition.variable_definitions or (), {"f": value})
    return found.value.errors


def _is_told(errors: list[dict[str, Any]], called: str, field: str, code: str, column: int) -> None:
    """One of the errors is about this field: it says so, where that stands, and why, and never the value."""
    [error] = [each for each in errors if each["extensions"].get("field") == field]
    assert error["message"].startswith(f"{called} '{'$' if 'ariable' in called else ''}{field}' does not fit: ")
    assert error["message"].endswith((".", "?"))
    assert error["extensions"]["code"] == code
    assert error["locations"] == [{"line": 1, "column": column}]
    assert OURS_ALONE not in error["message"]
    assert "isoformat" not in error["message"]


def _is_told_of_variable(type_: str, field: str, value: Any) -> None:
    _is_told(_of_variable(type_, value), "Variable", field, "BAD_USER_INPUT", 8)


def _is_told_of_literal(document: str, called: str, field: str, written: str) -> None:
    _is_told(_refusals(document), called, field, "GRAPHQL_VALIDATION_FAILED", document.index(written) + 1)


DEFAULT = "The default of variable"


def test_every_kind_is_tried():
    assert {"Date", "DateTime", "Language", "AreaCode", "Period", "Int", "ReachInput", "ServiceCategory"} <= {*KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_variable_and_a_default(kind):
    for written, value in _wrong(kind):
        _is_told_of_variable(kind, "f", value)
        _is_told_of_variable(f"[[{kind}]]", "f.0.1", [[None, value]])
        _is_told_of_literal(f"query ($f: {kind} = {written}) {{ __typename }}", DEFAULT, "f", written)
        listed = f"query ($f: [[{kind}]] = [[null, {written}]]) {{ __typename }}"
        _is_told_of_literal(listed, DEFAULT, "f.0.1", written)


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_of_an_input(kind):
    for place in (each for each in MEMBERS if get_named_type(each.type).name == kind):
        for written, value in _wrong(kind):
            at, text, held = _within(place.type, written, value)
            text, held = _input(assert_input_object_type(SCHEMA.type_map[place.holder]), {place.name: (text, held)})
            _is_told_of_variable(place.holder, f"f.{place.name}{at}", held)
            document = f"query ($f: {place.holder} = {text}) {{ __typename }}"
            _is_told_of_literal(document, DEFAULT, f"f.{place.name}{at}", written)


@pytest.mark.parametrize("kind", KINDS)
def test_an_argument(kind):
    for field, place in (each for each in ARGUMENTS if get_named_type(each[1].type).name == kind):
        for written, _ in _wrong(kind):
            at, text, _ = _within(place.type, written, None)
            document = f"fragment F on {place.holder} {{ {field}({place.name}: {text}) }} {{ ...F }}"
            _is_told_of_literal(document, "Argument", f"{place.name}{at}", written)


@pytest.mark.parametrize(
    ("type_", "value", "field", "reason"),
    [
        ("NeedInput", {" cannot represent x" * 5_000: 1}, "f", "Expected a value of type 'NeedInput'."),
        ("NeedInput", " cannot represent x" * 5_000, "f", "Expected value of type 'NeedInput' to be an object."),
        (
            "ServiceCategory",
            "' does not exist in 'x" * 4_000,
            "f",
            f"There is no such value in enum 'ServiceCategory'. {CHOICES}",
        ),
        ("[Int]", ["1 cannot represent value" * 4_000], "f.0", "Int cannot represent non-integer value."),
    ],
)
def test_a_long_value_is_not_searched(monkeypatch, type_, value, field, reason):
    """98,000 characters of one key held everybody for 1.3 s: a pattern read them again from each of its places."""
    read: list[int] = []

    class Counted(NamedTuple):
        pattern: Any

        def fullmatch(self, text: str) -> Any:
            read.append(len(text))
            return self.pattern.fullmatch(text)

    monkeypatch.setattr(input_problems, "REASONS", [(Counted(each), why) for each, why in input_problems.REASONS])
    told = [each["message"] for each in _of_variable(type_, value)]
    assert f"Variable '${field}' does not fit: {reason}" in told
    assert max(read) <= 2 * input_problems.EACH_END
    assert len("".join(told)) < 1_000


@pytest.mark.parametrize("number", range(len(input_problems.REASONS)))
def test_a_pattern_takes_no_longer_than_the_text_is_long(number):
    """Each is given its own words again and again; of 32,000 characters a quadratic one would read 500 million."""
    pattern, _ = input_problems.REASONS[number]
    began = time.thread_time()
    for words in (
        " cannot represent x",
        ". Did you mean the enum value ",
        "' does not exist in '",
        " not to include ",
        "a '",
    ):
        for head in ("", "Enum 'A' cannot represent non-enum value: ", "Value '", "Expected value of type 'A"):
            pattern.fullmatch(head + words * (32_000 // len(words)))
    assert time.thread_time() - began < 1


def test_an_argument_of_a_directive():
    document = '{ __typename @include(if: "12.3456") }'
    _is_told_of_literal(document, "Argument", "if", '"12.3456"')


@pytest.mark.parametrize(
    ("arguments", "field", "reason", "at"),
    [
        (
            "origin: {lat: 1}",
            "origin.lon",
            "Expected value of type 'PointInput' to include required field 'lon'.",
            "{lat",
        ),
        (
            "origin: {lat: 1, lng: 2, lon: 3}",
            "origin.lng",
            "Expected value of type 'PointInput' not to include unknown field 'lng'. Did you mean 'lat' or 'lon'?",
            "lng",
        ),
        (
            "origin: {lat: 1, lon: null}",
            "origin.lon",
            "Expected value of non-null type 'Float!' not to be null.",
            "null",
        ),
        ("origin: 5", "origin", "Expected value of type 'PointInput' to be an object.", "5"),
        (
            'origin: {lat: 1, lon: 2}, categories: ["MEDICAL"]',
            "categories.0",
            "Enum 'ServiceCategory' cannot represent non-enum value. Did you mean the enum value 'MEDICAL'?",
            '"MEDICAL',
        ),
        (
            "origin: {lat: 1, lon: 2}, categories: [medicl]",
            "categories.0",
            "There is no such value in enum 'ServiceCategory'. Did you mean the enum value 'MEDICAL'?",
            "medicl",
        ),
        (
            "origin: {lat: 1, lon: 2}, within: {metres: 1, travel: null}",
            "within",
            "Give exactly one field of 'ReachInput' and not null: metres or travel.",
            "{metres",
        ),
        (
            "origin: {lat: 1, lon: 2}, within: {travel: null}",
            "within.travel",
            "Give exactly one field of 'ReachInput' and not null: metres or travel.",
            "{travel",
        ),
    ],
)
def test_what_is_wrong_is_told(arguments, field, reason, at):
    document = f"{{ nearestServices({arguments}) {{ distanceMetres }} }}"
    [error] = _refusals(document)
    assert error["message"] == f"Argument '{field}' does not fit: {reason}"
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED", "field": field}
    assert error["locations"] == [{"line": 1, "column": document.index(at) + 1}]


def test_each_argument_is_looked_at():
    errors = _refusals(
        "{ localityCoverage(need: {categories: null}, within: {travel: null, metres: null}) { confidentialLeftOut } }"
    )
    assert [each["extensions"]["field"] for each in errors] == ["need.categories", "within"]


def test_what_names_a_person_is_refused_with_the_reason():
    document = (
        'mutation { recordIncidentCounts(input: {returns: [], idempotencyKey: "k", childName: "A"}) { __typename } }'
    )
    [error] = _refusals(document)
    assert error["extensions"]["field"] == "input.childName"
    assert error["message"].endswith("nothing that names or describes a person may be sent.")
