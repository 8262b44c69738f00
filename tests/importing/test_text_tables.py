"""Text tables: whatever programs write, the same cells are read."""

from __future__ import annotations

import tracemalloc

import pytest

from seeds.readers.files import tables
from seeds.readers.table import Corrections
from seeds.troubles import FileTrouble, Refused

VILLAGES = [["Ségou", "13,4317", "-6,2157"], ["Ténenkou", "14,4572", "-4,9169"], ["Bla « Est »", "12,9500", "-5,7667"]]
TEXT = "nom;lat;long\r\n" + "".join(";".join(row) + "\r\n" for row in VILLAGES)


def read(path, **corrections):
    [table] = tables(path, Corrections(**corrections))
    return table.form, [list(row.cells) for row in table.rows()]


def read_all(path, **corrections):
    for table in tables(path, Corrections(**corrections)):
        list(table.rows())


def refused(path, **corrections):
    with pytest.raises(Refused) as caught:
        read_all(path, **corrections)
    return caught.value.trouble


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_letters_are_read_however_they_are_written(write, encoding):
    form, rows = read(write(TEXT, encoding=encoding))
    assert rows == VILLAGES
    assert (form.delimiter, form.decimal, form.header_row, form.names()) == (";", ",", 1, ("nom", "lat", "long"))
    assert form.encoding.startswith(encoding[:6])


def test_one_accent_far_down_in_an_old_encoding_is_found(write):
    text = (
        "nom,code\n" + "".join(f"Village {n},{n}\n" for n in range(200_000)) + "Kéniéba,x\nTombouctou côté désert,y\n"
    )
    form, rows = read(write(text, encoding="cp1252"))
    assert form.encoding == "cp1252"
    assert rows[-2:] == [["Kéniéba", "x"], ["Tombouctou côté désert", "y"]]


def test_what_a_person_says_of_a_file_is_taken(write):
    path = write("a|b;c\nx|1;2\n")
    assert read(path, delimiter=";")[1] == [["x|1", "2"]]
    assert read(path, delimiter="|")[1] == [["x", "1;2"]]
    assert refused(write(TEXT, encoding="cp1252"), encoding="utf-8") is FileTrouble.WRONG_ENCODING
    assert refused(path, encoding="klingon") is FileTrouble.UNKNOWN_ENCODING


@pytest.mark.parametrize(
    ("rows", "delimiter", "decimal"),
    [
        ("a,b\n1.5,x\n2.25,y\n", ",", "."),
        ("a;b\n1,5;x\n", ";", ","),
        ("a;b\n1,282;x\n", ";", ","),
        ("a;b\n1,282;3.75\n", ";", "."),
        ('a,b\n"1,282",x\n"1,282,000",y\n', ",", "."),
        ('a\tb\n"1 282,5"\tx\n', "\t", ","),
        ("a|b\n1|2\n", "|", "."),
    ],
)
def test_separators_and_the_decimal_sign_are_recognised(write, rows, delimiter, decimal):
    form, _ = read(write(rows))
    assert (form.delimiter, form.decimal) == (delimiter, decimal)


@pytest.mark.parametrize("before", ["", "\n", ",,\n", "Liste des villages,,\n\n", "Source : INSTAT\nVersion 3,,\n,,\n"])
def test_the_row_of_names_is_found_below_titles_and_empty_rows(write, before):
    form, rows = read(write(before + "nom,région,habitants\nBla,Ségou,5\nSan,Ségou,6\nNara,Nara,7\n"))
    assert form.names() == ("nom", "région", "habitants")
    assert form.header_row == before.count("\n") + 1
    assert rows[0] == ["Bla", "Ségou", "5"]
    assert len(rows) == 3


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(write):
    [table] = tables(write('nom,code\n\nBla,"1\n2"\n,\nSan,3\n'))
    assert [(row.number, list(row.cells)) for row in table.rows()] == [(3, ["Bla", "1\n2"]), (5, ["San", "3"])]


