"""The time that a request really takes of the database and processors: measured at the work, charged to the caller."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

Given = ParamSpec("Given")
Result = TypeVar("Result")

PROCESSORS = os.cpu_count() or 1
SHORT_S = 0.0003
"""Work that ends sooner is measured by the clock of the wall: reading that of the processor takes 1.8 µs, eight times a
request."""


class _Processor(threading.local):
    """The processor time of this thread when it was last read."""

    last_s = 0.0

    def read(self) -> float:
        """Return the processor time that this thread has taken, in seconds."""
        self.last_s = time.thread_time()
        return self.last_s


PROCESSOR = _Processor()


def nobody(*_: object, **__: object) -> None:
    """Ignore work that belongs to no request."""


class Meter:
    """What one request has taken so far, in seconds.

    Parameters
    ----------
    told
        Called after each note. That may be after the request's end: a statement may outlast its client.
    owe
        Called with a piece of work that only shows itself while the request is answered, whether or not it has been
        done for others already, with what it costs in points, and with ``anew`` where it is really done now.

    """

    __slots__ = ("_told", "database_s", "owe", "processor_s", "worker_s")

    def __init__(self, told: Callable[[Meter], None] = nobody, owe: Callable[..., object] = nobody) -> None:
        self._told = told
        self.owe = owe
        self.database_s = self.worker_s = self.processor_s = 0.0

    def note(
        self,
        *,
        database_s: float = 0.0,
        worker_s: float = 0.0,
        processor_s: float = 0.0,
    ) -> None:
        """Add time that was taken; call it on the event loop."""
        self.database_s += database_s
        self.worker_s += worker_s
        self.processor_s += processor_s
        self._told(self)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Note the processor time that this thread takes within the context.

        Of what takes longer it is at most what the thread has taken since its processor time was last read, which is
        at each statement: the thread may have waited for a processor.
        """
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            if took > SHORT_S:
                before = PROCESSOR.last_s
                took = min(took, PROCESSOR.read() - before)
            self.note(processor_s=took)


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


def enter(meter: Meter) -> None:
    """Make this the meter of the current task."""
    _METER.set(meter)


def current() -> Meter:
    """Return the meter of the current request; outside a request, one that nobody reads."""
    return _METER.get() or Meter()


class Stopwatch:
    """The seconds that a function took, in whichever thread it ran.

    Parameters
    ----------
    clock
        What is read before and after it: the clock of the wall, or :func:`time.thread_time` for the processor's.

    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.seconds = 0.0

    def timing(self, function: Callable[Given, Result]) -> Callable[Given, Result]:
        """Wrap a function so that its time is added."""

        def timed(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            began = self._clock()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += self._clock() - began

        return timed


class Crowd:
    """The number of concurrent statements: if there are more than processors, each has only a share of one."""

    def __init__(self) -> None:
        self._running = 0

    def begin(self) -> float:
        """Count a statement that begins, and return its share of a processor."""
        self._running += 1
        return min(1.0, PROCESSORS / self._running)

    def end(self) -> None:
        """Count a statement that ends."""
        self._running -= 1


CROWD = Crowd()


class Spent:
    """What the database has spent for each field of the schema since the process began; for the operator's figures."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.statements: Counter[str] = Counter()

    def note(self, field: str, seconds: float) -> None:
        """Add a statement, or the transaction of a write; call it on the event loop.

        Parameters
        ----------
        field
            The field that it answers, as the schema names it; empty for what answers none.
        seconds
            How long the database took.

        """
        self.seconds[field] += seconds
        self.statements[field] += 1


SPENT = Spent()
QUEUES: WeakSet[Any] = WeakSet()
"""The queues with a ``name`` of this process; each has how many are ``waiting``."""
CACHES: WeakSet[Any] = WeakSet()
"""The caches with a ``name`` of this process; each has its ``hits``, what was ``made`` for it, and ``size_bytes``."""
