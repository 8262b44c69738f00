"""All tiles in one file, PMTiles version 3, which a map program reads without a server."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from api.tiles.making import Box, bounds, extent, made
from api.tiles.style import described
from geo.audience import Caller
from geo.coordinates import turned
from geo.errors import Unavailable
from geo.progress import Progress
from geo.queries.tiles.tile import Tile
from geo.service import Resources

NOTHING = "There is nothing to put on tiles; seed or import a country first."
HALF_TURN = 180
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
        number = 1 << zoom
        left, right = _column(number, west), _column(number, east)
        if east <= HALF_TURN:
            right = min(right, number - 1)
        columns = {x % number for x in range(left, right + 1)}
        rows = range(_row(number, north), _row(number, south) + 1)
        yield from sorted((Tile(zoom, x, y) for x in columns for y in rows), key=_number)


def _number(tile: Tile) -> int:
    return int(zxy_to_tileid(tile.zoom, tile.x, tile.y))


def _column(number: int, lon: float) -> int:
    """Return the column of a longitude; beyond the antimeridian they are counted on."""
    return int((lon + HALF_TURN) / (2 * HALF_TURN) * number)


def _row(number: int, lat: float) -> int:
    north = math.asinh(math.tan(math.radians(lat)))
    return min(max(int((1 - north / math.pi) / 2 * number), 0), number - 1)


def _header(box: Box) -> dict[str, Any]:
    lon, lat = turned((box[0] + box[2]) / 2), (box[1] + box[3]) / 2
    west, south, east, north = (round(each * WHOLE) for each in bounds(box))
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 4,
        "center_lon_e7": round(lon * WHOLE),
        "center_lat_e7": round(lat * WHOLE),
    }
