"""What the data is drawn on: the borders between neighbouring countries, rivers and lakes. Nothing of it has a card."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.coordinates import BBox
from geo.vocabulary import GroundKind
from maps import palette
from maps.geometry import outline as outlines
from maps.labels import name_places
from maps.records import Feature, FeatureCollection, Frame, Geometry
from maps.sites import Properties

DIGITS = 2
"""Decimals of a degree: about 1 km, as exact as the ground is."""
TOWNS_FROM_ZOOM = ((8, 5), (20, 6), (32, 7))
"""How many towns are named from which zoom on, the largest first."""
TOWN_PX = 1.8
TOWN_DIGITS = 4
AROUND_DEGREES = 2.0
"""How far from the country a neighbour's name may stand."""
MOST_PLACES = 12
"""Of the places where a neighbour's name may stand, so many are tried."""
MOST_NAMED_RANK = 4
"""Rivers and lakes of a higher rank are named only from near."""
WIDTHS_PX = ((3, 2.4), (4, 1.7), (6, 1.2))
"""The width of a river up to each rank; those beyond are the thinnest."""
THINNEST_PX = 0.8
ALONG = (1 / 2, 1 / 3, 2 / 3, 1 / 4, 3 / 4, 1 / 6, 5 / 6, 1 / 12, 11 / 12)
"""Where along a river its name may stand, the best place first."""


def surroundings(frame: Frame, box: BBox | None) -> list[Feature]:
    """Return what lies around the area of a map: the rest of its nation, and the neighbours."""
    return [*neighbours(frame.ground, box), *around(frame.around)]


def neighbours(records: FeatureCollection, box: BBox | None) -> list[Feature]:
    """Return the borders between neighbours, and a point for the name of each that comes near the box.

    A border with the nation itself is the nation's own outline, and the frame that the neighbours were cut at is no
    border: so only what two of them have in common is drawn.
    """
    around = _of_kind(records, GroundKind.NEIGHBOUR)
    if box is None or not around:
        return []
    shapes = [shape(each["geometry"]) for each in around]
    common = [one.boundary.intersection(other.boundary) for one, other in combinations(shapes, 2)]
    # Where two countries only touch, they have a point in common.
    lines = [part for each in common for part in shapely.get_parts(each) if part.geom_type == "LineString"]
    borders = shapely.line_merge(shapely.union_all(lines))
    near = shapely.box(box.west, box.south, box.east, box.north).buffer(AROUND_DEGREES)
    seen = [
        (each["properties"]["name"], shapely.make_valid(outline).intersection(near))
        for each, outline in zip(around, shapes, strict=True)
    ]
    names = [_name(name, _places_on(part)) for name, part in seen if not part.is_empty]
    return [_feature(borders, {}), *names]


def around(records: FeatureCollection) -> list[Feature]:
    """Return the parts of a nation around the area that a map is of, each with places for its name."""
    return [
        {
            "type": "Feature",
            "geometry": outline,
            "properties": {
                "label": [each["properties"]["name"]],
                "at": _places_on(shape(outline)),
                "fill": palette.LAND,
            },
        }
        for each, outline in zip(records["features"], outlines(records), strict=True)
    ]


def towns(records: FeatureCollection) -> list[Feature]:
    """Return the largest towns, each with the zoom from which it is named: few from afar, all from near."""
    zooms = (zoom for many, zoom in TOWNS_FROM_ZOOM for _ in range(many))
    return [
        _feature(
            shape(each["geometry"]), {"label": [each["properties"]["name"]], "from": zoom, "px": TOWN_PX}, TOWN_DIGITS
        )
        for each, zoom in zip(records["features"], zooms, strict=False)
    ]


def water(records: FeatureCollection, nation: Geometry | None) -> list[Feature]:
    """Return the lakes and rivers that reach into the nation, rivers wider by rank, with places for their names."""
    if nation is None:
        return []
    land = shapely.make_valid(shape(nation))
    drawn = []
    for record in (*_of_kind(records, GroundKind.LAKE), *_of_kind(records, GroundKind.RIVER)):
        told, whole = record["properties"], shape(record["geometry"])
        inside = whole.intersection(land)
        if not inside.is_empty:
            width = next((px for rank, px in WIDTHS_PX if told["rank"] <= rank), THINNEST_PX)
            places = _places_on(whole) if told["kind"] == GroundKind.LAKE.name else _places_along(inside, whole)
            named = {"label": [told["name"]], "at": places, "near": told["rank"] > MOST_NAMED_RANK}
            drawn.append(_feature(whole, {"weight": width, **named}))
    return drawn


def _of_kind(records: FeatureCollection, kind: GroundKind) -> list[Feature]:
    return [each for each in records["features"] if each["properties"]["kind"] == kind.name]


def _name(name: str, at: list[list[float]]) -> Feature:
    """Return a name alone: a circle of no size, which Leaflet hangs it on."""
    return _feature(shapely.Point(at[0]), {"label": [name], "at": at, "px": 0, "weight": 0})


def _places_on(land: BaseGeometry) -> list[list[float]]:
    return _rounded(shapely.Point(spot.lon, spot.lat) for spot in name_places(mapping(land), ())[:MOST_PLACES])


def _places_along(*rivers: BaseGeometry) -> list[list[float]]:
    """Return places for the name of a river: on the longest piece of the first part, then on that of the next."""
    longest = [max(shapely.get_parts(each), key=lambda part: float(part.length)) for each in rivers]
    return _rounded(each.interpolate(share, normalized=True) for each in longest for share in ALONG)


def _rounded(points: Iterable[Any]) -> list[list[float]]:
    return [[round(point.x, DIGITS), round(point.y, DIGITS)] for point in points]


def _feature(geometry: BaseGeometry, properties: Properties, digits: int = DIGITS) -> Feature:
    rounded = shapely.remove_repeated_points(shapely.transform(geometry, lambda corners: corners.round(digits)))
    return {"type": "Feature", "geometry": mapping(rounded), "properties": properties}
