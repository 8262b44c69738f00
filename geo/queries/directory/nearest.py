"""The services nearest to a place."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    TableValuedAlias,
    Uuid,
    column,
    func,
    null,
    select,
    true,
)

from geo.arguments import MOST_PAGE, MOST_REACH_M, argument, between
from geo.coordinates import LonLat
from geo.database.tables import service
from geo.queries.base.categories import ONLY_CATEGORIES, bound_category, each_category, some_categories
from geo.queries.base.descriptions import CHILD
from geo.queries.base.question import Binds, Question, bind, point
from geo.queries.base.reach import Reach, reach_m
from geo.queries.base.row_sets import services
from geo.vocabulary import ServiceCategory


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place within 1,000 km, nearest first, ties by id.

    Confidential services are not among them: they have no distance.
    """

    origin: LonLat = argument(CHILD, by_post=True)
    categories: tuple[ServiceCategory, ...] | None = argument(ONLY_CATEGORIES, some_categories, default=None)
    within: Reach | None = argument(
        "What is not too far: a distance or, estimated from the straight line, a time of travel; 1,000 km where it is "
        "left out.",
        default=None,
    )
    first: int = argument("How many, 1 to 100.", between(1, MOST_PAGE), default=10)

    def shape(self) -> Hashable:
        """Return the key of the SQL: one category, several or all, and a distance, which is the default, or a time."""
        return self.categories and min(len(self.categories), 2), self._reach.basis

    def rows(self) -> Select[Any]:
        """Return the services with ``distance_m``, found spot by spot by ``lakana.nearest_services``."""
        found = self._found()
        rows = services().add_columns(found.c.distance_m).join_from(service, found, service.c.id == found.c.service_id)
        return rows.order_by(found.c.distance_m, service.c.id)

    def binds(self) -> Binds:
        """Return all values; the default reach is the greatest."""
        return super().binds() | self._reach.binds()

    @property
    def _reach(self) -> Reach:
        return self.within or Reach(metres=MOST_REACH_M)

    def _found(self) -> FromClause:
        """Return the ids of the nearest: of several categories the nearest among those of each."""
        measured = self._reach.minutes is None
        if self.categories is None:
            return _nearest(null(), measured=measured).alias("near")
        if len(self.categories) == 1:
            return _nearest(bound_category(), measured=measured).alias("near")
        wanted = each_category()
        of_each = _nearest(wanted.c.category, measured=measured).lateral("of_each")
        rows = select(of_each).join_from(wanted, of_each, true())
        return rows.order_by(of_each.c.distance_m, of_each.c.service_id).limit(bind("first", Integer)).subquery("near")


def _nearest(category: ColumnElement[Any], *, measured: bool) -> TableValuedAlias:
    reach = bind("reach_metres", Double) if measured else reach_m()
    walk = func.lakana.nearest_services(point("origin"), category, bind("first", Integer), reach)
    return walk.table_valued(column("service_id", Uuid(as_uuid=False)), column("distance_m", Double))
