"""Workbooks (XLSX, XLS, ODS): looked at before they are opened, then read by calamine in a process of their own.

That process may take only so much memory and time, so a workbook that is made to do harm ends it and nothing else. It
hands its rows over one by one (:mod:`seeds.readers.workbook_rows`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from seeds.readers import workbook_size
from seeds.readers.bounds import MAX_OLD_WORKBOOK
from seeds.readers.headers import tabled
from seeds.readers.table import Cell, Corrections, Form, Format, Numbered, Table
from seeds.readers.worker import Worker
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
    with _reading(path) as reading:
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
        with _reading(path, sheet) as reading:
            yield from enumerate(([_cell(each) for each in cells] for cells in reading.items()), 1)

    return tabled(Form(format_, file, sheet, ()), read, corrections)


def _reading(path: Path, *sheet: str) -> Worker:
    return Worker("seeds.readers.workbook_rows", path, FileTrouble.BROKEN_WORKBOOK, *sheet)


def _cell(said: Any) -> Cell:
    if isinstance(said, dict):
        [(kind, text)] = said.items()
        return _TYPED[kind](text)
    cell: Cell = said
    return cell
