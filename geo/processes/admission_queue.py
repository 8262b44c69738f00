"""A fair queue for a resource that only a few can use at once.

A caller who cannot get a turn soon is refused at once.

The database's connections, writes and the worker processes each use such queues, one for each audience. Within a queue
a *holder* (an address of the public, else a person or a key) never gets more than half of the turns and of the places
to wait, and turns go round by holder: a holder with many requests waits behind their own.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque

from geo import metering
from geo.errors import Unavailable

WAITING_EACH = 4
"""How many may wait for each turn."""

WAIT_S = 0.05
"""How long a request waits in a standing line: long enough to take over a turn that comes free."""


def share(size: int) -> int:
    """Return how many of ``size`` places one holder may take: half of them, and at least one.

    Examples
    --------
    >>> share(8), share(2), share(1)
    (4, 1, 1)

    """
    return max(1, size // 2)


class _Line:
    """The waiting requests of one holder, and since when the line has not been empty."""

    __slots__ = ("since", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.since = time.monotonic()


class AdmissionQueue:
    """A queue with limits on length and time, in which holders take turns.

    A burst may wait until the queue has worked it off. A holder whose line has not been empty for ``patience_s`` sends
    more than can be served: a request that joins that line waits for only ``wait_s`` (K. Nichols, V. Jacobson,
    "Controlling Queue Delay", ACM Queue 10 (5), 2012, distinguish a burst from a standing queue in the same way). If
    all places to wait are taken, a request that joins a shorter line takes the last place of the longest line.

    Parameters
    ----------
    size
        Turns that can be had at the same time; one holder has at most :func:`share` of them.
    patience_s
        How long a holder's line may stand before it is taken for a flood.
    busy
        The text of the refusal.
    waiting_each
        Places to wait for each turn, by default :data:`WAITING_EACH`; one holder has at most :func:`share` of them.
    wait_s
        How long a request waits in a standing line, by default :data:`WAIT_S`.
    name
        What it is called in the operator's figures; without one it is in none.

    """

    def __init__(
        self,
        size: int,
        patience_s: float,
        busy: str,
        *,
        waiting_each: int | None = None,
        wait_s: float | None = None,
        name: str = "",
    ) -> None:
        self.name = name
        if name:
            metering.QUEUES.add(self)
        self._free = size
        self._most = (WAITING_EACH if waiting_each is None else waiting_each) * size
        self._patience_s = patience_s
        self._wait_s = WAIT_S if wait_s is None else wait_s
        self._busy = busy
        self._each, self._waiting_each = share(size), share(self._most)
        self._had: Counter[str] = Counter()
        # The first holder has waited longest for a turn.
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many requests wait for a turn."""
        return self._waiting

    async def take(self, holder: str) -> None:
        """Take a turn for a holder, which must be given back by :meth:`give_back`.

        Raises
        ------
        Unavailable
            Where none comes free in time, or too many wait already.

        """
        if self._free and self._had[holder] < self._each:
            self._free -= 1
            self._had[holder] += 1
            return
        self._make_room(holder)
        line = self._lines.setdefault(holder, _Line())
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        line.waiting.append(turn)
        self._waiting += 1
        latest_s = max(self._wait_s, line.since + self._patience_s - time.monotonic())
        timer = loop.call_later(latest_s, self._turn_away, holder, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._leave(holder, turn)
            elif turn.exception() is None:
                self.give_back(holder)  # it was given a turn and cannot use it
            raise
        finally:
            timer.cancel()
            del turn  # breaks a reference cycle between the future and its exception

    def _make_room(self, holder: str) -> None:
        own = len(self._lines[holder].waiting) if holder in self._lines else 0
        if own >= self._waiting_each:
            raise Unavailable(self._busy)
        if self._waiting < self._most:
            return
        longest = max(self._lines, key=lambda each: len(self._lines[each].waiting))
        if len(self._lines[longest].waiting) <= own + 1:
            raise Unavailable(self._busy)
        self._turn_away(longest, self._lines[longest].waiting[-1])

    def _turn_away(self, holder: str, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            self._leave(holder, turn)
            turn.set_exception(Unavailable(self._busy))

    def _leave(self, holder: str, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(holder)
        if line is None or turn not in line.waiting:
            return
        line.waiting.remove(turn)
        self._waiting -= 1
        if not line.waiting:
            del self._lines[holder]

    def give_back(self, holder: str) -> None:
        """Give a holder's turn back; the next waiting holder who has less than their share gets it."""
        self._free += 1
        self._had[holder] -= 1
        if not self._had[holder]:
            del self._had[holder]
        self._pass_on()

    def _pass_on(self) -> None:
        for holder in [each for each in self._lines if self._had[each] < self._each]:
            line = self._lines[holder]
            while line.waiting:
                turn = line.waiting[0]
                self._leave(holder, turn)
                if turn.done():  # cancelled, and not yet away
                    continue
                if line.waiting:
                    self._lines.move_to_end(holder)
                self._free -= 1
                self._had[holder] += 1
                turn.set_result(None)
                return
