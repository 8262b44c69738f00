"""A least-recently-used cache that is bounded by bytes and not by the number of entries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from geo import metering

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """A mapping that drops the least recently used entries when their total size exceeds the bound.

    Parameters
    ----------
    most_bytes
        The bound. What was put last is kept even where it alone is larger.
    name
        What it is called in the operator's figures; without one it is in none.

    Examples
    --------
    >>> cache = BoundedCache[str, int](100)
    >>> cache.put("a", 1, 60), cache.put("b", 2, 40), cache.get("a"), cache.put("c", 3, 40)
    ([], [], 1, [2])
    >>> "b" in cache, cache.size_bytes
    (False, 100)

    """

    def __init__(self, most_bytes: int, name: str = "") -> None:
        self._most_bytes = most_bytes
        self.name = name
        self.hits = self.made = 0
        if name:
            metering.CACHES.add(self)
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, which counts as a use; ``None`` if there is none."""
        found = self._kept.get(key)
        if found is None:
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: Value, size_bytes: int) -> list[Value]:
        """Store a value that takes so many bytes, and return the values that were dropped for it."""
        self.made += 1
        before = self._kept.pop(key, None)
        if before is not None:
            self.size_bytes -= before[1]
        self._kept[key] = value, size_bytes
        self.size_bytes += size_bytes
        return self._make_room()

    def grow(self, key: Key, more_bytes: int) -> list[Value]:
        """Note that the value of a key has grown by so many bytes, and return the values that were dropped for it."""
        kept = self._kept.get(key)
        if kept is None:
            return []
        self._kept[key] = kept[0], kept[1] + more_bytes
        self._kept.move_to_end(key)
        self.size_bytes += more_bytes
        return self._make_room()

    def _make_room(self) -> list[Value]:
        gone = []
        while self.size_bytes > self._most_bytes and len(self._kept) > 1:
            _, (oldest, its_bytes) = self._kept.popitem(last=False)
            self.size_bytes -= its_bytes
            gone.append(oldest)
        return gone

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self.size_bytes = 0

    def __contains__(self, key: Key) -> bool:
        """Return whether a key has a value; this does not count as a use."""
        return key in self._kept

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._kept)
