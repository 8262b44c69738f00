"""Shapefiles, GeoPackages and rasters: opened beside, by the drivers that they need, in EPSG:4326 afterwards."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from typing import Any

import numpy as np
import pytest
import shapely

from seeds.readers import layer_rows
from seeds.readers.files import tables
from seeds.readers.table import Corrections
from seeds.troubles import FileTrouble, Refused
from tests.importing.country import CERCLES, counts, square

pyogrio = pytest.importorskip("pyogrio", reason="the extra layers is not installed")


def layer(path, crs="EPSG:4326", driver=None, **more):
    from pyogrio.raw import write  # noqa: PLC0415

    shapes = [shapely.geometry.shape(square(*row[3:])) for row in CERCLES.values()]
    if crs != "EPSG:4326":
        from rasterio.warp import transform  # noqa: PLC0415  the other extra

        shapes = [
            shapely.transform(each, lambda xs, ys: transform("EPSG:4326", crs, xs, ys), interleaved=False)
            for each in shapes
        ]
    fields = {
        "ADM2_PCODE": list(CERCLES),
        **{name: [row[at] for row in CERCLES.values()] for at, name in enumerate(("ADM2_FR", "ADM1_PCODE", "ADM1_FR"))},
    }
    columns = [np.array(each, object) for each in fields.values()]
    columns.append(np.array(["2020-01-01"] * len(shapes), "datetime64[D]"))
    wkb = shapely.to_wkb(np.array([shapely.force_3d(each, 5) for each in shapes]))
    write(path, wkb, columns, [*fields, "validOn"], driver=driver, crs=crs, geometry_type="Polygon Z", **more)
    return path


def zipped(path, *files):
    with zipfile.ZipFile(path, "w") as archive:
        for each in files:
            archive.write(each, f"folder/{each.name}")
    return path


@pytest.mark.database
@pytest.mark.parametrize("form", ["gpkg", "shp", "zip", "utm"])
def test_areas_come_from_layers(bare_country, tmp_path, form):
    made = layer(
        tmp_path / ("areas.gpkg" if form == "gpkg" else "areas.shp"), "EPSG:32631" if form == "utm" else "EPSG:4326"
    )
    path = zipped(tmp_path / "a.zip", *tmp_path.glob("areas.*")) if form == "zip" else made
    report = bare_country.load("areas", path, edition="1", scheme="COD-AB")
    assert counts(report) == (4, 0, 0, 0)
    found = bare_country.ask(
        "SELECT code, name_fr, round(ST_Area(geom)::numeric, 3)::float, valid_from::text FROM lakana.admin_area WHERE level = 2 ORDER BY 1"
    )
    assert found == [(code, row[0], 1.0, "2020-01-01") for code, row in CERCLES.items()]
    assert counts(bare_country.load("areas", path, edition="1", scheme="COD-AB")) == (0, 0, 4, 0)


def test_a_layer_can_be_named_and_a_feature_may_have_no_outline(tmp_path):
    path = layer(tmp_path / "areas.gpkg", layer="one")
    layer(path, layer="two", append=True)
    assert [each.form.sheet for each in tables(path)] == ["one", "two"]
    [table] = tables(path, Corrections(sheet="two"))
    first: Any = next(iter(table.rows()))
    assert first.cells[:2] == ["XX0101", "Kaya"]
    assert first.geometry["type"] == "Polygon"
    assert len(first.geometry["coordinates"][0][0]) == 2  # heights are dropped
    with pytest.raises(Refused) as caught:
        tables(path, Corrections(sheet="three"))
    assert caught.value.trouble is FileTrouble.NO_SHEET


def test_gdal_has_two_drivers_and_what_other_drivers_would_open_is_refused(tmp_path):
    code = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    told = {**os.environ, **layer_rows.bare(pyogrio.list_drivers())}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=told).stdout
    assert said.strip() == str(sorted(layer_rows.DRIVERS))
    other = tmp_path / "points.gpkg"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE t (a)")
    with pytest.raises(Refused) as caught:
        tables(other)
    assert caught.value.trouble is FileTrouble.UNKNOWN_FORMAT
    virtual = tmp_path / "a.vrt"
    virtual.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    with pytest.raises(Refused):
        tables(virtual)


@pytest.mark.parametrize(
    ("name", "content", "trouble"),
    [
        ("a.shp", b"\x00\x00\x27\x0a" + b"\0" * 200, FileTrouble.INCOMPLETE_SHAPEFILE),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 400, FileTrouble.BROKEN_LAYER),
        ("a.tif", b"II*\0" + b"\xff" * 400, FileTrouble.BROKEN_RASTER),
    ],
)
def test_what_is_broken_is_told(write, name, content, trouble):
    with pytest.raises(Refused) as caught:
        tables(write(content, name))
    assert caught.value.trouble is trouble


def raster(path, people, crs="EPSG:4326", size=0.01, west=0.1, north=11.9, **more):
    rasterio = pytest.importorskip("rasterio", reason="the extra rasters is not installed")
    rows, columns = people.shape
    shape = {"height": rows, "width": columns, "count": 1, "dtype": "float32", "nodata": -99999.0}
    transform = rasterio.Affine(size, 0, west, 0, -size, north)
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, **shape, **more) as file:
        file.write(people, 1)
    return path


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of how rasterio multiplies
def test_a_raster_is_its_inhabited_cells_or_its_hexagons(tmp_path):
    people = np.full((60, 80), -99999, "float32")
    people[:40, :40] = 0
    people[10, 20] = 12.5
    people[30:33, 30:33] = 100
    [table] = tables(raster(tmp_path / "mli_ppp_2020.tif", people))
    rows: list[Any] = [tuple(round(float(str(cell)), 4) for cell in row.cells) for row in table.rows()]
    assert len(rows) == 10
    assert (0.305, 11.795, 12.5) in rows
    assert sum(row[2] for row in rows) == 912.5
    fine = np.ones((500, 500), "float32")  # 250,000 inhabited cells
    [table] = tables(raster(tmp_path / "fine.tif", fine, size=0.002))
    rows = [row.cells for row in table.rows()]
    assert 20 < len(rows) < 60
    assert sum(row[2] for row in rows) == pytest.approx(250_000, rel=1e-4)


@pytest.mark.database
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_raster_becomes_demand_points(made_up_country, tmp_path):
    people = np.zeros((10, 10), "float32")
    people[2, 3], people[7, 7] = 30, 10
    made_up_country.load(
        "population",
        "code,total,under_18,year\nXX0101,1000,500,2020\nXX0102,0,0,2020\nXX0201,0,0,2020\nXX0202,0,0,2020\n",
    )
    report = made_up_country.load("grid", raster(tmp_path / "xx_ppp_2020.tif", people))
    assert counts(report) == (2, 0, 0, 0)
    assert made_up_country.ask("SELECT population, under_18 FROM lakana.demand_point ORDER BY 1") == [
        (250, 125),
        (750, 375),
    ]
    assert made_up_country.ask("SELECT name FROM lakana.source ORDER BY 1")[-1] == "population"
    assert "WorldPop" in made_up_country.ask("SELECT name FROM lakana.source")
