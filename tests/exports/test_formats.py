"""Each format, opened again by what reads it elsewhere, and held against the answer of the query."""

from __future__ import annotations

import datetime as dt
import io
import math

import orjson
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from tests.exports.conftest import table

pytestmark = pytest.mark.database

QUERY = """{ services(categories: [MEDICAL], first: 100) { totalCount edges { node {
  id name category categoryLabel capacity phone verifiedOn languages
  location { point precision zone { name } locality { name } } source { illustrative name licence }
} } } }"""
MEDICAL = "categories=MEDICAL"


@pytest.fixture(scope="module")
def nodes(http):
    answer = http("POST", "/graphql", json={"query": QUERY}).json()["data"]["services"]
    assert answer["totalCount"] == len(answer["edges"]) > 5
    return [each["node"] for each in answer["edges"]]


def test_csv_has_what_the_query_answers(export, nodes):
    title, names, tags, rows = table(export(f"services.csv?{MEDICAL}").content)
    assert [each["id"] for each in rows] == [each["id"] for each in nodes]
    for row, node in zip(rows, nodes, strict=True):
        assert row["name"] == node["name"]
        assert row["categoryLabel"] == "Soins médicaux"
        assert row["capacity"] == ("" if node["capacity"] is None else str(node["capacity"]))
        assert row["phone"] == (node["phone"] or "")
        assert row["verifiedOn"] == (node["verifiedOn"] or "")
        lon, lat = node["location"]["point"]["coordinates"]
        assert (float(row["location.longitude"]), float(row["location.latitude"])) == (lon, lat)
        assert row["source.illustrative"] == "true"
    assert any(row["phone"].startswith("+223") for row in rows)
    assert dict(zip(names, tags, strict=True))["name"] == "#service+name"
    assert dict(zip(names, tags, strict=True))["location.latitude"] == "#geo+lat"
    for said in (
        "Lakana · services",
        dt.datetime.now(dt.UTC).date().isoformat(),
        "DONNÉES ILLUSTRATIVES",
        "Apache-2.0",
    ):
        assert said in title
    assert f"{len(nodes)} lignes sur {len(nodes)}" in title
    assert "Une cellule vide n’est pas zéro" in title


def test_xlsx_has_typed_cells_and_a_sheet_that_says_what_it_is(export, nodes):
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(f"services.xlsx?{MEDICAL}").content))
    assert book.sheet_names == ["services", "À propos"]
    names, tags, *rows = book.get_sheet_by_index(0).to_python()
    found = [dict(zip(names, each, strict=True)) for each in rows]
    assert [each["id"] for each in found] == [each["id"] for each in nodes]
    assert "#service+name" in tags
    for row, node in zip(found, nodes, strict=True):
        assert row["capacity"] == ("" if node["capacity"] is None else node["capacity"])
        assert row["phone"] == (node["phone"] or "")
        assert row["verifiedOn"] == (dt.date.fromisoformat(node["verifiedOn"]) if node["verifiedOn"] else "")
        assert row["source.illustrative"] is True
    about = [each[0] for each in book.get_sheet_by_index(1).to_python()]
    assert about[0] == "Lakana · services"
    assert any("DONNÉES ILLUSTRATIVES" in str(each) for each in about)
    assert {"name", "location.latitude"} <= {*map(str, about)}, "each column is explained"


def test_geojson_has_a_feature_a_row_and_says_what_it_is(export, nodes):
    told = orjson.loads(export(f"services.geojson?{MEDICAL}&language=en").content)
    assert [each["id"] for each in told["features"]] == [each["id"] for each in nodes]
    for feature, node in zip(told["features"], nodes, strict=True):
        assert feature["geometry"] == node["location"]["point"]
        assert feature["properties"]["capacity"] == node["capacity"], "null is null, and no zero"
        assert "location.latitude" not in feature["properties"]
    about = told["metadata"]
    assert about["illustrative"] is True
    assert about["complete"] is True
    assert about["numberReturned"] == about["numberMatched"] == len(nodes)
    assert about["sources"][0]["licence"] == "Apache-2.0"
    assert any("ILLUSTRATIVE DATA" in each for each in about["notes"])


def test_geopackage_is_read_by_gdal(export, nodes, tmp_path):
    file = tmp_path / "services.gpkg"
    file.write_bytes(export(f"services.gpkg?{MEDICAL}").content)
    info = pyogrio.read_info(str(file))
    assert info["features"] == len(nodes)
    assert info["crs"] == "EPSG:4326"
    assert dict(zip(info["fields"], info["dtypes"], strict=True))["capacity"] == "int64"
    assert "ILLUSTRATIVES" in info["layer_metadata"]["NOTES"]
    assert info["layer_metadata"]["ILLUSTRATIVE"] == "true"
    _, _, _, data = pyogrio.raw.read(str(file), columns=["id", "capacity"], read_geometry=False)
    assert list(data[0]) == [each["id"] for each in nodes]
    unknown = [each["capacity"] is None for each in nodes]
    assert any(unknown)
    assert [math.isnan(value) for value in data[1]] == unknown, "what is not known is null there too"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson", "gpkg"])
def test_the_same_rows_make_the_same_bytes(export, ending):
    first, second = (export(f"organizations.{ending}").content for _ in range(2))
    assert first == second


def test_a_layer_is_a_table_too(export):
    _, names, _, rows = table(export("featureCollection.csv?layer=ACTORS&first=5").content)
    assert names == [
        "name",
        "kind",
        "verifiedOn",
        "phone",
        "sourceName",
        "radiusMetres",
        "precision",
        "illustrative",
        "id",
        "latitude",
        "longitude",
    ]
    assert len(rows) == 5
    assert all(float(each["longitude"]) < 5 for each in rows)
    told = orjson.loads(export("featureCollection.geojson?layer=ADMIN_AREAS&first=2").content)
    assert told["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert told["metadata"]["complete"] is False


def test_an_answer_says_what_it_takes_for_granted(export):
    asked = "need.categories=MEDICAL,LEGAL_AID&within.metres=30000"
    title, _, _, rows = table(export(f"coverage.areas.csv?{asked}").content)
    assert rows[0]["area.name"]
    assert "assumptions: Les distances" in title
    assert "confidentialLeftOut:" in title
    told = orjson.loads(export(f"coverageGaps.geojson?{asked}").content)
    assert told["metadata"]["answer"]["reachMetres"] == 30_000
    assert {each["geometry"]["type"] for each in told["features"]} == {"Point"}


def test_what_is_not_published_is_empty_beside_its_status(export):
    _, _, _, rows = table(export("incidentCounts.csv?level=LOCALITY&period=2024").content)
    told = {(each["status"], each["count"] == "") for each in rows}
    assert {status for status, empty in told if empty} <= {"NOT_REPORTED", "NOT_RELEASED"}
    assert {status for status, empty in told if not empty} <= {"PUBLISHED"}
    assert told
