"""Coverage by free places: children count as covered only as long as shelters have free places, nearest first.

All pairs of a demand point p and a shelter s with distance(p, s) ≤ reach are processed in the order of (distance, p,
s). For each pair::

    taken(p, s) = min(children of p without a place yet, places of s still free)
    covered(A)  = Σ taken(p, s) for p in A

The free places are capacity - occupancy, of shelters with a public place: a confidential shelter has no distance. The
number of free places reveals single children, so the answer is only for those who may read that number: partners and
above.

No child and shelter within reach of each other would both prefer each other to what they got, so this is the stable
assignment of Gale & Shapley (American Mathematical Monthly 69, 1962) in which both sides prefer the nearest. The idea
is that of AccessMod's geographic coverage (Ray & Ebener, Int J Health Geogr 7:63, 2008), whose catchments grow until a
facility's capacity is used up: there one facility after the other, here all at once. Covered grows with the reach,
because a wider reach only adds pairs at the end of the order. It is never more than the free places, nor than the
coverage without regard to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Double, FromClause, Integer, Select, Text, Uuid, column, func, select, text

from geo.assumptions.coverage import BY_PLACES, CHILDREN, PLACES_BY_ESTIMATE, REACHED, SERVICES
from geo.audience import WITH_A_KEY, Audience
from geo.database.owner import sql_file
from geo.database.tables import SERVICE_CATEGORY, demand_point, service, shelter
from geo.errors import BadInput
from geo.queries.base.data_date import DATES
from geo.queries.base.left_out import LEFT_OUT
from geo.queries.base.question import bind, constant, of_nation, said
from geo.queries.base.reach import ESTIMATE, REACH_M, estimate, reach_m
from geo.queries.base.row_sets import HAS_PLACE
from geo.queries.base.two_step import Computed, computed
from geo.queries.reach.coverage import Coverage, NeedWithin, counted
from geo.vocabulary import ServiceCategory

Pair = tuple[str, str]
"""A demand point and a shelter."""


def assign(pairs: Iterable[Pair], children: Mapping[str, int], places: Mapping[str, int]) -> dict[Pair, int]:
    """Return how many children of each demand point get a place in each shelter; pairs with none are left out.

    Parameters
    ----------
    pairs
        Demand point and shelter, nearest first.
    children, places
        The children of each demand point, and the free places of each shelter.

    Examples
    --------
    >>> assign([("p", "s"), ("q", "s")], {"p": 3, "q": 4}, {"s": 5})
    {('p', 's'): 3, ('q', 's'): 2}
    >>> assign([("p", "s")], {"p": 3}, {"s": 0})
    {}

    """
    waiting, free, taken = dict(children), dict(places), {}
    for point, where in pairs:
        number = min(waiting[point], free[where])
        if number > 0:
            taken[point, where] = number
            waiting[point] -= number
            free[where] -= number
    return taken


@dataclass(frozen=True, kw_only=True)
class CoverageByPlaces(NeedWithin, Computed):
    """Children who have a shelter within reach that has a free place for them."""

    def __post_init__(self) -> None:
        """Check that the need is shelters."""
        super().__post_init__()
        if self.need.categories != (ServiceCategory.SAFE_SHELTER,):
            raise BadInput(
                "by_places", "only shelters have places; ask with need: {categories: [SAFE_SHELTER]}, or leave it out."
            )

    def reserved(self) -> Mapping[str, frozenset[Audience]]:
        """Reserve the answer: where a shelter stands alone, the sum reveals its free places."""
        return {"coverage(`by_places`: true)": WITH_A_KEY}

    def needs(self) -> Mapping[str, Select[Any]]:
        """Return the pairs in their order, the children of each demand point, the free places of each shelter."""
        sql, area = sql_file("queries/reach/near_places"), func.lakana.area_in_force(bind("area_code", Text))
        pairs = (
            text(sql.replace("{scope}", sql_file("queries/reach/scope")).replace(":reach", REACH_M))
            .columns(
                column("demand_point_id", Uuid(as_uuid=False)),
                column("service_id", Uuid(as_uuid=False)),
                column("distance_m", Double),
            )
            .subquery("near_place")
        )
        return {
            "pairs": select(pairs.c.demand_point_id, pairs.c.service_id, demand_point.c.under_18)
            .join_from(pairs, demand_point, demand_point.c.id == pairs.c.demand_point_id)
            .order_by(pairs.c.distance_m, pairs.c.demand_point_id, pairs.c.service_id),
            "shelters": select(service.c.id, (service.c.capacity - shelter.c.occupancy).label("places"))
            .join_from(service, shelter, shelter.c.service_id == service.c.id)
            .where(
                service.c.category == bind("category", SERVICE_CATEGORY),
                service.c.capacity > shelter.c.occupancy,
                HAS_PLACE,
                of_nation(service.c.area_set_id, func.coalesce(area, func.lakana.home_area())),
            ),
        }

    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Assign the places, and return the covered children by demand point and the places free and used."""
        pairs, shelters = found["pairs"], found["shelters"]
        children = dict(zip(pairs["demand_point_id"], pairs["under_18"], strict=True))
        places = dict(zip(shelters["id"], shelters["places"], strict=True))
        in_order = zip(pairs["demand_point_id"], pairs["service_id"], strict=True)
        covered: defaultdict[str, int] = defaultdict(int)
        for (point, _), number in assign(in_order, children, places).items():
            covered[point] += number
        return {
            "covered": [{"demand_point_id": point, "covered": number} for point, number in covered.items()],
            "places": [{"available": sum(places.values()), "available_used": sum(covered.values())}],
        }

    def rows(self) -> Select[Any]:
        """Return one row about the answer; who is covered stands in :meth:`related`."""
        reached, others = REACHED[self.within.basis], (BY_PLACES, CHILDREN, SERVICES)
        words = said(reached, PLACES_BY_ESTIMATE, *others), said(reached, *others)
        places = computed("places", (Column("available", Integer), Column("available_used", Integer)))
        return select(
            constant(self.within.basis.name).label("basis"),
            reach_m().label("reach_m"),
            self.need.by_roads(self.within, *words).label("assumptions"),
            func.coalesce(places.c.available, 0).label("available"),
            func.coalesce(places.c.available_used, 0).label("available_used"),
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the row sets of :class:`geo.queries.reach.coverage.Coverage`."""
        parts, kinds = counted(sql_file("queries/reach/covered_by_places"))
        return {
            "parts": parts,
            "kinds": kinds,
            "sources": self.need.sources(),
            DATES: self.need.dates(),
            ESTIMATE: estimate(),
            LEFT_OUT: self.need.left_out(),
        }

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this."""
        return NeedWithin.shape(self)


def coverage(*, by_places: bool, **given: Any) -> NeedWithin:
    """Return the coverage question, with regard to free places or without."""
    return (CoverageByPlaces if by_places else Coverage)(by_places=by_places, **given)
