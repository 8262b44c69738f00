"""The actors competent at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, FromClause, Select, SmallInteger, Text, Uuid, column, func, select
from sqlalchemy import null as nothing

from geo.arguments import argument
from geo.coordinates import LonLat
from geo.database.tables import ACTOR_KIND, actor
from geo.queries.base.descriptions import CHILD, KIND
from geo.queries.base.question import Question, bind, point
from geo.vocabulary import ActorKind

MAX_COMPETENT = 100


def competent_at(place: Any, kind: Any = None) -> FromClause:
    """Return who is competent at a place: ``actor_id``, ``area_id``, its ``level``, ``basis`` and ``certain``."""
    found = func.lakana.competent_at(place, nothing() if kind is None else kind)
    return found.table_valued(
        column("actor_id", Uuid(as_uuid=False)),
        column("area_id", Uuid(as_uuid=False)),
        column("level", SmallInteger),
        column("basis", Text),
        column("certain", Boolean),
    ).alias("competence")


@dataclass(frozen=True, kw_only=True)
class CompetentActors(Question):
    """The actors competent at a place: the smallest area first, then the nearest, ties by id.

    A place lies in an area by its outline, or by the register of its town. Where that tells nobody of a kind that the
    law appoints, or of the one asked for, these are the nearest whose jurisdiction lies in the smallest area above.
    """

    at: LonLat = argument(CHILD, by_post=True)
    kind: ActorKind | None = argument(KIND, default=None)

    def rows(self) -> Select[Any]:
        """Return at most 100 actors; none where no area is known to hold the place."""
        found = competent_at(point("at"), None if self.kind is None else bind("kind", ACTOR_KIND))
        nearness = func.ST_Distance(actor.c.point, point("at"))
        return (
            select(found.c.actor_id, found.c.area_id, found.c.basis, found.c.certain)
            .join_from(found, actor, actor.c.id == found.c.actor_id)
            .order_by(found.c.level.desc(), found.c.certain.desc(), nearness, actor.c.id)
            .limit(MAX_COMPETENT)
        )
