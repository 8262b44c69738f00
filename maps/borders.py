"""The regions that have an outline of their own, and the land of the others, between which nobody knows the border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely import MultiPolygon, get_parts, make_valid, union_all
from shapely.geometry import mapping, shape

from maps.records import Feature, FeatureCollection, Geometry
from maps.sites import Properties

LEAST_SQUARE_DEGREES = 1e-3
"""Land smaller than this, 12 km², is what outlines of two sources leave between them, and no region."""
MOST_NAMED = 3
"""So many regions are named on their common land; more would not fit, and stand on its card."""
DASH = "6 4"
"""The line around such land."""


def land_left(regions: FeatureCollection, nation: Geometry | None) -> Geometry | None:
    """Return the land of the nation that no outline of a region covers; None where nothing is left.

    Examples
    --------
    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
    >>> west = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 2], [0, 2], [0, 0]]]}
    >>> regions = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": west, "properties": {}}]}
    >>> shape(land_left(regions, square)).bounds
    (1.0, 0.0, 2.0, 2.0)
    >>> land_left(regions, west) is land_left(regions, None) is None
    True

    """
    if nation is None:
        return None
    covered = union_all([make_valid(shape(each["geometry"])) for each in regions["features"]])
    rest = make_valid(shape(nation)).difference(covered)
    kept = [each for each in get_parts(rest) if each.area >= LEAST_SQUARE_DEGREES]
    return mapping(MultiPolygon(kept)) if kept else None


def with_land(regions: FeatureCollection, land: Geometry | None) -> FeatureCollection:
    """Return the regions and, last, the land that is left, so that the outlines of both are rounded alike."""
    left = [] if land is None else [Feature(type="Feature", geometry=land, properties={})]
    return {"type": "FeatureCollection", "features": [*regions["features"], *left]}


def on_land(others: Sequence[Properties], said: Mapping[str, str]) -> Properties:
    """Return what is said on the land of regions without an outline, each of which has a part of the card."""
    names = [each["name"] for each in others if each["code"]]
    shown = names if len(names) <= MOST_NAMED else []
    return {
        "name": ", ".join(names) or said["unknown_border"],
        "note": said["unknown_border_note"],
        "label": [*shown, said["unknown_border"]],
        "spoken": ", ".join([*names, said["unknown_border"]]),
        "sites": [{key: value for key, value in each.items() if key not in ("label", "spoken")} for each in others],
        "dash": DASH,
    }


def among(others: Iterable[Mapping[str, Any]], said: Mapping[str, str]) -> str:
    """Return the sentence that names the regions without an outline; empty where there are none."""
    names = ", ".join(each["name"] for each in others if each["name"])
    return said["unknown_among"].format(regions=names) if names else ""
