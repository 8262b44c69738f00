"""Processes for long computations, so that neither other clients nor ``/livez`` wait for them.

A solver or a permutation test would hold the interpreter's lock. Here it runs in a process of its own, which is killed
when its time is over or nobody waits for the answer any more.

The processes have the priority of the server and of the database. At a lower one, a few slow statements of one caller
would stop the work of everybody else.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from geo import metering
from geo.audience import Audience
from geo.errors import LakanaError, Timeout, Unavailable
from geo.processes.admission_queue import AdmissionQueue

Result = TypeVar("Result")

WORKERS = {Audience.PUBLIC: 1, Audience.PLANNER: 2}
"""Processes of the audiences that have their own; all others share one. A planner uses one, so the other stays free."""
PATIENCE_S, WAIT_S = 10.0, 2.0
"""How long a question may wait for a process, and how long if its holder's line is a standing one (see
:class:`AdmissionQueue`); most take less than a second."""
RESTART_S = 2.5
"""Roughly how long a process takes to start, with its imports."""
GRACE_S = 2.0
"""How long work goes on after its caller has left: most of it ends before a new process would be ready."""
CLOCK_TIMES = 3
"""Work may take so many times its limit by the clock: a busy machine delays it, which is not its fault."""
AT_HAND = ("geo.queries.base.two_step", "scipy.spatial")
"""Modules that every question needs. A process imports them when it starts, so no question spends its time on that."""


class WorkerPool:
    """Worker processes, started when they are first needed.

    Parameters
    ----------
    size
        The number of processes; one holder uses at most half of them at a time, and at least one.

    """

    def __init__(self, size: int) -> None:
        self._size = size
        busy = "All that works out what takes long is busy; try again."
        self._turns = AdmissionQueue(size, PATIENCE_S, busy, wait_s=WAIT_S, name="workers")
        self._processes: ProcessPool | None = None

    async def run(self, holder: str, function: Callable[..., Result], *given: object, timeout_s: float) -> Result:
        """Run a function in a process; the function and its arguments must be picklable.

        If the caller gives up waiting, the work is cancelled, unless it ends soon. Holders take turns.

        Raises
        ------
        Timeout
            Where it took more than ``timeout_s`` seconds of the processor, or three times as long by the clock; its
            process is killed.
        Unavailable
            Where no process comes free soon, or the one that worked on it ended by itself.
        LakanaError
            What the function itself raises.

        """
        await self._turns.take(holder)
        meter, began = metering.current(), time.monotonic()
        loop = asyncio.get_running_loop()
        working = asyncio.ensure_future(asyncio.wrap_future(self._schedule(function, given, timeout_s)))

        def over(_: object) -> None:
            lost = working.cancelled() or working.exception() is not None
            meter.note(worker_s=min(time.monotonic() - began, timeout_s) if lost else working.result()[1])
            # Wait until a new process has started: a caller who keeps giving up must not restart all of them.
            loop.call_later(RESTART_S if lost else 0.0, self._turns.give_back, holder)

        working.add_done_callback(over)
        try:
            found, _ = await asyncio.shield(working)
        except asyncio.CancelledError:
            # To kill a process costs the others more than to let short work end.
            loop.call_later(GRACE_S, working.cancel)
            raise
        except (TimeoutError, ProcessExpired, BrokenProcessPool) as ended:
            if isinstance(ended, TimeoutError) or getattr(ended, "exitcode", 0) == -signal.SIGPROF:
                late = f"It took longer than {timeout_s:g} s to work out; ask for a smaller area or less."
                raise Timeout(late) from None
            # The operating system kills a process that takes too much memory.
            raise Unavailable("The process that worked on it ended; try again, or ask for a smaller area.") from None
        return result(found)

    def _schedule(
        self, function: Callable[..., Result], given: Sequence[object], timeout_s: float
    ) -> Future[tuple[Result | LakanaError, float]]:
        scheduled: Future[tuple[Result | LakanaError, float]] = self._pool().schedule(
            limited, (timeout_s, function, *given), timeout=timeout_s * CLOCK_TIMES
        )
        return scheduled

    def _pool(self) -> ProcessPool:
        if self._processes is not None and not self._processes.active:
            # Pebble's pool does not survive if an idle process is killed.
            threading.Thread(target=_end, args=(self._processes,), daemon=True).start()
            self._processes = None
        if self._processes is None:
            # A fork would copy locks that other threads hold at that moment.
            fresh = multiprocessing.get_context("spawn")
            self._processes = ProcessPool(self._size, initializer=_begin, context=fresh)
        return self._processes

    def close(self) -> None:
        """Stop what is under way and end the processes."""
        if self._processes is not None:
            _end(self._processes)


class WorkerPools:
    """The worker processes, separate by audience, so that planners' solvers keep nobody else waiting."""

    def __init__(self) -> None:
        others = WorkerPool(1)
        self._of = {each: WorkerPool(WORKERS[each]) if each in WORKERS else others for each in Audience}

    def of(self, audience: Audience) -> WorkerPool:
        """Return the worker processes of an audience."""
        return self._of[audience]

    def close(self) -> None:
        """Stop what is under way and end the processes."""
        for each in set(self._of.values()):
            each.close()


def _end(processes: ProcessPool) -> None:
    processes.stop()  # type: ignore[no-untyped-call]
    processes.join()


def apart(function: Callable[..., Result], *given: object) -> tuple[Result | LakanaError, float]:
    """Return a function's result or error, and the processor seconds that it took, without its waits."""
    began = time.process_time()
    try:
        found: Result | LakanaError = function(*given)
    except LakanaError as error:
        found = error.with_traceback(None)
    except Exception:  # noqa: BLE001
        # A library's error may not be picklable, which would break the whole pool.
        raise RuntimeError(traceback.format_exc()) from None
    return found, time.process_time() - began


def limited(limit_s: float, function: Callable[..., Result], *given: object) -> tuple[Result | LakanaError, float]:
    """Do the same as :func:`apart`; the system ends this process by SIGPROF after so many seconds of the processor."""
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        return apart(function, *given)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def result(found: Result | LakanaError) -> Result:
    """Return a function's result, or raise its error."""
    if isinstance(found, LakanaError):
        raise found
    return found


def end_with_the_server() -> None:
    """End this process when the server that started it ends, however that happens: nobody would take the answer."""
    server = multiprocessing.parent_process()

    def watch() -> None:
        if server is not None:
            server.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lakana-orphan").start()


def _begin() -> None:
    end_with_the_server()
    for each in AT_HAND:
        importlib.import_module(each)
