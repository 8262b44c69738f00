"""The process that opens a GeoTIFF: ``python -m seeds.readers.raster_rows FILE``.

It prints the names of its columns, then batches of rows: longitude, latitude and people, of each inhabited cell, or
where there are too many of hexagons of 406 km², added up by the part of each cell that lies in them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import islice
from math import sqrt
from typing import Any

from seeds.readers.bounds import MAX_RASTER_CELLS
from seeds.readers.worker import bound, say

COLUMNS = ("lon", "lat", "people")
BATCH = 1_000
EDGE_M = 12_500
"""As of demand points (:mod:`seeds.loading.demand`)."""
EQUAL_AREA, LONLAT = "EPSG:6933", "EPSG:4326"
LEAST = 0.01
"""People of a cell below which it counts as empty."""


def main(path: str) -> None:
    """Print the people of each cell or hexagon."""
    os.environ |= {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_CACHEMAX": "64", "GDAL_PAM_ENABLED": "NO"}
    try:
        import rasterio  # noqa: PLC0415  an extra
    except ImportError:
        say({"needs": "rasters"})
        return
    bound()
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            many = sum(1 for _ in islice(_cells(raster), MAX_RASTER_CELLS + 1))
            rows = _cells(raster) if many <= MAX_RASTER_CELLS else _hexagons(path, raster)
            say(COLUMNS)
            while batch := list(islice(rows, BATCH)):
                say(batch)
            say(None)
    except Exception as error:  # noqa: BLE001  whatever GDAL cannot do ends here, and is told
        say({"reason": str(error).replace(path, "")[:200] or type(error).__name__})


def _cells(raster: Any) -> Iterator[tuple[float, float, float]]:
    """Yield the centres of inhabited cells in degrees, with their people."""
    from rasterio.transform import xy  # noqa: PLC0415  an extra
    from rasterio.warp import transform  # noqa: PLC0415

    if raster.crs is None:
        raise ValueError("it says no coordinate system")
    for _, window in raster.block_windows(1):
        people = raster.read(1, window=window, masked=True).filled(0)
        rows, columns = (people > LEAST).nonzero()
        if rows.size:
            xs, ys = xy(raster.transform, rows + window.row_off, columns + window.col_off)
            lons, lats = transform(raster.crs, LONLAT, list(xs), list(ys))
            yield from zip(lons, lats, people[rows, columns].astype(float).tolist(), strict=True)


def _hexagons(path: str, raster: Any) -> Iterator[tuple[float, float, float]]:
    """Yield the centres of inhabited hexagons in degrees, with their people."""
    from exactextract import exact_extract  # noqa: PLC0415  an extra
    from rasterio.warp import transform, transform_bounds, transform_geom  # noqa: PLC0415

    west, south, east, north = transform_bounds(raster.crs, EQUAL_AREA, *raster.bounds)
    wide, high = 1.5 * EDGE_M, sqrt(3) * EDGE_M
    centres = [
        (x * wide, (y + (x % 2) / 2) * high)
        for x in range(int(west // wide) - 1, int(east // wide) + 2)
        for y in range(int(south // high) - 1, int(north // high) + 2)
    ]
    for first in range(0, len(centres), BATCH):
        some = centres[first : first + BATCH]
        shapes = [transform_geom(EQUAL_AREA, raster.crs, _hexagon(x, y)) for x, y in some]
        features = [{"type": "Feature", "properties": {}, "geometry": each} for each in shapes]
        found = exact_extract(path, features, ["sum"])
        lons, lats = transform(EQUAL_AREA, LONLAT, [x for x, _ in some], [y for _, y in some])
        for lon, lat, each in zip(lons, lats, found, strict=True):
            people = float(each["properties"]["sum"] or 0)
            if people > LEAST:
                yield lon, lat, people


def _hexagon(x: float, y: float) -> dict[str, Any]:
    half, high = EDGE_M / 2, sqrt(3) / 2 * EDGE_M
    ring = [(x + EDGE_M, y), (x + half, y + high), (x - half, y + high), (x - EDGE_M, y), (x - half, y - high)]
    ring += [(x + half, y - high), (x + EDGE_M, y)]
    return {"type": "Polygon", "coordinates": [ring]}


if __name__ == "__main__":
    main(sys.argv[1])
