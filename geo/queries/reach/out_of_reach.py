"""What every question about children out of reach shares: its arguments, and what its answer is based on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    TextualSelect,
    bindparam,
    or_,
    select,
    text,
)

from geo.arguments import AreaCode, argument
from geo.assumptions.catalogue import Sentences
from geo.assumptions.coverage import REACHED, SERVICES, WITHOUT_PLACES
from geo.database.owner import sql_file
from geo.database.tables import SEASON, SERVICE_CATEGORY, TRAVEL_MODE, demand_point, service, source
from geo.queries.base.area_codes import coded_area
from geo.queries.base.descriptions import WITHIN, WITHIN_REACH
from geo.queries.base.question import Question, bind, of_nation
from geo.queries.base.reach import REACH_M, Reach, rests_on
from geo.queries.base.row_sets import HAS_PLACE
from geo.vocabulary import ServiceCategory


@dataclass(frozen=True, kw_only=True)
class Beyond(Question):
    """A question about places out of reach of a category of service."""

    category: ServiceCategory = argument(WITHIN_REACH)
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area()

    def shape(self) -> Hashable:
        """Return the key of the SQL; whether a time is estimated matters, since the assumptions say so."""
        return super().shape(), self.within.basis.name

    def told(self, own: Sentences) -> list[ColumnElement[Any]]:
        """Return what the answer rests on, as :func:`geo.queries.base.reach.rests_on` does."""
        return rests_on(self.within, REACHED[self.within.basis], own, SERVICES, WITHOUT_PLACES)


def statement(name: str, *columns: Any) -> TextualSelect:
    """Return a statement about a category and a reach, with the types of its binds and columns."""
    sql = sql_file(f"queries/reach/{name}").replace(":reach ", f"{REACH_M} ")
    types: dict[str, Any] = {
        "category": SERVICE_CATEGORY,
        "area_code": Text,
        "reach_metres": Double,
        "travel_mode": TRAVEL_MODE,
        "travel_season": SEASON,
        "travel_minutes": Double,
        **dict.fromkeys(("simplify_m", "least_m2"), Double),
        "most_services": Integer,
    }
    used = [bindparam(bound, type_=type_) for bound, type_ in types.items() if f":{bound} " in sql]
    return text(sql).bindparams(*used).columns(*columns)


def sourced(*more: Select[Any]) -> FromClause:
    """Return the sources of the category's services, of the demand points, and those whose ids ``more`` select."""
    offered = select(service.c.source_id).where(
        service.c.category == bind("category", SERVICE_CATEGORY), HAS_PLACE, of_nation(service.c.area_set_id)
    )
    # By lists: EXISTS would look through all services again for each source that has none.
    used = (offered, select(demand_point.c.source_id).where(of_nation(demand_point.c.area_set_id)), *more)
    return select(source).where(or_(*(source.c.id.in_(each) for each in used))).subquery("origin")
