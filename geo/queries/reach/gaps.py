"""Gaps: localities out of reach of a category of service, ranked by priority.

The formula of the priority is public, and the reader chooses its weights::

    priority = children^a × (1 + rate / 100)^b × min(distance / reach, 10)^c

``children``
    Those under 18 of the locality, all of whom are out of reach.
``rate``
    Incidents published for the locality in the latest released year, per 100,000 children: of the types that the
    category responds to (:mod:`geo.queries.reach.answered_incidents`) the one with the highest count, or of all types
    together if it responds to all or no type is published by locality. It is one cell of the release, never a sum of
    cells, which would reveal more than was released. So one incident per thousand children doubles the priority.
``distance / reach``
    The distance of the nearest service as a multiple of the reach, at most 10, and 10 if there is no service at all.
    A confidential service has no distance and does not count.
``a, b, c``
    The weights of children, incidents and distance, 0 to 10, by default 1; 0 removes a factor.

This is the weighted product model of multi-criteria decisions (Bridgman, Dimensional Analysis, 1922; Triantaphyllou,
Multi-criteria Decision Making Methods, 2000, section 2.2.2), whose ranking does not depend on units. No factor is below
1, so the priority never falls when a single factor or weight grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, Double, FromClause, Integer, Select, Uuid, column, func, select

from geo.arguments import MOST_PAGE, argument, between, check, reach_in_metres
from geo.assumptions.gaps import RANKED
from geo.database.tables import INCIDENT_TYPE, published_count
from geo.queries.base.descriptions import DISTANCE
from geo.queries.base.left_out import LEFT_OUT, left_out_of_category
from geo.queries.base.question import Binds, bind, constant, in_area
from geo.queries.base.reach import Reach
from geo.queries.reach.answered_incidents import answered
from geo.queries.reach.out_of_reach import Beyond, sourced, statement

MOST_WEIGHT = 10
FORMULA = "uncoveredUnder18^children × (1 + rate / 100)^incidents × min(distance / reach, 10)^distance"


@dataclass(frozen=True, kw_only=True)
class GapWeights:
    """The exponents of the priority's three factors, each 0 to 10, both inclusive."""

    children: float = argument("Of the children out of reach, 0 to 10.", between(0, MOST_WEIGHT), default=1.0)
    incidents: float = argument("Of the published rate, 0 to 10.", between(0, MOST_WEIGHT), default=1.0)
    distance: float = argument("Of the distance beyond reach, 0 to 10.", between(0, MOST_WEIGHT), default=1.0)

    def __post_init__(self) -> None:
        """Check the bounds."""
        check(self, "weights")


@dataclass(frozen=True, kw_only=True)
class Gaps(Beyond):
    """Localities beyond reach, those of highest priority first, ties by id.

    Localities with unknown population or without children are not ranked.
    """

    weights: GapWeights | None = argument("What the priority weighs; each factor 1 where it is left out.", default=None)
    first: int = argument("How many, 1 to 100.", between(1, MOST_PAGE), default=20)

    def every(self) -> CTE:
        """Return each locality beyond reach, in no order."""
        gap = statement(
            "gaps",
            column("locality_id", Uuid(as_uuid=False)),
            column("area_id", Uuid(as_uuid=False)),
            column("uncovered_under_18", Integer),
            column("nearest_distance_m", Double),
            column("service_id", Uuid(as_uuid=False)),
            column("beyond_m", Double),
            column("incident_type", INCIDENT_TYPE),
            column("incident_count", Integer),
            column("incident_rate", Double),
            column("priority", Double),
        ).subquery("gap")
        rows = select(gap)
        return (rows if self.area_code is None else rows.where(in_area(gap.c.area_id))).cte("gap_of_area")

    def ranked(self, every: CTE) -> Select[Any]:
        """Return the first localities in order of priority."""
        return select(every).order_by(every.c.priority.desc(), every.c.locality_id).limit(bind("first", Integer))

    def rows(self) -> Select[Any]:
        """Return one row a locality."""
        return self.ranked(self.every())

    def binds(self) -> Binds:
        """Return the binds with each weight by itself, and the incident types as an array."""
        types, weights = answered(self.category), self.weights or GapWeights()
        return super().binds() | {
            "incident_types": None if types is None else f"{{{','.join(each.name for each in types)}}}",
            "weight_children": weights.children,
            "weight_incidents": weights.incidents,
            "weight_distance": weights.distance,
        }


@dataclass(frozen=True, kw_only=True)
class CoverageGaps(Gaps):
    """The same localities, with a distance as the reach."""

    within: Reach = field(init=False)
    max_distance_m: float = argument(DISTANCE, reach_in_metres)

    def __post_init__(self) -> None:
        """Set the reach from the distance."""
        super().__post_init__()
        object.__setattr__(self, "within", Reach(metres=self.max_distance_m))

    def binds(self) -> Binds:
        """Return the binds, those of the reach included."""
        return super().binds() | self.within.binds()


@dataclass(frozen=True, kw_only=True)
class GapRanking(Gaps):
    """The same localities, with their total number and what the answer is based on."""

    def rows(self) -> Select[Any]:
        """Return one row: ``data_as_of``, ``assumptions``, ``reach_m``, ``formula``, ``incident_period``."""
        period = _latest_year().label("incident_period")
        return select(*self.told(RANKED), constant(FORMULA).label("formula"), period)

    def related(self) -> Mapping[str, FromClause]:
        """Return ``gaps``, the first ones in no order; ``every``, all of them; ``sources``; and services left out."""
        every = self.every()
        counted = select(published_count.c.source_id).where(
            published_count.c.current,
            published_count.c.level == "LOCALITY",
            published_count.c.period == _latest_year(),
        )
        return {
            "every": every,
            "gaps": self.ranked(every).subquery("ranked"),
            "sources": sourced(counted),
            LEFT_OUT: left_out_of_category(),
        }


def _latest_year() -> ColumnElement[Any]:
    """Return the latest year with published counts of localities; NULL if there is none."""
    year = select(func.max(published_count.c.period)).where(
        published_count.c.current, published_count.c.level == "LOCALITY", published_count.c.period.not_like("%-%")
    )
    return year.scalar_subquery()
