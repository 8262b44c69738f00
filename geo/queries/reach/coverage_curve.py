"""Covered children by distance: the sums of a need's coverage for many distances, in one walk."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, Double, FromClause, Integer, Select, Uuid, column, select, text

from geo.arguments import AreaCode, argument, each_once, reach_in_metres
from geo.assumptions.coverage import CHILDREN, FARTHEST, REACHED, SERVICES, WITHOUT_PLACES
from geo.database.owner import sql_file
from geo.queries.base.area_codes import coded_area
from geo.queries.base.data_date import DATES
from geo.queries.base.descriptions import NEED
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import Binds, Question, constant, said
from geo.queries.reach.need import Need
from geo.vocabulary import TravelBasis

MOST_DISTANCES = 50
USUAL_DISTANCES_M = tuple(1_000.0 * kilometres for kilometres in range(5, 101, 5))


def _distances(name: str, value: tuple[float, ...]) -> None:
    each_once("distances", MOST_DISTANCES)(name, value)
    for each in value:
        reach_in_metres(name, each)


_POINT_COLUMNS = (
    column("distance_m", Double),
    column("area_id", Uuid(as_uuid=False)),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
)


@cache
def _points(reached: str) -> CTE:
    scope, edges, curve = (sql_file(f"queries/reach/{name}") for name in ("scope", "curve_edges", "curve"))
    return text(f"WITH {scope}, {edges}, {reached} {curve}").columns(*_POINT_COLUMNS).cte("curve_point")


@dataclass(frozen=True, kw_only=True)
class CoverageCurve(Question):
    """Covered children by distance, for 1 to 50 different distances in metres, in ascending order."""

    need: Need = argument(NEED)
    area_code: AreaCode | None = coded_area()
    distances_m: tuple[float, ...] = argument(
        "1 to 50 distances in metres, 0.001 to 1,000,000, no one twice.", _distances, default=USUAL_DISTANCES_M
    )

    def shape(self) -> Hashable:
        """Return the key of the SQL: how many categories of how many groups."""
        return super().shape(), self.need.shape

    def rows(self) -> Select[Any]:
        """Return one row about the answer; :meth:`related` has the points."""
        words = (REACHED[TravelBasis.MEASURED], FARTHEST, CHILDREN, SERVICES, WITHOUT_PLACES)
        points = self.related()["points"]
        first = select(points).limit(1).subquery("first_point")
        return select(
            first.c.area_id,
            first.c.population_under_18,
            constant(TravelBasis.MEASURED.name).label("basis"),
            said(*words).label("assumptions"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the points in ascending order, and the sources."""
        return {
            "points": _points(self.need.reached()),
            "sources": self.need.sources(),
            DATES: self.need.dates(),
            LEFT_OUT: self.need.left_out(),
        }

    def binds(self) -> Binds:
        """Return all values, the distances in ascending order."""
        return super().binds() | {"distances_m": sorted(self.distances_m)}
