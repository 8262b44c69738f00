"""The settings by which travel times are estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from geo.database.tables import travel_estimate
from geo.queries.base.question import Question


@dataclass(frozen=True, kw_only=True)
class TravelEstimates(Question):
    """Every setting, by mode and season."""

    def rows(self) -> Select[Any]:
        """Return one row for each mode and season."""
        return select(travel_estimate).order_by(travel_estimate.c.mode, travel_estimate.c.season)
