"""The process that opens a workbook: ``python -m seeds.readers.workbook_rows FILE [SHEET]``.

It prints one line of JSON with the names of the sheets, the visible ones first, or for a sheet lists of rows and then
``null``. What goes wrong is an object with a reason. Dates are objects of one member, named by their type.
"""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from seeds.readers import open_merges
from seeds.readers.worker import bound, say

BATCH = 500

Range = tuple[open_merges.Place, open_merges.Place]


def main(path: str, sheet: str | None) -> None:
    """Print what was asked for."""
    from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook  # noqa: PLC0415

    bound()
    try:
        with load_workbook(path) as workbook:
            if sheet is None:
                told = workbook.sheets_metadata
                say([each.name for each in sorted(told, key=lambda each: each.visible != SheetVisibleEnum.Visible)])
                return
            its = workbook.get_sheet_by_name(sheet)
            rows = filled(its, _merges(path, sheet, its))
            while batch := list(islice(rows, BATCH)):
                say(batch)
            say(None)
    except PasswordError:
        say({"locked": True, "reason": "locked"})
    except (CalamineError, OSError, MemoryError, ValueError, KeyError) as error:
        say({"reason": str(error)[:200] or type(error).__name__})


def _merges(path: str, sheet: str, its: Any) -> Sequence[Range]:
    told = its.merged_cell_ranges
    if told is None and zipfile.is_zipfile(path):
        return open_merges.ranges(path, sheet)
    return told or ()


def filled(sheet: Any, merges: Sequence[Range]) -> Iterator[list[Any]]:
    """Yield the rows of a sheet, merged cells filled with what stands in their first one."""
    left = sheet.start[1] if sheet.start else 0
    merged = deque(sorted(merges))
    standing: dict[int, tuple[int, Any]] = {}  # by column: until which row, and what
    for number, cells in enumerate(sheet.iter_rows()):
        row = [_told(each) for each in cells]
        while merged and merged[0][0][0] <= number:
            (top, first), (bottom, last) = merged.popleft()
            if top == number and 0 <= first - left < len(row):
                standing |= dict.fromkeys(
                    range(first - left, min(last - left + 1, len(row))), (bottom, row[first - left])
                )
        for place, (bottom, value) in standing.items():
            if number <= bottom and place < len(row) and row[place] == "":
                row[place] = value
        yield row


def _told(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return {"date": cell.date().isoformat()} if cell.time() == dt.time() else {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date | dt.time):
        return {type(cell).__name__: cell.isoformat()}
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if sys.argv[2:] else None)
