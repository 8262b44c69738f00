"""The services nearest to a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Integer, Select, Uuid, column, func, null

from geo.arguments import MOST_PAGE, MOST_REACH_M, argument, between, reach_in_metres
from geo.coordinates import LonLat
from geo.database.tables import SERVICE_CATEGORY, service
from geo.queries.base.descriptions import CATEGORY, CHILD
from geo.queries.base.question import Binds, Question, bind, point
from geo.queries.base.row_sets import services
from geo.vocabulary import ServiceCategory


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place within 1,000 km, nearest first, ties by id.

    Confidential services are not among them: they have no distance.
    """

    origin: LonLat = argument(CHILD, by_post=True)
    category: ServiceCategory | None = argument(CATEGORY, default=None)
    max_distance_m: float | None = argument(
        "Only what is at most this many metres away, on the WGS 84 spheroid; above 0.", reach_in_metres, default=None
    )
    first: int = argument("How many, 1 to 100.", between(1, MOST_PAGE), default=10)

    def rows(self) -> Select[Any]:
        """Return the services with ``distance_m``, found spot by spot by ``lakana.nearest_services``."""
        category = null() if self.category is None else bind("category", SERVICE_CATEGORY)
        found = (
            func.lakana.nearest_services(
                point("origin"), category, bind("first", Integer), bind("max_distance_m", Double)
            )
            .table_valued(column("service_id", Uuid(as_uuid=False)), column("distance_m", Double))
            .alias("near")
        )
        rows = services().add_columns(found.c.distance_m).join_from(service, found, service.c.id == found.c.service_id)
        return rows.order_by(found.c.distance_m, service.c.id)

    def binds(self) -> Binds:
        """Return all values; the default distance is the greatest reach."""
        return super().binds() | {"max_distance_m": self.max_distance_m or MOST_REACH_M}
