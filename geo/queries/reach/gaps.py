"""Gaps: localities out of reach of a need, ranked by priority.

The formula of the priority is public, and the reader chooses its weights::

    priority = children^a × (1 + rate / 100)^b × min(distance / reach, 10)^c

``children``
    Those under 18 of the locality, all of whom are out of reach.
``rate``
    Incidents published for the locality in the latest released year, per 100,000 children: of the types that the
    categories needed respond to (:mod:`geo.queries.reach.answered_incidents`; for a pathway, its own type) the one with
    the highest count, or of all types together if one responds to all or no type is published by locality. It is one
    cell of the release, never a sum of cells, which would reveal more than was released. So one incident per thousand
    children doubles the priority.
``distance / reach``
    The distance of what is needed and farthest as a multiple of the reach, at most 10, and 10 if there is no service.
    A confidential service has no distance and does not count.
``a, b, c``
    The weights of children, incidents and distance, 0 to 10, by default 1; 0 removes a factor.

This is the weighted product model of multi-criteria decisions (Bridgman, Dimensional Analysis, 1922; Triantaphyllou,
Multi-criteria Decision Making Methods, 2000, section 2.2.2), whose ranking does not depend on units. No factor is below
1, so the priority never falls when a single factor or weight grows.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    column,
    func,
    select,
    text,
)

from geo.arguments import AreaCode, argument, between, check
from geo.assumptions.coverage import FARTHEST, REACHED, SERVICES, WITHOUT_PLACES
from geo.assumptions.gaps import RANKED
from geo.database.owner import sql_file
from geo.database.tables import INCIDENT_TYPE, demand_block, locality, published_count, reporting
from geo.queries.base.area_codes import ONE, coded_area
from geo.queries.base.data_date import DATES
from geo.queries.base.descriptions import NEED, WITHIN
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import Binds, Page, in_area
from geo.queries.base.reach import ESTIMATE, REACH_M, Reach, estimate, rests_on
from geo.queries.reach.answered_incidents import answered_together
from geo.queries.reach.need import Need

MOST_WEIGHT = 10
FORMULA = (
    "`uncovered_under_18`^children × (1 + `incident_rate_per_100k_under_18` / 100)^incidents × "
    "min(`nearest_distance_m` / `reach_m`, 10)^distance"
)
"""The priority, by the names of the fields and of the weights."""


@dataclass(frozen=True, kw_only=True)
class GapWeights:
    """The exponents of the priority's three factors, each 0 to 10, both inclusive."""

    children: float = argument(
        "The exponent of the number of children out of reach, 0 to 10.", between(0, MOST_WEIGHT), default=1.0
    )
    incidents: float = argument(
        "The exponent of 1 + rate / 100, which is 1 where no rate is published; 0 to 10.",
        between(0, MOST_WEIGHT),
        default=1.0,
    )
    distance: float = argument(
        "The exponent of distance / reach, which is at most 10, and 10 where there is no service; 0 to 10.",
        between(0, MOST_WEIGHT),
        default=1.0,
    )

    def __post_init__(self) -> None:
        """Check the bounds."""
        check(self, "weights")


LATEST_YEAR = sql_file("queries/reach/latest_year")


@cache
def _gaps(measured: str, *, of_area: bool) -> CTE:
    """Return each locality beyond reach, in no order; one CTE, however often a statement reads it."""
    sql = (
        f"WITH reach(metres) AS MATERIALIZED (SELECT {REACH_M}), year AS MATERIALIZED ({LATEST_YEAR}), {measured}, "
        f"{sql_file('queries/reach/gaps')}"
    )
    gap = (
        text(sql)
        .columns(
            column("demand_point_id", Uuid(as_uuid=False)),
            column("block_id", Uuid(as_uuid=False)),
            column("locality_id", Uuid(as_uuid=False)),
            column("area_set_id", Uuid(as_uuid=False)),
            column("uncovered_under_18", Integer),
            column("nearest_distance_m", Double),
            column("beyond_m", Double),
            column("incident_type", INCIDENT_TYPE),
            column("incident_count", Integer),
            column("incident_status", Text),
            column("incident_rate", Double),
            column("priority", Double),
        )
        .subquery("gap")
    )
    rows = select(gap, (-gap.c.priority).label("turn"), gap.c.locality_id.label("id"))
    return (rows.where(in_area(gap.c.area_set_id)) if of_area else rows).cte("gap_of_area")


