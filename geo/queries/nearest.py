"""Which services are nearest to a place."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Select, func, literal_column, select, union_all
from sqlalchemy import false as sql_false

from geo.coordinates import LonLat
from geo.queries.question import MAX_PAGE, Binds, Question, bind, ceiling, check_count, check_distance, point
from geo.queries.rows import services
from geo.tables import SERVICE_CATEGORY, service
from geo.vocabulary import ServiceCategory

OFF = 1.006
"""The index orders by distance on the sphere, which is up to 0.56 % off the spheroid."""

MARGIN = 8
"""Rows read beyond those asked for, so that this seldom matters."""

SLACK_M = 0.001
"""``ST_Distance`` rounds and ``ST_DWithin`` does not."""


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
        near = self._walked().cte("near")
        nth = select(near.c.distance_m).order_by(near.c.distance_m).offset(bind("first", Integer) - 1).limit(1)
        last_m, farthest_m = nth.scalar_subquery(), select(func.max(near.c.sphere_m)).scalar_subquery()
        # Where so many crowd within what the sphere is off, the walk may have missed a nearer one.
        reach = select(
            last_m.label("distance_m"), func.coalesce(farthest_m < last_m * OFF, sql_false()).label("crowded")
        ).cte("reach")
        crowded = select(reach.c.crowded).scalar_subquery()
        reach_m = select(reach.c.distance_m + SLACK_M).scalar_subquery()
        around = self._measured().where(func.ST_DWithin(service.c.point, point("origin"), reach_m), crowded)
        found = union_all(select(near).where(~crowded), around).subquery("measured")
        rows = select(found)
        if self.max_distance_m is not None:
            rows = rows.where(found.c.distance_m <= bind("max_distance_m", Double))
        return rows.order_by(found.c.distance_m, found.c.id).limit(bind("first", Integer))

    def _measured(self) -> Select[Any]:
        """Give the services of the category with their distances on the spheroid and on the sphere."""
        place = point("origin")
        rows = services().add_columns(
            func.ST_Distance(service.c.point, place).label("distance_m"), _on_sphere().label("sphere_m")
        )
        if self.category is not None:
            rows = rows.where(service.c.category == bind("category", SERVICE_CATEGORY))
        return rows

    def _walked(self) -> Select[Any]:
        # By distance alone, for only so does the index serve it; ties at the end come along, and ids break them later.
        most: ColumnElement[Any] = literal_column(str(ceiling(self.first) + MARGIN))
        return self._measured().order_by(_on_sphere()).fetch(most, with_ties=True)

    def binds(self) -> Binds:
        """Give the place, the category, the distance and the number of rows."""
        return {
            "origin_lon": self.origin.lon,
            "origin_lat": self.origin.lat,
            "category": self.category and self.category.name,
            "max_distance_m": self.max_distance_m,
            "first": self.first,
        }


def _on_sphere() -> ColumnElement[Any]:
    return service.c.point.op("<->", return_type=Double())(point("origin"))
