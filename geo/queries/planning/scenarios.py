"""Scenarios of planners, and what they would change.

A scenario adds, closes, moves and resizes services of one category. With A(p, s) the distance from the demand point p
to the nearest service that scenario s leaves, closed and moved services gone from their places, and r the reach::

    covered(s)       = Σ under_18(p) for p with A(p, s) ≤ r
    newly_covered(s) = Σ under_18(p) for p with A(p, s) ≤ r < A(p, 0)
    lost(s)          = Σ under_18(p) for p with A(p, 0) ≤ r < A(p, s)
    covered(s) - covered(0) = newly_covered(s) - lost(s)

where scenario 0 changes nothing. A confidential service has no distance and is in neither; no scenario may name one.
Distances are measured as those of the table ``access``, so making the same changes for real gives the same figures. A
query changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    Double,
    FromClause,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    TextClause,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from geo.arguments import AreaCode, RowId, argument, check_id
from geo.assumptions.scenarios import ASSUMPTIONS
from geo.database.owner import sql_file
from geo.database.tables import SEASON, SERVICE_CATEGORY, TRAVEL_MODE, demand_point, scenario, service, source
from geo.errors import BadInput
from geo.queries.base.area_codes import coded_area
from geo.queries.base.data_date import DATES, census_on, data_dates, refreshed_at, verified_on
from geo.queries.base.descriptions import WITHIN
from geo.queries.base.left_out import LEFT_OUT, left_out
from geo.queries.base.levels import level_of_parts, number_of
from geo.queries.base.question import Binds, Page, Question, bind, of_nation
from geo.queries.base.reach import ESTIMATE, REACH_M, Reach, estimate, rests_on
from geo.queries.base.row_sets import HAS_PLACE
from geo.vocabulary import AreaLevel

MOST_COMPARED = 5


def scenarios() -> Select[Any]:
    """Return the scenarios of the caller's owner, and no others."""
    columns = [column(each.name, each.type) for each in scenario.c]
    own = func.lakana.scenarios_of(bind("caller_owner", Text)).table_valued(*columns).alias("scenario")
    return select(*own.c)


@dataclass(frozen=True, kw_only=True)
class Scenarios(Page):
    """The caller's scenarios, by name."""

    def matching(self) -> Select[Any]:
        """Return all of them."""
        return scenarios()


def _bound(sql: str, **types: Any) -> TextClause:
    return text(sql).bindparams(*(bindparam(name, type_=type_) for name, type_ in types.items()))


_ASKED = {"scenario_ids": Text, "caller_owner": Text}


@cache
def _areas() -> CTE:
    sql = sql_file("queries/planning/scenario_areas").replace("{reach_m}", REACH_M)
    reach = {"reach_metres": Double, "travel_minutes": Double, "travel_mode": TRAVEL_MODE, "travel_season": SEASON}
    numbers = ("population", "covered_before", "covered", "newly_covered", "lost")
    metres = ("mean_distance_before_m", "mean_distance_m", "max_distance_before_m", "max_distance_m")
    rows = _bound(sql, **_ASKED, **reach, area_code=Text, level=Integer).columns(
        column("number", Integer),
        column("area_id", Uuid(as_uuid=False)),
        column("whole", Boolean),
        *(column(f"{name}_under_18", Integer) for name in numbers),
        *(column(name, Double) for name in metres),
    )
    # Computed once, however many scenarios read it.
    return rows.cte("scenario_area").prefix_with("MATERIALIZED")


@cache
def _outcomes() -> CTE:
    rows = _bound(sql_file("queries/planning/scenario_outcomes"), **_ASKED).columns(
        column("number", Integer),
        column("scenario_id", Uuid(as_uuid=False)),
        column("capacity_before", Integer),
        column("capacity", Integer),
        column("unknown_capacity_count", Integer),
        column("changed_data", ARRAY(Text)),
    )
    return rows.cte("scenario_outcome").prefix_with("MATERIALIZED")


def _together(name: str = "asked") -> TableValuedAlias:
    ids = func.string_to_array(bind("scenario_ids", Text), literal_column("','"))
    asked = func.lakana.scenarios_together(bind("caller_owner", Text), cast(ids, ARRAY(Uuid)))
    return asked.table_valued(column("number", Integer), column("category", SERVICE_CATEGORY)).alias(name)


def _canonical(name: str, ids: Sequence[str]) -> list[str]:
    return [check_id(f"{name}.{number}", each) for number, each in enumerate(ids)]


def _together_ids(name: str, ids: Sequence[str]) -> None:
    if not 1 <= len(ids) <= MOST_COMPARED:
        raise BadInput(name, f"{len(ids)} scenarios; give from 1 to {MOST_COMPARED}.")
    if len(set(_canonical(name, ids))) < len(ids):
        raise BadInput(name, "one is named twice; give each once.")


@dataclass(frozen=True, kw_only=True)
class Comparison(Question):
    """What scenarios of one category would change, compared with today."""

    scenario_ids: tuple[RowId, ...] = argument("From 1 to 5 of your scenarios, of one category.", _together_ids)
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()
    level: AreaLevel | None = level_of_parts()

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this: whether an area is named, and the basis."""
        return self.area_code is not None, self.within.basis.name

    def rows(self) -> Select[Any]:
        """Return one row: the category, and what the answer rests on; none where none of the scenarios is there."""
        together = _together()
        known = select(together.c.category, *rests_on(self.within, ASSUMPTIONS))
        return known.order_by(together.c.number).limit(1)

    @staticmethod
    def _category() -> Select[Any]:
        together = _together("asked_of")
        return select(together.c.category).distinct()

    def related(self) -> Mapping[str, FromClause]:
        """Return the outcomes, their areas, the sources, the estimate, and how many services are left out."""
        offered, asked = service.c.category.in_(self._category()), self._category().subquery("dated_by")
        loaded_on = select(refreshed_at(asked.c.category, asked)).scalar_subquery()
        used = (
            select(service.c.source_id).where(offered, HAS_PLACE, of_nation(service.c.area_set_id)),
            select(demand_point.c.source_id).where(of_nation(demand_point.c.area_set_id)),
        )
        return {
            "outcomes": _outcomes(),
            "areas": _areas(),
            "sources": select(source).where(or_(*(source.c.id.in_(each) for each in used))).subquery("known_source"),
            DATES: data_dates(loaded_on, services=verified_on(self._category()), population=census_on()),
            ESTIMATE: estimate(),
            LEFT_OUT: left_out(offered),
        }

    def binds(self) -> Binds:
        """Return the ids, the reach, the area and the level."""
        return super().binds() | {
            "scenario_ids": ",".join(_canonical("scenario_ids", self.scenario_ids)),
            "level": number_of(self.level),
        }
