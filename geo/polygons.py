"""Polygons that callers draw, checked once where they enter."""

from __future__ import annotations

import json
import math
from typing import Any

import shapely

from geo.coordinates import LonLat
from geo.errors import BadInput

MAX_POSITIONS = 5_000
CLOSED = 4
"""The fewest positions of a ring: three corners, and the first again."""


def polygon(field: str, given: Any) -> str:
    """Give a GeoJSON Polygon or MultiPolygon (RFC 7946, EPSG:4326, longitude first) as text, checked.

    Raises
    ------
    BadInput
        Where it is of another type, a ring is not closed, a position is no place in degrees, its rings cross, or it has
        more than 5,000 positions: with the field and the reason, and no place but by its number.

    Examples
    --------
    >>> polygon("exclude.0", {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]})
    '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]}'
    >>> polygon("exclude.0", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
    Traceback (most recent call last):
    geo.errors.BadInput: exclude.0: the polygon is not valid (Self-intersection); draw it so that no edges cross.

    """
    if not isinstance(given, dict) or given.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadInput(field, 'give a GeoJSON object whose "type" is "Polygon" or "MultiPolygon".')
    whole = given.get("coordinates")
    parts = [whole] if given["type"] == "Polygon" else whole
    inside = f"{field}.coordinates"
    if not _is_list(parts) or not all(_is_list(part) and all(map(_is_list, part)) for part in parts):
        raise BadInput(inside, "give a list of rings, each a list of [longitude, latitude].")
    if sum(len(ring) for part in parts for ring in part) > MAX_POSITIONS:
        raise BadInput(inside, f"it has more than {MAX_POSITIONS:,} positions; simplify it.")
    for number, part in enumerate(parts):
        place = inside if given["type"] == "Polygon" else f"{inside}.{number}"
        for ring_number, ring in enumerate(part):
            _check_ring(f"{place}.{ring_number}", ring)
    text = json.dumps({"type": given["type"], "coordinates": whole})
    reason = shapely.is_valid_reason(shapely.from_geojson(text))
    if reason != "Valid Geometry":
        # What follows the bracket is a place.
        why = reason.partition("[")[0].strip()
        raise BadInput(field, f"the polygon is not valid ({why}); draw it so that no edges cross.")
    return text


def _is_list(given: Any) -> bool:
    return isinstance(given, list) and len(given) > 0


def _check_ring(field: str, ring: list[Any]) -> None:
    for number, position in enumerate(ring):
        place = f"{field}.{number}"
        if not isinstance(position, list) or len(position) not in {2, 3} or not all(map(_is_number, position)):
            raise BadInput(place, "give a position as [longitude, latitude] in degrees.")
        LonLat(lon=position[0], lat=position[1], field=place)
    if len(ring) < CLOSED:
        raise BadInput(field, "a ring has at least four positions, the last being the first again.")
    if ring[0][:2] != ring[-1][:2]:
        raise BadInput(field, "the ring is not closed; repeat its first position at its end.")


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def seem_swapped(text: str, west: float, south: float, east: float, north: float) -> bool:
    """Say whether a polygon lies beside a box of degrees, and meets it with longitude and latitude swapped."""
    left, bottom, right, top = shapely.from_geojson(text).bounds
    beside = right < west or left > east or top < south or bottom > north
    return beside and bottom <= east and top >= west and left <= north and right >= south
