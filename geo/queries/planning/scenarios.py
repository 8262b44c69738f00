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

from abc import abstractmethod
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
from geo.coordinates import LonLat
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
from geo.vocabulary import AreaLevel, ServiceCategory

MOST_COMPARED, MOST_TRIED = 5, 50


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
def _areas(variants: str, **own: Any) -> CTE:
    """Return the rows of ``scenario_areas.sql`` for the variants of a file beside it, which has binds of its own."""
    sql = sql_file("queries/planning/scenario_areas").replace("{reach_m}", REACH_M)
    sql = sql.replace("{variants}", sql_file(f"queries/planning/{variants}"))
    reach = {"reach_metres": Double, "travel_minutes": Double, "travel_mode": TRAVEL_MODE, "travel_season": SEASON}
    numbers = ("population", "covered_before", "covered", "newly_covered", "lost")
    metres = ("mean_distance_before_m", "mean_distance_m", "max_distance_before_m", "max_distance_m")
    rows = _bound(sql, **own, **reach, area_code=Text, level=Integer).columns(
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


class Compared(Question):
    """A question about variants of the services of one category, beside what is there today."""

    @staticmethod
    @abstractmethod
    def _areas() -> CTE:
        """Return the figures of each variant by area."""

    @staticmethod
    @abstractmethod
    def _category() -> Select[Any]:
        """Return the category."""

    def related(self) -> Mapping[str, FromClause]:
        """Return the areas, the sources, the estimate, and how many services are left out."""
        offered, asked = service.c.category.in_(self._category()), self._category().subquery("dated_by")
        loaded_on = select(refreshed_at(asked.c.category, asked)).scalar_subquery()
        used = (
            select(service.c.source_id).where(offered, HAS_PLACE, of_nation(service.c.area_set_id)),
            select(demand_point.c.source_id).where(of_nation(demand_point.c.area_set_id)),
        )
        return {
            "areas": self._areas(),
            "sources": select(source).where(or_(*(source.c.id.in_(each) for each in used))).subquery("known_source"),
            DATES: data_dates(loaded_on, services=verified_on(self._category()), population=census_on()),
            ESTIMATE: estimate(),
            LEFT_OUT: left_out(offered),
        }


@dataclass(frozen=True, kw_only=True)
class Comparison(Compared):
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

    @staticmethod
    def _areas() -> CTE:
        return _areas("scenarios_asked", **_ASKED)

    def related(self) -> Mapping[str, FromClause]:
        """Return the outcomes, and what every comparison has."""
        return dict(super().related()) | {"outcomes": _outcomes()}

    def binds(self) -> Binds:
        """Return the ids, the reach, the area and the level."""
        return super().binds() | {
            "scenario_ids": ",".join(_canonical("scenario_ids", self.scenario_ids)),
            "level": number_of(self.level),
        }


_LISTED = ("closed_ids", "site_lons", "site_lats")


def _few(name: str, given: Sequence[object]) -> None:
    if len(given) > MOST_TRIED:
        raise BadInput(name, f"{len(given)} are given; give at most {MOST_TRIED}.")


def _known_ids(name: str, ids: Sequence[str]) -> None:
    _few(name, ids)
    _canonical(name, ids)


@dataclass(frozen=True, kw_only=True)
class SitesTried(Compared):
    """What sites that are tried, and services that are closed, would change; nothing is saved."""

    category: ServiceCategory = argument("The category whose services they are.")
    sites: tuple[LonLat, ...] = argument(
        "Where sites are added, at most 50. Give the town of a confidential shelter, never its address.",
        _few,
        default=(),
        by_post=True,
    )
    closed_ids: tuple[RowId, ...] = argument(
        "Services that are closed, at most 50; to move one, close it and add a site. One of another category changes "
        "nothing, nor does a confidential one, which has no distance.",
        _known_ids,
        default=(),
    )
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()
    level: AreaLevel | None = level_of_parts()

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this: whether an area is named, and the basis."""
        return self.area_code is not None, self.within.basis.name

    def rows(self) -> Select[Any]:
        """Return one row, what the answer rests on; its variant is number 1."""
        return select(literal_column("1").label("number"), *rests_on(self.within, ASSUMPTIONS))

    @staticmethod
    def _category() -> Select[Any]:
        return select(cast(bind("category", SERVICE_CATEGORY), SERVICE_CATEGORY).label("category"))

    @staticmethod
    def _areas() -> CTE:
        return _areas("sites_tried", category=SERVICE_CATEGORY, **dict.fromkeys(_LISTED, Text))

    def binds(self) -> Binds:
        """Return the category, the sites and services in lists with commas, the reach, the area and the level."""
        lists = (
            _canonical("closed_ids", self.closed_ids),
            [repr(each.lon) for each in self.sites],
            [repr(each.lat) for each in self.sites],
        )
        return {
            "category": self.category.name,
            **{name: ",".join(each) for name, each in zip(_LISTED, lists, strict=True)},
            **self.within.binds(),
            "area_code": self.area_code,
            "level": number_of(self.level),
        }
