"""What can be asked about who is within reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.projection import Shape
from api.roots import AreaCode, Distance, PartsLevel, about, asks, or_default
from api.types.answers import Coverage, CoverageGap
from geo.queries import coverage
from geo.vocabulary import ServiceCategory


@strawberry.type
class CoverageQuery:
    """A part of the root."""

    @asks(
        lambda given: coverage.Coverage(
            category=given["category"],
            max_distance_m=given["maxDistanceMetres"],
            area_code=given.get("areaCode"),
            level=given.get("level"),
        ),
        Shape.OBJECT,
        row_price=50,
    )
    def coverage(
        self,
        category: Annotated[ServiceCategory, about("The category that should be within reach.")],
        max_distance_metres: Distance,
        area_code: AreaCode = None,
        level: PartsLevel = None,
    ) -> Coverage:
        """Count the children within reach of a category of service, in an area and in its parts.

        The area is the nation where none is named. With no service at all coverage is 0 %.
        """

    @asks(
        lambda given: coverage.CoverageGaps(
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
