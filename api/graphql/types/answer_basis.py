"""What an answer of the planning desk rests on: declared once, and inherited by every answer that has it."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import Double, cast, func, select

from api.graphql.compile import prices, tariff
from api.graphql.types.field import assumptions_field, column, left_out_field, one, value
from api.graphql.types.places import Source, sources_field
from geo.arguments import Period
from geo.queries.base.data_date import DATES
from geo.queries.base.reach import ESTIMATE
from geo.vocabulary import Season, TravelBasis, TravelMode


@strawberry.type(description="With what a time of travel is estimated: a setting of the operator.")
class TravelEstimate:
    """A setting."""

    mode: TravelMode = column("mode", "How one travels.")
    season: Season = column("season", "When one travels.")
    speed_kilometres_per_hour: float = column("speed_km_h", "Kilometres of the way in an hour.")
    detour: float = column("detour", "Length of the way / length of the straight line, 1 to 5.")
    # Not row.source: that is the row set.
    reference: str = value(lambda row: row["source"], "Where the two figures come from.")


@strawberry.type
class WithBasis:
    """An answer with a basis."""

    basis: TravelBasis = column("basis", "What distances and reach rest on.")


@strawberry.type
class WithReach(WithBasis):
    """An answer within a reach."""

    reach_metres: float = column(
        "reach_m",
        "The reach as a straight line in metres; exactly that still is within it. Where the basis is NETWORK, that of "
        "places whose time along roads is not computed.",
    )
    estimate: TravelEstimate | None = one(
        lambda row: select(row.related[ESTIMATE]), "What a time was estimated with; null for a distance."
    )


@strawberry.type(
    description="Of when the data are that an answer rests on, and not the installation; what it does not rest on, or "
    "is not known, is null."
)
class DataDates:
    """Dates."""

    services: dt.date | None = column(
        "services",
        "The latest day on which a public service that may count was verified; null where none ever was. Capacity and "
        "free places, where they count, are those of now.",
    )
    population: dt.date | None = column(
        "population",
        "The census of the children that are counted: a year, told as its first day; null where none is known, or no "
        "children are counted.",
    )
    incidents: Period | None = column(
        "incidents", "The latest released period whose counts are in the answer; null where none are."
    )
    loaded_on: dt.datetime = column(
        "loaded_on",
        "When that came into this installation: a distance of one of the categories last changed or, along roads, its "
        "times were computed, whichever is later; of counts, when they were published.",
    )


def dates_field() -> DataDates:
    """Declare the field of an answer's dates, from the related row :data:`DATES`."""
    dates: DataDates = one(lambda row: select(row.related[DATES]), "Of when its data are.", prices.dated)
    return dates


def published_dates_field() -> DataDates | None:
    """Declare the same of an answer about counts."""
    dates: DataDates | None = one(
        lambda row: select(row.related[DATES]).where(row.related[DATES].c.loaded_on.is_not(None)),
        "Of when its data are; null where nothing is published.",
        prices.dated,
    )
    return dates


@strawberry.type
class WithSources:
    """An answer that measures distances to services."""

    confidential_left_out: int = left_out_field()
    assumptions: list[str] = assumptions_field(tariff.LEFT_OUT)
    data_as_of: DataDates = dates_field()
    sources: list[Source] = sources_field()


def nearest_distance(name: str) -> float | None:
    """Declare the field of the distance to what is needed, from the column ``name``."""
    metres: float | None = column(
        name, "Metres to the nearest service of what is needed; of several the farthest; null where one is nowhere."
    )
    return metres


@strawberry.type
class WithCoverage:
    """Sums over demand points, null where no child is counted."""

    covered_under18: int | None = column("covered_under_18", "Those who are covered; null where nobody is counted.")
    uncovered_under18: int | None = value(
        lambda row: row.population_under_18 - row.covered_under_18,
        "Those who are not: population less covered; null alike.",
    )
    covered_percent: float | None = value(
        lambda row: cast(row.covered_under_18, Double) * 100 / func.nullif(row.population_under_18, 0),
        "100 × covered / population; null where nobody is known.",
    )


@strawberry.type(description="Children who live in known localities, or outside of them.")
class CoveredChildren(WithCoverage):
    """The same with all of them."""

    population_under18: int | None = column(
        "population_under_18", "Children under 18 of all demand points; null where nobody is counted."
    )
