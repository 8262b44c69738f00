"""A country on both sides of the antimeridian is drawn in one piece: its longitudes go on past 180 degrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from geo.coordinates import BBox
from maps.layers import Layer

HALF_TURN, TURN = 180, 360


def goes_across(box: BBox | None) -> bool:
    """Return whether what lies in a box is nearer together across the antimeridian than the other way round.

    Examples
    --------
    >>> goes_across(BBox(west=-180, south=-18, east=180, north=-16))
    True
    >>> goes_across(BBox(west=-12, south=10, east=4, north=25))
    False

    """
    return box is not None and not box.across and box.degrees > HALF_TURN


def in_one_piece(layers: Mapping[str, Layer]) -> dict[str, Layer]:
    """Return layers with what lies in the west moved behind the east, by a whole turn; the cut between both is gone."""
    return {
        name: [_site(each) if isinstance(each, list) else _feature(each) for each in layer]
        for name, layer in layers.items()
    }


def box_around(layers: Mapping[str, Layer], box: BBox) -> BBox:
    """Return the box of the regions, or else of the sites, of layers in one piece: it goes across the antimeridian."""
    regions = [lon for each in layers.get("regions", ()) for lon in _longitudes(each["geometry"]["coordinates"])]
    lons = regions or [each[1] for each in layers.get("sites", ())]
    return BBox(west=min(lons), south=box.south, east=max(lons), north=box.north) if lons else box


def _feature(feature: Any) -> Any:
    geometry, properties = feature["geometry"], feature["properties"]
    moved = {**geometry, "coordinates": _moved(geometry["coordinates"])}
    if geometry["type"] == "MultiPolygon":
        moved = _whole(moved)
    return {
        **feature,
        "geometry": moved,
        "properties": properties | ({"at": _moved(properties["at"])} if "at" in properties else {}),
    }


def _whole(geometry: Any) -> Any:
    """Return polygons as one outline where they meet, as the two halves of an area that was cut do."""
    told: Any = mapping(shapely.union_all([shapely.make_valid(part) for part in shape(geometry).geoms]))
    return {"type": told["type"], "coordinates": _lists(told["coordinates"])}


def _lists(coordinates: Any) -> Any:
    return [_lists(each) for each in coordinates] if isinstance(coordinates, tuple) else coordinates


def _site(row: list[Any]) -> list[Any]:
    lat, lon, *rest = row
    return [lat, _east(lon), *rest]


def _moved(coordinates: Any) -> Any:
    """Return nested coordinates, longitude first, with those of the west moved."""
    if coordinates and isinstance(coordinates[0], int | float):
        lon, *rest = coordinates
        return [_east(lon), *rest]
    return [_moved(each) for each in coordinates]


def _east(lon: float) -> float:
    return lon + TURN if lon < 0 else lon


def _longitudes(coordinates: Any) -> list[float]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [coordinates[0]]
    return [lon for each in coordinates for lon in _longitudes(each)]
