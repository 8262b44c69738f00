"""Which services are nearest to a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Integer, Select, Uuid, column, func, null

from geo.coordinates import LonLat
from geo.database.tables import SERVICE_CATEGORY, service
from geo.queries.base.question import MAX_PAGE, Binds, Question, bind, check_count, point
from geo.queries.base.reach import MOST_M, check_threshold
from geo.queries.base.row_sets import services
from geo.vocabulary import ServiceCategory


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place, nearest first, ties by id; those farther than 1,000 km are none of them.

    Confidential services are not among them: they have no distance.

    Parameters
    ----------
    origin
        EPSG:4326.
    category
        All categories where it is ``None``.
    max_distance_m
        Metres on the WGS 84 spheroid, inclusive, 0.001 to 1,000,000; ``None``: 1,000 km.
    first
        1 to 100.

    """

    origin: LonLat
    category: ServiceCategory | None = None
    max_distance_m: float | None = None
    first: int = 10

    def __post_init__(self) -> None:
        """Check the number of rows and the distance."""
        check_count("first", self.first, MAX_PAGE)
        if self.max_distance_m is not None:
            check_threshold("maxDistanceMetres", self.max_distance_m)

    def rows(self) -> Select[Any]:
        """Return the services with ``distance_m``, found spot by spot by ``lakana.nearest_services``."""
        category = null() if self.category is None else bind("category", SERVICE_CATEGORY)
        found = (
            func.lakana.nearest_services(point("origin"), category, bind("first", Integer), bind("most_m", Double))
            .table_valued(column("service_id", Uuid(as_uuid=False)), column("distance_m", Double))
            .alias("near")
        )
        rows = services().add_columns(found.c.distance_m).join_from(service, found, service.c.id == found.c.service_id)
        return rows.order_by(found.c.distance_m, service.c.id)

    def binds(self) -> Binds:
        """Return the place, the category, the distance and the number of rows."""
        return {
            "origin_lon": self.origin.lon,
            "origin_lat": self.origin.lat,
            "category": self.category and self.category.name,
            "most_m": MOST_M if self.max_distance_m is None else self.max_distance_m,
            "first": self.first,
        }
