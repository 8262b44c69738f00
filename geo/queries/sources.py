"""Where the records come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from geo.queries.question import Binds, Question
from geo.queries.rows import sources


@dataclass(frozen=True, kw_only=True)
class Sources(Question):
    """Every source, by name."""

    def rows(self) -> Select[Any]:
        """Give one row a source."""
        every = sources()
        return every.order_by(every.selected_columns["name"], every.selected_columns["id"])

    def binds(self) -> Binds:
        """Give nothing: there is nothing to bind."""
        return {}
