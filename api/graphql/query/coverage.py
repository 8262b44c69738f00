"""What can be asked about who is within reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import AreaCode, Distance, PartsLevel, about, asks
from api.graphql.types.answers import Coverage
from geo.queries.reach import coverage
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
        work=prices.coverage,
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
