"""A report as CSV, which a spreadsheet program opens as it is meant."""

from __future__ import annotations

import csv
from pathlib import Path

from geo.notations.spreadsheet_cells import defused
from geo.vocabulary import Locale
from seeds.reports.report import Report

HEADERS = {
    Locale.FR: ("fichier", "feuille", "ligne", "colonne", "valeur", "poids", "problème", "que faire"),
    Locale.EN: ("file", "sheet", "row", "column", "value", "weight", "what is wrong", "what to do"),
}


def write(report: Report, path: Path, locale: Locale) -> None:
    """Write the problems of a report, one a row; French where the language has no words of its own.

    A text that a spreadsheet program would run gets an apostrophe before it.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADERS.get(locale, HEADERS[Locale.FR]))
        for each in report.problems:
            place = each.place
            weight = each.trouble.weight.value
            texts = (place.file, place.sheet, place.row, place.column, each.value, weight)
            cells = (*texts, each.what(locale), each.mend(locale))
            rows.writerow([defused(cell) if isinstance(cell, str) else cell for cell in cells])
