"""How many children are within reach of a category of service.

Coverage is the plain share of children whose demand point lies within a distance of its nearest service::

    covered(A, c, d) = Σ under_18(p) for p in A with distance(p, nearest service of c) ≤ d
    uncovered = population - covered

The distances stand in the table ``access``, kept right as services change, so an answer at any threshold is one sum.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    DateTime,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    TextualSelect,
    Uuid,
    bindparam,
    column,
    func,
    select,
    text,
)

from geo.database import sql_file
from geo.queries.question import (
    Binds,
    Question,
    bind,
    check_area_code,
    check_distance,
    constant,
)
from geo.tables import SERVICE_CATEGORY, access_refresh
from geo.vocabulary import Locale, ServiceCategory

ASSUMPTIONS: Mapping[Locale, tuple[str, ...]] = {
    Locale.FR: (
        (
            "Les distances sont mesurées à vol d’oiseau, en mètres sur l’ellipsoïde WGS 84\u00a0; un service situé "
            "exactement à la distance demandée est à portée."
        ),
        (
            "Les enfants sont les moins de 18 ans. Ceux d’une localité dont la population est connue sont comptés "
            "à son point."
        ),
        (
            "Le reste de la population d’une région est réparti uniformément entre des cellules hexagonales, faute de "
            "données plus fines."
        ),
        "Sous le niveau de la région, seuls comptent les enfants des localités connues.",
        "Un service confidentiel compte au point publié de sa zone, pas à son adresse.",
        "La capacité d’accueil et les heures d’ouverture ne sont pas prises en compte.",
    ),
    Locale.EN: (
        (
            "Distances are straight lines in metres on the WGS 84 spheroid; a service exactly at the distance "
            "asked for is within reach."
        ),
        "Children are those under 18. Those of a locality of known population are counted at its point.",
        "The rest of a region's population is spread evenly over hexagonal cells, for want of finer data.",
        "Below the level of the region only the children of known localities are counted.",
        "A confidential service counts at the published point of its area, not at its address.",
        "Capacity and opening hours are not taken into account.",
    ),
}


def _statement(name: str, *columns: Any) -> TextualSelect:
    sql = sql_file(name)
    statement = text(sql).bindparams(
        bindparam("category", type_=SERVICE_CATEGORY), bindparam("max_distance_m", type_=Double)
    )
    if ":area_code" in sql:
        statement = statement.bindparams(bindparam("area_code", type_=Text))
    return statement.columns(*columns)


@cache
def _parts() -> CTE:
    return _statement(
        "coverage",
        column("area_id", Uuid(as_uuid=False)),
        column("population_under_18", Integer),
        column("covered_under_18", Integer),
        column("whole", Boolean),
    ).cte("part_of_area")


@dataclass(frozen=True, kw_only=True)
class _Reach(Question):
    """What coverage is asked with: a category, a distance in metres (inclusive), an area."""

    category: ServiceCategory
    max_distance_m: float
    area_code: str | None = None

    def __post_init__(self) -> None:
        """Check the distance and the area code."""
        check_distance("maxDistanceMetres", self.max_distance_m)
        check_area_code(self.area_code)

    def binds(self) -> Binds:
        """Give the category, the distance and the area code."""
        return {
            "category": self.category.name,
            "max_distance_m": self.max_distance_m,
            "area_code": self.area_code,
        }


@dataclass(frozen=True, kw_only=True)
class Coverage(_Reach):
    """Covered and uncovered children of an area (the home nation where none is named) and of its parts."""

    def rows(self) -> Select[Any]:
        """Give one row: ``data_as_of``, when a distance last changed, and ``assumptions`` by locale as JSON."""
        latest = select(func.max(access_refresh.c.refreshed_at))
        of_category = latest.where(access_refresh.c.category == bind("category", SERVICE_CATEGORY))
        said = json.dumps({locale.name: words for locale, words in ASSUMPTIONS.items()}, ensure_ascii=False)
        data_as_of: ColumnElement[Any] = func.coalesce(
            of_category.scalar_subquery(), latest.scalar_subquery(), func.now(), type_=DateTime(timezone=True)
        )
        columns: list[ColumnElement[Any]] = [data_as_of.label("data_as_of"), constant(said).label("assumptions")]
        return select(*columns)

    def related(self) -> Mapping[str, FromClause]:
        """Give the parts of the area, and the whole, as rows."""
        return {"parts": _parts()}
