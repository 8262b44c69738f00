"""The sources of the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Uuid, exists, func

from geo.arguments import RowId, argument
from geo.database.tables import guidance, source
from geo.queries.base.descriptions import KNOWN_ID
from geo.queries.base.question import Question, bind
from geo.queries.base.row_sets import sources


@dataclass(frozen=True, kw_only=True)
class SourceById(Question):
    """The source of an id, whether or not anything public names it: of what the caller has just recorded."""

    id: RowId = argument(KNOWN_ID)

    def rows(self) -> Select[Any]:
        """Return its row."""
        every = sources()
        return every.where(every.selected_columns["id"] == bind("id", Uuid(as_uuid=False)))


@dataclass(frozen=True, kw_only=True)
class Sources(Question):
    """The sources that something public names, by name, without the texts of pathways, which their steps name.

    What nothing public names any more would tell the list of a confidential shelter.
    """

    def rows(self) -> Select[Any]:
        """Return one row a source."""
        is_text = exists().where(guidance.c.source_id == source.c.id)
        every = sources().where(~is_text, func.lakana.is_named_source(source.c.id))
        return every.order_by(every.selected_columns["name"], every.selected_columns["id"])
