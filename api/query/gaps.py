"""What can be asked about who is out of reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.projection import Shape
from api.roots import AreaCode, Distance, about, asks, or_default
from api.types.gaps import CoverageGap
from geo.queries import gaps
from geo.vocabulary import ServiceCategory


@strawberry.type
class GapsQuery:
    """A part of the root."""

    @asks(
        lambda given: gaps.CoverageGaps(
            category=given["category"],
            max_distance_m=given["maxDistanceMetres"],
            area_code=given.get("areaCode"),
            first=or_default(given, "first", 20),
        ),
        Shape.LIST,
        "first",
    )
    def coverage_gaps(
        self,
        category: Annotated[ServiceCategory, about("The category that should be within reach.")],
        max_distance_metres: Distance,
        area_code: AreaCode = None,
        first: Annotated[int | None, about("How many, 1 to 100.")] = 20,
    ) -> list[CoverageGap]:
        """List the localities out of reach, those of highest priority first, ties by id."""
