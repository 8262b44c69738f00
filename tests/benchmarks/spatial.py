"""Access scores over 15,000 points, hotspots over as many and over fewer: everything that the process does which works the answer out."""

from __future__ import annotations

import random
import statistics
import time
from typing import Any

import orjson

from api.graphql.compile.computed_answer import _work
from geo.arguments import Period
from geo.queries.base.reach import Reach
from geo.queries.base.two_step import Computed
from geo.queries.incidents.hotspots import Hotspots, Neighbourhood
from geo.queries.planning.access_scores import AccessScores
from geo.vocabulary import AreaLevel, ServiceCategory

POINTS, SERVICES = 15_000, 700
YEAR = Period("2025")
TO_REACH = "≤ 2 s"


def measure() -> list[tuple[str, str, str]]:
    """Return the rows of the table."""
    scores = AccessScores(category=ServiceCategory.SAFE_SHELTER, within=Reach(metres=100_000))
    band = Hotspots(level=AreaLevel.LOCALITY, period=YEAR, neighbours=Neighbourhood(distance_m=30_000))
    demand = {"demand": _places(), "supply": _services(), "reach": {"metres": [100_000.0]}}
    counted = {"places": _places()}
    permuted = [
        (
            f"Gi*: {count:,} places, {k} nearest, 9,999 permutations, 50 redraws",
            _seconds(_nearest(k), {"places": _places(count)}),
            TO_REACH,
        )
        for k in (6, 50)
        for count in (94, 1_000, 5_000)
    ]
    return [
        (f"access scores: {POINTS:,} demand points, {SERVICES} services, 100 km", _seconds(scores, demand), TO_REACH),
        (f"Gi*: {POINTS:,} places, 8 nearest, analytic", _seconds(_nearest(8), counted), TO_REACH),
        (f"Gi*: {POINTS:,} places, band of 30 km, analytic", _seconds(band, counted), TO_REACH),
        *permuted,
    ]


def _nearest(k: int) -> Hotspots:
    return Hotspots(level=AreaLevel.LOCALITY, period=YEAR, neighbours=Neighbourhood(nearest=k))


def _places(count: int = POINTS) -> dict[str, list[Any]]:
    chance = random.Random(1)
    at = [f"00000000-0000-4000-8000-{each:012}" for each in range(count)]
    return {
        "id": at,
        "locality_id": at,
        "area_id": at,
        "name_key": at,
        "lon": [chance.uniform(-12, 4) for _ in at],
        "lat": [chance.uniform(10, 24) for _ in at],
        "inside": [True] * count,
        "under_18": [chance.randrange(50, 20_000) for _ in at],
        "count": [5 * chance.randrange(20) for _ in at],
        "rate": [1.0] * count,
        "reason": [None] * count,
    }


def _services() -> dict[str, list[Any]]:
    chance = random.Random(2)
    return {
        "lon": [chance.uniform(-12, 4) for _ in range(SERVICES)],
        "lat": [chance.uniform(10, 24) for _ in range(SERVICES)],
        "capacity": [chance.choice((None, 10, 20, 40)) for _ in range(SERVICES)],
    }


def _seconds(question: Computed, needed: dict[str, dict[str, list[Any]]], times: int = 5) -> str:
    found = {name: orjson.dumps(rows).decode() for name, rows in needed.items()}
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        _work(question, found)
        taken.append(time.perf_counter() - started)
    return f"{statistics.median(taken):.2f} s"
