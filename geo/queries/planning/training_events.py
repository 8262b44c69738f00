"""Trainings, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, func, select

from geo.arguments import AreaCode, argument
from geo.database.tables import INCIDENT_TYPE, locality, training_event
from geo.queries.base.area_codes import coded_place
from geo.queries.base.question import Page, bind, in_place
from geo.queries.base.row_sets import trainings
from geo.vocabulary import IncidentType


@dataclass(frozen=True, kw_only=True)
class Trainings(Page):
    """Trainings, the newest first, of an area (by the locality where they were held), of one incident type, or all."""

    lists_places: ClassVar[bool] = True

    area_code: AreaCode | None = coded_place()
    incident_type: IncidentType | None = argument("Only those that were about this type of incident.", default=None)

    def matching(self) -> Select[Any]:
        """Return the trainings that match."""
        rows = trainings()
        if self.area_code is not None:
            here = select(locality.c.id).where(in_place(locality.c.area_set_id, locality.c.id))
            rows = rows.where(training_event.c.locality_id.in_(here))
        if self.incident_type is not None:
            rows = rows.where(bind("incident_type", INCIDENT_TYPE) == func.any(training_event.c.topics))
        return rows
