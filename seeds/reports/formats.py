"""The files that a report is written to, by the ends of their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from geo.errors import BadInput
from geo.vocabulary import Locale
from seeds.reports.page import write_page
from seeds.reports.report import Report
from seeds.reports.spreadsheet import write_csv, write_workbook

WRITERS: Mapping[str, Callable[[Report, Path, Locale], None]] = {
    ".csv": write_csv,
    ".xlsx": write_workbook,
    ".html": write_page,
}


def writer_for(path: Path) -> Callable[[Report, Path, Locale], None]:
    """Return what writes a report to a file of this name.

    Raises
    ------
    BadInput
        If the name ends otherwise than the names of :data:`WRITERS`.

    """
    if path.suffix.lower() not in WRITERS:
        raise BadInput("report", f"name a file that ends in {', '.join(WRITERS)}.")
    return WRITERS[path.suffix.lower()]
