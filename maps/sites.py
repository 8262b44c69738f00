"""The contents of layers before Folium: sites, areas that hide a site, and the size of circles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.coordinates import LonLat
from geo.vocabulary import LocationPrecision
from maps.records import Feature

Properties = dict[str, Any]
"""What a card shows of a feature, in the language of the map."""

LARGEST_CIRCLE_PX = 20.0
SMALLEST_CIRCLE_PX = 3.0


@dataclass(frozen=True, slots=True)
class Site:
    """A place that may be shown as a point, with its family, which determines its sign."""

    family: str
    point: LonLat
    properties: Properties


def hidden(feature: Feature) -> bool:
    """Return whether a feature stands for an area and not for its point."""
    return bool(feature["properties"]["precision"] == LocationPrecision.AREA.name)


def marked(properties: Mapping[str, Any]) -> Properties:
    """Return the mark of made-up data, if the feature has it."""
    return {"illustrative": True} if properties.get("illustrative") else {}


def radius_px(value: float, largest: float) -> float:
    """Return the radius in pixels of a circle whose area is proportional to a value: at most 20 px, at least 3 px.

    Examples
    --------
    >>> radius_px(100, 100), radius_px(25, 100), radius_px(0, 0)
    (20.0, 10.0, 3.0)

    """
    if largest <= 0:
        return SMALLEST_CIRCLE_PX
    return max(SMALLEST_CIRCLE_PX, round(LARGEST_CIRCLE_PX * math.sqrt(max(value, 0) / largest), 1))
