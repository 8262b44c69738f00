"""The land that every map is drawn over: neighbours, the parts of the area with their colours, rivers and lakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.coordinates import BBox, LonLat
from maps import borders, ground, layers, palette
from maps.geometry import bounds
from maps.layers import Layer
from maps.legend import Entry, Group, Swatch, river, unknown
from maps.records import FeatureCollection, Frame
from maps.sites import Properties

Told = Mapping[str, Any]
STYLES: Mapping[str, Properties] = {
    "neighbours": layers.NEIGHBOUR_STYLE,
    "regions": layers.REGION_STYLE,
    "water": layers.WATER_STYLE,
    "towns": layers.TOWN_STYLE,
}
"""The styles of its layers."""


@dataclass(frozen=True, slots=True)
class Land:
    """The land of a map.

    Parameters
    ----------
    layers
        Its layers, the lowest first.
    box
        What is to be seen at first; None where no place is known.
    unbound
        Whether there is land whose regions have no known border.
    patterns
        The patterns that its fills refer to.

    """

    layers: Mapping[str, Layer]
    box: BBox | None
    unbound: bool
    patterns: tuple[str, ...]


def lay(
    frame: Frame,
    regions: FeatureCollection,
    others: Sequence[Told],
    points: Sequence[LonLat],
    said: Mapping[str, str],
    *,
    describe: Callable[[Told], Properties] | None = None,
    fill: Callable[[Told], str] = lambda _: palette.LAND,
) -> Land:
    """Return the land of a map; names of regions keep away from its ``points``.

    Parameters
    ----------
    frame, regions, others
        As the records of the map have them.
    points
        What else is drawn.
    said
        The words of the map.
    describe
        Returns what the card of a region says; by default its name and code.
    fill
        Returns the colour of a region that has an outline.

    """
    left = borders.land_left(regions, frame.nation)
    drawn = borders.with_land(regions, left)
    box = bounds(drawn, points)
    described = describe or plain
    known = [each["properties"] for each in regions["features"]]
    rest = [] if left is None else [borders.on_land([described(each) for each in others], said)]
    fills = [*map(fill, known), *[palette.UNKNOWN] * len(rest)]
    return Land(
        layers={
            "neighbours": ground.surroundings(frame, box),
            "regions": layers.regions(drawn, [*map(described, known), *rest], fills, points),
            "water": ground.water(frame.ground, frame.nation),
            "towns": ground.towns(frame.towns),
        },
        box=box,
        unbound=left is not None,
        patterns=() if left is None else ("lakana-unknown",),
    )


def plain(region: Told) -> Properties:
    """Return what is said of a region of which there are no figures."""
    return {"name": region["name"], "code": region["code"], "label": [region["name"]]}


def legend(land: Land, others: Sequence[Told], said: Mapping[str, str]) -> Group:
    """Return the lines of the legend for regions of which there are no figures."""
    return Group(
        Entry(said["regions"], Swatch(palette.BOX, palette.LAND, palette.BORDER), layer="regions"),
        (Entry(said["unknown_border"], unknown()),) if land.unbound else (),
        borders.among(others, said),
    )


def waters(said: Mapping[str, str]) -> Group:
    """Return the lines of the legend for what the map is drawn on."""
    return Group(Entry(said["ground"]), (Entry(said["water"], river()),))
