"""What the answers of the statistics have in common: terms, fields and paging."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import Select, func, literal_column, select

from api.graphql.compile.readings import Row
from api.graphql.types.field import by_id, one
from api.graphql.types.places import AdminArea, Locality
from api.graphql.types.scalars import POINT_DIGITS, geojson
from geo.queries.base.row_sets import areas, localities
from geo.statistics.terms import (
    Decay,
    HotspotClass,
    HotspotExclusion,
    HotspotMethod,
    HotspotTest,
    Quadrant,
    ScoreOrder,
    TrendDirection,
)


def describe(term: type[Enum], description: str, words: dict[str, str]) -> None:
    """Say what an enumeration and each of its members is; before a type has a field of it."""
    definition = strawberry.enum(term, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    for each in definition.values:
        each.description = words[each.name]


describe(
    Decay,
    "How a service counts for less the farther it is; d is the distance as a part of the reach.",
    {
        "STEP": "All within reach alike: the two-step floating catchment area (Luo and Wang 2003)",
        "ZONES": "1 in the nearest third of the reach, 0.68 in the second, 0.22 in the last (Luo and Qi 2009)",
        "GAUSSIAN": "0.01 ^ (d²): a bell curve down to 0.01 at the reach (Kwan 1998)",
        "LINEAR": "1 - d: nothing at the reach itself",
    },
)
describe(
    ScoreOrder,
    "In which order access scores come; ties by id.",
    {"LOWEST_FIRST": "The worst served first", "HIGHEST_FIRST": "The best served first"},
)
describe(
    HotspotMethod,
    "How hotspots are found.",
    {
        "GETIS_ORD": "Gi*: a place with its neighbours against the mean of all (Ord and Getis 1995)",
        "LOCAL_MORAN": "Local Moran's I: a place against its neighbours, which finds outliers too (Anselin 1995)",
    },
)
describe(
    HotspotTest,
    "Where p-values come from.",
    {
        "PERMUTATIONS": "The neighbours of each place are drawn again and again: at most 5,000 places",
        "ANALYTIC": "The normal distribution: above 5,000 places, where the steps of 9,999 permutations are too coarse",
    },
)
describe(
    HotspotClass,
    "What a place is called: at 99, 95 or 90 at most 1, 5 or 10 of 100 such findings are false.",
    {
        "NOT_SIGNIFICANT": "Nothing that chance would not make",
        **{f"HOT_{level}": f"High among high places, at {level} %" for level in (99, 95, 90)},
        **{f"COLD_{level}": f"Low among low places, at {level} %" for level in (99, 95, 90)},
        **{f"OUTLIER_{level}": f"High among low places or low among high ones, at {level} %" for level in (99, 95, 90)},
        "UNSTABLE": "It hangs on how counts were rounded: fewer than 8 of 10 redraws give one class",
    },
)
describe(
    Quadrant,
    "A place and the mean of its neighbours, each above the mean of all (high) or not (low).",
    {
        "HIGH_HIGH": "Both high",
        "LOW_LOW": "Both low",
        "HIGH_LOW": "The place high, its neighbours low",
        "LOW_HIGH": "The place low, its neighbours high",
    },
)
describe(
    HotspotExclusion,
    "Why a place was not tested.",
    {
        "NOT_REPORTED": "Not all who were expected reported; a lower count may be silence",
        "NOT_PUBLISHED": "Nothing is published of it for this period and type; that is not zero",
        "NO_POPULATION": "Nobody knows how many children live there, so there is no rate",
        "NO_POINT": "Nobody knows where it is",
    },
)
describe(
    TrendDirection,
    "Whether a count moved, and which way.",
    {
        "RISE": "It rose by more than rounding alone can do",
        "FALL": "It fell by more than rounding alone can do",
        "WITHIN_ROUNDING": "It moved by no more than rounding alone can do, or not at all",
        "NOT_COMPARABLE": "Others reported then than now, so that nobody knows",
    },
)


def known_sources(row: Row) -> Select[Any]:
    """Return the sources of the data that an answer was computed from."""
    known = row.related["sources"]
    return select(known).order_by(known.c.key)


def place_of(row: Row) -> Any:
    """Return the point of the row's ``lon`` and ``lat``."""
    return geojson(func.ST_SetSRID(func.ST_MakePoint(row.lon, row.lat), literal_column("4326")), POINT_DIGITS)


def _own_area(row: Row) -> Select[Any]:
    return by_id(areas, "area_id")(row).where(row.locality_id.is_(None))


@strawberry.type
class Placed:
    """A row of a place: of an area or of a locality."""

    area: AdminArea | None = one(_own_area, "The area; null for a locality.")
    locality: Locality | None = one(by_id(localities, "locality_id"), "The locality; null for an area.")
