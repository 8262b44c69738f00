"""Workbooks (XLSX, XLS, ODS): looked at before they are opened, then read by calamine in a process of their own.

That process may take only so much memory and time, so a workbook that is made to do harm ends it and nothing else. It
hands its rows over one by one (:mod:`seeds.readers.workbook_rows`).
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from seeds.readers import workbook_size
from seeds.readers.bounds import MAX_OLD_WORKBOOK
from seeds.readers.headers import tabled
from seeds.readers.table import Cell, Corrections, Form, Format, Numbered, Table
from seeds.troubles import FileTrouble, Refused

_TYPED: Mapping[str, Callable[[str], dt.date | dt.time]] = {
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
}


def tables(path: Path, format_: Format, file: str, corrections: Corrections) -> list[Table]:
    """Return the table of each sheet that holds one, the visible sheets first; or the sheet that was named.

    Raises
    ------
    Refused
        If the workbook is too large, locked or broken, or has no such sheet.

    """
    if format_ is Format.XLS:
        if path.stat().st_size > MAX_OLD_WORKBOOK:
            raise Refused(FileTrouble.TOO_LARGE, most=MAX_OLD_WORKBOOK)
    else:
        workbook_size.check(path, format_, corrections.sheet)
    with _Reading(path) as reading:
        sheets = [str(each) for each in reading.answer()]
    if corrections.sheet is not None and corrections.sheet not in sheets:
        raise Refused(FileTrouble.NO_SHEET, sheet=corrections.sheet, sheets=", ".join(sheets))
    if corrections.sheet is not None:
        return [_table(path, format_, file, corrections.sheet, corrections)]
    found = []
    for sheet in sheets:
        try:
            found.append(_table(path, format_, file, sheet, corrections))
        except Refused as refused:
            if refused.trouble not in {FileTrouble.EMPTY_FILE, FileTrouble.NO_HEADER}:
                raise
    if not found:
        raise Refused(FileTrouble.EMPTY_FILE)
    return found


def _table(path: Path, format_: Format, file: str, sheet: str, corrections: Corrections) -> Table:
    def read() -> Iterator[Numbered]:
        with _Reading(path, sheet) as reading:
            yield from enumerate(reading.rows(), 1)

    return tabled(Form(format_, file, sheet, ()), read, corrections)


class _Reading:
    """The process that has a workbook open; a context manager that ends it."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        named = [] if sheet is None else [sheet]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "seeds.readers.workbook_rows", str(path.resolve()), *named],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self) -> Any:
        """Return the next thing that it says.

        Raises
        ------
        Refused
            If it cannot go on.

        """
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise Refused(FileTrouble.BROKEN_WORKBOOK, reason="it takes too much memory or time, or is damaged")
        said = json.loads(line)
        if isinstance(said, dict):
            trouble = FileTrouble.LOCKED if said.get("locked") else FileTrouble.BROKEN_WORKBOOK
            raise Refused(trouble, reason=said["reason"])
        return said

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the rows of the sheet, the empty ones too."""
        while (said := self.answer()) is not None:
            for cells in said:
                yield [_cell(each) for each in cells]


def _cell(said: Any) -> Cell:
    if isinstance(said, dict):
        [(kind, text)] = said.items()
        return _TYPED[kind](text)
    cell: Cell = said
    return cell
