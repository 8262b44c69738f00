"""Workbooks: sheets, merged cells and formulas read; what would take too much memory is refused before it is opened."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest

from geo.texts import fold
from geo.vocabulary import Sector
from seeds.columns.cells import Notation
from seeds.columns.recognition import recognised
from seeds.loading import reading
from seeds.loading.kinds import LOADERS
from seeds.readers import bounds, open_merges
from seeds.readers.files import tables
from seeds.readers.table import Corrections, Format
from seeds.reports.report import Report
from seeds.troubles import FileTrouble, Refused
from tests.importing.workbooks import Formula, ods, xlsx

TABLE: list[list[object]] = [
    ["nom", "code", "vu le", "habitants"],
    ["Bla", "ML0402", dt.date(2019, 3, 6), 120],
    ["San", "ML0406", dt.date(2019, 6, 3), 12.5],
]
CODES: list[list[object]] = [["code"], ["x"]]
EMPTY_AND_TITLE: list[list[object]] = [[], ["Titre"], []]


def cells(table):
    return [list(row.cells) for row in table.rows()]


def read_all(path, sheet):
    for table in tables(path, Corrections(sheet=sheet)):
        list(table.rows())


def refused(path, sheet=None):
    with pytest.raises(Refused) as caught:
        read_all(path, sheet)
    return caught.value.trouble


def test_text_numbers_and_dates_keep_their_types(tmp_path):
    [table] = tables(xlsx(tmp_path / "a.xlsx", {"Villages": TABLE}))
    assert table.form.format is Format.XLSX
    assert table.form.sheet == "Villages"
    assert cells(table) == [["Bla", "ML0402", dt.date(2019, 3, 6), 120], ["San", "ML0406", dt.date(2019, 6, 3), 12.5]]


def test_the_value_of_a_formula_is_read_and_not_the_formula(tmp_path):
    rows: list[list[object]] = [["nom", "total"], [Formula("=HYPERLINK"), Formula("42")]]
    [table] = tables(xlsx(tmp_path / "a.xlsx", {"A": rows}))
    assert cells(table) == [["=HYPERLINK", 42]]


def test_merged_cells_hold_what_stands_in_the_first(tmp_path):
    rows: list[list[object]] = [
        ["région", "cercle"],
        ["Ségou", "Bla"],
        [None, "San"],
        [None, "Macina"],
        ["Mopti", "Djenné"],
        [None, "Koro"],
    ]
    [table] = tables(xlsx(tmp_path / "a.xlsx", {"A": rows}, merged=("A2:A4", "A5:A6")))
    assert [row[0] for row in cells(table)] == ["Ségou", "Ségou", "Ségou", "Mopti", "Mopti"]


def test_an_empty_row_above_the_names_counts(tmp_path):
    [table] = tables(xlsx(tmp_path / "a.xlsx", {"A": [*EMPTY_AND_TITLE, *TABLE]}))
    assert table.form.header_row == 4
    assert [row.number for row in table.rows()] == [5, 6]


def test_each_sheet_with_a_table_is_one_and_one_can_be_named(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", {"Lisez-moi": [], "Villages": TABLE, "Codes": CODES})
    assert [each.form.sheet for each in tables(path)] == ["Villages", "Codes"]
    [table] = tables(path, Corrections(sheet="Codes"))
    assert cells(table) == [["x"]]
    assert refused(path, "Absent") is FileTrouble.NO_SHEET


def test_two_cells_far_apart_are_refused_before_the_workbook_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr("seeds.readers.workbook.Worker", None)
    raw = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(xlsx(tmp_path / "a.xlsx", {"A": []}, raw=raw)) is FileTrouble.TOO_MANY_CELLS


def test_cells_without_places_are_counted_too(tmp_path):
    raw = "<row>" + "<c><v>1</v></c>" * 100 + "</row>" + f'<row r="{bounds.MAX_CELLS // 100 + 1}"><c><v>1</v></c></row>'
    assert refused(xlsx(tmp_path / "a.xlsx", {"A": []}, raw=raw)) is FileTrouble.TOO_MANY_CELLS
    raw = raw.replace(str(bounds.MAX_CELLS // 100 + 1), str(bounds.MAX_CELLS // 100))
    path = xlsx(tmp_path / "b.xlsx", {"A": []}, raw=raw)
    assert refused(path) is not FileTrouble.TOO_MANY_CELLS


def test_entities_of_xml_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    xlsx(path, {"A": TABLE})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    entries["xl/worksheets/sheet1.xml"] = bomb + entries["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert refused(path) is FileTrouble.ENTITIES


def test_an_archive_that_expands_too_far_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,b\n" + b"x" * 20_000_000)
    assert refused(path) is FileTrouble.TOO_LARGE_EXPANDED
    monkeypatch.setattr("seeds.readers.workbook_size.MAX_RATIO", 10_000)
    monkeypatch.setattr("seeds.readers.workbook_size.MAX_EXPANDED", 20_000_000)
    assert refused(path) is FileTrouble.TOO_LARGE_EXPANDED


def test_repeated_cells_of_an_ods_count_as_many(tmp_path):
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row{}>{}</table:table-row>"
    names = row.format("", cell.format("", "nom") + cell.format("", "code"))
    data = row.format("", cell.format("", "Bla") + cell.format("", "ML0402"))
    [table] = tables(ods(tmp_path / "a.ods", f'<table:table table:name="T">{names}{data}</table:table>'))
    assert table.form.format is Format.ODS
    assert cells(table) == [["Bla", "ML0402"]]
    many = row.format(
        ' table:number-rows-repeated="1000000"', cell.format(' table:number-columns-repeated="1000"', "x")
    )
    bomb = ods(tmp_path / "b.ods", f'<table:table table:name="T">{names}{many}</table:table>')
    assert refused(bomb) is FileTrouble.TOO_MANY_CELLS


def test_what_kills_the_reader_is_told_and_harms_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr("seeds.readers.workbook_size.check", lambda *_: None)
    raw = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(xlsx(tmp_path / "a.xlsx", {"A": []}, raw=raw)) is FileTrouble.BROKEN_WORKBOOK


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_damaged_workbooks_are_told(write, content):
    assert refused(write(content, "a.xls")) in {FileTrouble.BROKEN_ARCHIVE, FileTrouble.BROKEN_WORKBOOK}


def test_an_archive_of_texts_is_a_table_each(tmp_path):
    path = tmp_path / "hsds.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/services.csv", "id,name\n1,a\n")
        archive.writestr("data/organizations.csv", "id;name\n1;b\n")
        archive.writestr("__MACOSX/data/._services.csv", "rubbish")
        archive.writestr("readme.md", "words")
    found = tables(path)
    assert [each.form.sheet for each in found] == ["data/organizations.csv", "data/services.csv"]
    assert [cells(each) for each in found] == [[["1", "b"]], [["1", "a"]]]


@pytest.mark.slow
def test_the_real_3w_is_read_whole(real):
    table = tables(real("mali_3w_december_2023.xlsx"), Corrections(sheet="ML_5W"))[0]
    assert (table.form.header_row, table.form.hxl_row) == (1, 2)
    kind = LOADERS["presence"].kind
    report = Report(kind.name)
    read = list(reading.rows(kind, table, recognised(kind, table.form), Notation(), report))
    assert (report.read, len(read), report.refused) == (24_088, 24_088, 0)
    acronyms, names = ({each.values[field] for each in read} for field in ("acronym", "name"))
    assert (len(acronyms), len(names)) == (162, 158)
    assert len({each.casefold().replace("\u2019", "'") for each in names}) == 156
    assert len({fold(each) for each in names}) == 155  # "Developpement" and "Développement" are one
    assert sum(each.values["sector"] is Sector.PROTECTION for each in read) == 5_760


def test_merged_cells_of_an_ods_hold_what_stands_in_the_first(tmp_path):
    def cell(text, spans=""):
        return f'<table:table-cell office:value-type="string"{spans}><text:p>{text}</text:p></table:table-cell>'

    down = ' table:number-rows-spanned="3" table:number-columns-spanned="1"'
    rows = [
        cell("nom") + cell("confidentiel"),
        cell("A") + cell("oui", down),
        *(cell(each) + "<table:covered-table-cell/>" for each in "BC"),
        cell("D") + cell("non"),
    ]
    other = '<table:table table:name="T"><table:table-row/></table:table>'
    body = "".join(f"<table:table-row>{each}</table:table-row>" for each in rows)
    [table] = tables(ods(tmp_path / "a.ods", f'{other}<table:table table:name="S">{body}</table:table>'))
    assert cells(table) == [["A", "oui"], ["B", "oui"], ["C", "oui"], ["D", "non"]]


def test_an_ods_of_too_many_merged_cells_is_refused(tmp_path):
    wide = '<table:table-cell table:number-columns-spanned="2"/>' * (open_merges.MAX_MERGES + 1)
    row = '<table:table-cell office:value-type="string"><text:p>nom</text:p></table:table-cell>'
    path = ods(
        tmp_path / "a.ods", f'<table:table table:name="S"><table:table-row>{row}{wide}</table:table-row></table:table>'
    )
    with pytest.raises(ValueError, match="merged"):
        open_merges.ranges(str(path), "S")
