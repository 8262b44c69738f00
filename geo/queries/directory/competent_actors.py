"""The actors competent at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, column, func, select

from geo.arguments import argument
from geo.coordinates import LonLat
from geo.database.tables import ACTOR_KIND, actor, admin_area
from geo.queries.base.descriptions import CHILD, KIND
from geo.queries.base.question import Question, bind, point
from geo.queries.base.row_sets import actors
from geo.vocabulary import ActorKind

MAX_COMPETENT = 100


@dataclass(frozen=True, kw_only=True)
class CompetentActors(Question):
    """The actors whose jurisdiction holds a place: the smallest jurisdiction first, then the nearest, ties by id.

    A jurisdiction without an outline counts as containing the place if it contains the nearest locality.
    """

    at: LonLat = argument(CHILD, by_post=True)
    kind: ActorKind | None = argument(KIND, default=None)

    def rows(self) -> Select[Any]:
        """Return at most 100 actors; none if the place is outside all jurisdictions."""
        holding = select(func.lakana.areas_at(point("at")).table_valued(column("area_id")).c.area_id)
        rows = actors().join(admin_area, admin_area.c.id == actor.c.jurisdiction_id)
        rows = rows.where(actor.c.jurisdiction_id.in_(holding))
        if self.kind is not None:
            rows = rows.where(actor.c.kind == bind("kind", ACTOR_KIND))
        nearness = func.ST_Distance(actor.c.point, point("at"))
        return rows.order_by(admin_area.c.level.desc(), nearness, actor.c.id).limit(MAX_COMPETENT)
