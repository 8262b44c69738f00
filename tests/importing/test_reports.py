"""A report says the same as CSV, as a workbook and as a page, and nothing in it runs."""

from __future__ import annotations

import csv
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from geo.errors import BadInput
from geo.vocabulary import Locale
from seeds.reports.formats import WRITERS, writer_for
from seeds.reports.report import Outcome, Place, Problem, Report
from seeds.troubles import AreaTrouble, CellTrouble, RowTrouble

TRAPS = (
    "=1+1",
    "<script>alert(1)</script>",
    "{{7*191}}",
    "javascript:alert(1)",
    "http://example.org",
    "007",
    "+22376123456",
    "\u202eabc",
)


@pytest.fixture
def report():
    report = Report("population", outcome=Outcome.REFUSED, read=6, refused=5)
    for row, trap in enumerate(TRAPS, 2):
        report.add(Problem(Place(f"{trap}.csv", trap[:30], row, trap), CellTrouble.NO_NUMBER, trap))
    report.add(Problem(Place("a.csv"), RowTrouble.SUMMED, None, {"many": 3}))
    report.add(Problem(Place("a.csv", None, 9), AreaTrouble.AREA_NOT_SURE, "Kayaa", {"name": "Kayaa", "likely": "<b>"}))
    return report


def as_csv(path):
    return [[cell.removeprefix("'") for cell in row] for row in csv.reader(path.read_text("utf-8-sig").splitlines())]


@pytest.mark.parametrize("locale", [Locale.FR, Locale.EN])
def test_each_form_says_the_same(report, tmp_path, locale):
    paths = {end: tmp_path / f"report{end}" for end in WRITERS}
    for path in paths.values():
        writer_for(path)(report, path, locale)
    wanted = as_csv(paths[".csv"])
    assert len(wanted) == 1 + len(report.problems)
    summary, sheet = CalamineWorkbook.from_path(paths[".xlsx"]).sheet_names
    book = CalamineWorkbook.from_path(paths[".xlsx"])
    rows = book.get_sheet_by_name(sheet).to_python()
    told = [[str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    assert told == wanted
    outcome = str(book.get_sheet_by_name(summary).to_python()[0][0])
    assert outcome.startswith("Rien n’a" if locale is Locale.FR else "Nothing was")
    page = paths[".html"].read_text("utf-8")
    cells = re.findall(r"<td>(.*?)(?=<td>|</tr>)", page, re.DOTALL)
    assert len(cells) == 8 * len(report.problems)
    assert page.count("<tr>") == len(wanted)


def test_nothing_in_it_runs(report, tmp_path):
    book, page = tmp_path / "report.xlsx", tmp_path / "report.HTML"
    for path in (book, page):
        writer_for(path)(report, path, Locale.FR)
    with zipfile.ZipFile(book) as archive:
        sheets = b"".join(archive.read(each) for each in archive.namelist() if "worksheets" in each)
        assert b"<f>" not in sheets
        assert b"hyperlink" not in sheets
    written = page.read_text("utf-8")
    assert "<script" not in written
    assert "&lt;script&gt;" in written
    assert "1337" not in written
    assert "\u202e" not in written
    assert "default-src 'none'" in written


def test_a_name_of_another_kind_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"\.csv, \.xlsx, \.html"):
        writer_for(tmp_path / "report.pdf")


@pytest.mark.parametrize(
    ("locale", "told"),
    [(Locale.FR, ("17\u202f907\u202f114", "1,5 km")), (Locale.EN, ("17,907,114", "1.5 km"))],
)
def test_numbers_are_written_as_in_the_language_of_the_report(locale, told):
    people, km = told
    made = {"localities": 77, "cells": 0, "hexagons": 3_075, "people": 17_907_114}
    assert people in Problem(Place("a.csv"), RowTrouble.DEMAND_MADE, None, made).what(locale)
    assert km in Problem(Place("a.csv"), RowTrouble.NEAR_BORDER, None, {"km": 1.5}).what(locale)
