"""Response pathways by incident type: the steps of each stage, and the text that each step rests on.

The stages are those of GLO.ACT: identification, referral, direct support. Each step needs one category of service; a
pathway is complete where every category of its steps is available.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Select, func, select

from geo.arguments import argument
from geo.assumptions.referral import PATHWAYS
from geo.database.tables import INCIDENT_TYPE, guidance, pathway_step, source
from geo.queries.base.question import Question, bind
from geo.queries.base.sentences import said
from geo.vocabulary import IncidentType

INCIDENT = "What happened to the child."


def steps() -> Select[Any]:
    """Return the steps of the pathway of the bound ``incident_type``, in their order."""
    return (
        select(pathway_step)
        .where(pathway_step.c.incident_type == bind("incident_type", INCIDENT_TYPE))
        .order_by(pathway_step.c.stage, pathway_step.c.position)
    )


def texts() -> Select[Any]:
    """Return every law, treaty and guideline with the columns of its source, under the source's id."""
    own = (guidance.c.year, guidance.c.binding, guidance.c.note_fr, guidance.c.note_en)
    return select(source, *own).join_from(guidance, source, source.c.id == guidance.c.source_id)


@dataclass(frozen=True, kw_only=True)
class ResponsePathway(Question):
    """The pathway of a type of incident."""

    incident_type: IncidentType = argument(INCIDENT)

    def rows(self) -> Select[Any]:
        """Return one row, or none where nobody has recorded a pathway of this type.

        ``incident_type``, ``reviewed_on`` (when the latest of its steps was reviewed) and ``assumptions``.
        """
        step = steps().order_by(None).subquery("any_step")
        return (
            select(step.c.incident_type, func.max(step.c.reviewed_on).label("reviewed_on"))
            .add_columns(said(PATHWAYS).label("assumptions"))
            .group_by(step.c.incident_type)
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the steps."""
        return {"steps": steps().cte("step")}
