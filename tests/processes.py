"""Worker processes that all applications of one test process share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from unittest import mock

from pebble import ProcessPool

from geo.audience import Audience
from geo.processes.worker_pool import WORKERS, WorkerPool, WorkerPools


class Lent(WorkerPool):
    """A pool whose processes stay when it is closed, for the next one of the name; what it had under way ends."""

    kept: dict[str, ProcessPool] = {}  # noqa: RUF012

    def __init__(self, size: int, name: str) -> None:
        super().__init__(size)
        self._name = name
        self._under_way: list[Future[Any]] = []

    def _pool(self) -> ProcessPool:
        self._processes = self.kept.get(self._name)
        self.kept[self._name] = super()._pool()
        return self.kept[self._name]

    def _schedule(self, function: Callable[..., Any], given: Sequence[object], timeout_s: float) -> Future[Any]:
        self._under_way = [each for each in self._under_way if not each.done()]
        self._under_way.append(super()._schedule(function, given, timeout_s))
        return self._under_way[-1]

    def close(self) -> None:
        for each in self._under_way:
            each.cancel()


class LentPools(WorkerPools):
    """As an application has them, separate by audience."""

    def __init__(self) -> None:
        others = Lent(1, "others")
        self._of = {each: Lent(WORKERS[each], each.name) if each in WORKERS else others for each in Audience}


@contextmanager
def lent() -> Iterator[None]:
    """Give each application of this process the same worker processes: they keep nothing, and take a second to start."""
    with mock.patch("geo.service.WorkerPools", LentPools):
        yield
    for each in Lent.kept.values():
        each.stop()
        each.join()
