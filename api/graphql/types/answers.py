"""Published incident counts."""

from __future__ import annotations

import datetime as dt

import strawberry

from api.graphql.types.field import by_id, column, one, value
from api.graphql.types.places import AdminArea, Locality, Source, source_field
from geo.arguments import Period
from geo.queries.base.row_sets import areas, localities
from geo.vocabulary import IncidentType


@strawberry.type(description="A published count of reported incidents: rounded so that no child can be pointed at.")
class IncidentCount:
    """A cell of the release."""

    area: AdminArea | None = one(by_id(areas, "counted_area_id"), "The area that it counts; null for a locality.")
    locality: Locality | None = one(by_id(localities, "locality_id"), "The locality that it counts; null for an area.")
    period: Period = column("period", "The year or quarter.")
    incident_type: IncidentType | None = column("incident_type", "The type; null: all types together.")
    count: int = column("count", "The published value, a multiple of 5, at most 4 off the true one.")
    count_label: str = column("count_label", "The published value for people to read: `0–4`, `25`.")
    rate_per100k_under18: float | None = strawberry.field(
        name="ratePer100kUnder18",
        description="The published value for every 100,000 children under 18 who live there, in the period, to one "
        "decimal; null where nobody knows how many do.",
        metadata=value(lambda row: row.rate_per_100k_under_18, "").metadata,
    )
    source: Source = source_field()


@strawberry.type(description="A period for which counts are published.")
class ReleasedPeriod:
    """A released period."""

    period: Period = column("period", "The year or quarter.")
    released_at: dt.datetime = column("released_at", "When its current values were published.")
    release_number: int = column("release_number", "The number of the release that its current values come from.")
    revision: int = column("revision", "How often they were revised: a quarter at most once, a year with its quarters.")
