"""What can be asked of the spatial statistics: access scores, hotspots, trends."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import AreaCode, Given, Within, about, asks, or_default, within
from api.graphql.types.access_scores import AccessScores
from api.graphql.types.hotspots import Hotspots
from api.graphql.types.statistics import WeightsInput
from api.graphql.types.trends import Trends
from geo.queries.incidents import hotspots, trends
from geo.queries.planning import access_scores
from geo.statistics.terms import Decay, HotspotMethod, ScoreOrder
from geo.vocabulary import IncidentType, ReportingLevel, ServiceCategory

First = Annotated[int | None, about("Size of the page, 1 to 50.")]
EndCursor = Annotated[str | None, about("The `endCursor` of an earlier page with the same other arguments.")]
OneType = Annotated[IncidentType | None, about("One type; all types together where it is left out.")]
InArea = Annotated[
    str | None,
    about(
        "SCHEME:CODE, or a bare code where only one area in force bears it. Lists what is known to lie inside; all "
        "that is around it counts all the same."
    ),
]


@strawberry.type
class StatisticsQuery:
    """A part of the root."""

    @asks(
        lambda given: access_scores.AccessScores(
            category=given["category"],
            within=within(given),
            decay=given.get("decay") or Decay.GAUSSIAN,
            area_code=given.get("areaCode"),
            cells=given.get("cells") or False,
            order=given.get("order") or ScoreOrder.LOWEST_FIRST,
            first=or_default(given, "first", 20),
            after=given.get("after"),
        ),
        Shape.OBJECT,
        work=prices.access_scores,
    )
    def access_scores(
        self,
        category: Annotated[ServiceCategory, about("The category of the services.")],
        within: Within,
        decay: Annotated[Decay | None, about("How a service counts for less the farther it is.")] = Decay.GAUSSIAN,
        area_code: InArea = None,
        cells: Annotated[
            bool | None, about("Whether cells of population outside localities are listed; the sums have them anyway.")
        ] = False,
        order: Annotated[ScoreOrder | None, about("In which order; ties by id.")] = ScoreOrder.LOWEST_FIRST,
        first: First = 20,
        after: EndCursor = None,
    ) -> AccessScores:
        """Score how many places of a category there are for the children of each locality.

        By the enhanced two-step floating catchment area (E2SFCA): each service shares its places among the children
        within its reach, near ones counting for more, and a place's score is the sum of what comes to it. How many
        places a shelter has is not public, so scores of SAFE_SHELTER are for partners and above.
        """

    @asks(lambda given: _hotspots(given), Shape.OBJECT, work=prices.hotspots)  # noqa: PLW0108  stands below
    def hotspots(
        self,
        level: Annotated[ReportingLevel, about("The level of the places; the nation is an island.")],
        period: Annotated[str, about("A year (2025) or a quarter (2025-Q4).")],
        incident_type: OneType = None,
        method: Annotated[HotspotMethod | None, about("How hotspots are found.")] = HotspotMethod.GETIS_ORD,
        weights: Annotated[
            WeightsInput | None, about("Who are neighbours; the 6 nearest where it is left out.")
        ] = None,
        permutations: Annotated[int | None, about("Of the test, 99 to 9,999.")] = 999,
        seed: Annotated[
            int | None, about("Of the random numbers, 0 to 2,147,483,647; the same seed gives the same answer.")
        ] = 1,
        area_code: InArea = None,
        first: First = 20,
        after: EndCursor = None,
    ) -> Hotspots:
        """Find where high or low published rates stand together, beyond what chance would do.

        Rates are smoothed (empirical Bayes), tested by permutations and held to a false discovery rate. A place of
        which nothing is published is left out and listed, never taken for zero.
        """

    @asks(
        lambda given: trends.Trends(
            level=given["level"],
            area_code=given.get("areaCode"),
            incident_type=given.get("incidentType"),
            from_period=given.get("fromPeriod"),
            to_period=given.get("toPeriod"),
            scheme=given.get("scheme"),
            first=or_default(given, "first", 20),
            after=given.get("after"),
        ),
        Shape.OBJECT,
        work=prices.trends,
    )
    def trends(
        self,
        level: Annotated[ReportingLevel, about("The level of the places.")],
        area_code: AreaCode = None,
        incident_type: OneType = None,
        from_period: Annotated[
            str | None, about("The first quarter (2024-Q1) or year; seven quarters before the last where left out.")
        ] = None,
        to_period: Annotated[
            str | None,
            about("The last quarter (2025-Q4) or year, at most 40 after the first; the latest where left out."),
        ] = None,
        scheme: Annotated[
            str | None,
            about("The division of the areas, `ISO-3166-2` for example; the one in use where it is left out."),
        ] = None,
        first: First = 20,
        after: EndCursor = None,
    ) -> Trends:
        """Follow published counts from quarter to quarter, and say what is a change and what may be rounding.

        For areas of another division the published values of their parts are added up.
        """


def _hotspots(given: Given) -> hotspots.Hotspots:
    weights = given.get("weights") or {"nearest": 6}
    return hotspots.Hotspots(
        level=given["level"],
        period=given["period"],
        method=given.get("method") or HotspotMethod.GETIS_ORD,
        incident_type=given.get("incidentType"),
        nearest=weights.get("nearest"),
        distance_m=weights.get("distanceMetres"),
        permutations=or_default(given, "permutations", 999),
        seed=or_default(given, "seed", 1),
        area_code=given.get("areaCode"),
        first=or_default(given, "first", 20),
        after=given.get("after"),
    )
