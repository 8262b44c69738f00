"""Processes that work out what takes long, so that neither other clients nor ``/livez`` wait for it.

A solver or a permutation test would hold the interpreter's lock; here it holds a process of its own, at a lower
priority, which is killed when its time is over or nobody waits for the answer any more.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from geo import spending
from geo.errors import LakanaError, Timeout, Unavailable
from geo.turns import Turns

Result = TypeVar("Result")

WORKERS = 2
PATIENCE_S = 10.0
"""How long a question may wait for a process; most take less than a second."""
NICENESS = 10
AT_HAND = ("geo.queries.computed", "scipy.spatial")
"""What every question needs: imported when a process starts, so that no question's own time is spent on it."""


class Workshop:
    """Worker processes, started when they are first needed."""

    def __init__(self) -> None:
        self._turns = Turns(WORKERS, PATIENCE_S, "All that works out what takes long is busy; try again.")
        self._processes: ProcessPool | None = None

    async def run(self, function: Callable[..., Result], *given: object, timeout_s: float) -> Result:
        """Run a function in a process; it and what it is given must be picklable.

        Whoever gives up waiting ends the work.

        Raises
        ------
        Timeout
            Where it took longer than ``timeout_s`` seconds; its process is killed.
        Unavailable
            Where no process comes free soon, or the one that worked on it ended by itself.
        LakanaError
            What the function itself raises.

        """
        await self._turns.take()
        meter, began = spending.current(), time.perf_counter()
        try:
            return await asyncio.wrap_future(self._pool().schedule(_apart, (function, *given), timeout=timeout_s))
        except TimeoutError:
            raise Timeout(f"It took longer than {timeout_s:g} s to work out; ask for a smaller area or less.") from None
        except (ProcessExpired, BrokenProcessPool):
            # The system kills what takes too much memory.
            raise Unavailable("The process that worked on it ended; try again, or ask for a smaller area.") from None
        finally:
            meter.note(worker_s=time.perf_counter() - began)
            self._turns.give_back()

    def _pool(self) -> ProcessPool:
        if self._processes is not None and not self._processes.active:
            # It does not outlive a process that was killed while it had nothing to do.
            threading.Thread(target=_end, args=(self._processes,), daemon=True).start()
            self._processes = None
        if self._processes is None:
            # A fork would copy the threads' locks as they are held at that moment.
            fresh = multiprocessing.get_context("spawn")
            self._processes = ProcessPool(WORKERS, initializer=_begin, context=fresh)
        return self._processes

    def close(self) -> None:
        """Stop what is under way and end the processes."""
        if self._processes is not None:
            _end(self._processes)


def _end(processes: ProcessPool) -> None:
    processes.stop()  # type: ignore[no-untyped-call]
    processes.join()


def _apart(function: Callable[..., Result], *given: object) -> Result:
    try:
        return function(*given)
    except LakanaError:
        raise
    except Exception:  # noqa: BLE001
        # An error of a library may not be fit to travel, which would break the whole pool.
        raise RuntimeError(traceback.format_exc()) from None


def _begin() -> None:
    os.nice(NICENESS)
    for each in AT_HAND:
        importlib.import_module(each)
