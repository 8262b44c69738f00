"""Published incident counts of one level, one period, and one type or all types; never a sum of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, func, select

from geo.arguments import argument, period, search_text
from geo.database.tables import INCIDENT_TYPE, REPORTING_LEVEL, published_count, release
from geo.queries.base.descriptions import AREA_CODE, ONE_TYPE
from geo.queries.base.question import Question, bind, constant, in_area
from geo.queries.base.row_sets import incident_counts
from geo.vocabulary import IncidentType, ReportingLevel


@dataclass(frozen=True, kw_only=True)
class IncidentCounts(Question):
    """Published counts of the places of one level inside an area, by name; empty where the period is not released."""

    level: ReportingLevel = argument("The level of the places.")
    period: str = argument("A year (2025) or a quarter (2025-Q4).", period)
    area_code: str | None = argument(AREA_CODE, search_text, default=None)
    incident_type: IncidentType | None = argument(ONE_TYPE, default=None)

    def rows(self) -> Select[Any]:
        """Return one row a place, in the order of its name, ties by code."""
        rows = incident_counts()
        columns = rows.selected_columns
        rows = rows.where(
            columns["level"] == bind("level", REPORTING_LEVEL),
            columns["period"] == bind("period", Text),
            columns["incident_type"].is_(None)
            if self.incident_type is None
            else columns["incident_type"] == bind("incident_type", INCIDENT_TYPE),
        )
        if self.area_code is not None:
            rows = rows.where(in_area(columns["area_id"]))
        return rows.order_by(columns["name_key"], columns["area_code"])


@dataclass(frozen=True, kw_only=True)
class ReleasedPeriods(Question):
    """The periods for which counts are published, the newest first, a year before its quarters."""

    def rows(self) -> Select[Any]:
        """Return ``period``, the ``release_number`` of its current values and ``released_at``, and its ``revision``."""
        number = published_count.c.release_number
        return (
            select(
                published_count.c.period,
                func.max(number).label("release_number"),
                func.max(release.c.released_at).label("released_at"),
                (func.count(number.distinct()) - 1).label("revision"),
            )
            .join_from(published_count, release, release.c.number == number)
            # One cell stands for each release of its period: that of the nation and of all types.
            .where(published_count.c.level == constant("NATION"), published_count.c.incident_type.is_(None))
            .group_by(published_count.c.period)
            .order_by(
                func.left(published_count.c.period, 4).desc(),
                func.length(published_count.c.period),
                published_count.c.period.desc(),
            )
        )
