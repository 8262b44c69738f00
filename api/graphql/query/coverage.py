"""Queries about children within reach of one category of service."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import asks
from api.graphql.types.answers import Coverage
from geo.queries.reach import coverage


@strawberry.type
class CoverageQuery:
    """A part of the root."""

    @asks(coverage.Coverage, Shape.OBJECT, work=prices.coverage)
    def coverage(self) -> Coverage:
        """Count the children within reach of a category of service, in an area and in its parts.

        The area is the nation where none is named. With no service at all coverage is 0 %.
        """
