"""Answers of hotspots."""

from __future__ import annotations

import strawberry
from sqlalchemy import select

from api.graphql.compile import prices, tariff
from api.graphql.types.answer_basis import DataDates, published_dates_field
from api.graphql.types.connections import Connection, pages, total_field
from api.graphql.types.field import assumptions_field, column, many, value
from api.graphql.types.places import Source
from api.graphql.types.scalars import GeoJSON
from api.graphql.types.statistics.common import Placed, known_sources, place_of
from geo.statistics.terms import HotspotClass, HotspotExclusion, HotspotTest, Quadrant


@strawberry.type(description="A place with its published rate, and whether high or low rates stand around it.")
class Hotspot(Placed):
    """A tested place."""

    point: GeoJSON = value(
        place_of,
        "Where it stands: a locality's point, an area's published point or the mean of its localities' points.",
    )
    count: int = column("count", "The published value, a multiple of 5, at most 4 off the true one.")
    population_under18: int = column("under_18", "Children under 18.")
    rate_per100k_under18: float | None = strawberry.field(
        name="ratePer100kUnder18",
        description="The published value for every 100,000 children under 18, to one decimal; null where it is `0–4`.",
        metadata=column("rate", "").metadata,
    )
    smoothed_rate_per100k_under18: float = strawberry.field(
        name="smoothedRatePer100kUnder18",
        description="The rate drawn towards the mean of all, the more, the fewer children live there; this is tested. "
        "To three decimals.",
        metadata=column("smoothed", "").metadata,
    )
    neighbour_count: int = column("neighbours", "How many neighbours it has.")
    island: bool = column("island", "True where it has no neighbour; it is not tested then.")
    z_score: float | None = column(
        "z", "Of Gi*, or of local Moran's I under random neighbours; null where it is not tested."
    )
    local_moran: float | None = column("moran_i", "Local Moran's I; null for the other method and for islands.")
    p_value: float | None = column("p", "Two-sided; `test` says by what. Null where it is not tested.")
    q_value: float | None = column(
        "q",
        "The least false discovery rate at which it is a finding (Benjamini and Hochberg 1995); null where it is not "
        "tested.",
    )
    hotspot_class: HotspotClass | None = column(
        "hotspot",
        "What it is called; UNSTABLE where that hangs on how counts were rounded. As long as no place of all that were "
        "tested reaches a q-value of 0.05, none is called hot, cold or an outlier. Null where it is not tested.",
    )
    class_agreement: float | None = column(
        "agreement",
        "The share, 0 to 1, of redraws that give the class of the published counts; below 0.8 it is UNSTABLE. Null "
        "where it is not tested, or where `redraws` is 0.",
    )
    quadrant: Quadrant | None = column("quadrant", "For local Moran's I; null for the other method and for islands.")


@strawberry.type(description="A place that was not tested, apart from those that were.")
class HotspotLeftOut(Placed):
    """A place without a rate."""

    reason: HotspotExclusion = column("reason", "Why it was not tested.")


@strawberry.type(description="A page of the places of one level, period and type, the surest finding first.")
class HotspotConnection(Connection[Hotspot]):
    """An answer of hotspots."""

    total_count: int = total_field(prices.fixed(tariff.LEAF))
    tested_count: int = column("tested_count", "How many places were tested, in the whole nation.")
    not_reported_count: int = column(
        "not_reported_count",
        "How many places were left out because not all who were expected there reported, in the whole nation.",
    )
    island_count: int = column("island_count", "How many places with a rate have no neighbour, in the whole nation.")
    unstable_count: int = column("unstable_count", "How many places are UNSTABLE, in the whole nation.")
    test: HotspotTest = column("test", "Where the p-values come from, which follows from the number of places tested.")
    permutations: int | None = column("permutations", "How many permutations were drawn; null where it is ANALYTIC.")
    redraws: int = column(
        "redraws",
        "How many sets of counts that may stand behind the published ones were tested too: 50; fewer, but at least 10, "
        "where there are many neighbours; 0 where even that takes too long.",
    )
    left_out: Connection[HotspotLeftOut] = pages(
        lambda row: select(row.related["left_out"]),
        Connection[HotspotLeftOut],
        "The places that were not tested, by name: suppressed and not reported are never zero.",
        prices.places_left_out,
    )
    mean_rate_per100k_under18: float | None = strawberry.field(
        name="meanRatePer100kUnder18",
        description="The mean rate of all places that have one; null where none has.",
        metadata=column("mean_rate", "").metadata,
    )
    least_p_value: float = column(
        "least_p", "2 / (permutations + 1): no p-value can be smaller. 0 where the test is ANALYTIC."
    )
    assumptions: list[str] = assumptions_field()
    data_as_of: DataDates | None = published_dates_field()
    sources: list[Source] = many(
        known_sources, prices.counted("sources"), "Where the counts and the figures of children come from."
    )
