"""The best places for a region's name: inside it, away from its border and from what is drawn on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import shapely

from geo.coordinates import LonLat
from maps.geometry import Ring, polygons
from maps.records import Geometry

_STEPS = 12
_CHOICES = 30
_CORNERS = 120
"""Corners of an outline that are examined; more would move a name by less than its height."""
_WIDTH_TO_HEIGHT = 3.0
"""How much wider than tall a name is: space beside it counts for less than space above."""


def name_places(geometry: Geometry, sites: Iterable[LonLat]) -> list[LonLat]:
    """Return places for the name of a region, at most 30 and at least 1, the best first.

    The best is the one farthest from the border and from sites, measured in the shape of a name; the next are the best
    that keep away from those before. All are points of a 12 by 12 lattice over the largest part of the region; ties go
    to the south, then to the west. If no lattice point lies inside, as in a thin crescent, it is the middle of the box.

    Examples
    --------
    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [12, 0], [12, 12], [0, 12], [0, 0]]]}
    >>> name_places(square, [LonLat(lon=6, lat=2)])[0].lat > 6
    True

    """
    ring = max((polygon[0] for polygon in polygons(geometry)), key=_extent)
    outline = shapely.Polygon(ring)
    west, south, east, north = outline.bounds
    near = [(site.lon, site.lat) for site in sites if west <= site.lon <= east and south <= site.lat <= north]
    obstacles = [*((corner[0], corner[1]) for corner in ring[:: max(1, len(ring) // _CORNERS)]), *near]
    lattice = [
        (west + (east - west) * (column + 0.5) / _STEPS, south + (north - south) * (row + 0.5) / _STEPS)
        for row in range(_STEPS)
        for column in range(_STEPS)
    ]
    inside = [spot for spot in lattice if shapely.contains_xy(outline, *spot)] or [
        ((west + east) / 2, (south + north) / 2)
    ]
    chosen: list[tuple[float, float]] = []
    for spot in sorted(inside, key=lambda spot: -_room(spot, obstacles)):
        if not chosen or _room(spot, chosen) > (north - south) / _STEPS:
            chosen.append(spot)
    return [LonLat(lon=round(lon, 3), lat=round(lat, 3)) for lon, lat in chosen[:_CHOICES]]


def _extent(ring: Ring) -> float:
    return float(shapely.Polygon(ring).envelope.area)


def _room(spot: tuple[float, float], obstacles: Sequence[tuple[float, float]]) -> float:
    return min(math.hypot((spot[0] - lon) / _WIDTH_TO_HEIGHT, spot[1] - lat) for lon, lat in obstacles)
