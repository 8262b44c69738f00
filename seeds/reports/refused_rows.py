"""The rows that an import refused, in their table's own form, to be mended and loaded again."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from geo.notations.spreadsheet_cells import defused
from seeds.readers.table import Cell, Form, Format, Row, Table
from seeds.reports.report import Report


def write(report: Report, path: Path) -> int:
    """Write the refused rows of the first table that has some.

    A text table keeps its separator, its names and its HXL tags; a sheet of a workbook becomes CSV; GeoJSON stays
    GeoJSON, and a layer becomes it. Rows that are or may be confidential are not written, which is why there may be
    fewer than were refused.

    Returns
    -------
    int
        How many rows were written; where there are none, no file is.

    """
    for each in report.files:
        numbers = report.refused_rows.get((each.form.file, each.form.sheet), set())
        rows = (row for row in each.table.rows() if row.number in numbers)
        if numbers:
            return (
                _features(each.table, rows, path)
                if each.form.format in {Format.GEOJSON, Format.LAYER}
                else _table(each.form, rows, path)
            )
    return 0


def _table(form: Form, rows: Iterator[Row], path: Path) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file, delimiter=form.delimiter or ",")
        if form.header_row is not None:
            written.writerow(form.names())
        if form.hxl_row not in {None, form.header_row}:
            written.writerow([each.tag or "" for each in form.columns])
        many = 0
        for many, row in enumerate(rows, 1):  # noqa: B007  how many there were
            written.writerow([_text(cell, form.decimal) for cell in row.cells])
    return many


def _features(table: Table, rows: Iterator[Row], path: Path) -> int:
    names = table.form.names()
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, row.cells, strict=False)),
            "geometry": row.geometry,
        }
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return len(features)


def _text(cell: Cell, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", decimal)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else defused(str(cell))
