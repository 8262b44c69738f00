"""All tiles in one file, PMTiles version 3, which a map program reads without a server."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from api.tiles.making import Box, extent, made
from api.tiles.style import described
from geo.audience import Caller
from geo.errors import Unavailable
from geo.progress import Progress
from geo.queries.tiles.tile import Tile
from geo.service import Resources

NOTHING = "There is nothing to put on tiles; seed or import a country first."
WHOLE = 10**7
"""A degree in the numbers of a PMTiles header."""


async def write(
    resources: Resources, caller: Caller, layers: Sequence[str], most_zoom: int, path: Path, progress: Progress
) -> int:
    """Write the tiles of layers up to a zoom, itself taken, to a file; return how many there are.

    Raises
    ------
    Unavailable
        If there is nothing on any tile.
    LakanaError
        If the database has no turn or no time for one.

    """
    box, number = await extent(resources, caller), 0
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        for tile in _tiles(box, most_zoom):
            body = await made(resources, caller, layers, tile)
            if body:
                writer.write_tile(zxy_to_tileid(tile.zoom, tile.x, tile.y), gzip.compress(body, mtime=0))
                number += 1
                progress("tiles", number, 0)
        if not number:
            raise Unavailable(NOTHING)
        writer.finalize(_header(box), {"name": "Lakana", "vector_layers": _contents(layers)})
    return number


def _contents(layers: Sequence[str]) -> list[dict[str, Any]]:
    return [each for each in described() if each["id"] in layers]


def _tiles(box: Box, most_zoom: int) -> Iterator[Tile]:
    """Yield the tiles that meet a box, zoom by zoom, in the order of their numbers."""
    west, south, east, north = box
    for zoom in range(most_zoom + 1):
        left, bottom = _column_and_row(zoom, west, south)
        right, top = _column_and_row(zoom, east, north)
        every = (Tile(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
        yield from sorted(every, key=lambda each: zxy_to_tileid(each.zoom, each.x, each.y))


def _column_and_row(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    number, north = 1 << zoom, math.asinh(math.tan(math.radians(lat)))
    column, row = (lon + 180) / 360 * number, (1 - north / math.pi) / 2 * number
    return min(int(column), number - 1), min(max(int(row), 0), number - 1)


def _header(box: Box) -> dict[str, Any]:
    west, south, east, north = (round(each * WHOLE) for each in box)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 4,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
