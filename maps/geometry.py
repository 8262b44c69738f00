"""Simplifying outlines, and swapping longitude and latitude for Leaflet, which happens nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from geo.coordinates import BBox, LonLat
from maps.records import Feature, FeatureCollection, Geometry

DEGREE_DIGITS = 4
"""Decimals of a degree in a map: about 11 m, less than a pixel at the deepest zoom."""
MAX_VERTICES = 15_000
"""Outlines with more corners than this are drawn with fewer decimals."""
_FEWEST_DIGITS = 2
_SMALLEST_RING = 4

Ring = list[list[float]]


def place(feature: Feature) -> LonLat:
    """Read the point of a feature, EPSG:4326, longitude first.

    Raises
    ------
    geo.errors.BadInput
        Where the point lies outside the world, as swapped coordinates often do.

    """
    lon, lat = feature["geometry"]["coordinates"][:2]
    return LonLat(lon=round(lon, DEGREE_DIGITS), lat=round(lat, DEGREE_DIGITS), field="geometry")


def latlng(point: LonLat) -> tuple[float, float]:
    """Return a place with latitude first, as Leaflet and Folium expect.

    Examples
    --------
    >>> latlng(LonLat(lon=-8.0, lat=12.65))
    (12.65, -8.0)

    """
    return point.lat, point.lon


def latlng_box(box: BBox) -> list[list[float]]:
    """Return a box as its south-western and north-eastern corners, latitude first.

    Examples
    --------
    >>> latlng_box(BBox(west=-12, south=10, east=4, north=25))
    [[10, -12], [25, 4]]
    >>> latlng_box(BBox(west=178, south=-18, east=-179, north=-16))
    [[-18, 178], [-16, 181]]

    """
    return [[box.south, box.west], [box.north, box.east + 360 if box.across else box.east]]


def outline(regions: FeatureCollection) -> list[Geometry]:
    """Return the geometries of regions with rounded corners.

    Rounding keeps neighbours together: a corner that two regions share is rounded to the same place for both, unlike
    when each outline is simplified by itself.
    """
    geometries = [feature["geometry"] for feature in regions["features"]]
    for digits in range(DEGREE_DIGITS, _FEWEST_DIGITS - 1, -1):
        rounded = [_rounded(geometry, digits) for geometry in geometries]
        if sum(len(ring) for geometry in rounded for ring in _rings(geometry)) <= MAX_VERTICES:
            break
    return rounded


def bounds(regions: FeatureCollection, points: Iterable[LonLat]) -> BBox | None:
    """Return the smallest box around the regions, or around the points if there are none; None without either."""
    corners = [corner for feature in regions["features"] for ring in _rings(feature["geometry"]) for corner in ring]
    corners = corners or [[point.lon, point.lat] for point in points]
    if not corners:
        return None
    lons = [corner[0] for corner in corners]
    lats = [corner[1] for corner in corners]
    return BBox(west=min(lons), south=min(lats), east=max(lons), north=max(lats))


def polygons(geometry: Geometry) -> list[list[Ring]]:
    """Return the polygons of a geometry, each as its outer ring and its holes."""
    coordinates: list[Any] = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def _rings(geometry: Geometry) -> list[Ring]:
    return [ring for polygon in polygons(geometry) for ring in polygon]


def _rounded(geometry: Geometry, digits: int) -> Geometry:
    small = [[_ring(ring, digits) for ring in polygon] for polygon in polygons(geometry)]
    # A ring that rounding shrinks to a line, an island of some metres, is dropped, but never a whole region.
    seen = [[ring for ring in polygon if len(ring) >= _SMALLEST_RING] for polygon in small if _drawable(polygon)]
    return {"type": "MultiPolygon", "coordinates": seen or polygons(geometry)}


def _drawable(polygon: Sequence[Ring]) -> bool:
    return len(polygon[0]) >= _SMALLEST_RING


def _ring(ring: Ring, digits: int) -> Ring:
    corners: Ring = []
    for corner in ring:
        rounded = [round(corner[0], digits), round(corner[1], digits)]
        if not corners or rounded != corners[-1]:
            corners.append(rounded)
    return corners
