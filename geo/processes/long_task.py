"""A separate process for work that takes minutes, so that nobody else waits for it.

It runs at a lower priority, reports its progress, and is killed when its work is no longer wanted. The
:class:`~geo.processes.worker_pool.WorkerPool` stays free for requests.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from pebble import ProcessExpired, concurrent

from geo.errors import Timeout, Unavailable
from geo.processes.worker_pool import apart, end_with_the_server, result

HEARD_EVERY_S = 1.0
NICENESS = 10
"""Minutes of work give way to all that somebody waits for."""


@dataclass(frozen=True, slots=True)
class News:
    """The progress of work: from 0 to 1, and the best known objective with its gap in percent, if there is one."""

    progress: float = 0.0
    best: float | None = None
    gap_percent: float | None = None


Tell = Callable[[float, float | None, float | None], None]


class LongTask:
    """Runs one piece of work at a time; a bell wakes it when there may be more."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Ring the bell: there may be work."""
        self._bell.set()

    async def rest(self, longest_s: float) -> None:
        """Wait until there may be work, at most so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), longest_s)
        self._bell.clear()

    async def run(
        self, function: Callable[..., Any], *given: Any, heard: Callable[[News], Awaitable[bool]], timeout_s: float
    ) -> Any:
        """Run ``function(*given, tell)`` in a process; all must be picklable.

        Parameters
        ----------
        function, given
            The work; it reports its progress by ``tell(progress, best, gap)``.
        heard
            Called about once a second with the latest news; if it returns False, the process is killed and the answer
            is None.
        timeout_s
            After so many seconds the process is killed.

        Raises
        ------
        Timeout
            Where it took too long.
        Unavailable
            Where the process ended by itself.
        LakanaError
            What the function itself raises.

        """
        fresh = multiprocessing.get_context("spawn")
        ours, theirs = fresh.Pipe(duplex=False)
        begin = concurrent.process(timeout=timeout_s, mp_context=fresh)(_telling)
        working = await asyncio.to_thread(begin, theirs, function, *given)
        theirs.close()
        found, latest = asyncio.wrap_future(working), News()
        try:
            while not (await asyncio.wait([found], timeout=HEARD_EVERY_S))[0]:
                latest = await asyncio.to_thread(_latest, ours, latest)
                if not await heard(latest):
                    return None
            return result(found.result()[0])
        except TimeoutError:
            raise Timeout(f"It took longer than {timeout_s:g} s; ask for a smaller area or fewer candidates.") from None
        except ProcessExpired:
            raise Unavailable("The process that worked on it ended; try a smaller area.") from None
        finally:
            working.cancel()  # kills the process if it is still working
            ours.close()


def _latest(line: Connection, known: News) -> News:
    with suppress(EOFError):
        while line.poll():
            known = line.recv()
    return known


def _telling(line: Connection, function: Callable[..., Any], *given: Any) -> Any:
    os.nice(NICENESS)
    end_with_the_server()

    def tell(*news: float | None) -> None:
        try:
            line.send(News(*news))  # type: ignore[arg-type]
        except OSError:
            # Nobody listens any more: the server is gone, so stop.
            os._exit(1)

    return apart(function, *given, tell)
