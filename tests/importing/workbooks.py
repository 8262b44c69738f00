"""Small workbooks, written by hand so that each trap is seen."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from seeds.readers.table import letters

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'


class Formula(str):
    """A cell that computes the text or number that it holds."""

    __slots__ = ()


def xlsx(
    path: Path, sheets: dict[str, list[list[object]]], merged: tuple[str, ...] = (), raw: str | None = None
) -> Path:
    """Write a workbook; ``merged`` are ranges of the first sheet, ``raw`` takes the place of its rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELS}"><Relationship Id="a" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>'
        )
        targets = "".join(
            f'<Relationship Id="r{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_RELS}">{targets}<Relationship Id="s" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        for n, rows in enumerate(sheets.values(), 1):
            cells = "".join(_row(at, row) for at, row in enumerate(rows, 1)) if raw is None or n > 1 else raw
            ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged) if n == 1 else ""
            more = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData>{more}</worksheet>',
            )
    return path


def _row(at: int, row: list[object]) -> str:
    return f'<row r="{at}">{"".join(_cell(f"{letters(place)}{at}", each) for place, each in enumerate(row) if each is not None)}</row>'


def _cell(place: str, value: object) -> str:
    if isinstance(value, Formula):
        kind = "" if value.replace(".", "").isdecimal() else ' t="str"'
        return f'<c r="{place}"{kind}><f>A1</f><v>{escape(value)}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="1"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def ods(path: Path, body: str, prologue: str = "") -> Path:
    """Write an ODS file whose tables are given as XML."""
    office, table, words = (f"urn:oasis:names:tc:opendocument:xmlns:{each}:1.0" for each in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{prologue}<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{words}"><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>',
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def xls(path: Path, rows: list[list[str | None]], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Path:
    """Write an old workbook of one sheet; ``merged`` are first and last row, first and last column, counted from 0."""
    texts = (
        _record(0x204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if text is not None
    )
    ranges = struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *each) for each in merged)
    sheet = _begun(0x10) + b"".join(texts) + _record(0xE5, ranges) + _ENDED
    begun = _begun(5) + _record(0x42, struct.pack("<H", 1200))
    start = len(begun) + len(_record(0x85, bytes(9))) + len(_ENDED)
    named = _record(0x85, struct.pack("<IHBB", start, 0, 1, 0) + b"S")
    book = (begun + named + _ENDED + sheet).ljust(4096, b"\0")
    assert len(book) == 4096
    path.write_bytes(_compound(book))
    return path


_ENDED = struct.pack("<HH", 0x0A, 0)
_NONE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begun(kind: int) -> bytes:
    return _record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 0, 0, 0))


def _compound(book: bytes) -> bytes:
    """Return the compound file of one stream of 8 sectors: a header, the table of sectors, the directory, the stream."""

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        letters_ = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBB3I", len(letters_), kind, 1, _NONE, _NONE, child)
        return letters_.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    sizes = struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<10I", 0, 1, 1, 0, 4096, _LAST, 0, _LAST, 0, 0)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + sizes + bytes(6) + places
    sectors = struct.pack("<10I", _TABLE, _LAST, *range(3, 10), _LAST)
    directory = entry("Root Entry", 5, 1, _LAST, 0) + entry("Workbook", 2, _NONE, 2, 4096)
    return b"".join((header.ljust(512, b"\xff"), sectors.ljust(512, b"\xff"), directory.ljust(512, b"\0"), book))
