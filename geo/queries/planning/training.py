"""Children out of reach of a trained actor.

Coverage of a kind of actor k within a reach d is the plain share of children::

    covered(A, k, d) = Σ under_18(p) for p in A with distance(p, nearest trained actor of k) ≤ d

An actor counts as trained if it sent somebody to a training that is over. The distance is from its office, in metres on
the spheroid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy import true as sql_true

from geo.arguments import AreaCode, argument, day
from geo.assumptions.training import ASSUMPTIONS
from geo.database.tables import ACTOR_KIND, actor, area_within, demand_point, source, trained_actor, training_event
from geo.queries.base.area_codes import coded_area
from geo.queries.base.descriptions import WITHIN
from geo.queries.base.nested_page import answer_holder, answer_id
from geo.queries.base.question import Binds, Question, area_bind, bind, constant, of_nation
from geo.queries.base.reach import ESTIMATE, Reach, estimate, reach_m, rests_on
from geo.vocabulary import ActorKind

OFF = 1.006
"""Distances on the sphere differ from those on the spheroid by up to 0.56 %."""

SLACK_M = 0.01
"""Far more than rounding can change a distance."""


def _trained_at(*columns: Any, named: bool) -> Select[Any]:
    """Return actors of the bound kind trained at trainings that are over and ended on or after the bound day.

    They are those of the nation of the area.
    """
    since = bind("trained_since", Date)
    return (
        select(*columns)
        .join_from(trained_actor, actor, actor.c.id == trained_actor.c.actor_id)
        .join(training_event, training_event.c.id == trained_actor.c.training_event_id)
        .where(actor.c.kind == bind("kind", ACTOR_KIND), training_event.c.ends_on < func.current_date())
        .where(or_(since.is_(None), training_event.c.ends_on >= since))
        .where(of_nation(actor.c.area_set_id, _area(named=named)))
    )


@cache
def _trained(*, named: bool) -> CTE:
    """Return each trained actor of the kind once, with its office."""
    ids = _trained_at(trained_actor.c.actor_id, named=named)
    return select(actor.c.id, actor.c.point).where(actor.c.id.in_(ids)).cte("trained").prefix_with("MATERIALIZED")


def _area(*, named: bool) -> ColumnElement[Any]:
    return (select(area_bind()) if named else select(func.lakana.home_area())).scalar_subquery()


@cache
def _points(*, named: bool) -> CTE:
    """Return the demand points of the area, each with whether a trained actor is within reach of it."""
    trained, reach = _trained(named=named), reach_m()
    # PostGIS caches a tree of a geography of many points: 15,000 demand points find their nearest in a tenth of the
    # time of measuring to each. It chooses on the sphere, so near the limit we measure every trained actor exactly.
    offices = select(func.geography(func.ST_Collect(func.geometry(trained.c.point))).label("points"))
    together = offices.cte("offices").prefix_with("MATERIALIZED")
    within = select(area_within.c.area_id).where(area_within.c.ancestor_id == _area(named=named))
    measured = (
        select(demand_point.c.locality_id, demand_point.c.under_18, demand_point.c.point)
        .add_columns(func.ST_Distance(together.c.points, demand_point.c.point).label("metres"))
        .join_from(demand_point, together, sql_true())
        .where(demand_point.c.area_set_id.in_(within))
        .cte("measured")
        .prefix_with("MATERIALIZED")
    )
    near = func.ST_Distance(trained.c.point, measured.c.point) <= reach
    covered = case(
        (measured.c.metres <= reach - SLACK_M, sql_true()),
        (measured.c.metres <= reach * OFF + SLACK_M, exists(select(trained.c.id).where(near))),
        else_=false(),
    )
    kept = (measured.c.locality_id, measured.c.under_18, measured.c.point)
    return select(*kept, covered.label("covered")).cte("demand").prefix_with("MATERIALIZED")


@dataclass(frozen=True, kw_only=True)
class TrainingCoverage(Question):
    """Children within and out of reach of a trained actor of a kind, and the localities out of reach."""

    kind: ActorKind = argument("The kind of actor of whom one should be trained and within reach.")
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()
    trained_since: dt.date | None = argument(
        "Only trainings that ended on this day or later, 1900 to 2099; any where it is left out.", day(), default=None
    )

    def shape(self) -> Hashable:
        """Return the key of the SQL; whether a time is estimated matters, since ``basis`` says so."""
        return super().shape(), self.within.basis.name

    def binds(self) -> Binds:
        """Return all values, and the id of the answer."""
        return super().binds() | answer_id(self)

    def rows(self) -> Select[Any]:
        """Return one row.

        ``id``, ``area_id``, ``trained_actors``, ``population_under_18`` and ``covered_under_18`` (NULL where nobody is
        counted), what it rests on, and ``last_training_on``, when the latest of the trainings ended, NULL without any.
        """
        named = self.area_code is not None
        points, trained = _points(named=named), _trained(named=named)
        covered = func.sum(case((points.c.covered, points.c.under_18), else_=literal_column("0")))
        latest = _trained_at(func.max(training_event.c.ends_on), named=named).scalar_subquery()
        return select(
            answer_holder(),
            _area(named=named).label("area_id"),
            select(func.count()).select_from(trained).scalar_subquery().label("trained_actors"),
            cast(func.sum(points.c.under_18), Integer).label("population_under_18"),
            cast(covered, Integer).label("covered_under_18"),
            latest.label("last_training_on"),
            *rests_on(self.within, ASSUMPTIONS),
        ).select_from(points)

    def related(self) -> Mapping[str, FromClause]:
        """Return the localities out of reach, those with most children first, the trained actors, and the sources."""
        named = self.area_code is not None
        points, trained = _points(named=named), _trained(named=named)
        # Lists are ordered by (name_key, id).
        fewest_last = func.lpad(cast(literal_column("2147483647") - points.c.under_18, Text), 10, constant("0"))
        beyond = select(
            points.c.locality_id.label("id"),
            fewest_last.collate("C").label("name_key"),
            points.c.locality_id,
            points.c.under_18,
            points.c.point,
        ).where(points.c.locality_id.is_not(None), not_(points.c.covered))
        used = (
            select(demand_point.c.source_id).where(of_nation(demand_point.c.area_set_id, _area(named=named))),
            select(actor.c.source_id).where(actor.c.id.in_(select(trained.c.id))),
            _trained_at(training_event.c.source_id, named=named),
        )
        known = select(source).where(or_(*(source.c.id.in_(each) for each in used)))
        return {
            "beyond": beyond.subquery("beyond"),
            "trained": trained,
            "sources": known.subquery("known_source"),
            ESTIMATE: estimate(),
        }
