"""Queries about published counts, and about figures that others publish."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.answers import IncidentCount, ReleasedPeriod
from api.graphql.types.connections import Connection
from api.graphql.types.statistics.context import ContextFigure
from geo.queries.directory import context
from geo.queries.incidents import counts


@strawberry.type
class CountsQuery:
    """A part of the root."""

    @asks(
        counts.IncidentCounts,
        Shape.CONNECTION,
        work=prices.counts,
        order=("level", "area_code", "period", "incident_type", "first", "after"),
    )
    def incident_counts(self) -> Connection[IncidentCount]:
        """List published counts of incidents, one a place, by name: of each that reported or was expected to.

        Who did not report has no count, and `status` NOT_REPORTED. What is not told has none either, and NOT_RELEASED:
        localities, and areas of which fewer than three reported, are told more coarsely than larger areas, by default
        by type for a year and by all types together for a quarter. Counts are published of one edition of areas; an
        area of another that `areaCode` names is NOT_RELEASED, as is a place that it names in a period of which nothing
        is released. Without it, the list of such a period is empty.
        """

    @asks(counts.ReleasedPeriods, Shape.LIST, prices.periods)
    def released_periods(self) -> list[ReleasedPeriod]:
        """List the periods for which counts are published, the newest year first, a year before its quarters."""

    @asks(context.ContextSeries, Shape.CONNECTION, work=prices.page, table="figures")
    def context_series(self) -> Connection[ContextFigure]:
        """List figures that others publish of an area, or of the areas inside it, each with its source.

        Conflict events, people in need or detected victims, for example: by indicator, publisher, breakdown, area and
        period. They are no counts of this system. What a publisher withholds is CENSORED and has no value.
        """
