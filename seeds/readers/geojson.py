"""GeoJSON: features one after the other, heights dropped, outlines that are nested too deep read as they are nested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from geo.polygons import SAME_CRS
from seeds.readers.bounds import MAX_COLUMNS, MAX_FEATURE
from seeds.readers.encodings import Opened
from seeds.readers.nested import members
from seeds.readers.table import Cell, Column, Form, Format, Remark, Row, Table
from seeds.troubles import FileTrouble, Refused

CHUNK = 1 << 20
LONGEST_HEAD = 4_000_000
"""Bytes before the features."""
_MARK = b"\xef\xbb\xbf"
_FEATURES = re.compile(rb'"features"\s*:\s*\[')
_CRS = re.compile(rb'"crs"\s*:\s*\{\s*"type"\s*:\s*"name"\s*,\s*"properties"\s*:\s*\{\s*"name"\s*:\s*"([^"]{1,80})"')
_BEGIN, _STOP, _QUOTED = re.compile(rb"[{\]]"), re.compile(rb'[{}"]'), re.compile(rb'\\.|"', re.DOTALL)
_OWN = ("type", "id", "bbox", "geometry", "properties")
"""Members of a feature that are read, or say nothing of the place."""
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists stand around a position."""
_DEEPER = {"Polygon": "MultiPolygon", "MultiPolygon": "Polygon"}


