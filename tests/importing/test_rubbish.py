"""Whatever bytes come, a file is read or refused with a reason; nothing else happens."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds.columns import privacy, recognition
from seeds.columns.cells import Notation
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.loading.reading import rows
from seeds.loading.staging import line
from seeds.readers.files import tables
from seeds.reports.report import Report
from seeds.troubles import Refused
from tests.importing.country import cercles
from tests.importing.workbooks import xlsx

WORDS = [
    "name",
    "lat",
    "lon",
    "code",
    "ADM2_FR",
    "#org+name",
    "#adm1+code",
    "total",
    "year",
    "facility type",
    "date début",
    "gps",
    "confidential",
    "secret",
]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "#N/A",
            "<5",
            "1,282",
            "6/3/2019",
            "2.2E+10",
            "301.0",
            "12.5 -8 1 2",
            "=1+1",
            "\x00",
            "\u202e",
            "é" * 300,
            "-",
        ]
    ),
    st.text(max_size=12),
    st.floats().map(str),
)
RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def read_whole(path):
    """Read a file as each kind does, up to what would be staged."""
    for table in tables(path):
        for loader in LOADERS.values():
            with suppress(Refused):
                read_as(loader, table)


def read_as(loader, table):
    found = recognition.recognised(loader.kind, table.form)
    report = Report(loader.kind.name)
    recognition.check(loader.kind, table.form, found)
    privacy.check(loader.kind, table.form, found)
    for row in rows(loader.kind, table, found, Notation(), report):
        with suppress(Refused):
            if row.private is None or loader.kind.keeps_private:
                line([0, row.place.row, *(loader.stage(row, Options()) or ())])
    json.dumps(report.as_data())


@RELAXED
@given(content=st.binary(max_size=300))
def test_any_bytes(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with suppress(Refused):
        read_whole(path)


@RELAXED
@given(
    header=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), min_size=1, max_size=8),
    body=st.lists(st.lists(CELLS, max_size=9), max_size=6),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig"]),
)
def test_any_table(tmp_path, header, body, delimiter, encoding):
    path = tmp_path / "table.csv"
    text = "\n".join(delimiter.join(row) for row in [header, *body])
    path.write_bytes(text.encode(encoding, errors="replace"))
    with suppress(Refused):
        read_whole(path)


@RELAXED
@given(data=st.data())
def test_any_change_of_outlines(tmp_path, data):
    text = bytearray(cercles().encode())
    for _ in range(data.draw(st.integers(1, 6))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "cercles.geojson"
    path.write_bytes(text)
    with suppress(Refused):
        read_whole(path)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_workbook(tmp_path, data):
    rows: list[list[object]] = [["name", "lat", "lon"], ["Bla", 12.5, -5], ["San", 13.3, -4.9]]
    path = xlsx(tmp_path / "a.xlsx", {"A": rows})
    with zipfile.ZipFile(path) as archive:
        entries = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    part = entries[data.draw(st.sampled_from(sorted(entries)))]
    for _ in range(data.draw(st.integers(1, 4))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, bytes(content))
    with suppress(Refused):
        read_whole(path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_an_archive(tmp_path, data):
    path = tmp_path / "a.zip"
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.csv", "name,lat,lon\n" + "".join(f"Bla {each},12.{each},-5\n" for each in range(99)))
        archive.writestr("cercles.geojson", cercles())
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.one_of(st.just(len(whole)), st.integers(1, len(whole))))])
    with suppress(Refused):
        read_whole(path)
