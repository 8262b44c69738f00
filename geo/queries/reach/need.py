"""What must be within reach of a child: groups of categories, one of each group.

A need is a list of groups. A group is met by any of its categories, and all groups must be met, so that a demand point
p is as far from a need N as from the farthest of what it needs::

    distance(p, N) = max over groups g of N of (min over categories c of g of distance(p, nearest service of c))

The distances stand in ``access``; :meth:`Need.measured` is the one place where they are read. Within a time
``travelled`` takes its place, which goes by the time along roads where one is known
(:mod:`geo.queries.reach.travel_times`). :meth:`Need.needed` is the one place where the groups come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, Subquery, Uuid, column, func, or_, select, text

from geo.database.owner import sql_file
from geo.database.tables import SERVICE_CATEGORY, access_refresh, service, source
from geo.errors import BadInput
from geo.queries.base.left_out import left_out
from geo.queries.base.question import Binds
from geo.queries.base.reach import Reach
from geo.vocabulary import STAGES, IncidentType, ServiceCategory, Stage

MOST_CATEGORIES = 16

Group = tuple[ServiceCategory, ...]

_SOURCES = """
SELECT source_id FROM lakana.demand_point
UNION
SELECT s.source_id FROM needed JOIN lakana.service s USING (category) WHERE s.point IS NOT NULL
"""
_ROADS = """
SELECT n.source_id, max(r.computed_at) AS computed_at
FROM needed JOIN lakana.travel_refresh r USING (category), lakana.road_network n
WHERE r.computed_at IS NOT NULL GROUP BY n.source_id
"""
_CATEGORIES = "SELECT category FROM needed"
_LATEST = "SELECT max(refreshed_at) AS at FROM needed JOIN lakana.access_refresh USING (category)"


@dataclass(frozen=True)
class Need:
    """What must be within reach: any category of each group. At least one group, none of them empty.

    Or, with ``pathway``, the category of every step of the pathway of that type of incident, and no group besides: the
    steps stand in the database. Where nobody has recorded that pathway, nothing has it within reach.
    """

    groups: tuple[Group, ...]
    pathway: IncidentType | None = None

    @classmethod
    def all_of(cls, categories: Sequence[ServiceCategory], field: str = "need") -> Need:
        """Return the need of every one of 1 to 16 categories, all different.

        Raises
        ------
        BadInput
            Where there are fewer, more, or the same one twice.

        """
        if not 1 <= len(categories) <= MOST_CATEGORIES:
            raise BadInput(
                f"{field}.categories", f"{len(categories)} categories are outside 1 to {MOST_CATEGORIES}; name others."
            )
        for each in categories:
            if categories.count(each) > 1:
                raise BadInput(f"{field}.categories", f"{each.name} is named more than once; name it once.")
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
        """Return the need of all that the response pathway of a type of incident asks for."""
        return cls((), incident_type)

    @property
    def single(self) -> bool:
        """Whether it is one category, whose distances need not be put together."""
        return len(self.groups) == 1 and len(self.groups[0]) == 1

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
        """Return the CTE ``needed (group_number, category)``: the groups, a row a category."""
        return sql_file("queries/reach/needed")

    def measured(self, within: Reach | None = None) -> str:
        """Return the CTEs that end with ``measured (demand_point_id, area_id, under_18, distance_m)``.

        One row a demand point with the metres to the farthest of what is needed, NULL where something needed has no
        service; no rows at all where nothing that is needed has one. Within a time they are those of ``travelled``:
        good for nothing but the comparison with its reach.
        """
        if self.single:
            measured = sql_file("queries/reach/measured_one")
        else:
            measured = f"{self.needed()}, {sql_file('queries/reach/measured_need')}"
        if within is None or within.minutes is None:
            return measured.replace("{access}", "lakana.access")
        return f"{sql_file('queries/reach/travelled')}, {measured.replace('{access}', 'travelled')}"

    def roads(self) -> Subquery:
        """Return the roads along which times of what is needed were computed: one row, none where there are none.

        Its columns are ``source_id`` and ``computed_at``, the latest of its categories.
        """
        known = text(f"WITH {self.needed()} {_ROADS}")
        return known.columns(
            column("source_id", Uuid(as_uuid=False)), column("computed_at", DateTime(timezone=True))
        ).subquery("known_roads")

    def sources(self, within: Reach | None = None) -> FromClause:
        """Return the sources of the demand points and services, and of the roads where a time is asked for, by name."""
        used = text(f"WITH {self.needed()} {_SOURCES}").columns(column("source_id", Uuid(as_uuid=False)))
        among = [source.c.id.in_(select(used.subquery("used_source").c.source_id))]
        if within is not None and within.minutes is not None:
            among.append(source.c.id.in_(select(self.roads().c.source_id)))
        return select(source).where(or_(*among)).order_by(source.c.name, source.c.id).subquery("needed_source")

    def left_out(self) -> FromClause:
        """Return how many services of what is needed are left out of an answer (:mod:`geo.queries.base.left_out`)."""
        needed = text(f"WITH {self.needed()} {_CATEGORIES}").columns(column("category", SERVICE_CATEGORY))
        return left_out(service.c.category.in_(select(needed.subquery("needed_category").c.category)))

    def data_as_of(self, within: Reach | None = None) -> ColumnElement[Any]:
        """Return when a distance of what is needed last changed; of any category where none of its own is known.

        Where a time is asked for, when its times along roads were computed, if that was later.
        """
        own = text(f"WITH {self.needed()} {_LATEST}").columns(column("at", DateTime(timezone=True)))
        known = select(own.subquery("latest").c.at).scalar_subquery()
        latest = select(func.max(access_refresh.c.refreshed_at)).scalar_subquery()
        changed = func.coalesce(known, latest, func.now(), type_=DateTime(timezone=True))
        if within is None or within.minutes is None:
            return changed
        # greatest() passes over the NULL of no roads.
        return func.greatest(changed, select(self.roads().c.computed_at).scalar_subquery())
