"""Queries about children out of reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.gaps import CoverageGapConnection, GapAreas
from geo.queries.reach import gap_areas, gaps


@strawberry.type
class GapsQuery:
    """A part of the root."""

    @asks(gaps.CoverageGaps, Shape.CONNECTION, work=prices.gaps)
    def coverage_gaps(self) -> CoverageGapConnection:
        """Rank the localities out of reach of what children need, those of highest priority first, ties by id.

        Within a time of travel the reach is an estimate from the straight line, as `basis` says.
        """

    @asks(gap_areas.GapAreas, Shape.OBJECT, work=prices.gap_areas)
    def gap_areas(self) -> GapAreas:
        """Draw the land of an area that no catchment of a category reaches: the area less the circles of reach.

        Services outside the area count.
        """
