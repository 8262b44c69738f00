"""Where is it? Distances from many places, and the exact sizes at which a site enters an answer, by least squares."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.arguments import MOST_REACH_M
from geo.coordinates import LonLat
from tests.attacks.client import Client
from tests.attacks.worlds import Target
from tests.geodesy import distance_m

HALVINGS = 20
TOGETHER = 8
"""Probes per document: as many lists of 100 as its cost allows."""
WIDEST_M = MOST_REACH_M
DEGREE_M = 111_195.0


@dataclass(frozen=True, slots=True)
class Ring:
    """The target was found to be this many metres from a place."""

    lon: float
    lat: float
    distance_m: float

    def miss_m(self, lon: float, lat: float) -> float:
        """Return the metres by which a guess misses."""
        return distance_m(self.lon, self.lat, lon, lat) - self.distance_m


@dataclass(frozen=True, slots=True)
class Line:
    """The target was found to lie on a meridian or a parallel."""

    axis: int
    degrees: float

    def miss_m(self, lon: float, lat: float) -> float:
        """Return the metres by which a guess misses."""
        scale = math.cos(math.radians(lat)) if self.axis == 0 else 1
        return ((lon, lat)[self.axis] - self.degrees) * DEGREE_M * scale


Finding = Ring | Line


def probes(around: LonLat, many: int, seed: int) -> list[LonLat]:
    """Return random places within about 300 km."""
    chance = random.Random(seed)
    return [LonLat(lon=around.lon + chance.uniform(-3, 3), lat=around.lat + chance.uniform(-3, 3)) for _ in range(many)]


def _origin(place: LonLat) -> dict[str, float]:
    return {"lon": place.lon, "lat": place.lat}


def distances(client: Client, target: Target, places: Sequence[LonLat]) -> Iterator[Finding]:
    """Ask how far away the target is from each place."""
    for start in range(0, len(places), TOGETHER):
        part = {f"p{number}": place for number, place in enumerate(places[start : start + TOGETHER])}
        fields = (
            f"{name}: nearestServices(origin: ${name}, categories: [SAFE_SHELTER], first: 100) {{ distanceMetres service {{ id }} }}"
            for name in part
        )
        document = f"query ({', '.join(f'${name}: PointInput!' for name in part)}) {{ {' '.join(fields)} }}"
        data = client.ask(document, {name: _origin(place) for name, place in part.items()})["data"]
        for name, place in part.items():
            for each in data[name]:
                if each["service"]["id"] == target.service_id:
                    yield Ring(place.lon, place.lat, each["distanceMetres"])


WITHIN = """query ($origin: PointInput!, $metres: Float!) {
  nearestServices(origin: $origin, categories: [SAFE_SHELTER], within: {metres: $metres}, first: 100) { service { id } } }"""
BOXED = "query ($box: BBoxInput!) { shelters(bbox: $box, first: 100) { edges { node { id } } } }"
GAPS = """query ($metres: Float!) {
  gaps: coverageGaps(need: {categories: [SAFE_SHELTER]}, within: {metres: $metres}, first: 100) {
    edges { node { locality { id point } nearestService { id } } } } }"""
OPPOSITE = {"west": "east", "south": "north", "east": "west", "north": "south"}


def around(place: LonLat) -> dict[str, float]:
    """Return a box of 30 degrees a side, which holds the country of a place; across the antimeridian it goes on."""
    return {"west": place.lon - 15, "south": place.lat - 15, "east": place.lon + 15, "north": place.lat + 15}


def bisect(low: float, high: float, beyond: Callable[[float], bool]) -> float:
    """Find the threshold from which on something holds: at ``high`` it does and at ``low`` it does not."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return (low + high) / 2


def flips(client: Client, target: Target, places: Sequence[LonLat]) -> Iterator[Finding]:
    """Search for eight thresholds: the reach from three places, the four edges of a box, and one of coverage."""

    def told(document: str, **variables: object) -> bool:
        body = str(client.ask(document, variables)["data"])
        return target.service_id in body or target.shelter_id in body

    for place in places[:3]:
        origin = _origin(place)
        if not told(WITHIN, origin=origin, metres=WIDEST_M):
            continue  # it has no distance, so nothing flips
        reach = bisect(0.001, WIDEST_M, lambda metres, origin=origin: told(WITHIN, origin=origin, metres=metres))  # type: ignore[misc]
        yield Ring(place.lon, place.lat, reach)
    edges = around(target.published)
    for number, edge in enumerate(OPPOSITE):
        if not told(BOXED, box=edges):
            break
        found = bisect(
            edges[OPPOSITE[edge]],
            edges[edge],
            lambda degrees, edge=edge: told(BOXED, box=edges | {edge: degrees}),  # type: ignore[misc]
        )
        yield Line(number % 2, found)
    yield from _coverage_flip(client, target)


def _gaps(client: Client, metres: float) -> list[Any]:
    return [edge["node"] for edge in client.ask(GAPS, {"metres": metres})["data"]["gaps"]["edges"]]


def _coverage_flip(client: Client, target: Target) -> Iterator[Finding]:
    """A locality that the target is nearest to is no gap from a reach of exactly their distance on."""
    for each in _gaps(client, 1):
        if (each["nearestService"] or {}).get("id") == target.service_id:
            locality, (lon, lat) = each["locality"]["id"], each["locality"]["point"]["coordinates"]

            def covered(metres: float, locality: str = locality) -> bool:
                return all(one["locality"]["id"] != locality for one in _gaps(client, metres))

            yield Ring(lon, lat, bisect(1, MOST_REACH_M, covered))
            return


def estimate(findings: Sequence[Finding], start: LonLat) -> LonLat:
    """Return the place that fits the findings best, by Gauss and Newton from a first guess."""
    place = np.array([start.lon, start.lat])
    step = 1e-6
    for _ in range(12):
        misses = np.array([each.miss_m(*place) for each in findings])
        slopes = np.column_stack(
            [
                (np.array([each.miss_m(*(place + move)) for each in findings]) - misses) / step
                for move in np.eye(2) * step
            ]
        )
        change, *_ = np.linalg.lstsq(slopes, -misses, rcond=None)
        place = place + np.clip(change, -1, 1)
        if np.abs(change).max() < 1e-8:
            break
    return LonLat(lon=float(place[0]), lat=float(place[1]))


def error_m(target: Target, guess: LonLat) -> float:
    """Return the metres between a guess and where the target really stands."""
    return distance_m(target.exact.lon, target.exact.lat, guess.lon, guess.lat)
