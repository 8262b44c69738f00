"""Every way of execution gives the same answer to the same document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import BindParameter, Select
from sqlalchemy.sql.elements import ClauseElement

from api.graphql.compile import arguments
from api.graphql.compile.execution import Context, executed
from geo.audience import ANYBODY, Caller
from tests.graphql.conftest import PARTNER
from tests.graphql.corpus import CORPUS, PRIVATE
from tests.graphql.reference import reference

pytestmark = pytest.mark.database


@pytest.mark.parametrize("name", CORPUS)
def test_compiled_and_executed_give_the_same_bytes(name, run, resources, operations):
    document, variables = CORPUS[name]
    operation = operations.get(document, None)
    values = operation.variables(variables)
    compiled = run(operation.answer(values, _caller(name), resources))
    assert compiled.codes == (), compiled.body
    assert _executed(run, operation, values, resources, _caller(name)) == compiled.body


@pytest.mark.parametrize("name", CORPUS)
def test_the_selection_is_graphql_core_s(name, run, resources, operations):
    document, variables = CORPUS[name]
    operation = operations.get(document, None)
    body = run(operation.answer(operation.variables(variables), _caller(name), resources)).body
    expected = run(reference(document, variables, resources, _caller(name)))
    assert _text(body) == _text(json.dumps({"data": expected}))


@pytest.mark.parametrize("name", CORPUS)
def test_no_sql_is_put_together_and_no_constant_coerced_for_a_document_that_was_answered(
    name, run, resources, operations, monkeypatch
):
    """Putting SQL together takes a millisecond for each of its parts."""
    document, variables = CORPUS[name]
    operation = operations.get(document, None)
    values = operation.variables(variables)
    first = run(operation.answer(values, _caller(name), resources))
    monkeypatch.setattr(ClauseElement, "_clone", forbidden)
    monkeypatch.setattr(Select, "__init__", forbidden)
    monkeypatch.setattr(BindParameter, "__init__", forbidden)
    monkeypatch.setattr(arguments, "coerce_default_value", forbidden)
    assert run(operation.answer(values, _caller(name), resources)) == first


def forbidden(*_: Any, **__: Any) -> Any:
    raise AssertionError("made again")


def _caller(name: str) -> Caller:
    return PARTNER if name in PRIVATE else ANYBODY


def _executed(run, operation, values, resources, caller=ANYBODY) -> bytes:
    answers = run(operation.answers(values, caller, resources))
    body: bytes = run(executed(operation, Context(values, answers, caller, resources))).body
    return body


def _text(body: bytes | str) -> str:
    # As text, so that the order of the keys counts too; 1 and 1.0 are the same number in JSON.
    return json.dumps(json.loads(body, parse_int=float))


def test_the_corpus_finds_something(ask):
    """An empty database would make every comparison true."""
    for name in ("plain list", "competence", "gaps", "counts", "counts of localities"):
        document, variables = CORPUS[name]
        [rows] = ask(document, **variables)["data"].values()
        assert rows, name


def test_errors_are_the_same_in_both_ways(run, resources, operations):
    documents = [
        "{ nearestServices(origin: {lon: 0, lat: 100}) { distanceMetres } }",
        "{ sources { name } services(first: 0) { totalCount } }",
        '{ sources { name } localities(areaCode: "XX99") { totalCount } }',
        '{ adminAreas(parentCode: "XX99") { totalCount } }',
        "{ trainingEvents(first: 101) { totalCount } }",
    ]
    for document in documents:
        operation = operations.get(document, None)
        values = operation.variables({})
        compiled = run(operation.answer(values, ANYBODY, resources))
        assert len(compiled.codes) == 1
        assert _executed(run, operation, values, resources) == compiled.body


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { queryType { name } } sources { name } }",
        '{ sources { name } again: __type(name: "Zone") { name fields { name } } __typename }',
        "{ ...f sources { name } } fragment f on Query { __schema { queryType { ...g } } } fragment g on __Type { name }",
        "query ($n: String!, $w: Boolean!) { sources { name } __type(name: $n) { name @include(if: $w) kind } }",
    ],
)
def test_what_the_schema_says_of_itself_beside_data(document, run, resources, operations):
    """It is found aside and joined; both ways give the same bytes."""
    operation = operations.get(document, None)
    values = operation.variables({"n": "Source", "w": True} if "$n" in document else {})
    for _ in range(2):  # computed, then cached
        joined = run(operation.answer(values, ANYBODY, resources))
        assert joined.codes == ()
        assert _executed(run, operation, values, resources) == joined.body
