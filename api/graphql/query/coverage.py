"""Queries about children who have all that they need within reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.answer_basis import TravelEstimate
from api.graphql.types.coverage import Coverage, CoverageCurve, LocalityCoverageConnection
from geo.queries.reach import coverage, coverage_curve, free_places, locality_coverage, travel_estimates


@strawberry.type
class CoverageQuery:
    """A part of the root."""

    @asks(coverage.Coverage, Shape.OBJECT, work=prices.coverage, make=free_places.coverage)
    def coverage(self) -> Coverage:
        """Count the children who have all that they need within reach, in an area and in its parts.

        With no service at all coverage is 0 %.
        """

    @asks(locality_coverage.LocalityCoverage, Shape.CONNECTION, work=prices.locality_coverage)
    def locality_coverage(self) -> LocalityCoverageConnection:
        """List the localities of known population, by name, with whether their children have all that they need."""

    @asks(coverage_curve.CoverageCurve, Shape.OBJECT, work=prices.curve)
    def coverage_curve(self) -> CoverageCurve:
        """Count the children who have all that they need within each of several distances."""

    @asks(travel_estimates.TravelEstimates, Shape.LIST, 6)
    def travel_estimates(self) -> list[TravelEstimate]:
        """List the settings that times of travel are estimated with: metres = minutes / 60 × speed × 1000 / detour."""
