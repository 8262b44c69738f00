"""Queries about published counts."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import asks
from api.graphql.types.answers import IncidentCount, ReleasedPeriod
from api.graphql.types.connections import Connection
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
        """Give published counts of incidents, one a place, by name.

        Counts are published of one edition of areas. None is given of a period that has not been released, nor of
        what is not told: localities, and areas of fewer than three of them, are told more coarsely than larger areas,
        by default by type for a year and by all types together for a quarter. What is not told is not zero.
        """

    @asks(counts.ReleasedPeriods, Shape.LIST, prices.periods)
    def released_periods(self) -> list[ReleasedPeriod]:
        """List the periods for which counts are published, the newest year first, a year before its quarters."""
