"""One process of its own for what takes minutes, so that nobody else waits for it.

It runs at a lower priority, says how far it is, and is killed when its work is no longer wanted. The
:class:`~geo.processes.worker_pool.WorkerPool` stays free for what requests ask.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from geo.errors import LakanaError, Timeout, Unavailable
from geo.processes.worker_pool import NICENESS, end_with_the_server

HEARD_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class News:
    """How far work is: from 0 to 1, the best objective known and its gap in percent, where there is one."""

    progress: float = 0.0
    best: float | None = None
    gap_percent: float | None = None


Tell = Callable[[float, float | None, float | None], None]


class LongTask:
    """Where one piece of work is done at a time, and a bell that says that there is more."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be work."""
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
            What to do; ``tell(progress, best, gap)`` says how far it is.
        heard
            Asked about once a second with the latest news; where it gives False the process is killed and the answer is
            None.
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
        process = fresh.Process(target=_apart, args=(theirs, function, given), daemon=True)
        deadline = time.monotonic() + timeout_s
        await asyncio.to_thread(process.start)
        theirs.close()
        latest, asked = News(), time.monotonic()
        try:
            while True:
                said = await asyncio.to_thread(_next, ours, HEARD_EVERY_S)
                match said:
                    case News():
                        latest = said
                    case _Done(value, error):
                        if error is not None:
                            raise error
                        return value
                if time.monotonic() > deadline:
                    raise Timeout(f"It took longer than {timeout_s:g} s; ask for a smaller area or fewer candidates.")
                if time.monotonic() - asked >= HEARD_EVERY_S:
                    asked = time.monotonic()
                    if not await heard(latest):
                        return None
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
            ours.close()


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any
    error: Exception | None


def _next(line: Connection, longest_s: float) -> Any:
    try:
        return line.recv() if line.poll(longest_s) else None
    except EOFError:
        return _Done(None, Unavailable("The process that worked on it ended; try a smaller area."))


def _apart(line: Connection, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    os.nice(NICENESS)
    end_with_the_server()

    def say(what: Any) -> None:
        try:
            line.send(what)
        except OSError:
            # Nobody listens any more: the server is gone, and with it the reason to go on.
            os._exit(1)

    try:
        say(_Done(function(*given, lambda *news: say(News(*news))), None))
    except LakanaError as error:
        say(_Done(None, error))
    except Exception:  # noqa: BLE001
        # An error of a library may not be fit to travel.
        say(_Done(None, RuntimeError(traceback.format_exc())))
