"""How many children are within reach of a category of service.

Coverage is the plain share of children whose demand point lies within a distance of its nearest service::

    covered(A, c, d) = Σ under_18(p) for p in A with distance(p, nearest service of c) ≤ d
    uncovered = population - covered

The distances are stored in the table ``access``, which is updated as services change, so an answer at any threshold is
one sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnClause,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Uuid,
    column,
    select,
    text,
)

from geo.arguments import argument, reach_in_metres, search_text
from geo.assumptions.coverage import BY_DISTANCE
from geo.database.owner import sql_file
from geo.errors import BadInput
from geo.queries.base.descriptions import AREA_CODE, DISTANCE, PARTS_LEVEL, WITHIN_REACH
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import Binds, Question
from geo.queries.base.reach import REACH_M, Reach
from geo.queries.base.sentences import said
from geo.queries.reach.need import Need
from geo.vocabulary import ReportingLevel, ServiceCategory


def coverage_sql(measured: str) -> str:
    """Return the statement of coverage by parts over the CTEs of ``measured`` (see ``geo.queries.reach.need``)."""
    reached = sql_file("queries/reach/reached")
    parts = (sql_file("queries/reach/scope"), f"reach(most) AS MATERIALIZED (SELECT {REACH_M})", measured, reached)
    return f"WITH {', '.join((*parts, sql_file('queries/reach/coverage')))}"


PART_COLUMNS: tuple[ColumnClause[Any], ...] = (
    column("area_id", Uuid(as_uuid=False)),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
    column("whole", Boolean),
)


@cache
def parts_of(measured: str) -> CTE:
    """Return rows for the bound area and each of its parts: children under 18, and those within reach."""
    return text(coverage_sql(measured)).columns(*PART_COLUMNS).cte("part_of_area")


def has_areas(name: str, level: ReportingLevel) -> None:
    """Refuse the level of localities, which are no areas."""
    if level is ReportingLevel.LOCALITY:
        raise BadInput(
            name, "localities are no areas; choose NATION, REGION or CERCLE, or ask for `locality_coverage`."
        )


def admin_level(level: ReportingLevel | None) -> int | None:
    """Return the admin level of a reporting level that has areas."""
    return None if level is None else [*ReportingLevel].index(level)


@dataclass(frozen=True, kw_only=True)
class Coverage(Question):
    """Covered and uncovered children of an area (by default the home nation) and of its parts.

    The parts are the areas in force one level down, or of ``level``. They are of the area's own scheme if it has such
    areas inside, otherwise of a scheme that has.
    """

    category: ServiceCategory = argument(WITHIN_REACH)
    max_distance_m: float = argument(DISTANCE, reach_in_metres)
    area_code: str | None = argument(AREA_CODE, search_text, default=None)
    level: ReportingLevel | None = argument(PARTS_LEVEL, has_areas, default=None)

    @property
    def need(self) -> Need:
        """The one category as a need."""
        return Need(((self.category,),))

    def rows(self) -> Select[Any]:
        """Return one row: ``data_as_of``, when a distance last changed, and ``assumptions`` by locale as JSON."""
        columns: list[ColumnElement[Any]] = [
            self.need.data_as_of().label("data_as_of"),
            said(BY_DISTANCE).label("assumptions"),
        ]
        return select(*columns)

    def related(self) -> Mapping[str, FromClause]:
        """Return the parts of the area and the whole, as rows, the sources, and how many services are left out."""
        return {
            "parts": parts_of(self.need.measured()),
            "sources": self.need.sources(),
            LEFT_OUT: self.need.left_out(),
        }

    def binds(self) -> Binds:
        """Return the category, the distance, the area code and the level."""
        reach = Reach(metres=self.max_distance_m)
        return super().binds() | self.need.binds() | reach.binds() | {"level": admin_level(self.level)}
