"""The sources of the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists

from geo.database.tables import guidance, source
from geo.queries.base.question import Question
from geo.queries.base.row_sets import sources


@dataclass(frozen=True, kw_only=True)
class Sources(Question):
    """Every source of records, by name, without the texts that pathways rest on, which their steps name."""

    def rows(self) -> Select[Any]:
        """Return one row a source."""
        is_text = exists().where(guidance.c.source_id == source.c.id)
        every = sources().where(~is_text)
        return every.order_by(every.selected_columns["name"], every.selected_columns["id"])
