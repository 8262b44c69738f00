"""Variables that do not fit: the answer says which, where in it, and why, and never repeats the value."""

from __future__ import annotations

import json
import time

import pytest
from graphql import OperationDefinitionNode, parse

from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.graphql.compile.variables import coerced
from api.graphql.schema import compiled_schema
from geo.vocabulary import ServiceCategory

OURS_ALONE = "12.3456"
CHOICES = f"Give one of {', '.join(each.name for each in ServiceCategory)}."
ONE_REACH = "Give exactly one field of 'ReachInput' and not null: metres or travel."
SITING = {"category": "MEDICAL", "within": {"metres": 1}, "model": "MCLP", "idempotencyKey": "k"}
SENT = [
    ("Int", OURS_ALONE, "f", "Int cannot represent non-integer value."),
    ("Int", 2**40, "f", "Int cannot represent non 32-bit signed integer value."),
    ("Float", OURS_ALONE, "f", "Float cannot represent non numeric value."),
    ("Boolean", OURS_ALONE, "f", "Boolean cannot represent a non boolean value."),
    ("String", {"a": OURS_ALONE}, "f", "String cannot represent a non string value."),
    ("ID!", ..., "f", "Expected a value of non-null type 'ID!' to be provided."),
    ("ID!", None, "f", "Expected value of non-null type 'ID!' not to be null."),
    ("[ID!]!", ["a", None], "f.1", "Expected value of non-null type 'ID!' not to be null."),
    (
        "ServiceCategory",
        "safe_shelter",
        "f",
        "There is no such value in enum 'ServiceCategory'. Did you mean the enum value 'SAFE_SHELTER'?",
    ),
    ("ServiceCategory", OURS_ALONE, "f", f"There is no such value in enum 'ServiceCategory'. {CHOICES}"),
    (
        "[ServiceCategory!]",
        ["MEDICAL", 5],
        "f.1",
        f"Enum 'ServiceCategory' cannot represent non-string value. {CHOICES}",
    ),
    ("Date", "28/11/2025", "f", "Expected a value of type 'Date'. A day as in RFC 3339: 2025-11-28."),
    ("Date", {"a": OURS_ALONE}, "f", "Expected a value of type 'Date'. A day as in RFC 3339: 2025-11-28."),
    (
        "DateTime",
        f"demain {OURS_ALONE}",
        "f",
        "Expected a value of type 'DateTime'. A moment as in RFC 3339, with its offset from UTC: 2025-11-28T",
    ),
    ("PointInput", [OURS_ALONE], "f", "Expected value of type 'PointInput' to be an object."),
    ("PointInput", {"lat": OURS_ALONE, "lon": 1}, "f.lat", "Float cannot represent non numeric value."),
    ("PointInput", {"lon": 12.3456}, "f.lat", "Expected value of type 'PointInput' to include required field 'lat'."),
    (
        "PointInput",
        {"lat": 1, "lon": 2, "lng": 12.3456},
        "f.lng",
        "Expected value of type 'PointInput' not to include unknown field 'lng'. Did you mean 'lat' or 'lon'?",
    ),
    (
        "PointInput",
        {"lat": 1, "lon": 2, "altitude": 12.3456},
        "f.altitude",
        "Expected value of type 'PointInput' not to include unknown field 'altitude'.",
    ),
    ("PointInput", {"lat": 1, "lon": 2, "x" * 41: OURS_ALONE}, "f", "Expected a value of type 'PointInput'."),
    ("PointInput", {"lat": 1, "lon": 2, f"'{OURS_ALONE}": 1}, "f", "Expected a value of type 'PointInput'."),
    ("ReachInput", {"travel": {"mode": "CAR", "minutes": [OURS_ALONE]}}, "f.travel.minutes", "Float cannot"),
    (
        "ReachInput",
        {"travel": {"minutes": 5}},
        "f.travel.mode",
        "Expected value of type 'TravelInput' to include required",
    ),
    ("ReachInput", {"metres": 1, "travel": None}, "f", ONE_REACH),
    ("ReachInput", {"metres": None}, "f.metres", ONE_REACH),
    ("[ReachInput]", [{"metres": 1}, {}], "f.1", ONE_REACH),
    ("StartSitingInput", SITING | {"candidates": {}}, "f.candidates", "Give exactly one field of 'CandidatesInput'"),
]


def refused(type_, **given):
    definition = parse(f"query ($f: {type_}, $other: Int = 5) {{ __typename }}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    with pytest.raises(Refused) as found:
        coerced(compiled_schema(), definition.variable_definitions or (), given)
    return found.value.errors


@pytest.mark.parametrize(("type_", "value", "field", "reason"), SENT)
def test_the_path_and_the_reason_are_told_and_not_the_value(type_, value, field, reason):
    [error] = refused(type_, **({} if value is ... else {"f": value}))
    assert error["message"].startswith(f"Variable '${field}' does not fit: {reason}")
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}
    assert error["locations"] == [{"line": 1, "column": 8}]
    assert OURS_ALONE not in json.dumps(error)


def test_the_first_five_are_told():
    errors = refused("[PointInput!]", f=[{"lat": "x", "lon": 1}] * 9)
    assert [each["extensions"]["field"] for each in errors] == [f"f.{number}.lat" for number in range(5)]


def test_each_variable_is_looked_at():
    assert [each["extensions"]["field"] for each in refused("Int", f="x", other="y")] == ["f", "other"]


@pytest.mark.parametrize(
    ("document", "given", "field", "type_"),
    [
        ("query ($n: Int) { services(first: $n) { totalCount } }", {"n": None}, "n", "Int!"),
        (
            "query ($w: Float) { coverageGaps(need: {categories: [MEDICAL]}, within: {metres: 1}, weights: {children: $w}) { totalCount } }",
            {"w": None},
            "w",
            "Float!",
        ),
    ],
)
def test_what_may_be_left_out_may_not_be_null(document, given, field, type_):
    """It said "Argument 'first' has invalid value."."""
    operation = Operations(compiled_schema()).get(document, None)
    operation.variables({})
    with pytest.raises(Refused) as found:
        operation.variables(given)
    [error] = found.value.errors
    assert error["message"] == (
        f"Variable '${field}' does not fit: Expected value of non-null type '{type_}' not to be null. Leave it out and "
        "the default holds."
    )
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}


def test_what_is_nested_too_deeply_is_told():
    value: list[object] = []
    for _ in range(5_000):
        value = [value]
    [error] = refused("[[Int]]", f=value)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


MISSPELT = ["safe_shelte"] * 49


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("[ServiceCategory!]", MISSPELT),
        ("[ServiceCategory!]", ["safe_shelte"] * 3_000),
        ("[PointInput!]", [{"lon": 1, "lat": 2, f"x{number}": 3} for number in range(2_000)]),
        ("PointInput", {f"x{number}": 3 for number in range(3_000)}),
    ],
)
def test_many_that_do_not_fit_keep_nobody_waiting(type_, value):
    """All were looked at before five were told: 13 ms for 49 misspelt values, 925 ms for 3,000."""

    def took_s():
        began = time.thread_time()
        assert len(refused(type_, f=value)) == 5
        return time.thread_time() - began

    assert min(took_s() for _ in range(4)) < 0.02  # the least: Python may collect garbage meanwhile
