"""Members of JSON inside of others, as columns by their path: what is said anywhere of a record must be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def members(record: Mapping[str, Any], leave: Iterable[str] = (), before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the members of a record with their paths; an object in it gives way to its own members.

    Examples
    --------
    >>> dict(members({"a": 1, "acces": {"confidentiel": True}}))
    {'a': 1, 'acces/confidentiel': True}

    """
    for name, value in record.items():
        if name in leave:
            continue
        if isinstance(value, dict) and value:
            yield from members(value, (), f"{before}{name}/")
        else:
            yield f"{before}{name}", value