@dataclass(frozen=True, kw_only=True)
class CoverageGaps(Page):
    """Localities beyond reach of a need, those of highest priority first, ties by id.

    Localities with unknown population or without children are not ranked.
    """

    of_one_nation: ClassVar[bool] = True

    need: Need = argument(NEED)
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area(otherwise=ONE)
    weights: GapWeights | None = argument("What the priority weighs; each factor 1 where it is left out.", default=None)

    def shape(self) -> Hashable:
        """Return the key of the SQL; whether a time is estimated matters, since the assumptions say so."""
        return super().shape(), self.need.shape, self.within.basis.name

    def ordered_by(self) -> tuple[str, type]:
        """Return the priority turned round, which ascends."""
        return "turn", float

    def matching(self) -> Select[Any]:
        """Return every locality beyond reach."""
        return select(self._every())

    def about(self) -> Select[Any]:
        """Return one row: what the ranking rests on, ``incident_period``, and ``uncovered_under_18`` of all gaps.

        That is NULL where no locality of the area has a known population. ``localities_reporting`` of
        ``localities_expected`` of the area reported the period.
        """
        words = REACHED[self.within.basis], FARTHEST, RANKED, SERVICES, WITHOUT_PLACES
        counted = select(demand_block.c.id).where(demand_block.c.in_locality)
        if self.area_code is not None:
            counted = counted.where(in_area(demand_block.c.area_set_id))
        reports = self._reports()
        everybody = select(func.coalesce(func.sum(self._every().c.uncovered_under_18), 0)).scalar_subquery()
        return select(
            *rests_on(self.within, *words),
            _latest_year().label("incident_period"),
            case((counted.exists(), everybody)).label("uncovered_under_18"),
            select(reports.c.reporting).scalar_subquery().label("localities_reporting"),
            select(reports.c.expected).scalar_subquery().label("localities_expected"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the ``nearest`` services, the sources, the estimate, and how many services are left out."""
        counted = select(published_count.c.source_id).where(
            published_count.c.current,
            published_count.c.level == "LOCALITY",
            published_count.c.period == _latest_year(),
        )
        return {
            "nearest": self.need.nearest(),
            "sources": self.need.sources(None, counted),
            DATES: self.need.dates(incidents=_latest_year(), everywhere=True),
            ESTIMATE: estimate(),
            LEFT_OUT: self.need.left_out(everywhere=True),
        }

    def binds(self) -> Binds:
        """Return the binds with each weight by itself, and the incident types as an array."""
        need, weights = self.need, self.weights or GapWeights()
        types = answered_together(need.categories) if need.pathway is None else (need.pathway,)
        return super().binds() | {
            "incident_types": None if types is None else f"{{{','.join(each.name for each in types)}}}",
            "weight_children": weights.children,
            "weight_incidents": weights.incidents,
            "weight_distance": weights.distance,
        }

    def _reports(self) -> CTE:
        """Return one row: how many localities of the area reported the period, and how many were expected to."""
        found = select(
            func.coalesce(func.sum(reporting.c.localities_reporting), 0).label("reporting"),
            func.coalesce(func.sum(reporting.c.localities_expected), 0).label("expected"),
        ).where(reporting.c.level == "LOCALITY", reporting.c.period == _latest_year(), reporting.c.area_id.is_(None))
        if self.area_code is not None:
            found = found.join(locality, locality.c.id == reporting.c.locality_id).where(
                in_area(locality.c.area_set_id)
            )
        return found.cte("reports")

    def _every(self) -> CTE:
        return _gaps(self.need.measured(), of_area=self.area_code is not None)


def _latest_year() -> ColumnElement[Any]:
    """Return the latest year with published counts of localities; NULL if there is none."""
    found = text(LATEST_YEAR).columns(column("period", Text)).subquery("latest_year")
    return select(found.c.period).scalar_subquery()