@pytest.mark.parametrize("lead", ["", "Activités 2023,,\n,,\n"])
def test_a_row_of_tags_is_found_wherever_it_stands(write, lead):
    body = "Sigle,Nom,Cercle\n#org +acronym,#ORG+name,#adm2+code\nSIF,Secours,ML0901\n"
    form, rows = read(write(lead + body))
    first = lead.count("\n") + 1
    assert (form.header_row, form.hxl_row) == (first, first + 1)
    assert [each.tag for each in form.columns] == ["#org+acronym", "#org+name", "#adm2+code"]
    assert rows == [["SIF", "Secours", "ML0901"]]


def test_tags_alone_are_names_too_and_a_bad_one_is_told(write):
    form, rows = read(write("#org+acronym,#org+name,#adm2+code\nSIF,Secours,ML0901\n"))
    assert (form.header_row, form.hxl_row) == (1, 1)
    assert form.columns[1].tag == "#org+name"
    assert rows == [["SIF", "Secours", "ML0901"]]
    form, _ = read(write("Sigle,Nom,Cercle\n#org+acronym,#org name!,#adm2+code\nSIF,Secours,ML0901\n"))
    assert [each.tag for each in form.columns] == ["#org+acronym", None, "#adm2+code"]
    [(trouble, values)] = form.remarks
    assert (trouble, values["column"]) == (FileTrouble.BAD_TAG, "Nom")


def test_columns_without_a_name_and_with_one_name_are_told_apart(write):
    form, _ = read(write("nom,,nom\nBla,1,2\n"))
    assert form.names() == ("nom", "B", "nom (2)")


def test_a_dump_of_geonames_needs_no_names(write):
    line = '{0}\tVillage "{0}"\tVillage\tA,B\t12.5\t-7.5\tP\tPPL\tML\t\t01\t\t\t\t0\t\t300\tAfrica/Bamako\t2020-01-01\n'
    form, rows = read(write("".join(map(line.format, range(100, 120))), "ML.txt"))
    assert form.names()[:3] == ("geonameid", "name", "asciiname")
    assert form.header_row is None
    assert rows[0][1] == 'Village "100"'
    assert len(rows) == 20


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", FileTrouble.EMPTY_FILE),
        (b"\n,,\n\n", FileTrouble.EMPTY_FILE),
        (b"1,2,3\n4,5,6\n", FileTrouble.NO_HEADER),
        (b"a,b\nx," + b"y" * 4_000_001 + b"\n", FileTrouble.LINE_TOO_LONG),
        (b'a,b\nx,"never closed\n' + b"x,y\n" * 50_000, FileTrouble.CELL_TOO_LONG),
        (b",".join(b"c%d" % n for n in range(1_001)) + b"\n", FileTrouble.TOO_MANY_COLUMNS),
        (b"a,b\n" + b"x," * 2_000 + b"x\n", FileTrouble.TOO_MANY_COLUMNS),
        (b"%PDF-1.7 ...", FileTrouble.UNKNOWN_FORMAT),
        (b"<html><table></table></html>", FileTrouble.UNKNOWN_FORMAT),
        (b"PK\x03\x04 and nothing more", FileTrouble.BROKEN_ARCHIVE),
    ],
)
def test_what_is_no_table_is_refused(write, content, trouble):
    assert refused(write(content)) is trouble


def test_a_thousand_columns_are_read(write):
    form, rows = read(write(",".join(f"c{n}" for n in range(1_000)) + "\n" + "x," * 999 + "x\n"))
    assert len(form.columns) == len(rows[0]) == 1_000


def test_the_row_of_names_can_be_told(write):
    path = write("1,2\nnom,code\nBla,1\n")
    assert read(path, header_row=2)[0].names() == ("nom", "code")
    assert refused(path, header_row=9) is FileTrouble.NO_SUCH_ROW


def test_memory_does_not_grow_with_the_file(write):
    path = write("nom,code\n" + "Village du bord du fleuve,123456789\n" * 300_000)
    [table] = tables(path)
    tracemalloc.start()
    assert sum(1 for _ in table.rows()) == 300_000
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()
