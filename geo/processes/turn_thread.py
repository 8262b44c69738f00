"""A thread for work that takes long and would block the event loop: callers take turns in it, and it is charged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from geo import metering
from geo.audience import Audience, Caller
from geo.processes.admission_queue import AdmissionQueue

Result = TypeVar("Result")

PATIENCE_S, WAITING = 3.0, 32
"""How long work may wait for earlier work in its thread, and how many requests of an audience may wait, half of them of
one holder. A page that opens sends all its queries at once. The longest takes some 0.3 s."""


class TurnThread:
    """A thread that works for one caller at a time.

    Each audience has its own queue and at most one piece of work in the thread at a time. However much the public asks
    for, a partner waits for at most one piece of theirs, and one of each other audience. Within an audience, holders
    take turns.

    Parameters
    ----------
    busy
        What is said if too much work waits.
    name
        The thread's name.

    """

    def __init__(self, busy: str, name: str) -> None:
        self._turns = {
            each: AdmissionQueue(1, PATIENCE_S, busy, waiting_each=WAITING, name=name.removeprefix("lakana-"))
            for each in Audience
        }
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[[], Result], caller: Caller) -> Result:
        """Run a function in the caller's turn and charge its time to them; it goes on when its client leaves.

        Raises
        ------
        Unavailable
            If too much work waits.

        """
        turns, holder = self._turns[caller.audience], caller.turn
        await turns.take(holder)
        meter, took = metering.current(), 0.0

        def timed() -> Result:
            nonlocal took
            began = time.thread_time()
            try:
                return work()
            finally:
                took = time.thread_time() - began

        def over(_: object) -> None:
            turns.give_back(holder)
            meter.note(processor_s=took)

        working = asyncio.get_running_loop().run_in_executor(self._thread, timed)
        working.add_done_callback(over)
        return await asyncio.shield(working)

    def close(self) -> None:
        """Wait for the work under way."""
        self._thread.shutdown(wait=True)
