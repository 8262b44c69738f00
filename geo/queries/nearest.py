"""Which services are nearest to a place."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Select, column, func, literal_column, null, select, union_all
from sqlalchemy import true as sql_true

from geo.coordinates import LonLat
from geo.queries.question import MAX_PAGE, Binds, Question, bind, ceiling, check_count, check_distance, point
from geo.queries.rows import services, services_with_a_place
from geo.tables import SERVICE_CATEGORY, service
from geo.vocabulary import ServiceCategory

OFF = 1.006
"""The index orders by distance on the sphere, up to 0.56 % off the spheroid."""

MARGIN = 4
"""Rows walked beyond those asked for, so that this seldom matters."""


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place, nearest first, ties by id.

    Confidential services are not among them: they have no distance.

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
        walked = select(func.max(near.c.sphere_m))
        reach = select(
            nth.scalar_subquery().label("reach_m"),
            (walked.scalar_subquery() < nth.scalar_subquery() * OFF).label("crowded"),
        ).cte("reach")
        crowded, reach_m = select(reach.c.crowded).scalar_subquery(), select(reach.c.reach_m).scalar_subquery()
        walked_only = select(near).where(crowded.is_not(sql_true()))
        found = union_all(walked_only, self._around(reach_m).where(crowded)).subquery("measured")
        rows = select(found)
        if self.max_distance_m is not None:
            rows = rows.where(found.c.distance_m <= bind("max_distance_m", Double))
        return rows.order_by(found.c.distance_m, found.c.id).limit(bind("first", Integer))

    def _walked(self) -> Select[Any]:
        rows = _measured(services_with_a_place(), service.c.point)
        if self.category is not None:
            rows = rows.where(service.c.category == self._category())
        # By distance alone, for only so does the index serve it; ties at the end come along, and ids break them later.
        most: ColumnElement[Any] = literal_column(str(ceiling(self.first) + MARGIN))
        return rows.order_by(_on_sphere(service.c.point)).fetch(most, with_ties=True)

    def _around(self, reach_m: ColumnElement[Any]) -> Select[Any]:
        # Where more crowd within what the sphere is off than were walked, a nearer one may be among the others.
        called = func.lakana.services_around(point("origin"), self._category(), reach_m)
        around = called.table_valued(column("id", service.c.id.type)).alias("around")
        return _measured(services().where(service.c.id.in_(select(around.c.id))), service.c.point)

    def _category(self) -> ColumnElement[Any]:
        return null() if self.category is None else bind("category", SERVICE_CATEGORY)

    def binds(self) -> Binds:
        """Give the place, the category, the distance and the number of rows."""
        return {
            "origin_lon": self.origin.lon,
            "origin_lat": self.origin.lat,
            "category": self.category and self.category.name,
            "max_distance_m": self.max_distance_m,
            "first": self.first,
        }


def _measured(rows: Select[Any], place: ColumnElement[Any]) -> Select[Any]:
    """Add the distances from the origin on the spheroid and on the sphere."""
    metres = func.ST_Distance(place, point("origin"))
    return rows.add_columns(metres.label("distance_m"), _on_sphere(place).label("sphere_m"))


def _on_sphere(place: ColumnElement[Any]) -> ColumnElement[Any]:
    return place.op("<->", return_type=Double())(point("origin"))
