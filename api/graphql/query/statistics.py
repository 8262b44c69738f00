"""Queries about spatial statistics: access scores, hotspots, trends."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.statistics.access_scores import AccessScoreConnection
from api.graphql.types.statistics.hotspots import HotspotConnection
from api.graphql.types.statistics.trends import TrendConnection
from geo.queries.incidents import hotspots, trends
from geo.queries.planning import access_scores


@strawberry.type
class StatisticsQuery:
    """A part of the root."""

    @asks(access_scores.AccessScores, Shape.OBJECT, work=prices.access_scores)
    def access_scores(self) -> AccessScoreConnection:
        """Score how many places of a category there are for the children of each locality.

        By the enhanced two-step floating catchment area (E2SFCA): each service shares its places among the children
        within its reach, near ones counting for more, and a place's score is the sum of what comes to it. How many
        places a shelter has is not public, so scores of SAFE_SHELTER are for partners and above.
        """

    @asks(hotspots.Hotspots, Shape.OBJECT, work=prices.hotspots)
    def hotspots(self) -> HotspotConnection:
        """Find where high or low published rates stand together, beyond what chance would do.

        Rates are smoothed (empirical Bayes), tested by permutations and held to a false discovery rate. A place of
        which nothing is published is left out and listed, never taken for zero.
        """

    @asks(trends.Trends, Shape.OBJECT, work=prices.trends)
    def trends(self) -> TrendConnection:
        """Follow published counts from quarter to quarter, and say what is a change and what may be rounding.

        For areas of another division the published values of their parts are added up.
        """
