"""Response pathways by nation and incident type: the steps of each stage, and the text that each step rests on.

The stages are those of GLO.ACT: identification, referral, direct support. Each step needs one category of service; a
pathway is complete where every category of its steps is available.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, FromClause, Select, Text, func, select

from geo.arguments import AreaCode, argument
from geo.assumptions.referral import PATHWAYS
from geo.database.tables import INCIDENT_TYPE, guidance, pathway_step, source
from geo.queries.base.area_codes import coded_area
from geo.queries.base.question import Question, bind, said
from geo.vocabulary import IncidentType

INCIDENT = "What happened to the child."


def steps(nation: ColumnElement[Any]) -> Select[Any]:
    """Return the steps of the pathway of a nation for the bound ``incident_type``, in their order.

    The nation is as ``nation_of`` has it. With one nation the pathway is its own, whatever is given; with several, NULL
    has none.
    """
    told = func.lakana.is_told_in(pathway_step.c.nation_id, select(nation).scalar_subquery(), type_=Boolean)
    return (
        select(pathway_step)
        .where(pathway_step.c.incident_type == bind("incident_type", INCIDENT_TYPE), told)
        .order_by(pathway_step.c.stage, pathway_step.c.position)
    )


def texts() -> Select[Any]:
    """Return every law, treaty and guideline with the columns of its source, under the source's id."""
    own = (guidance.c.year, guidance.c.binding, guidance.c.note_fr, guidance.c.note_en)
    return select(source, *own).join_from(guidance, source, source.c.id == guidance.c.source_id)


@dataclass(frozen=True, kw_only=True)
class ResponsePathway(Question):
    """The pathway of a type of incident, by the law of one nation."""

    of_one_nation: ClassVar[bool] = True
    incident_type: IncidentType = argument(INCIDENT)
    area_code: AreaCode | None = coded_area("An area of the nation whose pathway it is.")

    def rows(self) -> Select[Any]:
        """Return one row, or none where nobody has recorded a pathway of this type.

        ``incident_type``, ``nation_id`` (NULL where it is not known whose it is), ``reviewed_on`` (when the latest of
        its steps was reviewed) and ``assumptions``.
        """
        step = self._steps().order_by(None).subquery("any_step")
        return (
            select(step.c.incident_type, step.c.nation_id, func.max(step.c.reviewed_on).label("reviewed_on"))
            .add_columns(said(PATHWAYS).label("assumptions"))
            .group_by(step.c.incident_type, step.c.nation_id)
        )

    def related(self) -> Mapping[str, FromClause]:
        """Return the steps."""
        return {"steps": self._steps().cte("step")}

    def _steps(self) -> Select[Any]:
        return steps(func.lakana.nation_of(func.lakana.area_in_force(bind("area_code", Text))))
