"""GeoJSON, RFC 7946: a FeatureCollection whose further members say what the file is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from api.exports.about import About
from api.exports.columns import Column
from api.exports.writers.writer import Sheet
from geo.vocabulary import Locale


class GeojsonFile:
    """Writes GeoJSON feature by feature. A row of which no place is known is a feature without geometry."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._sheet = sheet
        self._file = path.open("wb")
        self._file.write(b'{"type":"FeatureCollection","features":[')
        self._first = True

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows."""
        shown, locale = self._sheet.shown, self._sheet.locale
        for row in rows:
            feature = {
                "type": "Feature",
                **({"id": row["id"]} if isinstance(row.get("id"), str) else {}),
                "geometry": shown.geometry(row),
                "properties": properties(shown.columns, row, locale),
            }
            self._file.write((b"" if self._first else b",") + b"\n" + orjson.dumps(feature))
            self._first = False

    def finish(self, about: About) -> None:
        """Write the members that say what the file is."""
        members = orjson.dumps(about.members(self._sheet.locale))
        self._file.write(b'\n],"metadata":' + members + b"}\n")
        self._file.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def properties(columns: Sequence[Column], row: Any, locale: Locale) -> dict[str, Any]:
    """Return the values of a row by the names of its columns."""
    return {each.name: each.value(row, locale) for each in columns}
