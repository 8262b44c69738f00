"""Polygons that callers draw, checked once on input."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates import MOST_DEGREES, TURN, check_degrees, plain, turned
from geo.errors import BadInput

MAX_POSITIONS, MAX_POLYGONS = 5_000, 10
MAX_EXPLAINED = 500
"""For a polygon with more positions we do not say why it is invalid: with 5,000 that may take half a second."""
MAX_ABREAST = 1_000_000
"""Pairs of edges that lie beside each other, over all polygons. Each is compared, which takes 50 ms for this many, and
0.7 s for the 12 million of a saw of 4,900 teeth. An outline of 5,000 positions has 25,000 to 200,000."""
CLOSED = 4
"""The fewest positions of a ring: three corners and the first one again."""
KINDS = "give a GeoJSON Polygon or MultiPolygon, or a GeometryCollection, Feature or FeatureCollection of them."
HELD = {"GeometryCollection": "geometries", "FeatureCollection": "features", "Feature": "geometry"}
"""Objects that hold others, by the member that does."""
SAME_CRS = re.compile(r"(urn:ogc:def:crs:)?(OGC:([0-9.]*:)?CRS84|EPSG:([0-9.]*:)?4326)", re.IGNORECASE)
"""Names of our coordinate system, which older GeoJSON may give."""
LONGEST_CRS = 60
WIDEST = 180.0


def polygons(field: str, given: Any) -> tuple[str, ...]:
    """Return polygons, each as GeoJSON text, checked. They may overlap.

    Parameters
    ----------
    field
        The name of the argument in errors.
    given
        GeoJSON (RFC 7946, EPSG:4326, longitude first): a Polygon, a MultiPolygon, or a GeometryCollection, Feature or
        FeatureCollection of them; at most 10 polygons of 5,000 positions in all. Longitudes may be of any turn of the
        earth.

    Raises
    ------
    BadInput
        If it is of another type or in another coordinate system, a ring is not closed or crosses the antimeridian, a
        position is no place in degrees, its rings cross, or it is too large, or has too many edges beside each other.
        The text names the field and the reason; it gives the number of a position and never the position.

    Examples
    --------
    >>> polygons("exclude", {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]})
    ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]}',)
    >>> polygons("exclude", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
    Traceback (most recent call last):
    geo.errors.BadInput: exclude: the polygon is not valid (Self-intersection); draw it so that no edges cross.

    """
    parts = list(_parts(field, given))
    if len(parts) > MAX_POLYGONS:
        raise BadInput(field, f"{len(parts)} polygons are more than {MAX_POLYGONS}; give fewer.")
    if sum(len(ring) for _, rings in parts for ring in rings) > MAX_POSITIONS:
        raise BadInput(field, f"it has more than {MAX_POSITIONS:,} positions; simplify it.")
    for place, rings in parts:
        for number, ring in enumerate(rings):
            _check_ring(f"{place}.{number}", ring)
    if sum(_abreast(rings) for _, rings in parts) > MAX_ABREAST:
        raise BadInput(field, "too many of its edges lie beside each other, as the teeth of a saw do; simplify it.")
    return tuple(_checked(place, _turned(place, rings)) for place, rings in parts)


def _parts(field: str, given: Any, depth: int = 0) -> Iterator[tuple[str, list[list[Any]]]]:
    """Return each polygon's rings with the path of their field."""
    kind = given.get("type") if isinstance(given, dict) else None
    if isinstance(given, dict):
        _check_crs(f"{field}.crs", given.get("crs"))
    if isinstance(kind, str) and kind in HELD and depth < len(HELD):
        place = f"{field}.{HELD[kind]}"
        held = given.get(HELD[kind])
        if kind == "Feature":
            yield from _parts(place, held, depth + 1)
            return
        for number, each in enumerate(_list(place, held)):
            yield from _parts(f"{place}.{number}", each, depth + 1)
    elif kind == "Polygon":
        yield f"{field}.coordinates", _rings(f"{field}.coordinates", given.get("coordinates"))
    elif kind == "MultiPolygon":
        for number, each in enumerate(_list(f"{field}.coordinates", given.get("coordinates"))):
            place = f"{field}.coordinates.{number}"
            yield place, _rings(place, each)
    else:
        raise BadInput(field, KINDS)


def _check_crs(field: str, given: Any) -> None:
    if given is None:
        return
    properties = given.get("properties") if isinstance(given, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not SAME_CRS.fullmatch(name):
        shown = f" ({name})" if isinstance(name, str) and len(name) <= LONGEST_CRS and name.isprintable() else ""
        raise BadInput(field, f"another coordinate system{shown} than EPSG:4326; give degrees, longitude first.")


def _turned(field: str, rings: list[list[Any]]) -> list[list[Any]]:
    """Return the rings turned by whole turns of the earth to longitudes of -180 to 180, with :func:`plain` numbers."""
    lons = [position[0] for position in rings[0]]
    away = turned(min(lons)) - min(lons)
    if min(lons) + away == TURN / 2:
        away -= TURN
    if max(lons) - min(lons) > WIDEST:
        raise BadInput(
            f"{field}.0",
            "the ring is wider than 180 degrees; cut it, at the antimeridian if it was to cross that.",
        )
    if max(lons) + away > TURN / 2:
        raise BadInput(f"{field}.0", "the ring crosses the antimeridian; cut it there in two, as RFC 7946 says.")
    return [[[plain(position[0] + away), plain(position[1]), *position[2:]] for position in ring] for ring in rings]


def _list(field: str, given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise BadInput(field, "give a list that is not empty.")
    return given


def _rings(field: str, given: Any) -> list[list[Any]]:
    if not isinstance(given, list) or not given or not all(isinstance(each, list) for each in given):
        raise BadInput(field, "give a list of rings, each a list of [longitude, latitude].")
    return given


def _checked(field: str, rings: list[list[Any]]) -> str:
    text = json.dumps({"type": "Polygon", "coordinates": rings})
    polygon = shapely.from_geojson(text)
    if not shapely.is_valid(polygon):  # this call releases the interpreter's lock, is_valid_reason does not
        few = shapely.get_num_coordinates(polygon) <= MAX_EXPLAINED
        # The text after the bracket is a position, which is never shown.
        why = f" ({shapely.is_valid_reason(polygon).partition('[')[0].strip()})" if few else ""
        raise BadInput(
            field.removesuffix(".coordinates"), f"the polygon is not valid{why}; draw it so that no edges cross."
        )
    return text


def _abreast(rings: list[list[Any]]) -> int:
    """Return a number of pairs of edges that is no less than that of the pairs whose boxes meet.

    It is that of the pairs which meet in longitude or, if there are fewer, in latitude.
    """
    ends = [np.array([position[:2] for position in ring], dtype=float) for ring in rings]
    low = np.concatenate([np.minimum(ring[:-1], ring[1:]) for ring in ends])
    high = np.concatenate([np.maximum(ring[:-1], ring[1:]) for ring in ends])
    pairs = len(low) * (len(low) - 1) // 2
    return min(pairs - _apart(low[:, axis], high[:, axis]) for axis in (0, 1))


def _apart(low: NDArray[np.float64], high: NDArray[np.float64]) -> int:
    """Return how many pairs of edges are apart in a coordinate: one ends before the other begins."""
    return int(np.searchsorted(np.sort(high), low, side="left").sum())


def _check_ring(field: str, ring: list[Any]) -> None:
    for number, position in enumerate(ring):
        place = f"{field}.{number}"
        if not isinstance(position, list) or len(position) not in {2, 3} or not all(map(_is_number, position)):
            raise BadInput(place, "give a position as [longitude, latitude] in degrees.")
        check_degrees(f"{place}.lon", position[0], MOST_DEGREES, f"{place}.lat")
        check_degrees(f"{place}.lat", position[1], 90, f"{place}.lon")
    if len(ring) < CLOSED:
        raise BadInput(field, "a ring has at least four positions, the last being the first again.")
    if ring[0][:2] != ring[-1][:2]:
        raise BadInput(field, "the ring is not closed; repeat its first position at its end.")


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def seem_swapped(text: str, west: float, south: float, east: float, north: float) -> bool:
    """Return whether a polygon lies outside a box of degrees, but meets it with longitude and latitude swapped."""
    left, bottom, right, top = shapely.from_geojson(text).bounds
    beside = right < west or left > east or top < south or bottom > north
    met: bool = beside and bottom <= east and top >= west and left <= north and right >= south
    return met
