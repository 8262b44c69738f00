"""Turns: who waits, who is turned away and when, that none is lost, and that one holder keeps no other waiting."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import cycle

import pytest

from geo.errors import Unavailable
from geo.processes.admission_queue import WAIT_S, WAITING_EACH, AdmissionQueue, share


async def use(turns, seconds, holder="one"):
    """Take a turn and keep it; tell how long it took to get it, or to be turned away, and whether it was had."""
    began = time.monotonic()
    try:
        await turns.take(holder)
    except Unavailable:
        return time.monotonic() - began, False
    waited = time.monotonic() - began
    await asyncio.sleep(seconds)
    turns.give_back(holder)
    return waited, True


def idle(turns, size):
    """Whether nothing is left behind."""
    return (turns._free, turns._waiting, turns._lines, turns._had) == (size, 0, {}, {})


def test_a_burst_waits_until_the_queue_is_worked_off():
    async def burst():
        turns = AdmissionQueue(2, 1, "busy")
        names = cycle(("one", "two"))
        served = await asyncio.gather(*(use(turns, 2 * WAIT_S, next(names)) for _ in range(8)))
        assert idle(turns, 2)
        return served

    assert all(served for _, served in asyncio.run(burst()))


def test_who_finds_the_queue_full_is_told_at_once():
    async def crowd():
        turns = AdmissionQueue(2, 1, "busy")
        names = cycle(("one", "two"))
        return await asyncio.gather(*(use(turns, 0.01, next(names)) for _ in range(2 + 2 * WAITING_EACH + 5)))

    waited = [waited for waited, served in asyncio.run(crowd()) if not served]
    assert len(waited) == 5
    assert max(waited) < 0.01


def test_one_holder_has_half_of_the_turns_and_half_of_the_places_to_wait():
    async def flood():
        turns = AdmissionQueue(8, 5, "busy")
        asked = [asyncio.ensure_future(use(turns, 0.05, "flood")) for _ in range(100)]
        await asyncio.sleep(0)
        had, wait = turns._had["flood"], turns._waiting
        other = await use(turns, 0, "other")
        return had, wait, other, [await each for each in asked]

    had, wait, (waited, served), asked = asyncio.run(flood())
    assert (had, wait) == (share(8), share(8 * WAITING_EACH)) == (4, 16)
    assert served
    assert waited < 0.01
    assert sum(served for _, served in asked) == had + wait


def test_turns_go_round_by_holder():
    async def line():
        turns = AdmissionQueue(1, 5, "busy", waiting_each=8)
        order = []

        async def one(holder):
            await turns.take(holder)
            order.append(holder)
            await asyncio.sleep(0)
            turns.give_back(holder)

        await turns.take("first")
        asked = [asyncio.ensure_future(one(holder)) for holder in ("a", "a", "a", "b", "c", "b")]
        await asyncio.sleep(0)
        turns.give_back("first")
        await asyncio.gather(*asked)
        assert idle(turns, 1)
        return order

    assert asyncio.run(line()) == ["a", "b", "c", "a", "b", "a"]


def test_two_who_fill_the_places_to_wait_keep_no_third_out():
    async def three():
        turns = AdmissionQueue(2, 5, "busy")
        floods = [asyncio.ensure_future(use(turns, 0.02, holder)) for holder in ("a", "b") for _ in range(50)]
        await asyncio.sleep(0)
        assert turns._waiting == 2 * WAITING_EACH
        third = await use(turns, 0, "c")
        await asyncio.gather(*floods)
        return third

    waited, served = asyncio.run(three())
    assert served
    assert waited < 0.1


def test_a_line_that_stands_turns_away_soon_and_another_holder_is_still_waited_for():
    async def flood():
        turns = AdmissionQueue(1, 0.9, "busy")
        held = asyncio.ensure_future(use(turns, 1.2, "holds"))
        await asyncio.sleep(0)
        first = asyncio.ensure_future(use(turns, 0))
        await asyncio.sleep(0.84)
        other = asyncio.ensure_future(use(turns, 0, "other"))
        late = await use(turns, 0)
        await held
        return await first, late, await other

    (first_waited, first_served), (late_waited, late_served), (_, other_served) = asyncio.run(flood())
    assert (first_served, late_served, other_served) == (False, False, True)
    assert 0.75 < first_waited < 1.8
    assert late_waited < 0.75


def test_a_line_that_was_empty_is_patient_again():
    async def twice():
        turns = AdmissionQueue(1, 0.3, "busy")
        await asyncio.gather(*(use(turns, 0.15) for _ in range(2)))
        await asyncio.sleep(0.2)
        return await asyncio.gather(*(use(turns, 0.15) for _ in range(2)))

    assert all(served for _, served in asyncio.run(twice()))


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("third_holder", ["one", "other"])
def test_a_turn_that_comes_as_its_taker_is_cancelled_goes_to_the_next(given, third_holder):
    async def three():
        turns = AdmissionQueue(1, 1, "busy")
        await turns.take("one")
        second = asyncio.ensure_future(turns.take("one"))
        third = asyncio.ensure_future(turns.take(third_holder))
        await asyncio.sleep(0)
        if given:
            turns.give_back("one")
        second.cancel()
        if not given:
            turns.give_back("one")
        await asyncio.gather(second, return_exceptions=True)
        await asyncio.wait_for(third, 0.1)
        turns.give_back(third_holder)
        return turns

    assert idle(asyncio.run(three()), 1)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_no_turn_is_lost_and_no_share_exceeded(seed):
    async def crowd():
        chance = random.Random(seed)
        turns = AdmissionQueue(4, 0.05, "busy", wait_s=0.01)

        async def one():
            holder = chance.choice("aaaaabbc")
            try:
                await turns.take(holder)
            except Unavailable:
                return
            assert turns._had[holder] <= share(4)
            try:
                await asyncio.sleep(chance.uniform(0, 0.01))
            finally:
                turns.give_back(holder)

        tasks = []
        for _ in range(400):
            tasks.append(asyncio.ensure_future(one()))
            if chance.random() < 0.3:
                await asyncio.sleep(chance.uniform(0, 0.002))
            if chance.random() < 0.3:
                chance.choice(tasks).cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [each for each in found if isinstance(each, AssertionError)]
        return turns

    assert idle(asyncio.run(crowd()), 4)
