"""Exports opened by the programs that people have: GDAL's ``ogrinfo`` and LibreOffice, where they are installed."""

from __future__ import annotations

import csv
import shutil
import subprocess

import orjson
import pytest
from python_calamine import CalamineWorkbook

from tests.exports.conftest import table

pytestmark = pytest.mark.database


def _needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def _said(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@_needs("ogrinfo")
@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
@pytest.mark.parametrize(
    ("name", "geometry"),
    [
        ("services", "Point"),
        ("localities", "Point"),
        ("adminAreas", "Multi Polygon"),
        ("organizations", "None"),
        ("presence", "Unknown (any)"),
        ("featureCollection", "Point"),
    ],
)
def test_gdal_reads_it_without_a_warning(export, tmp_path, name, geometry, ending):
    file = tmp_path / f"{name}.{ending}"
    file.write_bytes(export(f"{file.name}?layer=SERVICES" if name == "featureCollection" else file.name).content)
    if ending == "gpkg" and name in {"adminAreas", "featureCollection"}:
        geometry = "Unknown (any)"  # a layer may hold several kinds
    if ending == "geojson" and geometry == "None":
        geometry = "Unknown (any)"  # the format knows no table
    rows = len(table(export(f"{name}.csv?{'layer=SERVICES' if name == 'featureCollection' else ''}").content)[3])
    said = _said("ogrinfo", "-so", "-al", str(file))
    assert "Warning" not in said
    assert "ERROR" not in said
    assert f"Feature Count: {rows}\n" in said
    assert f"Geometry: {geometry}\n" in said
    assert ('ID["EPSG",4326]' in said) == (geometry != "None")


@_needs("ogr2ogr")
def test_gdal_reads_the_values_of_a_geopackage(export, tmp_path):
    file, text = tmp_path / "services.gpkg", tmp_path / "services.csv"
    file.write_bytes(export("services.gpkg").content)
    _said("ogr2ogr", "-f", "CSV", str(text), str(file))
    rows = table(export("services.csv").content)[3]
    assert [each["phone"] for each in rows] == [each["phone"] for each in _rows(text)]
    assert [each["capacity"] for each in rows] == [each["capacity"] for each in _rows(text)], "20, and not 20.0"
    assert [each["name"] for each in rows] == [each["name"] for each in _rows(text)]
    about = _said("ogrinfo", "-so", "-al", str(file))
    [sources] = [line.partition("=")[2] for line in about.splitlines() if line.startswith("  SOURCES=")]
    assert orjson.loads(sources)[0]["licence"] == "Apache-2.0"


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@_needs("soffice")
def test_a_spreadsheet_program_reads_a_workbook_as_it_was_written(export, tmp_path):
    """Numbers, days, accents, and texts that look like numbers or formulas."""
    written, read = tmp_path / "services.xlsx", tmp_path / "read" / "services.xlsx"
    written.write_bytes(export("services.xlsx").content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    _said("soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(read.parent), str(written))
    first, again = (_cells(each) for each in (written, read))
    assert again == first
    assert any(str(cell).startswith("+223") for row in again for cell in row)


def _cells(path):
    """Return the cells of a sheet; LibreOffice keeps 15 digits of a number."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [[float(f"{cell:.12g}") if isinstance(cell, float) else cell for cell in row] for row in rows]
