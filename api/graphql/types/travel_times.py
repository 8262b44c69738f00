"""Travel times, and the roads that they follow."""

from __future__ import annotations

import datetime as dt

import strawberry

from api.graphql.compile import prices, tariff
from api.graphql.types.answer_basis import DataDates, dates_field
from api.graphql.types.connections import Connection
from api.graphql.types.directory import Service
from api.graphql.types.field import by_id, column, left_out_field, localized, many, one, with_left_out
from api.graphql.types.places import Locality, Source, source_field
from geo.queries.base.row_sets import localities, services
from geo.queries.reach import travel_times
from geo.vocabulary import TravelBasis


@strawberry.type(description="How long one travels from a locality to the nearest service of a category.")
class LocalityTravelTime:
    """A row of the answer."""

    locality: Locality = one(by_id(localities, "id"), "The locality.")
    minutes: float | None = column(
        "minutes",
        "Minutes to the service that is nearest in time; null where there is none, where the locality is beyond all "
        "roads, or where no road leads to a service.",
    )
    basis: TravelBasis = column("basis", "NETWORK: along roads; ESTIMATE: from the straight line.")
    off_road_metres: float | None = column(
        "off_road_m",
        "Metres from the locality to the nearest road that one travels so, on the WGS 84 spheroid; null where no "
        "road is known.",
    )
    beyond_roads: bool | None = column(
        "beyond_roads",
        "True where the locality is farther from any road than `network.maxOffRoadMetres`; null where no time along "
        "roads was computed.",
    )
    nearest_service: Service | None = one(
        by_id(services, "service_id"), "The service that is nearest in time; null where minutes is null."
    )


@strawberry.type(description="The roads that travel times follow.")
class RoadNetwork:
    """A network."""

    roads_as_of: dt.datetime | None = column("roads_as_of", "The moment that the roads' data is of; null if unknown.")
    imported_at: dt.datetime = column("imported_at", "When the roads were imported.")
    computed_at: dt.datetime = column("computed_at", "When the times of the category along them were computed.")
    stale_since: dt.datetime | None = column(
        "stale_since", "When services of the category, or localities, first changed after that; null if none did."
    )
    max_off_road_metres: float = column(
        "max_off_road_m", "How far from any road a place may be and still have a time; exactly that far still has one."
    )
    source: Source = source_field()


@strawberry.type(description="A page of localities with their travel times.")
class LocalityTravelTimeConnection(Connection[LocalityTravelTime]):
    """The answer."""

    network: RoadNetwork | None = one(
        lambda _: travel_times.network(),
        "The roads; null where none are known or no times of the category were computed: every time is an ESTIMATE.",
    )
    confidential_left_out: int = left_out_field()
    assumptions: list[str] = localized(
        lambda row, locale: with_left_out(row, travel_times.assumptions(locale), locale),
        "What this answer takes for granted, in sentences.",
        of=list[str],
        price=tariff.LEFT_OUT,
    )
    data_as_of: DataDates = dates_field()
    sources: list[Source] = many(
        lambda _: travel_times.sources(),
        prices.counted("sources"),
        "Where localities, populations, services and roads come from, for the attribution.",
        prices.sourced,
    )
