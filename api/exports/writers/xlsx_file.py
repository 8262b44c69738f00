"""XLSX: a sheet with the rows, and one that says what the file is and what each column holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from api.exports.about import About
from api.exports.columns import Cell, Column
from api.exports.writers.writer import Sheet
from geo.errors import TooCostly
from geo.notations.spreadsheet_cells import defused
from geo.vocabulary import Words, in_language

MOST_ROWS = 1_048_576 - 2
"""Rows of a sheet, less the names and the tags."""
LONGEST = 32_767
"""Characters of a cell."""
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001  workbooks know no zones
"""The day that a workbook says it was made on: the same rows make the same bytes."""
ABOUT: Words = ("À propos", "About", None)
COLUMN, TAG, WHAT = (
    ("Colonne", "Column", None),
    ("Étiquette HXL", "HXL tag", None),
    ("Ce que c’est", "What it is", None),
)
CUT: Words = ("{many} cellules trop longues sont coupées", "{many} cells that are too long are cut off", None)


class XlsxFile:
    """Writes XLSX row by row: no more than one row is in memory."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._sheet, self._columns = sheet, sheet.shown.in_table()
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"created": MADE})
        self._rows = self._book.add_worksheet(sheet.name[:31])
        self._about = self._book.add_worksheet(in_language(ABOUT, sheet.locale))
        add = self._book.add_format
        self._bold, self._grey = add({"bold": True}), add({"font_color": "#666666"})
        self._day, self._moment = add({"num_format": "yyyy-mm-dd"}), add({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._text, self._quoted = add({"num_format": "@"}), add({"num_format": "@", "quote_prefix": True})
        self._next = self._cut = 0
        self._rows.set_column(0, max(len(self._columns) - 1, 0), 16)
        self._rows.freeze_panes(2, 0)
        self._line([each.name for each in self._columns], self._bold)
        self._line([each.tag for each in self._columns], self._grey)

    def _line(self, texts: Sequence[str], style: Any) -> None:
        for place, each in enumerate(texts):
            if each:
                self._rows.write_string(self._next, place, each, style)
        self._next += 1

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows.

        Raises
        ------
        TooCostly
            If a sheet does not hold so many.

        """
        for row in rows:
            if self._next >= MOST_ROWS + 2:
                raise TooCostly(f"A sheet holds {MOST_ROWS:,} rows; ask for CSV, or for less.")
            for place, column in enumerate(self._columns):
                self._cell(place, column, column.value(row, self._sheet.locale))
            self._next += 1

    def _cell(self, place: int, _column: Column, cell: Cell) -> None:
        at = self._next, place
        match cell:
            case None:
                return
            case bool():
                self._rows.write_boolean(*at, cell)
            case int() | float():
                self._rows.write_number(*at, cell)
            case dt.datetime():
                self._rows.write_datetime(*at, cell.astimezone(dt.UTC).replace(tzinfo=None), self._moment)
            case dt.date():
                self._rows.write_datetime(*at, cell, self._day)
            case str():
                self._cut += len(cell) > LONGEST
                # A text is no formula here; the mark keeps it one where somebody edits the cell.
                style = self._text if defused(cell) == cell else self._quoted
                self._rows.write_string(*at, cell[:LONGEST], style)

    def finish(self, about: About) -> None:
        """Write the sheet that says what the file is."""
        locale = self._sheet.locale
        if self._next > 2:  # noqa: PLR2004  names and tags
            self._rows.autofilter(1, 0, self._next - 1, len(self._columns) - 1)
        lines = about.sentences(locale)
        if self._cut:
            lines.append(in_language(CUT, locale).format(many=self._cut))
        self._about.set_column(0, 1, 34)
        self._about.set_column(2, 2, 100)
        for number, each in enumerate(lines):
            self._about.write_string(number, 0, each[:LONGEST], self._bold if number == 0 else None)
        below = len(lines) + 1
        for place, words in enumerate((COLUMN, TAG, WHAT)):
            self._about.write_string(below, place, in_language(words, locale), self._bold)
        for number, column in enumerate(self._columns, below + 1):
            for place, each in enumerate((column.name, column.tag, column.words)):
                self._about.write_string(number, place, each)
        self.close()

    def close(self) -> None:
        """Close the workbook, which writes it: there is no other way to let go of it."""
        if not self._book.fileclosed:
            self._book.close()
