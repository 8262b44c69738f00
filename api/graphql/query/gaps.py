"""What can be asked about who is out of reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import AreaCode, Distance, Given, Within, about, asks, or_default, within
from api.graphql.types.gaps import CoverageGap, GapAreas, GapRanking, GapWeightsInput
from geo.queries.reach import gap_areas, gaps
from geo.vocabulary import ServiceCategory

Category = Annotated[ServiceCategory, about("The category that should be within reach.")]
Weights = Annotated[GapWeightsInput | None, about("What the priority weighs; each factor 1 where it is left out.")]
Many = Annotated[int | None, about("How many, 1 to 100.")]


def _ranking(given: Given) -> dict[str, Any]:
    weighed = {name: value for name, value in (given.get("weights") or {}).items() if value is not None}
    return {
        "category": given["category"],
        "area_code": given.get("areaCode"),
        "weights": gaps.GapWeights(**weighed),
        "first": or_default(given, "first", 20),
    }


@strawberry.type
class GapsQuery:
    """A part of the root."""

    @asks(
        lambda given: gaps.Gaps(
            reach=gaps.within_metres("maxDistanceMetres", given["maxDistanceMetres"]), **_ranking(given)
        ),
        Shape.LIST,
        prices.first(20),
        prices.gaps,
    )
    def coverage_gaps(
        self,
        category: Category,
        max_distance_metres: Distance,
        area_code: AreaCode = None,
        first: Many = 20,
        weights: Weights = None,
    ) -> list[CoverageGap]:
        """List the localities out of reach, those of highest priority first, ties by id.

        Confidential services have no distance and are left out; `gapsOf` says how many.
        """

    @asks(lambda given: gaps.GapRanking(reach=within(given), **_ranking(given)), Shape.OBJECT, work=prices.gaps)
    def gaps_of(
        self,
        category: Category,
        within: Within,
        area_code: AreaCode = None,
        weights: Weights = None,
        first: Many = 20,
    ) -> GapRanking:
        """Rank the localities out of reach, by a distance or by a time of travel, with what the ranking rests on."""

    @asks(
        lambda given: gap_areas.GapAreas(
            category=given["category"],
            reach=within(given),
            area_code=given.get("areaCode"),
            simplify_m=1_000.0 if given.get("simplifyMetres") is None else given["simplifyMetres"],
        ),
        Shape.OBJECT,
        work=prices.gap_areas,
    )
    def gap_areas(
        self,
        category: Category,
        within: Within,
        area_code: AreaCode = None,
        simplify_metres: Annotated[
            float | None,
            about("How many metres outlines may move, 0 to 100,000, and at most a tenth of the reach; 0 for none."),
        ] = 1_000.0,
    ) -> GapAreas:
        """Draw the land of an area that no catchment of a category reaches: the area less the circles of reach.

        Services outside the area count. The area is the nation where none is named.
        """
