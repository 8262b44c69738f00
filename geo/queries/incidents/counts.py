"""Published incident counts of one level, one period, and one type or all types; never a sum of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, Text, func, select

from geo.arguments import MOST_PAGE, AreaCode, Period, argument, between, period
from geo.database.tables import AREA_LEVEL, INCIDENT_TYPE, published_count, release
from geo.queries.base.area_codes import coded_place
from geo.queries.base.descriptions import ONE_TYPE
from geo.queries.base.levels import level_of_places
from geo.queries.base.question import Page, Question, bind, constant, in_place
from geo.queries.base.row_sets import incident_counts
from geo.vocabulary import AreaLevel, IncidentType


@dataclass(frozen=True, kw_only=True)
class IncidentCounts(Page):
    """Published counts of the places of one level inside an area, by name; empty where the period is not released."""

    lists_places: ClassVar[bool] = True

    level: AreaLevel = level_of_places()
    period: Period = argument("The year or quarter.", period)
    area_code: AreaCode | None = coded_place()
    incident_type: IncidentType | None = argument(ONE_TYPE, default=None)
    first: int = argument("Size of the page, 1 to 100.", between(1, MOST_PAGE), default=MOST_PAGE)

    def matching(self) -> Select[Any]:
        """Return one row a place."""
        rows = incident_counts()
        columns = rows.selected_columns
        rows = rows.where(
            columns["level"] == bind("level", AREA_LEVEL),
            columns["period"] == bind("period", Text),
            columns["incident_type"].is_(None)
            if self.incident_type is None
            else columns["incident_type"] == bind("incident_type", INCIDENT_TYPE),
        )
        return rows if self.area_code is None else rows.where(in_place(columns["area_set_id"], columns["locality_id"]))


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
            .where(published_count.c.level == constant(AreaLevel.ADM0.name), published_count.c.incident_type.is_(None))
            .group_by(published_count.c.period)
            .order_by(
                func.left(published_count.c.period, 4).desc(),
                func.length(published_count.c.period),
                published_count.c.period.desc(),
            )
        )
