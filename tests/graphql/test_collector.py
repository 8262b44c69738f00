"""Fresh documents do not make Python's collector hold the event loop, and what is kept is freed without it."""

from __future__ import annotations

import asyncio
import gc
from functools import partial

import pytest

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY
from geo.processes import collector

FIELDS = "id name category closedFrom phones { number } actor { name }"
MORE = "kindLabel jurisdiction { name areaCode } services(first: 2) { edges { node { name categoryLabel languages } } }"


@pytest.fixture
def begun(monkeypatch):
    """The collector as a server has it, and how many objects it looked at each time."""
    looked_at, thresholds = [], gc.get_threshold()

    def look(phase, told):
        if phase == "start":
            generations = range(told["generation"] + 1)
            looked_at.append(sum(len(gc.get_objects(generation=each)) for each in generations))

    monkeypatch.setattr(collector, "_rounds", None)
    collector.start()
    gc.callbacks.append(look)
    yield looked_at
    gc.callbacks.remove(look)
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def fresh(number: int) -> str:
    """Return a document that nobody has sent: three small ones, which the loop reads, then a large one."""
    parts, more = (5, f"actor {{ {MORE} }}") if number % 4 == 0 else (2, "")
    listed = (
        f"s{part}: services(first: {part}) {{ edges {{ node {{ {FIELDS} {more} }} }} }}" for part in range(1, parts)
    )
    return f"query q{number} {{ {' '.join(listed)} }}"


async def answered(operations: Operations, number: int) -> None:
    """Read a document, a large one in the thread, and make its statements there."""
    operation = await operations.read(fresh(number), None)
    values = operation.variables({})
    for asked in operation.selection(values):
        question = operation.question(asked, values)
        make = partial(operation._compile, asked, question, values)
        await operation.compiled((asked.key, question.shape()), [asked.node], make, values, ANYBODY)


async def answer_many(operations: Operations, first: int, last: int) -> None:
    for start in range(first, last, 4):
        await asyncio.gather(*(answered(operations, each) for each in range(start, start + 4)))


def test_fresh_documents_make_it_look_at_little(begun, monkeypatch):
    """With a full cache it looked at 60,000 to 240,000 objects at once, which held everybody for 30 to 250 ms."""
    monkeypatch.setattr("api.graphql.compile.document_cache.REMEMBERED_BYTES", 4_000_000)
    operations = Operations(compiled_schema())
    asyncio.run(answer_many(operations, 0, 4))  # what is made once
    begun.clear()
    asyncio.run(answer_many(operations, 4, 40))
    assert len(begun) > 20
    assert max(begun) < 10_000


def test_what_is_set_apart_is_freed_when_it_is_forgotten(begun, monkeypatch):
    """Nobody looks for its cycles any more, so it has none, and none of what was being made is among it."""
    monkeypatch.setattr("api.graphql.compile.document_cache.REMEMBERED_BYTES", 500_000)
    operations = Operations(compiled_schema())

    def apart_after(first: int, last: int) -> int:
        asyncio.run(answer_many(operations, first, last))
        operations._known.clear()
        gc.collect()
        gc.freeze()
        return gc.get_freeze_count()

    before = apart_after(0, 8)
    assert apart_after(8, 48) - before < 3_000  # of 40 documents; one has some 1,000