def table(opened: Opened, file: str, sheet: str | None) -> Table:
    """Return the features of a FeatureCollection as a table: properties are its columns, in the order of the file.

    Raises
    ------
    Refused
        If it is no FeatureCollection, in another coordinate system than EPSG:4326, or has too many properties.

    """
    names: dict[str, None] = {}
    for _, feature, at in _features(opened):
        _check_depth(feature, at)
        names |= dict.fromkeys(map(str, _properties(feature)))
        if len(names) > MAX_COLUMNS:
            raise Refused(FileTrouble.TOO_MANY_COLUMNS, most=MAX_COLUMNS)
    form = Form(Format.GEOJSON, file, sheet, tuple(map(Column, names)), encoding="utf-8")

    def read() -> Iterator[Row]:
        for number, feature, _ in _features(opened):
            properties = _properties(feature)
            geometry, remarks = mended(feature.get("geometry"))
            yield Row(number, [_cell(properties.get(name)) for name in names], geometry, remarks)

    return Table(form, read)


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is said of a feature: its properties, and what stands beside them under ``feature/``."""
    found = feature.get("properties")
    own = found if isinstance(found, dict) else {}
    return dict(members(own)) | dict(members(feature, _OWN, "feature/"))


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float) else orjson.dumps(value).decode()


def mended(geometry: Any) -> tuple[Mapping[str, Any] | None, tuple[Remark, ...]]:
    """Return a geometry without heights, an outline as deep as its type says, and what was mended.

    Examples
    --------
    >>> mended({"type": "Point", "coordinates": [-8.0, 12.6, 350.0]})
    ({'type': 'Point', 'coordinates': [-8.0, 12.6]}, ())
    >>> square = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    >>> mended({"type": "Polygon", "coordinates": [square]})[0]["type"]
    'MultiPolygon'
    >>> mended(None)
    (None, ())

    """
    if geometry is None:
        return None, ()
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in DEPTHS:
        return None, (
            (FileTrouble.NO_GEOMETRY, {"reason": f"its type is {kind if isinstance(kind, str) else 'no word'}"}),
        )
    nested = _depth(geometry.get("coordinates"))
    try:
        if nested == DEPTHS[kind]:
            return {"type": kind, "coordinates": _flat(geometry["coordinates"], nested)}, ()
        other = _DEEPER.get(kind)
        if other is not None and nested == DEPTHS[other]:
            remark = FileTrouble.NESTED_TOO_DEEP, {"said": kind, "nested": other}
            return {"type": other, "coordinates": _flat(geometry["coordinates"], nested)}, (remark,)
    except (TypeError, ValueError):
        nested = None
    reason = "its positions are not numbers" if nested is None else f"a {kind} is nested otherwise"
    return None, ((FileTrouble.NO_GEOMETRY, {"reason": reason}),)


def _depth(coordinates: Any) -> int | None:
    depth = -1
    while isinstance(coordinates, list) and coordinates:
        coordinates, depth = coordinates[0], depth + 1
    return depth if isinstance(coordinates, int | float) else None


def _flat(coordinates: Any, depth: int) -> Any:
    """Return coordinates with two numbers a position; raise TypeError or ValueError where one has fewer."""
    if depth > 0:
        return [_flat(each, depth - 1) for each in coordinates]
    lon, lat, *_ = coordinates
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        raise TypeError
    return [lon, lat]


def _check_depth(feature: Mapping[str, Any], at: int) -> None:
    try:
        orjson.dumps(feature.get("properties"))
        _properties(feature)
    except (orjson.JSONEncodeError, RecursionError):
        raise Refused(FileTrouble.BROKEN_JSON, reason="a property is nested too deep", byte=at) from None


def _features(opened: Opened) -> Iterator[tuple[int, dict[str, Any], int]]:
    """Yield the features with their numbers from 1 and the bytes where they begin, holding one of them at a time."""
    with opened() as file:
        stream = _Stream(file)
        stream.to_features()
        for number, (text, at) in enumerate(stream.objects(), 1):
            try:
                feature = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise Refused(FileTrouble.BROKEN_JSON, reason=f"feature {number}: {error.msg}", byte=at) from None
            yield number, feature, at


class _Stream:
    """The bytes of a file, of which only what is not yet told is held. Places are counted from there."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._held = b""
        self._from = 0
        """Bytes of what is held that are told."""
        self._before = 0
        """Bytes of the file before what is held."""

    def to_features(self) -> None:
        """Go to the list of features."""
        while not (found := _FEATURES.search(self._held)):
            if not self._more() or len(self._held) > LONGEST_HEAD:
                raise Refused(FileTrouble.BROKEN_JSON, reason="it holds no list of features", byte=len(self._held))
        crs = _CRS.search(self._held, 0, found.start())
        if crs and not SAME_CRS.fullmatch(crs[1].decode("utf-8", "replace")):
            raise Refused(FileTrouble.OTHER_COORDINATES, system=crs[1].decode("utf-8", "replace"))
        self._from = found.end()

    def objects(self) -> Iterator[tuple[bytes, int]]:
        """Yield the objects of the list, each with its first byte's place in the file."""
        while True:
            sign, end = self._find(_BEGIN, 0)
            if self._held[self._from : self._from + end - 1].strip(b", \t\r\n"):
                raise self._broken("something stands between two features")
            if sign == b"]":
                return
            self._from += end - 1
            end = self._end_of_object()
            yield self._held[self._from : self._from + end], self._before + self._from
            self._from += end

    def _end_of_object(self) -> int:
        """Return the place behind the object that begins here."""
        at = depth = 0
        while True:
            sign, at = self._find(_STOP, at)
            if sign == b'"':
                sign, at = self._find(_QUOTED, at)
                while sign != b'"':
                    sign, at = self._find(_QUOTED, at)
                continue
            depth += 1 if sign == b"{" else -1
            if depth == 0:
                return at

    def _find(self, wanted: re.Pattern[bytes], at: int) -> tuple[bytes, int]:
        """Return the next match and the place behind it, reading on as far as needed."""
        while (found := wanted.search(self._held, self._from + at)) is None:
            at = max(at, len(self._held) - self._from - 1)  # a backslash there may wait for what it stands before
            if len(self._held) - self._from > MAX_FEATURE:
                raise Refused(FileTrouble.FEATURE_TOO_LARGE, most=MAX_FEATURE)
            if not self._more():
                raise self._broken("it ends too early")
        return found[0], found.end() - self._from

    def _more(self) -> bool:
        chunk = self._file.read(max(CHUNK, len(self._held) - self._from))  # so that a long feature is copied seldom
        whole = self._before + len(self._held) > 0
        self._held = self._held[self._from :] + (chunk if whole else chunk.removeprefix(_MARK))
        self._before += self._from
        self._from = 0
        return bool(chunk)

    def _broken(self, reason: str) -> Refused:
        return Refused(FileTrouble.BROKEN_JSON, reason=reason, byte=self._before + self._from)
