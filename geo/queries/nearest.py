"""Which services are nearest to a place."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Integer, Select, func, literal_column, select

from geo.coordinates import LonLat
from geo.queries.question import MAX_PAGE, Binds, Question, bind, ceiling, check_count, check_distance, point
from geo.queries.rows import services
from geo.tables import SERVICE_CATEGORY, service
from geo.vocabulary import ServiceCategory

MARGIN = 8
"""Rows read beyond those asked for: the index orders by distance on the sphere, up to 0.5 % off the spheroid."""


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place, nearest first, ties by id.

    A confidential service is as far away as the published point of its area.

    Parameters
    ----------
    origin
        EPSG:4326.
    category
        All categories where it is ``None``.
    max_distance_m
        Metres on the WGS 84 spheroid, inclusive.
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
        check_distance("maxDistanceMetres", self.max_distance_m)

    def shape(self) -> Hashable:
        """Say which SQL answers this question: the number of rows counts by its ceiling."""
        return super().shape(), ceiling(self.first)

    def rows(self) -> Select[Any]:
        """Give the services with ``distance_m``, read along the GiST index and measured again on the spheroid."""
        near = services()
        if self.category is not None:
            near = near.where(service.c.category == bind("category", SERVICE_CATEGORY))
        # By distance alone, for only so does the index serve it; ties at the end come along, and ids break them below.
        near = near.order_by(service.c.point.op("<->")(point("origin")))
        near_rows = near.fetch(literal_column(str(ceiling(self.first) + MARGIN)), with_ties=True).subquery("near")
        measured = select(near_rows, func.ST_Distance(near_rows.c.point, point("origin")).label("distance_m"))
        found = measured.subquery("measured")
        rows = select(found)
        if self.max_distance_m is not None:
            rows = rows.where(found.c.distance_m <= bind("max_distance_m", Double))
        return rows.order_by(found.c.distance_m, found.c.id).limit(bind("first", Integer))

    def binds(self) -> Binds:
        """Give the place, the category, the distance and the number of rows."""
        return {
            "origin_lon": self.origin.lon,
            "origin_lat": self.origin.lat,
            "category": self.category and self.category.name,
            "max_distance_m": self.max_distance_m,
            "first": self.first,
        }
