"""The process that opens a Shapefile or GeoPackage: ``python -m seeds.readers.layer_rows FILE [LAYER]``.

It prints the names of the layers, or for a layer the names of its columns and then batches of features, each a list of
cells and a geometry in EPSG:4326. GDAL has no other drivers here than those two, and reads no virtual files.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from seeds.readers.worker import bound, say

DRIVERS = frozenset(("ESRI Shapefile", "GPKG"))
BATCH = 50
LONLAT = frozenset(("EPSG:4326", "OGC:CRS84"))


def main(path: str, layer: str | None) -> None:
    """Print what was asked for."""
    try:
        import pyogrio  # noqa: PLC0415  an extra
    except ImportError:
        say({"needs": "layers"})
        return
    if "GDAL_SKIP" not in os.environ:  # drivers are told apart when GDAL begins, so it begins once more
        again = [sys.executable, "-m", "seeds.readers.layer_rows", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, **bare(pyogrio.list_drivers())})  # noqa: S606  itself
    bound()
    try:
        if layer is None:
            say([str(each) for each, kind in pyogrio.list_layers(path) if kind is not None])
        else:
            for each in said(path, layer):
                say(each)
            say(None)
    except Exception as error:  # noqa: BLE001  whatever GDAL cannot do ends here, and is told
        say({"reason": str(error).replace(path, "")[:200] or type(error).__name__})


def bare(drivers: Iterable[str]) -> dict[str, str]:
    """Return the environment in which GDAL has of its drivers those that are needed, and fetches nothing."""
    skipped = ",".join(each for each in drivers if each not in DRIVERS)
    return {
        "GDAL_SKIP": skipped,
        "OGR_SKIP": skipped,
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "GDAL_CACHEMAX": "64",
    }


def said(path: str, layer: str) -> Iterator[Any]:
    """Yield the names of the columns, then batches of features."""
    from pyogrio import read_info  # noqa: PLC0415  an extra
    from pyogrio.raw import read  # noqa: PLC0415

    told = read_info(path, layer=layer, force_feature_count=True)
    if told["driver"] not in DRIVERS:
        raise ValueError("no Shapefile or GeoPackage")
    yield [str(each) for each in told["fields"]]
    for first in range(0, int(told["features"]), BATCH):
        _, _, geometries, columns = read(path, layer=layer, skip_features=first, max_features=BATCH)
        shapes = _in_degrees(geometries, told["crs"])
        rows = zip(*map(_cells, columns), strict=True) if columns else ([] for _ in shapes)
        yield [[list(cells), shape] for cells, shape in zip(rows, shapes, strict=True)]


def _in_degrees(geometries: Any, crs: str | None) -> list[dict[str, Any] | None]:
    """Return geometries without heights as GeoJSON has them, in EPSG:4326.

    Raises
    ------
    ValueError
        If they are in another system that cannot be changed into it.

    """
    import shapely  # noqa: PLC0415  costs time only where it is needed

    shapes = shapely.force_2d(shapely.from_wkb(geometries))
    if crs is not None and crs not in LONLAT:
        shapes = shapely.transform(shapes, _transformed(crs), interleaved=False)
    return [None if each is None else json.loads(shapely.to_geojson(each)) for each in shapes]


def _transformed(crs: str) -> Any:
    try:
        from rasterio.warp import transform  # noqa: PLC0415  an extra
    except ImportError:
        raise ValueError(f"it is in {crs}; export it in EPSG:4326") from None
    return lambda xs, ys: transform(crs, "EPSG:4326", xs, ys)


def _cells(column: Any) -> list[Any]:
    """Return the values of a column as JSON has them; days and moments as ISO 8601 writes them."""
    values = (column.astype("datetime64[ms]") if column.dtype.kind == "M" else column).tolist()
    return [_cell(each) for each in values]


def _cell(value: Any) -> Any:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return value if value is None or isinstance(value, str | int) else str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if sys.argv[2:] else None)
