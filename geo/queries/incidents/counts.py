"""What was published of incidents: one level, one period, one type or all, never a sum of our own making."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, func, select

from geo.database.tables import INCIDENT_TYPE, REPORTING_LEVEL, published_count, release
from geo.errors import BadInput
from geo.queries.base.question import Binds, Question, bind, check_area_code, constant, in_area
from geo.queries.base.row_sets import incident_counts
from geo.vocabulary import IncidentType, ReportingLevel

PERIOD = re.compile(r"\d{4}(-Q[1-4])?", re.ASCII)


def check_period(field: str, period: str) -> None:
    """Refuse what is neither a year nor a quarter.

    Examples
    --------
    >>> check_period("period", "2025-Q4")
    >>> check_period("period", "2025-Q5")
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: period: give a year (2025) or a quarter (2025-Q4).

    """
    if not PERIOD.fullmatch(period):
        raise BadInput(field, "give a year (2025) or a quarter (2025-Q4).")


@dataclass(frozen=True, kw_only=True)
class IncidentCounts(Question):
    """Published counts of the places of one level inside an area, by name; empty where the period is not released."""

    level: ReportingLevel
    period: str
    area_code: str | None = None
    incident_type: IncidentType | None = None

    def __post_init__(self) -> None:
        """Check the period and the area code."""
        check_period("period", self.period)
        check_area_code(self.area_code)

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

    def binds(self) -> Binds:
        """Return the level, the period, the area code and the type."""
        return {
            "level": self.level.name,
            "period": self.period,
            "area_code": self.area_code,
            "incident_type": self.incident_type and self.incident_type.name,
        }


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
            # One cell speaks for all of its period's releases: the nation's of all types.
            .where(published_count.c.level == constant("NATION"), published_count.c.incident_type.is_(None))
            .group_by(published_count.c.period)
            .order_by(
                func.left(published_count.c.period, 4).desc(),
                func.length(published_count.c.period),
                published_count.c.period.desc(),
            )
        )

    def binds(self) -> Binds:
        """Return nothing: there is nothing to bind."""
        return {}
