"""What a price depends on: the arguments of a list, and the size of the country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.graphql.compile.country_size import Country

COVERED_ROWS = 1_000
"""Rows of a list's table that the prices of a page and of a total cover."""


class Asked:
    """The arguments of a root field or of a list inside it, read when a price needs them, and the country's size."""

    __slots__ = ("_given", "_readers", "_table", "_variables", "country", "memo", "nested", "within_record")

    def __init__(
        self,
        readers: Mapping[str, Callable[[Mapping[str, Any]], Any]],
        variables: Mapping[str, Any],
        country: Country,
        table: str | None = None,
    ) -> None:
        self._readers = readers
        self._variables = variables
        self._table = table
        self.country = country
        self._given: dict[str, Any] = {}
        self.memo: dict[int, float] = {}
        self.nested: dict[int, float] = {}
        self.within_record = False

    def inside(self, readers: Mapping[str, Callable[[Mapping[str, Any]], Any]]) -> Asked:
        """Return the arguments of a nested list; what the lists inside it cost is known to all of the root field."""
        inner = Asked(readers, self._variables, self.country)
        inner.nested, inner.within_record = self.nested, True
        return inner

    def given(self, name: str, default: Any = None) -> Any:
        """Return an argument; the default if it was left out, is null, or the field does not have it.

        It is read once, however many prices depend on it.
        """
        if name in self._given:
            value = self._given[name]
        else:
            read = self._readers.get(name)
            value = self._given[name] = read(self._variables) if read else None
        return default if value is None else value

    def takes(self, name: str) -> bool:
        """Return whether the field has an argument, given or not."""
        return name in self._readers

    @property
    def table(self) -> str | None:
        """The table that is listed; of a layer, its own."""
        layer = self.given("layer")
        table = getattr(layer, "name", layer).lower() if layer else self._table
        return "services" if table == "shelters" else table

    @property
    def rows(self) -> float:
        """How many rows the list's table has beyond those that are covered."""
        return max(self.country.rows.get(self.table or "", 0) - COVERED_ROWS, 0)
