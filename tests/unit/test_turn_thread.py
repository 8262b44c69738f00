"""Work that would block the loop is done in turns, and charged."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from geo import metering
from geo.audience import Audience, Caller
from geo.errors import BadInput
from geo.processes.turn_thread import TurnThread

CHECK_S = 0.03
ONE, OTHER = (Caller(Audience.PLANNER, name) for name in ("one", "other"))


def busy() -> None:
    began = time.thread_time()
    while time.thread_time() - began < CHECK_S:
        pass


def test_one_who_has_much_checked_keeps_nobody_waiting():
    async def done_before_the_other() -> int:
        checks = TurnThread("Busy.", "checks")
        flood = [asyncio.create_task(checks.run(busy, ONE)) for _ in range(16)]
        await asyncio.sleep(CHECK_S / 2)
        before = sum(each.done() for each in flood)
        await checks.run(busy, OTHER)
        after = sum(each.done() for each in flood)
        await asyncio.gather(*flood)
        checks.close()
        return after - before

    assert asyncio.run(done_before_the_other()) <= 2  # what is under way, and one more where the other came late


def test_a_check_is_charged_to_who_asked_for_it_refused_or_not():
    def refuse() -> None:
        busy()
        raise BadInput("exclude", "no.")

    async def charged_s() -> list[float]:
        checks, charged = TurnThread("Busy.", "checks"), []
        for check in (busy, refuse):
            metering.enter(meter := metering.Meter())
            with suppress(BadInput):
                await checks.run(check, ONE)
            charged.append(meter.processor_s)
        checks.close()
        return charged

    assert asyncio.run(charged_s()) == [pytest.approx(CHECK_S, rel=0.5)] * 2
