"""Coverage of what a child needs, by area, locality and distance; and the settings of travel estimates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Double, Select, cast, func, literal_column, select

from api.graphql.compile import prices
from api.graphql.compile.projection import Row
from api.graphql.types.answers import PARTS_WORDS, Connection, CoverageArea, parts
from api.graphql.types.field import assumptions_field, by_id, column, left_out_field, many, one, value
from api.graphql.types.places import AdminArea, Locality, Source, sources_field
from geo.queries.base.row_sets import areas, localities
from geo.queries.reach.coverage_of import USUAL_DISTANCES_M
from geo.vocabulary import IncidentType, Season, ServiceCategory, Stage, TravelBasis, TravelMode


@strawberry.input(one_of=True, description="What must be within reach of a child.")
class NeedInput:
    """A need."""

    categories: list[ServiceCategory] | None = strawberry.field(
        description="Every one of these categories, 1 to 16, no one twice.", default=strawberry.UNSET
    )
    stage: Stage | None = strawberry.field(description="Any of the categories of this stage.", default=strawberry.UNSET)
    incident_type: IncidentType | None = strawberry.field(
        description="Every category that a step of the response pathway of this type needs; where nobody has "
        "recorded that pathway, nobody has it within reach.",
        default=strawberry.UNSET,
    )


def _percent(row: Row) -> ColumnElement[Any]:
    return func.coalesce(
        cast(row.covered_under_18, Double) * 100 / func.nullif(row.population_under_18, 0), literal_column("0")
    )


def _uncovered(row: Row) -> ColumnElement[Any]:
    return row.population_under_18 - row.covered_under_18


@strawberry.type(description="With what a time of travel is estimated: a setting of the operator.")
class TravelEstimate:
    """A setting."""

    mode: TravelMode = column("mode", "How one travels.")
    season: Season = column("season", "When one travels.")
    speed_kilometres_per_hour: float = column("speed_km_h", "Kilometres of the way in an hour.")
    detour: float = column("detour", "Length of the way / length of the straight line, 1 to 5.")
    # Not row.source: that is the row set itself.
    reference: str = value(lambda row: row.source.c.source, "Where the two figures come from.")


@strawberry.type(description="Children who live in known localities, or outside of them.")
class CoveredChildren:
    """A sum."""

    population_under18: int = column("population_under_18", "Children under 18.")
    covered_under18: int = column("covered_under_18", "Those who are covered.")
    uncovered_under18: int = value(_uncovered, "Those who are not: population less covered.")
    covered_percent: float = value(_percent, "100 × covered / population; 0 where nobody lives.")


def _kind(*, known: bool) -> Any:
    def rows(row: Row) -> Select[Any]:
        kinds = row.related["kinds"]
        return select(kinds).where(kinds.c.known if known else ~kinds.c.known)

    return rows


@strawberry.type(description="How many children have all that they need within reach.")
class CoverageOf:
    """A coverage answer."""

    total: CoverageArea = one(lambda row: parts(row, whole=True), "The whole area.")
    areas: list[CoverageArea] = many(
        lambda row: parts(row, whole=False),
        prices.parts,
        PARTS_WORDS,
    )
    in_localities: CoveredChildren = one(
        _kind(known=True), "Those who live in localities of known population: what localityCoverage lists."
    )
    elsewhere: CoveredChildren = one(
        _kind(known=False), "The rest, spread over cells. With those in localities they add up to the total."
    )
    free_places: int | None = column(
        "free_places",
        "Free places of all shelters that have a place, wherever they stand; null where places are not looked at.",
    )
    places_used: int | None = column(
        "places_used", "Those that children got, of any area; null where places are not looked at."
    )
    basis: TravelBasis = column("basis", "What the reach rests on.")
    reach_metres: float = column(
        "reach_m",
        "The reach as a straight line in metres; exactly that still is within it. Where the basis is NETWORK, that of "
        "places whose time along roads is not computed.",
    )
    estimate: TravelEstimate | None = one(
        lambda row: select(row.related["estimate"]), "What a time was estimated with; null for a distance."
    )
    confidential_left_out: int = left_out_field()
    assumptions: list[str] = assumptions_field(prices.LEFT_OUT)
    data_as_of: dt.datetime = column(
        "data_as_of",
        "When a distance of one of the categories last changed or, where the basis is NETWORK, its times along roads "
        "were computed, whichever is later. Free places are those that stand in the directory now.",
    )
    sources: list[Source] = sources_field()


@strawberry.type(description="Whether the children of a locality have all that they need within reach.")
class LocalityCoverage:
    """A locality of a coverage answer."""

    locality: Locality = one(by_id(localities, "locality_id"), "The locality.")
    population_under18: int = column("under_18", "Children under 18 who live there.")
    covered: bool = column("covered", "True where all that is needed is within reach.")
    farthest_metres: float | None = column(
        "distance_m",
        "Metres to the farthest of what is needed: of each group of categories the nearest service, of these the "
        "farthest; null where something that is needed is nowhere.",
    )


@strawberry.type(name="LocalityCoverageConnection", description="A page of a list.")
class LocalityCoverages(Connection[LocalityCoverage]):
    """A page of localities with how many services were left out."""

    confidential_left_out: int = left_out_field()


@strawberry.type(description="Children covered within a distance.")
class CoverageCurvePoint:
    """A point of the curve."""

    distance_metres: float = column("distance_m", "Metres; a service exactly there is within reach.")
    covered_under18: int = column("covered_under_18", "Children under 18 who are covered.")
    uncovered_under18: int = value(_uncovered, "Those who are not.")
    covered_percent: float = value(_percent, "100 × covered / population; 0 where nobody lives.")


@strawberry.type(description="Children covered against distance.")
class CoverageCurve:
    """The answer of a curve."""

    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    population_under18: int = column("population_under_18", "Children under 18 of the area.")
    points: list[CoverageCurvePoint] = many(
        lambda row: select(row.related["points"]).order_by(row.related["points"].c.distance_m),
        prices.length_of("distancesMetres", len(USUAL_DISTANCES_M)),
        "One a distance, the shortest first.",
    )
    basis: TravelBasis = column("basis", "What the distances rest on.")
    confidential_left_out: int = left_out_field()
    assumptions: list[str] = assumptions_field(prices.LEFT_OUT)
    data_as_of: dt.datetime = column("data_as_of", "When a distance of one of the categories last changed.")
    sources: list[Source] = sources_field()
