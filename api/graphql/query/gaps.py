"""Queries about children out of reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import asks
from api.graphql.types.gaps import CoverageGap, GapAreas, GapRanking
from geo.queries.reach import gap_areas, gaps


@strawberry.type
class GapsQuery:
    """A part of the root."""

    @asks(
        gaps.CoverageGaps,
        Shape.LIST,
        prices.first(20),
        prices.gaps,
        order=("category", "max_distance_m", "area_code", "first", "weights"),
    )
    def coverage_gaps(self) -> list[CoverageGap]:
        """List the localities out of reach, those of highest priority first, ties by id.

        Confidential services have no distance and are left out; `gapsOf` says how many.
        """

    @asks(
        gaps.GapRanking, Shape.OBJECT, work=prices.gaps, order=("category", "within", "area_code", "weights", "first")
    )
    def gaps_of(self) -> GapRanking:
        """Rank the localities out of reach, by a distance or by a time of travel, with what the ranking rests on."""

    @asks(gap_areas.GapAreas, Shape.OBJECT, work=prices.gap_areas)
    def gap_areas(self) -> GapAreas:
        """Draw the land of an area that no catchment of a category reaches: the area less the circles of reach.

        Services outside the area count. The area is the nation where none is named.
        """
