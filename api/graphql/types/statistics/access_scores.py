"""Answers of access scores."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import select

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import WithReach, WithSources
from api.graphql.types.connections import Connection, total_field
from api.graphql.types.field import by_id, column, one, value
from api.graphql.types.places import AdminArea, Locality
from api.graphql.types.scalars import POINT_DIGITS, GeoJSON, geojson
from geo.database.tables import demand_point
from geo.queries.base.row_sets import areas, localities


def _demand_place(row: Row) -> Any:
    found = select(geojson(demand_point.c.point, POINT_DIGITS)).where(demand_point.c.id == row.id)
    return found.scalar_subquery()


@strawberry.type(description="How much of a service there is for the children of a demand point.")
class AccessScore:
    """A score."""

    locality: Locality | None = one(
        by_id(localities, "locality_id"), "The locality; null for a cell of population outside localities."
    )
    admin_area: AdminArea | None = one(
        by_id(areas, "area_id"), "The smallest admin area that the demand point is known to lie in; null where none is."
    )
    point: GeoJSON = value(_demand_place, "Its place, a Point.")
    population_under18: int = column("under_18", "Children under 18.")
    capacity_per1000_under18: float = column(
        "score",
        "The access score: how many children are taken at a time per 1,000 children under 18, to six decimals; 0 where "
        "no service is in reach.",
    )


@strawberry.type(description="A page of access scores of a category, by the two-step floating catchment area.")
class AccessScoreConnection(Connection[AccessScore], WithReach, WithSources):
    """An answer of access scores."""

    total_count: int = total_field(prices.fixed(tariff.LEAF))
    service_count: int = column("service_count", "Services of the category whose location is public, everywhere.")
    unreached_service_count: int = column(
        "unreached_service_count", "Those of them with no children of any weight in reach."
    )
    unknown_capacity_count: int = column(
        "unknown_capacity_count",
        "Those of them whose capacity nobody knows; each counts as the median of the others, 1 where none is known.",
    )
    capacity: float = column("capacity", "How many children all of them take at a time together.")
    population_under18: int | None = column(
        "population_under_18", "Children under 18 of the area, cells included; null where nobody is counted."
    )
    unserved_under18: int | None = column("unserved_under_18", "Those of them whose score is 0; null alike.")
    mean_capacity_per1000_under18: float | None = column(
        "mean_score", "The mean score of the children of the area; null where nobody lives."
    )
