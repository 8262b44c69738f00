"""CSV, in UTF-8 with commas: a row that says what the file is, the names of the columns, their HXL tags, the rows."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.exports.about import About
from api.exports.columns import Cell
from api.exports.writers.writer import Sheet
from geo.notations.spreadsheet_cells import defused


class CsvFile:
    """Writes CSV. What the file says of itself is known last and stands first, so the rows wait in another file."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path, self._sheet = path, sheet
        self._columns = sheet.shown.in_table()
        self._waiting = path.with_suffix(".rows")
        self._file = self._waiting.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([each.name for each in self._columns])
        self._rows.writerow([each.tag for each in self._columns])

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows."""
        locale = self._sheet.locale
        self._rows.writerows([written(each.value(row, locale)) for each in self._columns] for row in rows)

    def finish(self, about: About) -> None:
        """Write what the file says of itself into one cell above the names, where a spreadsheet program shows it."""
        self._file.close()
        with self._path.open("wb") as whole, self._waiting.open("rb") as rows:
            title = " · ".join(about.sentences(self._sheet.locale)).replace('"', '""')
            whole.write(f'\ufeff"{title}"\r\n'.encode())
            shutil.copyfileobj(rows, whole)

    def close(self) -> None:
        """Let go of the rows that wait."""
        self._file.close()
        self._waiting.unlink(missing_ok=True)


def written(cell: Cell) -> str | int | float:
    """Return a value as a cell of CSV has it; what is not known is empty."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case dt.date():
            return cell.isoformat()
        case str():
            return defused(cell)
    return cell
