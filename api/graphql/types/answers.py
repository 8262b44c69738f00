"""Published incident counts."""

from __future__ import annotations

import datetime as dt

import strawberry

from api.graphql.types.field import by_id, column, one, value
from api.graphql.types.places import AdminArea, Locality, Source
from geo.arguments import Period
from geo.queries.base.row_sets import areas, localities, sources
from geo.vocabulary import CountStatus, IncidentType


@strawberry.type(description="A published count of reported incidents: rounded so that no child can be pointed at.")
class IncidentCount:
    """A cell of the release."""

    area: AdminArea | None = one(by_id(areas, "counted_area_id"), "The area that it counts; null for a locality.")
    locality: Locality | None = one(by_id(localities, "locality_id"), "The locality that it counts; null for an area.")
    period: Period = column("period", "The year or quarter.")
    incident_type: IncidentType | None = column("incident_type", "The type; null: all types together.")
    status: CountStatus = column("status", "Whether there is a count.")
    count: int | None = column(
        "count", "The published value, a multiple of 5, at most 4 off the true one; null where none is published."
    )
    count_label: str = column("count_label", "The published value for people to read: `0–4`, `25`, `–` where none is.")
    rate_per100k_under18: float | None = strawberry.field(
        name="ratePer100kUnder18",
        description="The published value for every 100,000 children under 18 who live there, in the period, to one "
        "decimal; null where nobody knows how many do, where the value is `0–4`, and where fewer localities reported "
        "than were expected.",
        metadata=value(lambda row: row.rate_per_100k_under_18, "").metadata,
    )
    localities_reporting: int = column(
        "localities_reporting",
        "How many localities reported the period: those whose returns the count adds up. A year is reported by who "
        "returned every quarter in which it was expected; what others returned of it is in the counts of areas.",
    )
    localities_expected: int = column(
        "localities_expected",
        "Of how many that was expected when it was released: those that the stewards' list names for the period, or "
        "while there is no list those that had ever reported, and all that reported. 0 where nothing is released.",
    )
    source: Source | None = one(by_id(sources, "source_id"), "Where it comes from; null where no count is published.")


@strawberry.type(description="A period for which counts are published.")
class ReleasedPeriod:
    """A released period."""

    period: Period = column("period", "The year or quarter.")
    released_at: dt.datetime = column("released_at", "When its current values were published.")
    release_number: int = column("release_number", "The number of the release that its current values come from.")
    revision: int = column("revision", "How often they were revised: a quarter at most once, a year with its quarters.")
