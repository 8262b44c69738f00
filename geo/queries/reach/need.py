"""A need: groups of categories, of each of which one must be within reach of a child.

A need is a list of groups. A group is met by any of its categories, and all groups must be met. So the distance of a
demand point p from a need N is that of the group that is farthest away::

    distance(p, N) = max over groups g of N of (min over categories c of g of distance(p, nearest service of c))

The distances are stored by blocks of demand points (:mod:`geo.queries.reach.block_distances`). If the reach is a time,
``travelled`` is read instead: it uses the time along roads if one is known (:mod:`geo.queries.reach.travel_times`). The
groups come only from :meth:`Need.needed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    Subquery,
    Uuid,
    case,
    column,
    func,
    or_,
    select,
    text,
)

from geo.assumptions.catalogue import Sentences
from geo.assumptions.coverage import REACHED
from geo.database.owner import sql_file
from geo.database.tables import SERVICE_CATEGORY, access, access_refresh, service, source
from geo.queries.base.categories import some_categories
from geo.queries.base.data_date import census_on, data_dates, verified_on
from geo.queries.base.left_out import left_out
from geo.queries.base.question import DAY_BEGAN, Binds, bind, constant, said
from geo.queries.base.reach import Reach, reach_m
from geo.queries.reach.block_distances import Shape, filled
from geo.vocabulary import STAGES, IncidentType, ServiceCategory, Stage, TravelBasis

Group = tuple[ServiceCategory, ...]

_SOURCES = """
SELECT source_id FROM lakana.demand_point WHERE {demand}
UNION
SELECT service.source_id FROM needed JOIN lakana.service USING (category) WHERE point IS NOT NULL AND {service}
"""
_OWN = (
    "(NOT (SELECT lakana.several_nations()) OR area_set_id IN (SELECT area_id FROM lakana.area_nation "
    "WHERE nation_id = lakana.nation_of(lakana.area_in_force(CAST(:area_code AS text)))))"
)
"""What counts in the nation of the bound area: as :func:`geo.queries.base.question.of_nation`."""
_ROADS = """
SELECT n.source_id, max(r.computed_at) AS computed_at
FROM needed JOIN lakana.travel_refresh r USING (category), lakana.road_network n
WHERE r.computed_at IS NOT NULL GROUP BY n.source_id
"""
_CATEGORIES = "SELECT category FROM needed"
_LATEST = "SELECT max(refreshed_at) AS at FROM needed JOIN lakana.access_refresh USING (category)"


@dataclass(frozen=True)
class Need:
    """What must be within reach: any category of each group. There is at least one group, and none is empty.

    Alternatively ``pathway`` requires the category of every step of that incident type's pathway, and there are no
    groups: the steps are in the database. If nobody has recorded that pathway, no place has it within reach.
    """

    groups: tuple[Group, ...]
    pathway: IncidentType | None = None

    @classmethod
    def all_of(cls, categories: Sequence[ServiceCategory], field: str = "need") -> Need:
        """Return the need of all of 1 to 16 different categories.

        Raises
        ------
        BadInput
            If there are fewer or more, or one appears twice.

        """
        some_categories(f"{field}.categories", categories)
        return cls(tuple((each,) for each in categories))

    @classmethod
    def of_stage(cls, stage: Stage) -> Need:
        """Return the need of any category of a stage.

        Examples
        --------
        >>> Need.of_stage(Stage.REFERRAL).groups
        ((<ServiceCategory.CASE_MANAGEMENT: 'CASE_MANAGEMENT'>,),)

        """
        return cls((tuple(each for each in ServiceCategory if STAGES[each] is stage),))

    @classmethod
    def of_pathway(cls, incident_type: IncidentType) -> Need:
        """Return the need of all categories in the response pathway of an incident type."""
        return cls((), incident_type)

    @property
    def shape(self) -> Shape:
        """Return what the SQL depends on: the sizes of the groups, ``None`` for a pathway."""
        return None if self.pathway else tuple(len(group) for group in self.groups)

    @property
    def single(self) -> bool:
        """Whether it is a single category, whose distances need no combining."""
        return self.shape == (1,)

    @property
    def categories(self) -> tuple[ServiceCategory, ...]:
        """Return all categories, group by group; none of a pathway."""
        return tuple(each for group in self.groups for each in group)

    def binds(self) -> Binds:
        """Return the binds of the other methods."""
        return {
            "category": self.categories[0].name if self.groups else None,
            "need_categories": [each.name for each in self.categories],
            "need_pathway": self.pathway and self.pathway.name,
            "need_groups": [number for number, group in enumerate(self.groups) for _ in group],
        }

    def needed(self) -> str:
        """Return the CTE ``needed (group_number, category)``: the groups, one row for each category."""
        return sql_file("queries/reach/needed")

    def measured(self) -> str:
        """Return the CTEs that end with ``measured``: one row for each demand point.

        Its columns are ``demand_point_id``, ``block_id``, ``area_set_id``, ``in_locality``, ``locality_id``,
        ``under_18`` and ``distance_m``, the metres to the farthest group, NULL if a group has no service.
        """
        return f"{self.needed()}, {self._of_blocks('measured')}"

    def measured_point(self) -> str:
        """Return the statement of ``distance_m`` of one demand point, that of the statement around it."""
        return f"WITH {self.needed()} {self._of_blocks('measured_point')}"

    def travelled(self) -> str:
        """Return the CTEs that end with ``measured_travelled (demand_point_id, distance_m)``, for a time.

        Its metres are those of ``travelled``, which are only meaningful in comparison with its reach. There are no rows
        if no group has a service.
        """
        return ", ".join(
            (self.needed(), *(sql_file(f"queries/reach/{name}") for name in ("travelled", "measured_travelled")))
        )

    def covered(self, within: Reach) -> str:
        """Return the CTEs that end with ``covered (area_set_id, in_locality, population, covered)``.

        It has children under 18, and those within reach, of each set of areas that demand points lie in; those of
        localities and those of the rest apart.
        """
        if within.minutes is not None:
            return f"{self.travelled()}, {sql_file('queries/reach/covered_travelled')}"
        return f"{self.needed()}, {self._of_blocks('covered_one' if self.single else 'covered')}"

    def reached(self) -> str:
        """Return the CTEs that end with ``reached (number, children)``: within each of the distances of a curve."""
        if self.single:
            return f"{self.needed()}, {self._of_blocks('curve_one')}"
        return f"{self.measured()}, {sql_file('queries/reach/curve_several')}"

    def _of_blocks(self, name: str) -> str:
        return filled(sql_file(f"queries/reach/{name}"), self.shape)

    def roads(self) -> Subquery:
        """Return the roads along which times for the need were computed: one row, or none.

        Its columns are ``source_id`` and ``computed_at``, the latest of its categories.
        """
        known = text(f"WITH {self.needed()} {_ROADS}")
        return known.columns(
            column("source_id", Uuid(as_uuid=False)), column("computed_at", DateTime(timezone=True))
        ).subquery("known_roads")

    def by_roads(self, within: Reach, along: ColumnElement[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return ``along`` if the reach is a time and times along roads are known for the need, else ``otherwise``."""
        if within.minutes is None:
            return otherwise
        return case((select(self.roads()).exists(), along), else_=otherwise)

    def rests_on(self, within: Reach, *sentences: Sentences) -> list[ColumnElement[Any]]:
        """Return ``basis``, ``reach_m`` and ``assumptions`` of an answer that looks at roads."""
        bases = TravelBasis.NETWORK, within.basis
        words = (said(REACHED[basis], *sentences) for basis in bases)
        return [
            self.by_roads(within, *(constant(basis.name) for basis in bases)).label("basis"),
            reach_m().label("reach_m"),
            self.by_roads(within, *words).label("assumptions"),
        ]

    def sources(self, within: Reach | None = None, *more: Select[Any]) -> FromClause:
        """Return the sources of the demand points and services and, if the reach is a time, of the roads, by name.

        ``more`` selects the ids of further ones.
        """
        used = text(f"WITH {self.needed()} {_SOURCES.format(demand=_OWN, service=_OWN)}").columns(
            column("source_id", Uuid(as_uuid=False))
        )
        among = [source.c.id.in_(select(used.subquery("used_source").c.source_id))]
        if within is not None and within.minutes is not None:
            among.append(source.c.id.in_(select(self.roads().c.source_id)))
        among += (source.c.id.in_(each) for each in more)
        return select(source).where(or_(*among)).order_by(source.c.name, source.c.id).subquery("needed_source")

    def left_out(self, *, everywhere: bool = False) -> FromClause:
        """Return how many services of the need are left out of an answer (:mod:`geo.queries.base.left_out`)."""
        return left_out(service.c.category.in_(self._categories_needed()), everywhere=everywhere)

    def nearest(self) -> FromClause:
        """Return the nearest service of each category needed to each demand point, with its ``distance_m``."""
        one = access.c.category == bind("category", SERVICE_CATEGORY)
        needed = one if self.single else access.c.category.in_(self._categories_needed())
        return select(access).where(needed).subquery("nearest_needed")

    def _categories_needed(self) -> Select[Any]:
        needed = text(f"WITH {self.needed()} {_CATEGORIES}").columns(column("category", SERVICE_CATEGORY))
        return select(needed.subquery("needed_category").c.category)

    def dates(
        self,
        within: Reach | None = None,
        *,
        incidents: ColumnElement[Any] | None = None,
        everywhere: bool = False,
    ) -> FromClause:
        """Return of when the data are that an answer to the need rests on (:mod:`geo.queries.base.data_date`)."""
        return data_dates(
            self._loaded_on(within),
            services=verified_on(self._categories_needed()),
            population=census_on(everywhere=everywhere),
            incidents=incidents,
        )

    def _loaded_on(self, within: Reach | None) -> ColumnElement[Any]:
        """Return when a distance of the need last changed; of any category if none of its own is known.

        If the reach is a time and its times along roads were computed later, return when they were.
        """
        own = text(f"WITH {self.needed()} {_LATEST}").columns(column("at", DateTime(timezone=True)))
        known = select(own.subquery("latest").c.at).scalar_subquery()
        latest = select(func.max(access_refresh.c.refreshed_at)).scalar_subquery()
        changed = func.coalesce(known, latest, DAY_BEGAN, type_=DateTime(timezone=True))
        if within is None or within.minutes is None:
            return changed
        # greatest() ignores NULL, which means no roads.
        return func.greatest(changed, select(self.roads().c.computed_at).scalar_subquery())
