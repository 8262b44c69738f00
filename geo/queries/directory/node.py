"""The record of an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Select, Uuid, select

from geo.arguments import RowId, argument, check_id
from geo.queries.base.descriptions import KNOWN_ID
from geo.queries.base.question import Binds, Question, bind
from geo.queries.base.row_sets import actors, areas, localities, organizations, services, shelters, trainings, zones

KINDS = {
    "AdminArea": areas,
    "Locality": localities,
    "Organization": organizations,
    "ProtectionActor": actors,
    "Service": services,
    "Shelter": shelters,
    "TrainingEvent": trainings,
    "Zone": zones,
}
"""The concepts that have an id, by their name in the API."""


@dataclass(frozen=True, kw_only=True)
class Node(Question):
    """The one record of an id, of whatever concept. Ids are unique over all concepts."""

    id: RowId = argument(KNOWN_ID, check_id)

    def rows(self) -> Select[Any]:
        """Return the bound id; :meth:`related` returns the records that it may name."""
        return select(self._id().label("id"))

    def related(self) -> Mapping[str, FromClause]:
        """Return for each concept its row of this id, if there is one."""
        found = {}
        for name, rows in KINDS.items():
            every = rows()
            found[name] = every.where(every.selected_columns["id"] == self._id()).subquery(f"one-{name}")
        return found

    def binds(self) -> Binds:
        """Return the id."""
        return {"id": check_id("id", self.id)}

    @staticmethod
    def _id() -> Any:
        return bind("id", Uuid(as_uuid=False))
