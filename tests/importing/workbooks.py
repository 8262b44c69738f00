"""Small workbooks, written by hand so that each trap is seen."""

from __future__ import annotations

import datetime as dt
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
