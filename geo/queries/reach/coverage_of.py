"""Coverage of a need: the children who have all that they need within reach, by area, locality and distance.

A demand point is covered if it is not farther from the need than the reach, in a straight line (or, within a time,
along roads if they are known)::

    covered(A, N, d) = Σ under_18(p) for p in A with distance(p, N) ≤ d

``distance(p, N)`` is that of :mod:`geo.queries.reach.need`. Boundaries do not matter: the nearest service may be in
another area than the child. Coverage grows with d, is 0 if there is no service, and adds up over the parts of a level.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Subquery,
    Uuid,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    text,
)

from geo.arguments import argument, each_once, reach_in_metres, search_text
from geo.assumptions.coverage import CHILDREN, FARTHEST, REACHED, SERVICES, WITHOUT_PLACES
from geo.database.owner import sql_file
from geo.database.tables import SEASON, TRAVEL_MODE, demand_point, travel_estimate
from geo.queries.base.descriptions import AREA_CODE, PARTS_LEVEL, WITHIN
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import Binds, Page, Question, bind, constant, in_area
from geo.queries.base.reach import REACH_M, Reach, reach_m
from geo.queries.base.row_sets import localities
from geo.queries.base.sentences import said
from geo.queries.reach.coverage import admin_level, has_areas, parts_of
from geo.queries.reach.need import Need
from geo.vocabulary import ReportingLevel, TravelBasis

MOST_DISTANCES = 50
FROM_MEASURED = "SELECT demand_point_id, distance_m FROM measured"
USUAL_DISTANCES_M = tuple(1_000.0 * kilometres for kilometres in range(5, 101, 5))

NEED = "What must be within reach."


def _distances(name: str, value: tuple[float, ...]) -> None:
    each_once("distances", MOST_DISTANCES)(name, value)
    for each in value:
        reach_in_metres(name, each)


KIND_COLUMNS = (
    column("known", Boolean),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
)
_POINT_COLUMNS = (
    column("distance_m", Double),
    column("area_id", Uuid(as_uuid=False)),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
)


@cache
def _kinds(measured: str) -> CTE:
    parts = (sql_file("queries/reach/scope"), f"reach(most) AS MATERIALIZED (SELECT {REACH_M})", measured)
    return text(f"WITH {', '.join(parts)} {sql_file('queries/reach/kinds')}").columns(*KIND_COLUMNS).cte("kind")


@cache
def _points(measured: str) -> CTE:
    scope, curve = sql_file("queries/reach/scope"), sql_file("queries/reach/curve")
    return text(f"WITH {scope}, {measured}, {curve}").columns(*_POINT_COLUMNS).cte("curve_point")


def _measured_point(measured: str, name: str) -> Subquery:
    columns = column("demand_point_id", Uuid(as_uuid=False)), column("distance_m", Double)
    return text(f"WITH {measured} {FROM_MEASURED}").columns(*columns).subquery(name)


def estimate() -> Select[Any]:
    """Return the setting that the bound travel time was estimated with; no row for a distance."""
    return select(travel_estimate).where(
        travel_estimate.c.mode == bind("travel_mode", TRAVEL_MODE),
        travel_estimate.c.season == bind("travel_season", SEASON),
        cast(bind("travel_minutes", Double), Double).is_not(None),
    )


@dataclass(frozen=True, kw_only=True)
class NeedWithin(Question):
    """A need, a reach, and the area whose children are counted, by default the home nation."""

    need: Need = argument(NEED)
    within: Reach = argument(WITHIN)
    area_code: str | None = argument(AREA_CODE, search_text, default=None)
    level: ReportingLevel | None = argument(PARTS_LEVEL, has_areas, default=None)
    by_places: bool = argument(
        "Only for SAFE_SHELTER, and for partners and above: children are covered only as far as there are free places, "
        "nearest first.",
        default=False,
    )

    def shape(self) -> Hashable:
        """Return the key of the SQL: one category or several, a distance or a time."""
        return super().shape(), type(self).__name__, self.need.single, self.within.basis.name

    def by_roads(self, along: ColumnElement[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return ``along`` if a time is given and times along roads are known for the need, else ``otherwise``."""
        if self.within.minutes is None:
            return otherwise
        return case((select(self.need.roads()).exists(), along), else_=otherwise)

    def binds(self) -> Binds:
        """Return all values, the level as the number of an admin level."""
        return super().binds() | {"level": admin_level(self.level)}


