"""Gaps: localities out of reach by priority, and the land between catchments."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Double, Numeric, cast, func, select

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import WithReach, WithSources, nearest_distance
from api.graphql.types.connections import Connection, total_field
from api.graphql.types.directory import Service
from api.graphql.types.field import by_id, column, many, one, value
from api.graphql.types.places import Locality
from api.graphql.types.scalars import POINT_DIGITS, GeoJSON, geojson
from api.names import respelt
from geo.arguments import Period
from geo.queries.base.question import constant
from geo.queries.base.row_sets import localities, services
from geo.queries.reach import gaps
from geo.queries.reach.gap_areas import MOST_PARTS
from geo.vocabulary import CountStatus, IncidentType

FORMULA = respelt(gaps.FORMULA)


def _nearest(row: Row) -> Any:
    near, every = row.related["nearest"], services()
    found = select(near.c.service_id).where(
        near.c.block_id == row.block_id,  # which an index leads to, as it does not to the point
        near.c.demand_point_id == row.demand_point_id,
        near.c.distance_m == row.nearest_distance_m,
    )
    one_of = found.order_by(near.c.service_id).limit(1).scalar_subquery()
    return every.where(every.selected_columns["id"] == one_of)


@strawberry.type(description="A locality whose children live out of reach.")
class CoverageGap:
    """A gap."""

    locality: Locality = one(by_id(localities, "locality_id"), "The locality.")
    nearest_distance_metres: float | None = nearest_distance("nearest_distance_m")
    beyond_metres: float | None = column("beyond_m", "How many metres that is beyond reach; null where there is none.")
    nearest_service: Service | None = one(_nearest, "The service at that distance; null where there is none.")
    uncovered_under18: int = column("uncovered_under_18", "Children under 18 of the locality, all out of reach.")
    incident_type: IncidentType | None = column(
        "incident_type",
        "The type that `incidentCount` counts: the pathway's own, or the most frequent here among those that the need "
        "answers. Null: all types together.",
    )
    incident_count: int | None = column(
        "incident_count",
        "Incidents of that type published for the locality in the latest released year, 0 meaning 0 to 4; null where "
        "none is told or the locality did not report, which is not zero.",
    )
    incident_status: CountStatus = column(
        "incident_status", "Whether a count of the locality is told for that year, and if not, why."
    )
    incident_rate_per100k_under18: float | None = strawberry.field(
        name="incidentRatePer100kUnder18",
        description="The same for every 100,000 children under 18 of the locality, to one decimal; null where nothing "
        "is published, and where the count stands for 0 to 4.",
        metadata=value(lambda row: row.incident_rate, "").metadata,
    )
    priority: float = column(
        "priority",
        f"{FORMULA}, with the weights as exponents, each 1 where it is left out. The rate is unrounded, and 0 where "
        "none is published; the last factor is 10^distance where there is no service at all. It never falls where a "
        "factor or a weight grows.",
    )


@strawberry.type(description="A page of the localities out of reach, by priority, with what the ranking rests on.")
class CoverageGapConnection(Connection[CoverageGap], WithReach, WithSources):
    """A ranking of gaps."""

    total_count: int = total_field(prices.ranked)
    uncovered_under18: int | None = column(
        "uncovered_under_18",
        "Children under 18 of all localities out of reach; null where no locality of the area has a known population.",
    )
    formula: str = value(lambda _: constant(FORMULA.replace("`", "")), "The priority, with the weights as exponents.")
    incident_period: Period | None = column(
        "incident_period", "The year of the published counts; null where none is published by locality."
    )
    localities_reporting: int = column(
        "localities_reporting",
        "How many localities of the area reported that year; of the others nobody knows the rate.",
    )
    localities_expected: int = column("localities_expected", "Of how many that was expected.")


def _km2(column_name: str) -> Any:
    def rounded(row: Row) -> ColumnElement[Any]:
        return cast(func.round(cast(getattr(row, column_name) / 1e6, Numeric), 2), Double)

    return rounded


@strawberry.type(description="A piece of land that no catchment reaches.")
class GapArea:
    """A part of the gaps."""

    geometry: GeoJSON = value(lambda row: geojson(row.geom, POINT_DIGITS), "Its outline, a Polygon.", price=tariff.PART)
    area_square_kilometres: float = value(
        _km2("area_m2"), "Its area on the spheroid, before its outline was simplified."
    )
    uncovered_under18: int | None = column(
        "uncovered_under_18",
        "Children under 18, estimated: those of the demand points that lie in it; null where nobody of the area is "
        "counted.",
    )


def _by_size(row: Row) -> Any:
    parts = row.related["parts"]
    return select(parts).order_by(parts.c.number)


@strawberry.type(description="The land of an area that no catchment of a category reaches.")
class GapAreas(WithReach, WithSources):
    """Gaps as polygons."""

    geometry: GeoJSON | None = value(
        lambda row: geojson(row.geom, POINT_DIGITS),
        "All parts as one MultiPolygon, valid, empty where all is within reach; null where no outline is known, or "
        "more than 3,000 services stand in and around the area.",
        price=prices.shared_outline,
    )
    parts: list[GapArea] = many(_by_size, MOST_PARTS, "Its parts, the largest first, at most 200.")
    area_square_kilometres: float | None = value(
        _km2("area_m2"), "The area of all parts; null where there is no `geometry`."
    )
    left_out_square_kilometres: float | None = value(
        _km2("left_out_m2"),
        "The area of pieces below 1 km² and beyond the 200 largest, which are not among the parts; null where there "
        "is no `geometry`.",
    )
    outline_square_kilometres: float | None = value(
        _km2("region_m2"), "The area of the whole outline; null where none is known."
    )
    uncovered_under18: int | None = column(
        "uncovered_under_18",
        "Children under 18 out of reach in the whole area, those on no part too; null where nobody is counted.",
    )
    tolerance_metres: float = column(
        "tolerance_m",
        "How far outlines were moved at most: `simplifyMetres`, or a tenth of the reach where that is less.",
    )
