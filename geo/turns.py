"""Turns at something that few can use at once: who cannot have one soon is told so at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress

from geo.errors import Unavailable

WAITING_EACH = 4
"""How many may wait for each turn that can be had."""

WAIT_S = 0.05
"""How long one waits where others have waited before: enough to take over what comes free."""


class Turns:
    """A queue, bounded by its length and by time.

    A burst may wait while the queue works it off. A queue that has not been empty for ``patience_s`` is no burst but
    more than can be served; who joins it waits for :data:`WAIT_S` only (K. Nichols, V. Jacobson, "Controlling Queue
    Delay", ACM Queue 10 (5), 2012, tell the two apart in the same way).

    Parameters
    ----------
    size
        Turns that can be had at the same time.
    patience_s
        How long the queue may stand before it is taken for a flood.
    busy
        What who is turned away is told.

    """

    def __init__(self, size: int, patience_s: float, busy: str) -> None:
        self._free = size
        self._most = WAITING_EACH * size
        self._patience_s = patience_s
        self._busy = busy
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._stands_since = 0.0

    async def take(self) -> None:
        """Take a turn, which must be given back by :meth:`give_back`.

        Raises
        ------
        Unavailable
            Where none comes free in time, or too many wait already.

        """
        if self._free:
            self._free -= 1
            return
        if len(self._waiting) >= self._most:
            raise Unavailable(self._busy)
        now = time.monotonic()
        if not self._waiting:
            self._stands_since = now
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(max(WAIT_S, self._stands_since + self._patience_s - now), self._turn_away, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):
                    self._waiting.remove(turn)
            elif turn.exception() is None:
                self.give_back()  # it was given a turn and cannot use it
            raise
        finally:
            timer.cancel()

    def _turn_away(self, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            turn.set_exception(Unavailable(self._busy))

    def give_back(self) -> None:
        """Give a turn back, to who has waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
