"""What runs beside the requests goes on after a failure, and ends with the server."""

from __future__ import annotations

import asyncio

import pytest

from api.background import midnight
from api.errors import log_internal
from geo.processes.beside import beside


def test_what_fails_once_is_tried_again(monkeypatch):
    """An error that nobody foresaw ended it for good, and places were published no more until a restart."""
    outcomes = iter([RuntimeError("unforeseen"), 0, 0])
    seen = []

    def tell(_url):
        outcome = next(outcomes)
        seen.append(outcome)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(midnight, "tell_places", tell)
    monkeypatch.setattr(midnight, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("geo.processes.beside.AGAIN_S", 0.01)

    async def serve():
        async with midnight.telling("postgresql://nowhere/none"):
            while len(seen) < 2:  # noqa: ASYNC110  there is no event to wait for
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(serve(), 5))


@pytest.mark.parametrize("end", [OSError("no room"), asyncio.CancelledError(), None])
def test_however_it_ends_it_is_started_again_and_that_is_told(monkeypatch, end):
    """Work whose own report failed ended for good."""
    monkeypatch.setattr("geo.processes.beside.AGAIN_S", 0.01)
    started: list[bool] = []
    told: list[BaseException] = []

    async def work():
        started.append(True)
        if end is not None:
            raise end

    async def serve():
        async with beside(work, told.append):
            while len(started) < 3:  # noqa: ASYNC110  there is no event to wait for
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(serve(), 5))
    assert [type(each) for each in told[:2]] == [type(end) if end else RuntimeError] * 2


def test_it_ends_as_the_context_closes():
    ended = []

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def serve():
        async with beside(work, log_internal):
            await asyncio.sleep(0)
        assert ended == [True]

    asyncio.run(serve())
