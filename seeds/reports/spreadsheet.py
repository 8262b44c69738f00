"""A report as CSV or as a workbook, which a spreadsheet program opens as it is meant."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from geo.notations.spreadsheet_cells import defused
from geo.vocabulary import Locale, in_language
from seeds.reports.report import Report
from seeds.reports.wording import COLUMNS, COUNTS, OUTCOMES, TITLE, WEIGHTS

Line = list[str | int | None]
_WIDTHS = (24, 16, 8, 24, 24, 14, 60, 60)


def lines(report: Report, locale: Locale) -> Iterator[Line]:
    """Yield the names of the columns and the problems of a report, one each; French where a language has no words."""
    yield [in_language(each, locale) for each in COLUMNS]
    for each in report.problems:
        place = each.place
        weight = in_language(WEIGHTS[each.trouble.weight], locale)
        at: Line = [place.file, place.sheet, place.row, place.column, each.value]
        yield [*at, weight, each.what(locale), each.mend(locale)]


def write_csv(report: Report, path: Path, locale: Locale) -> None:
    """Write the problems of a report, each text quoted, and so that no spreadsheet program runs it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerows(
            [defused(cell) if isinstance(cell, str) else cell for cell in line] for line in lines(report, locale)
        )


def write_workbook(report: Report, path: Path, locale: Locale) -> None:
    """Write the problems of a report as a sheet, and its counts and outcome as another; no text runs."""
    import xlsxwriter  # noqa: PLC0415  only who wants a workbook waits for it

    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {"constant_memory": True, **inert}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        summary = book.add_worksheet(in_language(TITLE, locale))
        summary.set_column(0, 0, 30)
        summary.write_string(0, 0, in_language(OUTCOMES[report.outcome], locale), bold)
        for number, (name, words) in enumerate(COUNTS, 1):
            summary.write_string(number, 0, in_language(words, locale))
            summary.write_number(number, 1, getattr(report, name))
        sheet = book.add_worksheet(in_language(COLUMNS[6], locale))
        for number, width in enumerate(_WIDTHS):
            sheet.set_column(number, number, width)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(lines(report, locale)):
            for column, cell in enumerate(line):
                style = wrapped if row else bold
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell, style)
                elif cell is not None:
                    sheet.write_string(row, column, cell, style)
        sheet.autofilter(0, 0, len(report.problems), len(COLUMNS) - 1)
