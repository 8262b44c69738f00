"""A report as CSV, which a spreadsheet program opens as it is meant."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from geo.vocabulary import Locale
from seeds.reports.report import Report

HEADERS = {
    Locale.FR: ("fichier", "feuille", "ligne", "colonne", "valeur", "poids", "problème", "que faire"),
    Locale.EN: ("file", "sheet", "row", "column", "value", "weight", "what is wrong", "what to do"),
}
_RUN = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_STARTS = re.compile(rf'^(?="*[{_RUN}\t\r])|(?<=[;,|\t\r\n])(?="*[{_RUN}])')
"""Where a formula may start: with the cell, or behind a sign that a program may take for the end of one."""
_NUMBER = re.compile(r"[+-][0-9 .]+")


def write(report: Report, path: Path, locale: Locale) -> None:
    """Write the problems of a report, one a row; French where the language has no words of its own.

    A text that a spreadsheet program would run gets an apostrophe before it, whichever sign the program parts cells by.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow(HEADERS.get(locale, HEADERS[Locale.FR]))
        for each in report.problems:
            place = each.place
            weight = each.trouble.weight.value
            texts = (place.file, place.sheet, place.row, place.column, each.value, weight)
            rows.writerow([defused(text) for text in (*texts, each.what(locale), each.mend(locale))])


def defused(cell: str | int | None) -> str | int | None:
    """Return a cell that no spreadsheet program runs.

    Examples
    --------
    >>> defused("=1+1"), defused("+22376123456"), defused(-3), defused("x;=1+1")
    ("'=1+1", '+22376123456', -3, "x;'=1+1")

    """
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _STARTS.sub("'", cell)
