"""A small map of the regions, to be tapped: some kilobytes, without tiles, and usable without a script."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from api.exports.asking import Asker
from api.nearest.asked import Spot
from api.nearest.packs import areas
from geo.coordinates import BBox
from geo.errors import Unavailable
from geo.service import Resources

WIDTH_PX = 280
"""As wide as a phone of 360 px has room for: a tap is told in pixels of the page, so the map is not scaled."""
HIGHEST_PX = 480
MARGIN = 0.02
KM_A_DEGREE = 111.2
NOT_NOW_S = 10.0
"""How long a map that could not be drawn is not tried again: its outlines are read at nobody's cost."""
PRICE = 20
"""To send it; it is drawn once for all after each change of what the public reads, and nobody pays for that."""


@dataclass(frozen=True, slots=True)
class SmallMap:
    """A map and the box of degrees that it shows, in a projection where a degree has the same size all over it."""

    svg: bytes
    box: BBox
    width_px: int
    height_px: int

    @property
    def km_a_pixel(self) -> float:
        """How far apart the places of two pixels are, from north to south."""
        return (self.box.north - self.box.south) * KM_A_DEGREE / self.height_px

    def spot(self, x: str, y: str) -> Spot | None:
        """Return the place that was tapped; ``None`` if nothing was, as where a keyboard sends the form from 0, 0.

        Examples
        --------
        >>> small = SmallMap(b"", BBox(west=0, south=10, east=4, north=14), 100, 100)
        >>> small.spot("50", "25"), small.spot("0", "0"), small.spot("x", "1"), small.spot("101", "1")
        (Spot(lat=13.0, lon=2.0, name=''), None, None, None)

        """
        if not (x.isascii() and y.isascii() and x.isdecimal() and y.isdecimal()):
            return None
        right, down = int(x[:5]), int(y[:5])
        if (right, down) == (0, 0) or right > self.width_px or down > self.height_px:
            return None
        box = self.box
        lon = box.west + (box.east - box.west) * right / self.width_px
        lat = box.north - (box.north - box.south) * down / self.height_px
        return Spot(round(lat, 3), round(lon, 3))


class SmallMaps:
    """The map, drawn anew after what the public reads has changed.

    Parameters
    ----------
    resources
        What tells whether it has.
    clock
        Returns the time in seconds; for tests.

    """

    def __init__(self, resources: Resources, clock: Callable[[], float] = time.monotonic) -> None:
        self._resources = resources
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: tuple[str, SmallMap | None] | None = None
        self._not_before = -math.inf

    async def get(self, asker: Asker) -> SmallMap | None:
        """Return the map; ``None`` where no region has an outline.

        Raises
        ------
        Refused, LakanaError
            As the API would.
        Unavailable
            For some seconds after it could not be drawn.

        """
        state = await self._resources.public_state.read()
        async with self._lock:
            if self._kept is None or self._kept[0] != state:
                self._kept = state, await self._draw(asker)
        return self._kept[1]

    async def _draw(self, asker: Asker) -> SmallMap | None:
        if self._clock() < self._not_before:
            raise Unavailable("The map cannot be drawn now; try again.", retry_after_s=math.ceil(NOT_NOW_S))
        try:
            nations, regions = [await areas(asker, level, "geometry") for level in ("ADM0", "ADM1")]
            return await asyncio.to_thread(drawn, nations, regions)
        except Exception:
            self._not_before = self._clock() + NOT_NOW_S
            raise


def drawn(nations: Sequence[Mapping[str, Any]], regions: Sequence[Mapping[str, Any]]) -> SmallMap | None:
    """Return the map of nations and of the regions in them, with the regions' names; ``None`` without an outline."""
    named = [*(("", each) for each in nations), *((each["name"], each) for each in regions)]
    shapes = [(name, shape(each["geometry"])) for name, each in named if each["geometry"]]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds([each for _, each in shapes])
    edge = MARGIN * max(east - west, north - south)
    box = BBox(west=float(west - edge), south=float(south - edge), east=float(east + edge), north=float(north + edge))
    # A degree of longitude is as much shorter as the middle of the map is far from the equator.
    narrow = math.cos(math.radians((box.south + box.north) / 2))
    wide, high = (box.east - box.west) * narrow, box.north - box.south
    scale = min(WIDTH_PX / wide, HIGHEST_PX / high)
    width, height = round(wide * scale), round(high * scale)

    def placed(x: Any, y: Any) -> tuple[Any, Any]:
        return (x - box.west) * narrow * scale, (box.north - y) * scale

    seen = [(name, shapely.transform(each, placed, interleaved=False).simplify(0.7)) for name, each in shapes]
    body = "".join(f'<path d="{_path(each)}"/>' for _, each in seen)
    names = "".join(_name(name, each) for name, each in seen)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<g fill="#e8eef4" stroke="#12436d" stroke-width=".7" stroke-linejoin="round">{body}</g>'
        f'<g font-family="sans-serif" font-size="8" text-anchor="middle" fill="#1d2733">{names}</g></svg>'
    )
    return SmallMap(svg.encode(), box, width, height)


def _path(outline: BaseGeometry) -> str:
    """Return the outer rings of an outline, in tenths of a pixel."""
    rings = [part.exterior.coords for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    return "".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "z" for ring in rings)


def _name(name: str, outline: BaseGeometry) -> str:
    """Return the name of a region, where it is wide enough for it."""
    at = outline.representative_point()
    left, _, right, _ = outline.bounds
    return f'<text x="{at.x:.0f}" y="{at.y:.0f}">{escape(name)}</text>' if right - left > 4 * len(name) else ""
