"""GeoPackage, through GDAL: a layer of rows, or a table where they stand nowhere; its metadata say what the file is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry import shape

from api.exports.about import About
from api.exports.columns import Column, Holds, Shown
from api.exports.writers.writer import Sheet
from geo.errors import BadInput

MOST_AT_ONCE = 500
"""Rows that wait to be written, which opens the layer again and holds Python's lock for 16 ms (160 for 5,000)."""
VERSION = "1.2"
"""Of GeoPackage: GDAL before 3.7, and so QGIS before 3.32, warns of a later one."""
ALWAYS = "2000-01-01T00:00:00.000Z"
"""When a file says that it was last changed: the same rows make the same file."""


class GeopackageFile:
    """Writes a GeoPackage.

    Raises
    ------
    BadInput
        If pyogrio is not installed.

    """

    def __init__(self, path: Path, sheet: Sheet) -> None:
        try:
            import pyogrio  # noqa: PLC0415  it comes with an extra
        except ImportError:
            raise BadInput("format", "GeoPackage needs pyogrio; install lakana[layers], or ask for GeoJSON.") from None
        self._ogr = pyogrio
        self._path, self._sheet = path, sheet
        self._file = path.with_suffix(".gpkg")  # GDAL wants it so
        self._waiting: list[Any] = []
        self._written = False

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows."""
        self._waiting += rows
        if len(self._waiting) >= MOST_AT_ONCE:
            self._put({})

    def finish(self, about: About) -> None:
        """Write what the file is into the metadata of its layer."""
        members = about.members(self._sheet.locale)
        told = {"NOTES": "\n".join(members.pop("notes"))}
        told |= {name.upper(): _told(value) for name, value in members.items() if value is not None}
        self._put({"layer_metadata": told})
        self._file.replace(self._path)

    def close(self) -> None:
        """Let go of the rows that wait; the file is open only while it is written."""
        self._waiting = []

    def _put(self, more: dict[str, Any]) -> None:
        rows = self._waiting
        columns, shown = self._sheet.shown.columns, self._sheet.shown
        kind = _geometry_type(shown)
        made = [self._values(each, rows) for each in columns]
        self._ogr.set_gdal_config_options({"OGR_CURRENT_DATE": ALWAYS})
        self._ogr.raw.write(
            str(self._file),
            None if kind is None else np.array([_wkb(shown.geometry(each)) for each in rows], dtype=object),
            [values for values, _ in made],
            [each.name for each in columns],
            field_mask=[mask for _, mask in made],
            layer=self._sheet.name,
            driver="GPKG",
            geometry_type=kind,
            crs=None if kind is None else "EPSG:4326",
            promote_to_multi=False,
            append=self._written,
            dataset_options=None if self._written else {"VERSION": VERSION},
            **more,
        )
        self._written, self._waiting = True, []

    def _values(self, column: Column, rows: Sequence[Any]) -> tuple[Any, Any]:
        """Return the values of a column, and which of them are not known."""
        locale = self._sheet.locale
        values = [column.value(row, locale) for row in rows]
        unknown = np.array([each is None for each in values], dtype=bool)
        match column.holds:
            case Holds.WHOLE:
                return np.array([0 if each is None else each for each in values], dtype=np.int64), unknown
            case Holds.NUMBER:
                return np.array([0.0 if each is None else each for each in values], dtype=np.float64), unknown
            case Holds.FLAG:
                return np.array([bool(each) for each in values], dtype=bool), unknown
            case Holds.DAY:
                days = [dt.date(1970, 1, 1) if each is None else each for each in values]
                return np.array(days, dtype="datetime64[D]"), unknown
            case Holds.MOMENT:
                moments = [_utc(each) if isinstance(each, dt.datetime) else np.datetime64(0, "ms") for each in values]
                return np.array(moments, dtype="datetime64[ms]"), unknown
        return np.array([None if each is None else str(each) for each in values], dtype=object), None


def _geometry_type(shown: Shown) -> str | None:
    """Return what geometries a layer has, as GDAL calls it; ``None`` where its rows stand nowhere."""
    if not (shown.points or shown.outlines):
        return None
    only_points = not shown.outlines and all(path[-1] == "point" for path in shown.points)
    return "Point" if only_points else "Unknown"


def _wkb(geometry: Any) -> bytes | None:
    return None if geometry is None else shapely.to_wkb(shape(geometry))


def _told(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _utc(moment: dt.datetime) -> Any:
    return np.datetime64(moment.astimezone(dt.UTC).replace(tzinfo=None), "ms")
