"""Coverage of a need: the children who have all that they need within reach, in an area and in its parts.

A demand point is covered if it is not farther from the need than the reach, in a straight line (or, within a time,
along roads if they are known)::

    covered(A, N, d) = Σ under_18(p) for p in A with distance(p, N) ≤ d

``distance(p, N)`` is that of :mod:`geo.queries.reach.need`. Boundaries do not matter: the nearest service may be in
another area than the child. Coverage grows with d, is 0 if there is no service, and adds up over the parts of a level.
The distances are stored by blocks of demand points and updated as services change, so an answer at any reach is one sum
over blocks, in which the children within each distance are added up already.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, Boolean, ColumnClause, FromClause, Integer, Select, Text, Uuid, column, null, select, text

from geo.arguments import AreaCode, argument
from geo.assumptions.coverage import CHILDREN, FARTHEST, SERVICES, WITHOUT_PLACES
from geo.database.owner import sql_file
from geo.queries.base.area_codes import coded_area
from geo.queries.base.data_date import DATES
from geo.queries.base.descriptions import NEED, WITHIN
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.levels import level_of_parts, number_of
from geo.queries.base.question import Binds, Question
from geo.queries.base.reach import ESTIMATE, REACH_M, Reach, estimate
from geo.queries.reach.need import Need
from geo.vocabulary import AreaLevel


def coverage_sql(covered: str) -> str:
    """Return the statement of coverage by parts over the CTEs of ``covered`` (see ``geo.queries.reach.need``)."""
    return f"WITH {sql_file('queries/reach/scope')}, {covered}, {sql_file('queries/reach/coverage')}"


def kinds_sql(covered: str) -> str:
    """Return the statement of coverage in known localities and elsewhere over the CTEs of ``covered``."""
    return f"WITH {sql_file('queries/reach/scope')}, {covered} {sql_file('queries/reach/kinds')}"


PART_COLUMNS: tuple[ColumnClause[Any], ...] = (
    column("area_id", Uuid(as_uuid=False)),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
    column("whole", Boolean),
    column("population_basis", Text),
)


KIND_COLUMNS = (
    column("known", Boolean),
    column("population_under_18", Integer),
    column("covered_under_18", Integer),
)


@cache
def counted(covered: str) -> tuple[CTE, CTE]:
    """Return rows for the bound area and each of its parts, and for known localities and elsewhere.

    Each has children under 18, and those within reach; ``covered`` are CTEs as of
    :meth:`geo.queries.reach.need.Need.covered`.
    """
    parts = text(coverage_sql(covered)).columns(*PART_COLUMNS).cte("part_of_area")
    return parts, text(kinds_sql(covered)).columns(*KIND_COLUMNS).cte("kind")


def _within(need: Need, within: Reach) -> str:
    return f"reach(most) AS MATERIALIZED (SELECT {REACH_M}), {need.covered(within)}"


@dataclass(frozen=True, kw_only=True)
class NeedWithin(Question):
    """A need, a reach, and the area whose children are counted, by default the home nation."""

    need: Need = argument(NEED)
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()
    level: AreaLevel | None = level_of_parts()
    by_places: bool = argument(
        "Only for SAFE_SHELTER, and for partners and above: children are covered only as far as there are free places, "
        "nearest first.",
        default=False,
    )

    def shape(self) -> Hashable:
        """Return the key of the SQL: how many categories of how many groups, a distance or a time."""
        return super().shape(), type(self).__name__, self.need.shape, self.within.basis.name

    def binds(self) -> Binds:
        """Return all values, the level as the number of an admin level."""
        return super().binds() | {"level": number_of(self.level)}


@dataclass(frozen=True, kw_only=True)
class Coverage(NeedWithin):
    """Children who have a need within reach: in the area, in its parts of a level, and in known localities.

    The parts are the areas in force one level down, or of ``level``. They are of the area's own scheme if it has such
    areas inside, otherwise of a scheme that has.
    """

    def rows(self) -> Select[Any]:
        """Return one row about the answer; :meth:`related` has the covered children."""
        return select(
            *self.need.rests_on(self.within, FARTHEST, CHILDREN, SERVICES, WITHOUT_PLACES),
            null().cast(Integer).label("available"),
            null().cast(Integer).label("available_used"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the area with its parts, children in known localities and elsewhere, the sources, and the estimate."""
        parts, kinds = counted(_within(self.need, self.within))
        return {
            "parts": parts,
            "kinds": kinds,
            "sources": self.need.sources(self.within),
            DATES: self.need.dates(self.within),
            ESTIMATE: estimate(),
            LEFT_OUT: self.need.left_out(),
        }
