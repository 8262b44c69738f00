"""Coverage of what a child needs, by area, locality and distance."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import Select, select

from api.graphql.compile import prices
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import (
    CoveredChildren,
    WithBasis,
    WithCoverage,
    WithReach,
    WithSources,
    nearest_distance,
)
from api.graphql.types.connections import Connection
from api.graphql.types.field import by_id, column, many, one
from api.graphql.types.places import AdminArea, Locality
from geo.queries.base.row_sets import areas, localities
from geo.queries.reach.coverage_curve import USUAL_DISTANCES_M
from geo.vocabulary import PopulationBasis


@strawberry.type(description="Children within reach and out of reach in an area.")
class CoverageArea(CoveredChildren):
    """A row of a coverage answer."""

    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    population_basis: PopulationBasis = column(
        "population_basis",
        "What the number of its children rests on: COUNTED where they add up to the area's census, MODELLED where a "
        "larger area's census was shared out, TOWNS_ONLY where nobody but the people of known localities is counted, "
        "so that the others of the area are missing: all of them where the number is null.",
    )


def parts(row: Row, *, whole: bool) -> Select[Any]:
    """Return the row of the whole area, or the rows of its parts by name, from the related rows ``parts``."""
    every_part = row.related["parts"]
    if whole:
        return select(every_part).where(every_part.c.whole)
    every, known = areas().subquery("named"), every_part.c.population_under_18.is_not(None)
    rows = select(every_part).where(~every_part.c.whole, known)
    return rows.join(every, every.c.id == every_part.c.area_id).order_by(every.c.name_key, every.c.id)


def _not_known(row: Row) -> Select[Any]:
    every, part = areas(), row.related["parts"]
    unknown = select(part.c.area_id).where(~part.c.whole, part.c.population_under_18.is_(None))
    columns = every.selected_columns
    return every.where(columns["id"].in_(unknown)).order_by(columns["name_key"], columns["id"])


PARTS_WORDS = (
    "Its parts, one level down or at the level asked for, by name, those where children are counted. Children who are "
    "known to live in the area but not in which part stand in a row of the area itself, so that the rows add up to the "
    "total."
)


def _kind(*, known: bool) -> Any:
    def rows(row: Row) -> Select[Any]:
        kinds = row.related["kinds"]
        return select(kinds).where(kinds.c.known if known else ~kinds.c.known)

    return rows


@strawberry.type(description="How many children have all that they need within reach.")
class Coverage(WithReach, WithSources):
    """A coverage answer."""

    total: CoverageArea = one(lambda row: parts(row, whole=True), "The whole area.")
    areas: list[CoverageArea] = many(
        lambda row: parts(row, whole=False),
        prices.parts,
        PARTS_WORDS,
    )
    areas_not_known: list[AdminArea] = many(
        _not_known,
        prices.parts,
        "The parts of that level where no child is counted, by name: nobody knows how many live there.",
    )
    in_localities: CoveredChildren = one(
        _kind(known=True), "Those who live in localities of known population: what localityCoverage lists."
    )
    elsewhere: CoveredChildren = one(
        _kind(known=False), "The rest, spread over cells. With those in localities they add up to the total."
    )
    available: int | None = column(
        "available",
        "Free places of all shelters whose location is public, wherever they stand; null where places are not looked "
        "at.",
    )
    available_used: int | None = column(
        "available_used", "Those that children got, of any area; null where places are not looked at."
    )


@strawberry.type(description="Whether the children of a locality have all that they need within reach.")
class LocalityCoverage:
    """A locality of a coverage answer."""

    locality: Locality = one(by_id(localities, "locality_id"), "The locality.")
    population_under18: int = column("under_18", "Children under 18 who live there.")
    covered: bool = column("covered", "True where all that is needed is within reach.")
    nearest_distance_metres: float | None = nearest_distance("distance_m")


@strawberry.type(description="A page of localities with whether their children have all that they need.")
class LocalityCoverageConnection(Connection[LocalityCoverage], WithReach, WithSources):
    """A page of localities with what it rests on."""


@strawberry.type(description="Children covered within a distance.")
class CoverageCurvePoint(WithCoverage):
    """A point of the curve."""

    distance_metres: float = column("distance_m", "Metres; a service exactly there is within reach.")


@strawberry.type(description="Children covered against distance.")
class CoverageCurve(WithBasis, WithSources):
    """The answer of a curve."""

    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    population_under18: int | None = column(
        "population_under_18", "Children under 18 of the area; null where nobody is counted."
    )
    points: list[CoverageCurvePoint] = many(
        lambda row: select(row.related["points"]).order_by(row.related["points"].c.distance_m),
        prices.length_of("distancesMetres", len(USUAL_DISTANCES_M)),
        "One a distance, the shortest first.",
    )
