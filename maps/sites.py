"""The contents of layers before Folium: sites, areas that hide a site, and the size of circles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.coordinates import LonLat
from geo.vocabulary import Locale, LocationPrecision
from maps import numbers
from maps.records import Feature, FeatureCollection

Properties = dict[str, Any]
"""What a card shows of a feature, in the language of the map."""

LARGEST_CIRCLE_PX = 20.0
SMALLEST_CIRCLE_PX = 3.0
FEW_CIRCLES = 300


@dataclass(frozen=True, slots=True)
class Site:
    """A place that may be shown as a point, with its family, which determines its sign."""

    family: str
    point: LonLat
    properties: Properties


def hidden(feature: Feature) -> bool:
    """Return whether a feature stands for an area and not for its point."""
    return bool(feature["properties"]["precision"] == LocationPrecision.AREA.name)


def number(feature: Feature) -> int:
    """Return how many sites a feature stands for: one, but where many were gathered in a square."""
    return int(feature["properties"].get("number", 1))


def gathered(features: Iterable[Feature]) -> bool:
    """Return whether sites were gathered in squares."""
    return any("number" in each["properties"] for each in features)


def together(square: Mapping[str, Any], called: str, said: Mapping[str, str], locale: Locale) -> Properties:
    """Return what the card says of the sites of a square: what they are ``called``, and how many they are."""
    told = numbers.number(square["number"], locale)
    return {
        "name": said["together"].format(n=told, called=called),
        "number": square["number"],
        "note": said["together_note"],
        **marked(square),
    }


def with_gathered(note: str, records: FeatureCollection, said: Mapping[str, str]) -> str:
    """Return a note of the legend, which says so where sites were gathered in squares."""
    return f"{said['together_note']} {note}" if gathered(records["features"]) else note


def marked(properties: Mapping[str, Any]) -> Properties:
    """Return the mark of made-up data, if the feature has it."""
    return {"illustrative": True} if properties.get("illustrative") else {}


def contact(properties: Mapping[str, Any]) -> Properties:
    """Return what is known of how a site is reached, and who says so: hours, phone and source."""
    names = {"hours": "openingHours", "phone": "phone", "source": "sourceName"}
    return {shown: properties[name] for shown, name in names.items() if properties.get(name)}


def radius_px(value: float, largest: float, among: int = 1) -> float:
    """Return the radius in pixels of a circle whose area is proportional to a value: at most 20 px, at least 3 px.

    At most 10 px where it is one ``among`` more than 300, which would hide each other on a telephone.

    Examples
    --------
    >>> radius_px(100, 100), radius_px(25, 100), radius_px(0, 0)
    (20.0, 10.0, 3.0)
    >>> radius_px(100, 100, among=301)
    10.0

    """
    if largest <= 0:
        return SMALLEST_CIRCLE_PX
    most = LARGEST_CIRCLE_PX if among <= FEW_CIRCLES else LARGEST_CIRCLE_PX / 2
    return max(SMALLEST_CIRCLE_PX, round(most * math.sqrt(max(value, 0) / largest), 1))
