"""Queries about travel times."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.travel_times import LocalityTravelTimeConnection
from geo.queries.reach import travel_times


@strawberry.type
class TravelTimesQuery:
    """A part of the root."""

    @asks(travel_times.TravelTimes, Shape.CONNECTION, work=prices.travel_times)
    def travel_times(self) -> LocalityTravelTimeConnection:
        """List how long one travels from each locality of known population to the nearest service, by name.

        Along roads where the service keeps them, else an estimate from the straight line: `basis` says which.
        """
