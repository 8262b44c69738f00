"""Where children are out of reach of a category of service: the localities, by their priority.

The priority is public, and its weights are the reader's::

    priority = children^a × (1 + rate / 100)^b × min(distance / reach, 10)^c

``children``
    Those under 18 of the locality, all of whom are out of reach.
``rate``
    Incidents published for the locality in the latest released year for every 100,000 children: of the types that the
    category answers (:mod:`geo.queries.reach.answered_incidents`) the one with the highest count, of all types together
    where it answers all or no type is told by locality. One cell of the release, never a sum of cells, which would tell
    more than was released. So an incident in every thousand children doubles the priority.
``distance / reach``
    How many times the reach the nearest service is away; 10 from there on, and where there is no service at all.
    A confidential service has no distance and is none of these.
``a, b, c``
    The weights of children, incidents and distance, 1 where they are left out, 0 to 10; 0 takes a factor out.

It is the weighted product of multiple-criteria choice (Bridgman, Dimensional Analysis, 1922; Triantaphyllou,
Multi-criteria Decision Making Methods, 2000, section 2.2.2), whose order does not hang on units. No factor is below 1,
so the priority never falls where a factor or a weight grows, the others left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, Double, FromClause, Integer, Select, Uuid, column, func, select

from geo.arguments import MOST_PAGE, argument, between, check, reach_in_metres
from geo.assumptions.gaps import RANKED
from geo.database.tables import INCIDENT_TYPE, published_count, source
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

    Localities of unknown population, or where no child lives, are not ranked.
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
        """Return the first of them in their order."""
        return select(every).order_by(every.c.priority.desc(), every.c.locality_id).limit(bind("first", Integer))

    def rows(self) -> Select[Any]:
        """Return one row a locality."""
        return self.ranked(self.every())

    def binds(self) -> Binds:
        """Return the weights, each by itself, and the incident types as an array besides."""
        types, weights = answered(self.category), self.weights or GapWeights()
        return super().binds() | {
            "incident_types": None if types is None else f"{{{','.join(each.name for each in types)}}}",
            "weight_children": weights.children,
            "weight_incidents": weights.incidents,
            "weight_distance": weights.distance,
        }


@dataclass(frozen=True, kw_only=True)
class CoverageGaps(Gaps):
    """The same localities, where the reach is a distance."""

    within: Reach = field(init=False)
    max_distance_m: float = argument(DISTANCE, reach_in_metres)

    def __post_init__(self) -> None:
        """Take the distance for the reach."""
        super().__post_init__()
        object.__setattr__(self, "within", Reach(metres=self.max_distance_m))

    def binds(self) -> Binds:
        """Return the binds of the reach besides."""
        return super().binds() | self.within.binds()


@dataclass(frozen=True, kw_only=True)
class GapRanking(Gaps):
    """The same localities with how many there are in all, and what the answer is taken from."""

    def rows(self) -> Select[Any]:
        """Return one row: ``data_as_of``, ``assumptions``, ``reach_m``, ``formula``, ``incident_period``."""
        period = _latest_year().label("incident_period")
        return select(*self.told(RANKED), constant(FORMULA).label("formula"), period)

    def related(self) -> Mapping[str, FromClause]:
        """Return ``gaps``, the first of them in no order; ``every``, all of them; ``sources``; who is left out."""
        every = self.every()
        counted = select(published_count.c.id).where(
            published_count.c.source_id == source.c.id,
            published_count.c.current,
            published_count.c.level == "LOCALITY",
            published_count.c.period == _latest_year(),
        )
        return {
            "every": every,
            "gaps": self.ranked(every).subquery("ranked"),
            "sources": sourced(counted.exists()),
            LEFT_OUT: left_out_of_category(),
        }


def _latest_year() -> ColumnElement[Any]:
    """Return the latest year for which counts of localities are published; NULL where there is none."""
    year = select(func.max(published_count.c.period)).where(
        published_count.c.current, published_count.c.level == "LOCALITY", published_count.c.period.not_like("%-%")
    )
    return year.scalar_subquery()
