"""Many variables are coerced where nobody else waits for them, and none at all of who may not ask."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from unittest import mock

import pytest

from api.graphql.compile import compiled_operation
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.execution import introspected
from api.graphql.compile.response import Refused
from api.graphql.compile.variables import Variables
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY, Audience, Caller

CREATE = "mutation ($scenario: CreateScenarioInput!) { createScenario(input: $scenario) { __typename } }"
PLANNER = Caller(Audience.PLANNER, "planner")


def scenario(changes):
    each = {"add": {"name": "A", "point": {"lon": -5.6, "lat": 11.3}}}
    given = {"name": "Essai", "category": "MEDICAL", "changes": [each] * changes, "idempotencyKey": "k"}
    return {"scenario": given}


@pytest.fixture
def coerced():
    """The threads in which variables were coerced."""
    threads = []

    def coerce(*arguments, **options):
        threads.append(threading.current_thread())
        return real(*arguments, **options)

    real = Variables.coerced
    with mock.patch.object(Variables, "coerced", coerce):
        yield threads


def admit(given, caller):
    operation = Operations(compiled_schema()).get(CREATE, None)
    return asyncio.run(operation.admit(given, caller))


@pytest.mark.parametrize(("changes", "aside"), [(2, False), (900, True)])
def test_many_are_coerced_aside(coerced, changes, aside):
    admit(scenario(changes), PLANNER)
    assert [each is not threading.main_thread() for each in coerced] == [aside]


def test_none_of_who_may_not_ask(coerced):
    with pytest.raises(Refused) as refused:
        admit(scenario(900), ANYBODY)
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert coerced == []


def test_too_many_are_refused_before(coerced):
    with pytest.raises(Refused) as refused:
        admit(scenario(3_000), PLANNER)
    assert refused.value.errors[0]["extensions"]["code"] == "TOO_COSTLY"
    assert coerced == []


def test_a_type_that_a_variable_names_is_counted_aside_and_remembered(coerced, monkeypatch):
    made = mock.Mock(side_effect=introspected)
    monkeypatch.setattr(compiled_operation, "introspected", made)
    operation = Operations(compiled_schema()).get(
        "query ($name: String!) { __type(name: $name) { name fields { name } } }", None
    )

    async def answers() -> list[bytes]:
        return [
            (await operation.answer((await operation.admit({"name": name}, ANYBODY))[0], ANYBODY, mock.Mock())).body
            for name in ("Actor", "Query", "Actor")
        ]

    first, other, again = asyncio.run(answers())
    assert first == again != other
    assert made.call_count == 2
    assert all(each is not threading.main_thread() for each in coerced)


@pytest.mark.database
def test_a_write_of_a_thousand_counts_holds_the_event_loop_for_less_than_five_milliseconds(run, resources):
    """They were coerced twice and read into objects there, which took 37 ms of its processor time."""
    document = "mutation ($input: RecordIncidentCountsInput!) { recordIncidentCounts(input: $input) { __typename } }"
    types = list(compiled_schema().type_map["IncidentType"].values)  # type: ignore[attr-defined]
    counts = [{"incidentType": each, "reported": {"count": 3}} for each in types]
    returns = [{"localityId": str(uuid.uuid4()), "period": "2026-Q1", "counts": counts} for _ in range(100)]
    operation = Operations(compiled_schema()).get(document, None)
    steward = Caller(Audience.STEWARD, "steward")
    longest_s = 0.0

    async def watch() -> None:
        nonlocal longest_s
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            longest_s, last = max(longest_s, time.thread_time() - last), time.thread_time()

    async def write() -> bytes:
        given = {"input": {"returns": returns, "idempotencyKey": "k"}}
        variables, _ = await operation.admit(given, steward)
        await operation.answer(variables, steward, resources)  # makes what is made once
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        answered = await operation.answer(variables, steward, resources)
        watching.cancel()
        return answered.body

    assert b"ValidationError" in run(write())
    assert longest_s < 0.005
