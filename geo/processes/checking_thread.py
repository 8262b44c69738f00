"""The one thread that checks arguments which take long to look through, such as polygons, in turns and charged."""

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
"""How long a check may wait, and how many of an audience may wait, half of them of one holder. The longest takes some
50 ms."""


class CheckingThread:
    """A thread that checks for one caller at a time.

    Each audience has its own queue and at most one check in the thread, so a check waits for at most one of each other
    audience, and within an audience holders take turns.
    """

    def __init__(self) -> None:
        busy = "Many requests are being checked; try again."
        self._turns = {each: AdmissionQueue(1, PATIENCE_S, busy, waiting_each=WAITING) for each in Audience}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lakana-checks")

    async def run(self, check: Callable[[], Result], caller: Caller) -> Result:
        """Run a function in the caller's turn and charge its time to them.

        Raises
        ------
        Unavailable
            If too many checks wait.

        """
        turns, holder = self._turns[caller.audience], caller.turn
        await turns.take(holder)
        meter, took = metering.current(), 0.0

        def timed() -> Result:
            nonlocal took
            began = time.thread_time()
            try:
                return check()
            finally:
                took = time.thread_time() - began

        def over(_: object) -> None:
            turns.give_back(holder)
            meter.note(processor_s=took)

        # A check goes on when its client leaves, and is charged.
        working = asyncio.get_running_loop().run_in_executor(self._thread, timed)
        working.add_done_callback(over)
        return await asyncio.shield(working)

    def close(self) -> None:
        """Wait for the check under way."""
        self._thread.shutdown(wait=True)
