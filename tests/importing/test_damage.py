"""What is damaged, endless or made to take time and memory is refused with a reason, and soon."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.loading.places import drawn
from seeds.readers import files
from seeds.readers.headers import _NUMBER
from seeds.readers.table import Corrections
from seeds.troubles import CellTrouble, FileTrouble, Refused

TABLE = "name,lat,lon\n" + "".join(f"Bla {number},12.{number},-5.{number}\n" for number in range(5_000))
PACKED = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


def read(path, **corrections):
    return [sum(1 for _ in table.rows()) for table in files.tables(path, Corrections(**corrections))]


def refused(path, **corrections):
    with pytest.raises(Refused) as refusal:
        read(path, **corrections)
    return refusal.value.trouble


@pytest.mark.parametrize("method", PACKED)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_damaged_entry(tmp_path, method, part):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", PACKED[method]) as archive:
        archive.writestr("a.csv", TABLE)
    whole = path.read_bytes()
    place = int(len(whole) * part)
    path.write_bytes(whole[:place] + bytes(each ^ 0x5A for each in whole[place : place + 40]) + whole[place + 40 :])
    assert refused(path) in FileTrouble


@pytest.mark.parametrize("changed", [(b"a.csv", b"b.csv"), (b"\x14\x00\x00\x00\x00\x00", b"\x14\x00\x00\x00\x63\x00")])
def test_an_entry_of_another_name_or_an_unknown_method(tmp_path, changed):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE[:200])
    whole = path.read_bytes()
    if changed[0] == b"a.csv":
        path.write_bytes(whole.replace(*changed, 1))  # in the entry and not in the list of entries
    else:
        path.write_bytes(whole.replace(*changed))
    assert refused(path) is FileTrouble.BROKEN_ARCHIVE


def test_the_first_bytes_alone_of_the_entry_that_says_ods(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", os.urandom(300_000) * 100)
        archive.writestr("a.csv", TABLE)
    assert _peak(lambda: read(path)) < 8_000_000


def _peak(run):
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_long_lines_are_a_short_sample(tmp_path):
    path = tmp_path / "a.csv"
    line = ",".join(["x" * 100_000] * 20) + "\n"
    path.write_text(line * 30, "utf-8")
    assert _peak(lambda: read(path)) < 40_000_000


def test_a_row_that_goes_on_over_lines_for_ever(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,lat\n" + '"ab\n",' * 1_000_000, "utf-8")
    assert refused(path) is FileTrouble.CELL_TOO_LONG


@pytest.mark.parametrize("parse", [cells.degrees, cells.number, cells.date, cells.whole, cells.count])
@pytest.mark.parametrize("cell", ["1" + " " * 20_000 + "x", "1" * 20_000 + "x", "1 " * 20_000 + "x"])
def test_a_long_cell_is_no_number_and_costs_no_time(parse, cell):
    began = time.process_time()
    with pytest.raises(Refused):
        parse(cell, Notation())
    assert _NUMBER.fullmatch(cell) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize("cell", [float("inf"), float("nan"), 10**400])
@pytest.mark.parametrize("parse", [cells.degrees, cells.number, cells.whole, cells.year])
def test_a_number_of_a_workbook_that_is_none(parse, cell):
    with pytest.raises(Refused) as refusal:
        parse(cell, Notation())
    assert refusal.value.trouble in {CellTrouble.NO_NUMBER, CellTrouble.NO_DEGREES}


def test_a_letter_that_the_end_of_a_file_cuts(tmp_path):
    path = tmp_path / "a.csv"
    text = b"\xef\xbb\xbfname,lat\n" + b"Bla,1\n" * 200_000
    path.write_bytes(text[: (1 << 20) - 1] + b"\xc3")
    with pytest.raises(Refused) as refusal:
        read(path)
    assert refusal.value.trouble is FileTrouble.WRONG_ENCODING
    assert refusal.value.values["byte"] == (1 << 20) - 1


def test_a_letter_across_two_pieces_is_no_fault(tmp_path):
    path = tmp_path / "a.csv"
    head = b"\xef\xbb\xbfname,lat\n"
    path.write_bytes(head + b"x" * ((1 << 20) - 1 - len(head)) + "é,1\n".encode())
    assert FileTrouble.WRONG_ENCODING is not refused(path)  # but its cell is too long


@pytest.mark.parametrize("encoding", ["rot13", "zlib", "undefined", "punycode", "idna", "base64", "x\x00", "klingon"])
def test_what_is_no_encoding_of_a_file(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    assert refused(path, encoding=encoding) is FileTrouble.UNKNOWN_ENCODING


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_what_cannot_stand_between_cells(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    assert refused(path, delimiter=delimiter) is FileTrouble.NO_DELIMITER


def test_a_pipe_and_a_device_are_no_files(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert refused(path) is FileTrouble.NO_FILE
        with pytest.raises(Refused):
            files.sha256(path)
    os.mkfifo(tmp_path / "services.csv")
    (tmp_path / "service_at_location.csv").write_text("id\n1\n")
    assert refused(tmp_path) is FileTrouble.NO_FILE


def feature(geometry, properties=None):
    one = {"type": "Feature", "properties": properties or {"name": "Bla"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [one]})


@pytest.mark.parametrize("kind", [{}, [], ["Point"], 7, None])
def test_a_type_of_geometry_that_is_no_word(tmp_path, kind):
    path = tmp_path / "a.geojson"
    path.write_text(feature({"type": kind, "coordinates": [1, 2]}), "utf-8")
    [table] = files.tables(path)
    [row] = table.rows()
    assert [trouble for trouble, _ in row.remarks] == [FileTrouble.NO_GEOMETRY]


def test_a_property_that_is_nested_too_deep(tmp_path):
    deep: list[object] = []
    for _ in range(600):
        deep = [deep]
    path = tmp_path / "a.geojson"
    path.write_text(feature(None, {"name": deep}), "utf-8")
    assert refused(path) is FileTrouble.BROKEN_JSON


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("LineString", [[1, 2]]),
        ("Polygon", [[[1, 2]]]),
        ("MultiPolygon", [[]]),
        ("MultiPolygon", [[[[0, 0], [1, 0], [1, 1], [0, 0]]], []]),
    ],
)
def test_a_line_or_a_ring_of_too_few_positions(kind, coordinates):
    try:
        made = drawn({"type": kind, "coordinates": coordinates})
    except Refused as refusal:
        assert refusal.trouble is FileTrouble.NO_GEOMETRY
    else:
        assert made.representative_point().x > 0
