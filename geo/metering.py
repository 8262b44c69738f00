"""What a request really takes of the database and the processors: noted where the work is done, for who pays for it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

PROCESSORS = os.cpu_count() or 1


def nobody(_: Meter) -> None:
    """Note what no request asked for, which nobody pays."""


class Meter:
    """What one request has taken so far, in seconds.

    Parameters
    ----------
    told
        Called after each note, which may come after the request's end: a statement goes on when its client has left.

    """

    __slots__ = ("_told", "database_s", "processor_s", "worker_s")

    def __init__(self, told: Callable[[Meter], None] = nobody) -> None:
        self._told = told
        self.database_s = self.worker_s = self.processor_s = 0.0

    def note(
        self,
        *,
        database_s: float = 0.0,
        worker_s: float = 0.0,
        processor_s: float = 0.0,
    ) -> None:
        """Add what was taken; on the event loop."""
        self.database_s += database_s
        self.worker_s += worker_s
        self.processor_s += processor_s
        self._told(self)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Note the time of this thread's processor that is taken inside."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.note(processor_s=time.thread_time() - began)


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


def enter(meter: Meter) -> None:
    """Let what follows in this task be noted in a meter."""
    _METER.set(meter)


def current() -> Meter:
    """Return the meter of the request at hand; one that nobody pays where there is none."""
    return _METER.get() or Meter()


class Stopwatch:
    """The seconds that a function took, in whichever thread it ran."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timing(self, function: Callable[Given, Result]) -> Callable[Given, Result]:
        """Return the function, timed."""

        def timed(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


class Crowd:
    """How many statements run at once: where there are more than processors, each has only its share of one."""

    def __init__(self) -> None:
        self._running = 0

    def begin(self) -> float:
        """Count a statement in, and return the share of a processor that it has."""
        self._running += 1
        return min(1.0, PROCESSORS / self._running)

    def end(self) -> None:
        """Count it out."""
        self._running -= 1


CROWD = Crowd()
