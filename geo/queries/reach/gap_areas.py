"""The land of an area that no catchment of a category reaches.

::

    gap = area less catchment(s, r) of every service s of the category in its nation, outside the area too;
          a confidential one, whose place is not published, has none

A catchment is drawn as a polygon of at most 128 corners around its service, by geodesics on the WGS 84 spheroid
(Karney, Algorithms for geodesics, 2013, by ``ST_Project``). Its sides touch the circle of the reach from outside, so no
place within reach lies in a gap before outlines are simplified. With n corners, at most 1 / cos(π/n) - 1 of the reach
beyond it counts as covered: 0.03 % with 128, and never more than a third of the tolerance with fewer.
``ST_Buffer`` of a geography is planar in the projection that suits its place: measured between 12° and 60° north it
misses the reach by 0.03 % at 30 km, 0.14 % at 300 km and 0.7 % at 1,000 km.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, Double, FromClause, Integer, Select, column, select

from geo.arguments import argument, between
from geo.assumptions.gaps import DRAWN
from geo.database.tables import admin_area
from geo.queries.base.data_date import DATES, dates_of_category
from geo.queries.base.left_out import LEFT_OUT, left_out_of_category
from geo.queries.base.question import Binds, of_nation
from geo.queries.base.reach import ESTIMATE, estimate
from geo.queries.reach.out_of_reach import Beyond, sourced, statement

MOST_PARTS = 200
MOST_SERVICES = 3_000
"""In and around an area; services closer together than a third of the tolerance count once."""
LEAST_PART_M2 = 1_000_000.0
MOST_SIMPLIFY_M = 100_000
LEAST_SIMPLIFY_M = 1e-6
"""Less than a micrometre counts as none: added to a reach it is lost in a double, and gives no number of corners."""


@dataclass(frozen=True, kw_only=True)
class GapAreas(Beyond):
    """The gaps of an area as polygons, with the children estimated to live there."""

    simplify_m: float = argument(
        "How many metres outlines may move, 0 to 100,000, and at most a tenth of the reach; 0 for none.",
        between(0, MOST_SIMPLIFY_M, "metres"),
        default=1_000.0,
    )

    def rows(self) -> Select[Any]:
        """Return one row about the whole gap, with ``assumptions`` and ``reach_m``.

        ``geom`` is NULL if the area has no known outline or too many services, and empty if all of it is within reach.
        """
        pieces = _pieces()
        return select(pieces, *self.told(DRAWN)).where(pieces.c.number == 0)

    def related(self) -> Mapping[str, FromClause]:
        """Return ``parts``, numbered from 1, the largest first, sources, estimate, and how many are left out."""
        pieces = _pieces()
        outlined = select(admin_area.c.source_id).where(admin_area.c.geom.is_not(None), of_nation(admin_area.c.id))
        parts = select(pieces).where(pieces.c.number > 0).subquery("part")
        return {
            "parts": parts,
            "sources": sourced(outlined),
            DATES: dates_of_category(),
            ESTIMATE: estimate(),
            LEFT_OUT: left_out_of_category(),
        }

    def binds(self) -> Binds:
        """Return the tolerance in metres, the least area of a part in square metres and the most services."""
        simplify_m = self.simplify_m if self.simplify_m >= LEAST_SIMPLIFY_M else 0.0
        drawn = {"simplify_m": simplify_m, "least_m2": LEAST_PART_M2, "most_services": MOST_SERVICES}
        return super().binds() | drawn


@cache
def _pieces() -> CTE:
    return statement(
        "gap_areas",
        column("number", Integer),
        column("geom"),
        column("area_m2", Double),
        column("uncovered_under_18", Integer),
        column("region_m2", Double),
        column("left_out_m2", Double),
        column("tolerance_m", Double),
    ).cte("piece_of_area")
