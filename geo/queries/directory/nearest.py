"""The services nearest to a place, and those that come to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)

from geo.arguments import MOST_PAGE, MOST_REACH_M, argument, between, moment
from geo.coordinates import LonLat
from geo.database.tables import service, service_spot
from geo.queries.base.categories import (
    ONLY_CATEGORIES,
    bound_categories,
    bound_category,
    each_category,
    some_categories,
)
from geo.queries.base.descriptions import CHILD
from geo.queries.base.question import Binds, Question, bind, ceiling, point
from geo.queries.base.reach import Reach, reach_m
from geo.queries.base.row_sets import services
from geo.vocabulary import ServiceCategory

AFAR_M = 3_000_000.0
"""The chord to any spot from which on others may be too far: from there, every spot is about as near."""
FURTHER = 4
"""Spots that are walked beyond those that are asked for."""


@dataclass(frozen=True, kw_only=True)
class NearestServices(Question):
    """The services nearest to a place within 1,000 km, nearest first, ties by id; after them those that come to it.

    Confidential services are not among them: they have no distance. With a moment, only those that are known to be open
    then: the search looks on past closed ones, and past those whose hours are not known.
    """

    origin: LonLat = argument(CHILD, by_post=True)
    categories: tuple[ServiceCategory, ...] | None = argument(ONLY_CATEGORIES, some_categories, default=None)
    within: Reach | None = argument(
        "What is not too far: a distance or, estimated from the straight line, a time of travel; 1,000 km where it is "
        "left out.",
        default=None,
    )
    open_at: dt.datetime | None = argument(
        "Only those that are known to be open at this moment, with its offset from UTC, 2000 to 2099; all where it is "
        "left out.",
        moment,
        default=None,
    )
    first: int = argument(
        "How many of those with a place, 1 to 100; helplines and teams that come are told besides, at most as many.",
        between(1, MOST_PAGE),
        default=10,
    )

    thorough: bool = False
    """Whether they are found where many crowd together, too, which takes twice as long."""

    def shape(self) -> Hashable:
        """Return the key of the SQL: one category, several or all, and a distance, which is the default, or a time."""
        size = ceiling(self.first) if self._walks else None
        return self.categories and min(len(self.categories), 2), self._reach.basis, self.open_at is None, size

    def rows(self) -> Select[Any]:
        """Return the services with ``distance_m``, found spot by spot."""
        if self._walk is not None:
            return self._services(self._walk.found)
        if self.open_at is None:
            near, come = self._found(), self._that_come()
            others = select(come.c.service_id, cast(null(), Double).label("distance_m"))
            others = others.order_by(come.c.service_id).limit(bind("first", Integer))
            found: FromClause = union_all(
                select(near.c.service_id, near.c.distance_m), others.subquery().select()
            ).subquery("found")
        else:
            found = self._open(self._seen())
        return self._services(found)

    def binds(self) -> Binds:
        """Return all values; the default reach is the greatest."""
        # PostgreSQL knows no offsets of 16 hours or more, Python does.
        open_at = self.open_at and self.open_at.astimezone(dt.UTC).isoformat()
        x, y, z = self.origin.geocentric_m()
        here = {"origin_x": x, "origin_y": y, "origin_z": z}
        return super().binds() | self._reach.binds() | here | {"open_at": open_at}

    def usual(self) -> ColumnElement[bool] | None:
        """Return whether the few spots that were walked are enough."""
        return None if self._walk is None else self._walk.enough

    def otherwise(self) -> NearestServices:
        """Return the question of those in a crowd, and of helplines and teams that come."""
        return replace(self, thorough=True)

    @property
    def _walks(self) -> bool:
        """Whether a walk over the nearest few spots is mostly enough: for one category, of any hours."""
        return not self.thorough and self.open_at is None and self.categories is not None and len(self.categories) == 1

    @cached_property
    def _walk(self) -> Walk | None:
        """The walk over the nearest few spots."""
        if not self._walks:
            return None
        reach = bind("reach_metres", Double) if self._reach.minutes is None else reach_m()
        return Walk(bound_category(), ceiling(self.first), reach)

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

    def _that_come(self) -> TableValuedAlias:
        """Return the services without a place whose area holds this one."""
        wanted = null() if self.categories is None else bound_categories()
        come = func.lakana.services_that_come(point("origin"), wanted)
        return come.table_valued(column("service_id", Uuid(as_uuid=False)), name="come")

    def _services(self, found: FromClause) -> Select[Any]:
        """Return the services of these ids and distances, in their order."""
        rows = services().add_columns(found.c.distance_m).join_from(service, found, service.c.id == found.c.service_id)
        return rows.order_by(found.c.distance_m, service.c.id)

    def _open(self, seen: CTE) -> FromClause:
        """Return the ids of those that are open then."""
        fit = (
            select(
                seen,
                func.row_number()
                .over(partition_by=seen.c.distance_m.is_(None), order_by=(seen.c.distance_m, seen.c.service_id))
                .label("rank"),
            )
            .where(seen.c.service_id.is_not(None), seen.c.reasons == _NO_REASON)
            .subquery("fit")
        )
        return select(fit.c.service_id, fit.c.distance_m).where(fit.c.rank <= bind("first", Integer)).subquery("found")

    def _seen(self) -> CTE:
        """Return every service that is looked at for being open, with the reasons against it."""
        at, any_child = cast(bind("open_at", Text), DateTime(timezone=True)), null()
        asked = (any_child, any_child, any_child, at, null(), true())
        reach = bind("reach_metres", Double) if self._reach.minutes is None else reach_m()

        def around(category: ColumnElement[Any]) -> TableValuedAlias:
            found = func.lakana.fitting_services(point("origin"), category, bind("first", Integer), 0, reach, *asked)
            return found.table_valued(*_SEEN, name="near")

        if self.categories is None:
            near = select(around(null()))
        else:
            wanted = each_category()
            of_each = around(wanted.c.category).lateral("near")
            near = select(of_each).join_from(wanted, of_each, true())
        come = self._that_come()
        why = func.lakana.reasons_against(come.c.service_id, *asked).table_valued(
            column("reasons", ARRAY(Text)), name="why"
        )
        others = select(come.c.service_id, cast(null(), Double).label("distance_m"), why.lateral().c.reasons)
        return union_all(near, others).cte("seen").prefix_with("MATERIALIZED")


_NO_REASON: ColumnElement[Any] = literal_column("'{}'::text[]", ARRAY(Text))
_SEEN = (column("service_id", Uuid(as_uuid=False)), column("distance_m", Double), column("reasons", ARRAY(Text)))


@dataclass(frozen=True, kw_only=True)
class NearestSearch(NearestServices):
    """The services nearest to a place that are open at a moment, and how many were passed over for which reason."""

    open_at: dt.datetime = argument(
        "The moment at which they must be known to be open, with its offset from UTC, 2000 to 2099.", moment
    )

    def rows(self) -> Select[Any]:
        """Return one row."""
        return select(true().label("searched"))

    def related(self) -> Mapping[str, FromClause]:
        """Return the ``services`` with ``distance_m``, and all that were ``seen`` with the reasons against each."""
        seen = self._seen()
        return {"services": self._services(self._open(seen)).cte("open_service"), "seen": seen}


class Walk:
    """The nearest spots of a category to the bound origin, some more than services are asked for.

    That is enough where the origin is not afar, each spot has one service, none of the category comes without a place,
    and what lies beyond the last spot is farther than what was found.

    Parameters
    ----------
    category
        The category.
    most
        How many may be asked for.
    reach
        Metres that are not too far.

    """

    def __init__(self, category: ColumnElement[Any], most: int, reach: ColumnElement[float]) -> None:
        walked, spot, wanted = literal_column(str(most + FURTHER), Integer), service_spot.c, bind("first", Integer)
        here = func.ST_MakePoint(*(bind(f"origin_{axis}", Double) for axis in "xyz"))
        chord: ColumnElement[float] = spot.geocentric.op("<<->>", return_type=Double())(here)
        metres = func.ST_Distance(spot.point, point("origin"))
        spots = select(spot.service_id, metres.label("distance_m"), chord.label("chord"))
        spots = spots.where(spot.category == category).order_by(chord).limit(walked)
        near = spots.cte("near").prefix_with("MATERIALIZED")
        rows = select(near.c.service_id, near.c.distance_m).where(near.c.distance_m <= reach)
        rows = rows.order_by(near.c.distance_m, near.c.service_id).limit(wanted)
        self.found = found = rows.cte("found_services").prefix_with("MATERIALIZED")
        """The ids of the services, with ``distance_m``."""
        last = select(case((func.count() == wanted, func.max(found.c.distance_m)))).select_from(found)
        beyond = least_m(func.max(near.c.chord)) > func.least(last.scalar_subquery(), reach)
        alone = func.count(near.c.service_id) == func.count()
        enough = select(and_(alone, or_(func.count() < walked, beyond))).select_from(near).scalar_subquery()
        come = service.c.point.is_(None), not_(service.c.confidential), service.c.category == category
        any_spot = select(func.coalesce(select(chord).limit(literal_column("1")).scalar_subquery(), 0.0))
        # In this order, so that nothing is walked where one of the first says no.
        self.enough = and_(
            not_(exists(service.c.id).where(*come)), any_spot.scalar_subquery() < literal_column(f"{AFAR_M}"), enough
        )
        """Whether that is all."""


def least_m(chord: ColumnElement[float]) -> ColumnElement[float]:
    """Return the metres along the spheroid that a chord of so many stands for at least (see ``lakana.least_m``)."""
    return chord + chord * chord * chord / literal_column("(24 * 6400000.0::double precision * 6400000.0)", Double)


def _nearest(category: ColumnElement[Any], *, measured: bool) -> TableValuedAlias:
    reach = bind("reach_metres", Double) if measured else reach_m()
    walk = func.lakana.nearest_services(point("origin"), category, bind("first", Integer), reach)
    return walk.table_valued(column("service_id", Uuid(as_uuid=False)), column("distance_m", Double))
