"""A table of ``country.toml``, whose keys are taken one by one; what nobody took is not known, and refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from geo.errors import BadInput


class Section:
    """A table, at a path such as ``law`` or ``files.2``, that is named in errors. A blank text counts as not given."""

    def __init__(self, path: str, given: object) -> None:
        if not isinstance(given, dict):
            raise BadInput(path, "write it as a table of keys and values.")
        self._path, self._left = path, dict[str, Any](given)

    def key(self, name: str) -> str:
        """Return the path of a key."""
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        """Return whether a key is given and was not taken yet."""
        return name in self._left

    def names(self) -> tuple[str, ...]:
        """Return the keys that were not taken yet."""
        return tuple(self._left)

    def take(self, name: str, *kinds: type) -> Any:
        """Return the value of a key, ``None`` where it is not given.

        Raises
        ------
        BadInput
            If it is of none of these kinds.

        """
        value = self._left.pop(name, None)
        if value is None or value == "":
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise BadInput(self.key(name), f"write it as {' or '.join(WRITTEN[each] for each in kinds)}.")
        return value

    def text(self, name: str) -> str | None:
        """Return a text."""
        value: str | None = self.take(name, str)
        return value

    def day(self, name: str) -> dt.date | None:
        """Return a day."""
        value: dt.date | None = self.take(name, dt.date)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where none is given."""
        value = self.take(name, list) or []
        if not all(isinstance(each, str) for each in value):
            raise BadInput(self.key(name), "write it as a list of texts.")
        return tuple(value)

    def pairs(self, name: str) -> Mapping[str, str]:
        """Return a table of texts, without those that are blank; empty where none is given."""
        value = self.take(name, dict) or {}
        if not all(isinstance(each, str) for each in value.values()):
            raise BadInput(self.key(name), "write it as a table of texts.")
        return {key: each for key, each in value.items() if each}

    def section(self, name: str) -> Section:
        """Return a table, an empty one where none is given."""
        return Section(self.key(name), self.take(name, dict) or {})

    def sections(self, name: str) -> list[Section]:
        """Return a list of tables, numbered from 1 in errors."""
        return [Section(f"{self.key(name)}.{at}", each) for at, each in enumerate(self.take(name, list) or [], 1)]

    def done(self) -> None:
        """Refuse keys that were not taken.

        Raises
        ------
        BadInput
            Naming the first.

        """
        for name in self._left:
            raise BadInput(self.key(name), "there is no such key; `lakana country new` writes all that there are.")


WRITTEN: Mapping[type, str] = {
    str: 'a text in quotes: "…"',
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list in brackets: […]",
    dict: "a table of keys and values",
    dt.date: "a day without quotes: 2025-12-31",
}
