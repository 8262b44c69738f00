"""What can be asked about who has all that is needed within reach."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import After, AreaCode, First, Given, PartsLevel, Within, about, asks, page, within
from api.graphql.types.coverage_of import CoverageCurve, CoverageOf, LocalityCoverages, NeedInput, TravelEstimate
from geo.queries.base.question import Question
from geo.queries.reach import coverage_of, free_places, travel_estimates
from geo.queries.reach.need import Need

KILOMETRES = "5 to 100 km in steps of 5"
Needed = Annotated[NeedInput, about("What must be within reach.")]


def need(given: Given, name: str = "need") -> Need:
    """Give the need that is asked about."""
    wanted = given[name]
    if wanted.get("stage") is not None:
        return Need.of_stage(wanted["stage"])
    if wanted.get("incidentType") is not None:
        return Need.of_pathway(wanted["incidentType"])
    return Need.all_of(wanted["categories"], name)


def _coverage(given: Given) -> Question:
    kind = free_places.CoverageByPlaces if given.get("byPlaces") else coverage_of.CoverageOf
    return kind(need=need(given), within=within(given), area_code=given.get("areaCode"), level=given.get("level"))


def _distances(given: Given) -> Sequence[float]:
    distances: Sequence[float] | None = given.get("distancesMetres")
    return coverage_of.USUAL_DISTANCES_M if distances is None else distances


@strawberry.type
class CoverageOfQuery:
    """A part of the root."""

    @asks(_coverage, Shape.OBJECT, work=prices.coverage)
    def coverage_of(
        self,
        need: Needed,
        within: Within,
        area_code: AreaCode = None,
        level: PartsLevel = None,
        by_places: Annotated[
            bool | None,
            about(
                "Only for SAFE_SHELTER, and for partners and above: children are covered only as far as there are free "
                "places, nearest first."
            ),
        ] = False,
    ) -> CoverageOf:
        """Count the children who have all that they need within reach, in an area and in its parts.

        The area is the nation where none is named. With no service at all coverage is 0 %.
        """

    @asks(
        lambda given: coverage_of.LocalityCoverage(
            need=need(given), within=within(given), area_code=given.get("areaCode"), **page(given, 20)
        ),
        Shape.CONNECTION,
        work=prices.locality_coverage,
    )
    def locality_coverage(
        self, need: Needed, within: Within, area_code: AreaCode = None, first: First = 20, after: After = None
    ) -> LocalityCoverages:
        """List the localities of known population, by name, with whether their children have all that they need."""

    @asks(
        lambda given: coverage_of.CoverageCurve(
            need=need(given), distances_m=tuple(_distances(given)), area_code=given.get("areaCode")
        ),
        Shape.OBJECT,
        work=prices.curve,
    )
    def coverage_curve(
        self,
        need: Needed,
        area_code: AreaCode = None,
        distances_metres: Annotated[
            list[float] | None,
            about(f"1 to 50 distances in metres, 0.001 to 1,000,000, no one twice; {KILOMETRES} where left out."),
        ] = None,
    ) -> CoverageCurve:
        """Count the children who have all that they need within each of several distances."""

    @asks(lambda _: travel_estimates.TravelEstimates(), Shape.LIST, 6)
    def travel_estimates(self) -> list[TravelEstimate]:
        """List the settings that times of travel are estimated with: metres = minutes / 60 × speed × 1000 / detour."""