@dataclass(frozen=True, kw_only=True)
class CoverageOf(NeedWithin):
    """Children who have a need within reach: in the area, in its parts of a level, and in known localities."""

    def rows(self) -> Select[Any]:
        """Return one row about the answer; :meth:`related` has the covered children."""
        bases = TravelBasis.NETWORK, self.within.basis
        words = (said(REACHED[basis], FARTHEST, CHILDREN, SERVICES, WITHOUT_PLACES) for basis in bases)
        return select(
            self.by_roads(*(constant(basis.name) for basis in bases)).label("basis"),
            reach_m().label("reach_m"),
            self.need.data_as_of(self.within).label("data_as_of"),
            self.by_roads(*words).label("assumptions"),
            null().cast(Integer).label("free_places"),
            null().cast(Integer).label("places_used"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the area with its parts, children in known localities and elsewhere, the sources, and the estimate."""
        measured = self.need.measured(self.within)
        return {
            "parts": parts_of(measured),
            "kinds": _kinds(measured),
            "sources": self.need.sources(self.within),
            "estimate": estimate().subquery("estimate"),
            LEFT_OUT: self.need.left_out(),
        }


@dataclass(frozen=True, kw_only=True)
class LocalityCoverage(Page):
    """Localities of known population, by name, each with its distance from the need and whether it is within reach."""

    need: Need = argument(NEED)
    within: Reach = argument(WITHIN)
    area_code: str | None = argument(AREA_CODE, search_text, default=None)

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this page."""
        return super().shape(), self.need.single, self.within.basis.name

    def matching(self) -> Select[Any]:
        """Return one row for each locality: ``locality_id``, ``under_18``, ``distance_m`` (NULL: none), ``covered``."""
        place = localities().subquery("place")
        measured = _measured_point(self.need.measured(), "measured_point")
        judged = measured
        if self.within.minutes is not None:
            judged = _measured_point(self.need.measured(self.within), "judged_point")
        covered = func.coalesce(judged.c.distance_m <= reach_m(), literal_column("false"))
        rows = (
            select(
                place.c.id,
                place.c.name_key,
                place.c.id.label("locality_id"),
                demand_point.c.under_18,
                measured.c.distance_m,
                covered.label("covered"),
            )
            .join_from(demand_point, place, place.c.id == demand_point.c.locality_id)
            .outerjoin(measured, measured.c.demand_point_id == demand_point.c.id)
        )
        if judged is not measured:
            rows = rows.outerjoin(judged, judged.c.demand_point_id == demand_point.c.id)
        return rows if self.area_code is None else rows.where(in_area(demand_point.c.area_id))

    def related(self) -> Mapping[str, FromClause]:
        """Return how many services are left out."""
        return {LEFT_OUT: self.need.left_out()}


@dataclass(frozen=True, kw_only=True)
class CoverageCurve(Question):
    """Covered children by distance, for 1 to 50 different distances in metres, in ascending order."""

    need: Need = argument(NEED)
    area_code: str | None = argument(AREA_CODE, search_text, default=None)
    distances_m: tuple[float, ...] | None = argument(
        "1 to 50 distances in metres, 0.001 to 1,000,000, no one twice; 5 to 100 km in steps of 5 where left out.",
        _distances,
        default=None,
    )

    def shape(self) -> Hashable:
        """Return the key of the SQL: one category or several."""
        return super().shape(), self.need.single

    def rows(self) -> Select[Any]:
        """Return one row about the answer; :meth:`related` has the points."""
        words = (REACHED[TravelBasis.MEASURED], FARTHEST, CHILDREN, SERVICES, WITHOUT_PLACES)
        points = self.related()["points"]
        first = select(points).limit(1).subquery("first_point")
        return select(
            first.c.area_id,
            first.c.population_under_18,
            constant(TravelBasis.MEASURED.name).label("basis"),
            self.need.data_as_of().label("data_as_of"),
            said(*words).label("assumptions"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the points in ascending order, and the sources."""
        return {
            "points": _points(self.need.measured()),
            "sources": self.need.sources(),
            LEFT_OUT: self.need.left_out(),
        }

    def binds(self) -> Binds:
        """Return all values, the distances in ascending order."""
        distances = USUAL_DISTANCES_M if self.distances_m is None else self.distances_m
        return super().binds() | {"distances_m": sorted(distances)}
