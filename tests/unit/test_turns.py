"""Turns: who waits, who is turned away and when, and that none is lost."""

from __future__ import annotations

import asyncio
import time

import pytest

from geo.errors import Unavailable
from geo.turns import WAIT_S, WAITING_EACH, Turns


async def use(turns, seconds):
    """Take a turn and keep it; tell how long it took to get it, or to be turned away, and whether it was had."""
    began = time.monotonic()
    try:
        await turns.take()
    except Unavailable:
        return time.monotonic() - began, False
    waited = time.monotonic() - began
    await asyncio.sleep(seconds)
    turns.give_back()
    return waited, True


def test_a_burst_waits_until_the_queue_is_worked_off():
    async def burst():
        turns = Turns(2, 1, "busy")
        return await asyncio.gather(*(use(turns, 2 * WAIT_S) for _ in range(8)))

    assert all(served for _, served in asyncio.run(burst()))


def test_who_finds_the_queue_full_is_told_at_once():
    async def crowd():
        turns = Turns(2, 1, "busy")
        return await asyncio.gather(*(use(turns, 0.01) for _ in range(2 + 2 * WAITING_EACH + 5)))

    waited = [waited for waited, served in asyncio.run(crowd()) if not served]
    assert len(waited) == 5
    assert max(waited) < 0.01


def test_a_queue_that_stands_turns_away_soon():
    async def flood():
        turns = Turns(1, 0.3, "busy")
        held = asyncio.ensure_future(use(turns, 1))
        await asyncio.sleep(0)
        first = asyncio.ensure_future(use(turns, 0))
        await asyncio.sleep(0.28)
        late = await use(turns, 0)
        await held
        return await first, late

    (first_waited, first_served), (late_waited, late_served) = asyncio.run(flood())
    assert (first_served, late_served) == (False, False)
    assert 0.25 < first_waited < 0.6
    assert late_waited < 0.25


def test_a_queue_that_was_empty_is_patient_again():
    async def twice():
        turns = Turns(1, 0.3, "busy")
        await asyncio.gather(*(use(turns, 0.15) for _ in range(2)))
        await asyncio.sleep(0.2)
        return await asyncio.gather(*(use(turns, 0.15) for _ in range(2)))

    assert all(served for _, served in asyncio.run(twice()))


@pytest.mark.parametrize("given", [True, False])
def test_a_turn_that_comes_as_its_taker_is_cancelled_goes_to_the_next(given):
    async def three():
        turns = Turns(1, 1, "busy")
        await turns.take()
        second, third = (asyncio.ensure_future(turns.take()) for _ in range(2))
        await asyncio.sleep(0)
        if given:
            turns.give_back()
        second.cancel()
        if not given:
            turns.give_back()
        await asyncio.gather(second, return_exceptions=True)
        await asyncio.wait_for(third, 0.1)
        turns.give_back()
        return turns

    turns = asyncio.run(three())
    assert turns._free == 1
    assert not turns._waiting
