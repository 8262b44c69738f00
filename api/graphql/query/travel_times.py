"""What can be asked about travel times."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import After, AreaCode, First, about, asks, page
from api.graphql.types.travel_times import TravelTimes
from geo.queries.reach import travel_times
from geo.vocabulary import Season, ServiceCategory, TravelMode


@strawberry.type
class TravelTimesQuery:
    """A part of the root."""

    @asks(
        lambda given: travel_times.TravelTimes(
            category=given["category"],
            mode=given["mode"],
            season=given.get("season") or Season.DRY,
            area_code=given.get("areaCode"),
            **page(given, 20),
        ),
        Shape.CONNECTION,
        work=prices.travel_times,
    )
    def travel_times(
        self,
        category: Annotated[ServiceCategory, about("The category that one travels to.")],
        mode: Annotated[TravelMode, about("How one travels: WALK, MOTORCYCLE or CAR.")],
        season: Annotated[Season | None, about("When one travels.")] = Season.DRY,
        area_code: AreaCode = None,
        first: First = 20,
        after: After = None,
    ) -> TravelTimes:
        """List how long one travels from each locality of known population to the nearest service, by name.

        Along roads where the service keeps them, else an estimate from the straight line: `basis` says which.
        """
