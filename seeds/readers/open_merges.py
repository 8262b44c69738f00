"""The merged cells of an ODS sheet, which calamine does not tell: read from content.xml, and nothing else is kept."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

CHUNK = 1 << 18
MAX_MERGES = 100_000
_LONGEST = 9
"""Digits of a count: no sheet has more rows or columns."""

Place = tuple[int, int]
"""Row and column, counted from 0."""


def ranges(path: str, sheet: str) -> list[tuple[Place, Place]]:
    """Return the first and the last place of each merged cell of a sheet.

    Raises
    ------
    ValueError
        If they are more than :data:`MAX_MERGES`, or the XML is broken.

    """
    merges = _Merges(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = merges.begin
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return merges.found


class _Merges:
    def __init__(self, sheet: str) -> None:
        self.found: list[tuple[Place, Place]] = []
        self._sheet = sheet
        self._inside = False
        self._row = self._column = 0
        self._next_row = 0

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        kind = element.rpartition(":")[2]
        told = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if kind == "table":
            self._inside = told.get("name") == self._sheet
            self._next_row = 0
        elif kind == "table-row":
            self._row, self._column = self._next_row, 0
            self._next_row += _count(told.get("number-rows-repeated"))
        elif self._inside and kind in {"table-cell", "covered-table-cell"}:
            rows, columns = (_count(told.get(f"number-{each}-spanned")) for each in ("rows", "columns"))
            if rows > 1 or columns > 1:
                if len(self.found) == MAX_MERGES:
                    raise ValueError(f"more than {MAX_MERGES:,} merged cells")
                first = self._row, self._column
                self.found.append((first, (self._row + rows - 1, self._column + columns - 1)))
            self._column += _count(told.get("number-columns-repeated"))


def _count(given: str | None) -> int:
    return int(given) if given is not None and given.isdecimal() and len(given) <= _LONGEST else 1
