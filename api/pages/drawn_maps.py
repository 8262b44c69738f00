"""Maps drawn a moment ago, so that an office that opens one together has it drawn, and pays for it, once.

A map is kept under what was asked and the state of what the public reads that it was drawn from: once some of that is
written, the map is drawn anew. So a shelter that has just become confidential is on no kept map. A write of what the
public does not read leaves all maps: otherwise the price and the time of a map would tell that there was one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from api.identity.concurrency import WAITING, WAITING_IN_ALL
from api.pages.fixed import BYTES_A_POINT
from geo.bounded_cache import BoundedCache
from geo.errors import Unavailable

BUSY = "Other maps are being drawn; try again."

KEPT_BYTES = 16_000_000
"""A dozen overviews of the seeds, or one map of a country with every feature that it may have."""
KEPT_S = 60.0
"""Some of what a map says changes with the time alone, as which areas are in force today."""


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A page of a map with its content security policy."""

    html: bytes
    csp: str
    packed: Mapping[str, bytes] = field(default_factory=dict)
    """The page compressed, by coding."""
    at_s: float = field(default_factory=time.monotonic)

    @property
    def size_bytes(self) -> int:
        """What it takes of memory."""
        return len(self.html) + sum(map(len, self.packed.values()))

    @property
    def price(self) -> int:
        """What it costs to be sent once more: its bytes, as a file's."""
        return len(self.html) // BYTES_A_POINT


class DrawnMaps:
    """The maps that are kept, and those that are being drawn.

    Parameters
    ----------
    clock
        Returns the time in seconds; for tests.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: BoundedCache[Hashable, DrawnMap] = BoundedCache(KEPT_BYTES, "maps")
        self._drawing: dict[Hashable, asyncio.Event] = {}
        self._waiting: Counter[str] = Counter()

    async def find(self, key: Hashable, holder: str, leave: Callable[[], object]) -> DrawnMap | None:
        """Return a map that is kept, or that somebody is drawing; ``None`` if it is to be drawn, or that fails.

        One who still waits for a turn to draw it is waited for by the same holder alone: their line is no other's.
        ``leave`` is called before: who waits holds no place at the door, so that an office can go on asking.

        Raises
        ------
        Unavailable
            Where too many of this holder, or of all, wait for maps.

        """
        found = self.kept(key)
        if found is not None:
            return found
        drawing = self._drawing.get(key) or self._drawing.get((key, holder))
        if drawing is None:
            return None
        if self._waiting[holder] >= WAITING or self._waiting.total() >= WAITING_IN_ALL * WAITING:
            raise Unavailable(BUSY)
        self._waiting[holder] += 1
        leave()
        try:
            await drawing.wait()
        finally:
            self._waiting[holder] -= 1
            if not self._waiting[holder]:
                del self._waiting[holder]
        return self.kept(key)

    def kept(self, key: Hashable) -> DrawnMap | None:
        """Return a map that is kept and not too old."""
        found = self._kept.get(key)
        return found if found is not None and self._clock() - found.at_s <= KEPT_S else None

    @contextmanager
    def drawing(self, key: Hashable, holder: str | None = None) -> Iterator[None]:
        """Let others wait for a map while it is drawn; with a ``holder``, those of the holder who waits for a turn."""
        name = key if holder is None else (key, holder)
        event = self._drawing.setdefault(name, asyncio.Event())
        try:
            yield
        finally:
            event.set()
            if self._drawing.get(name) is event:
                del self._drawing[name]

    def keep(self, key: Hashable, drawn: DrawnMap) -> DrawnMap:
        """Keep a map, unless it alone is larger than all that may be kept."""
        if drawn.size_bytes <= KEPT_BYTES:
            self._kept.put(key, drawn, drawn.size_bytes)
        return drawn
