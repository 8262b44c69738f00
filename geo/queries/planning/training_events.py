"""Trainings, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from geo.database.tables import INCIDENT_TYPE, locality, training_event
from geo.queries.base.question import Binds, Page, bind, check_area_code, in_area
from geo.queries.base.row_sets import trainings
from geo.vocabulary import IncidentType


@dataclass(frozen=True, kw_only=True)
class Trainings(Page):
    """Trainings, the newest first, of an area (by the locality where they were held), of one topic, or all."""

    area_code: str | None = None
    topic: IncidentType | None = None

    def __post_init__(self) -> None:
        """Check the area code."""
        super().__post_init__()
        check_area_code(self.area_code)

    def matching(self) -> Select[Any]:
        """Return the trainings that match."""
        rows = trainings()
        if self.area_code is not None:
            here = select(locality.c.id).where(in_area(locality.c.area_id))
            rows = rows.where(training_event.c.locality_id.in_(here))
        if self.topic is not None:
            rows = rows.where(bind("topic", INCIDENT_TYPE) == func.any(training_event.c.topics))
        return rows

    def filters(self) -> Binds:
        """Return the area code and the topic."""
        return {"area_code": self.area_code, "topic": self.topic and self.topic.name}
