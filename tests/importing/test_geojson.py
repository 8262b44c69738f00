"""GeoJSON: streamed, heights dropped, outlines that are nested too deep mended and told."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from seeds.readers.files import tables
from seeds.troubles import FileTrouble, Refused

SQUARE = [[0, 10], [1, 10], [1, 11], [0, 11], [0, 10]]


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}, ensure_ascii=False)


def rows(write, text, name="a.geojson"):
    [table] = tables(write(text, name))
    return table.form, list(table.rows())


def refused(write, text):
    with pytest.raises(Refused) as caught:
        rows(write, text)
    return caught.value.trouble


def test_properties_are_columns_in_the_order_of_the_file(write):
    point = {"type": "Point", "coordinates": [-8, 12.6, 350]}
    form, found = rows(write, collection(feature(point, nom='Bla {"}', n=1), feature(None, n=2, tags={"a": [1]})))
    assert form.names() == ("nom", "n", "tags/a")
    assert [list(each.cells) for each in found] == [['Bla {"}', 1, None], [None, 2, "[1]"]]
    assert [each.geometry for each in found] == [{"type": "Point", "coordinates": [-8, 12.6]}, None]
    assert [each.number for each in found] == [1, 2]


def test_what_is_said_beside_the_properties_and_inside_of_them_are_columns(write):
    one = feature(None, nom="Bla", acces={"confidentiel": True}) | {"confidential": True, "id": 7}
    form, [row] = rows(write, collection(one))
    assert dict(zip(form.names(), row.cells, strict=True)) == {
        "nom": "Bla",
        "acces/confidentiel": True,
        "feature/confidential": True,
    }


@pytest.mark.parametrize(("said", "nested"), [("Polygon", "MultiPolygon"), ("MultiPolygon", "Polygon")])
def test_an_outline_that_is_nested_otherwise_is_read_as_it_is_nested(write, said, nested):
    coordinates = [[SQUARE]] if nested == "MultiPolygon" else [SQUARE]
    _, [row] = rows(write, collection(feature({"type": said, "coordinates": coordinates})))
    assert row.geometry == {"type": nested, "coordinates": coordinates}
    assert row.remarks == ((FileTrouble.NESTED_TOO_DEEP, {"said": said, "nested": nested}),)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["-8", "12"]},
        {"type": "Point"},
        {"type": "Polygon", "coordinates": [[[0], [1]]]},
        {"type": "Polygon", "coordinates": [[[0, 1], 5]]},
        {"type": "Polygon", "coordinates": [[[[SQUARE]]]]},
        {"type": "Circle", "coordinates": [0, 1]},
        "POINT(0 1)",
    ],
)
def test_a_geometry_that_cannot_be_read_is_told_and_the_next_one_read(write, geometry):
    _, [bad, good] = rows(write, collection(feature(geometry), feature({"type": "Point", "coordinates": [1, 2]})))
    assert bad.geometry is None
    assert bad.remarks[0][0] is FileTrouble.NO_GEOMETRY
    assert good.geometry == {"type": "Point", "coordinates": [1, 2]}


def test_a_byte_order_mark_a_name_and_our_own_coordinate_system_are_taken(write):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = "\ufeff" + collection(feature(None, a="é"), crs=crs, name="Cercles")
    assert list(rows(write, text)[1][0].cells) == ["é"]
    other = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32630"}}
    assert refused(write, collection(feature(None, a=1), crs=other)) is FileTrouble.OTHER_COORDINATES


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('{"type": "Topology", "objects": {}}', FileTrouble.BROKEN_JSON),
        ('{"type": "FeatureCollection", "features": [{"a": 1}', FileTrouble.BROKEN_JSON),
        ('{"type": "FeatureCollection", "features": [{"a": "never closed}]}', FileTrouble.BROKEN_JSON),
        ('{"type": "FeatureCollection", "features": [{"a": NaN}]}', FileTrouble.BROKEN_JSON),
        ('{"type": "FeatureCollection", "features": [}]}', FileTrouble.BROKEN_JSON),
        (collection(feature(None, **{f"p{n}": n for n in range(1_001)})), FileTrouble.TOO_MANY_COLUMNS),
    ],
)
def test_what_is_no_collection_is_refused(write, text, trouble):
    assert refused(write, text) is trouble


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_it_is_the_same_wherever_the_stream_is_cut(write, chunk, monkeypatch):
    text = collection(
        feature({"type": "Point", "coordinates": [1, 2]}, a='\\"}{][\\\\', b="\\"), feature(None, a='\\\\"')
    )
    whole = [(list(row.cells), row.geometry) for row in rows(write, text)[1]]
    monkeypatch.setattr("seeds.readers.geojson.CHUNK", chunk)
    assert [(list(row.cells), row.geometry) for row in rows(write, text)[1]] == whole
    assert whole[0][0] == ['\\"}{][\\\\', "\\"]


def test_memory_does_not_grow_with_the_file(write, monkeypatch):
    monkeypatch.setattr("seeds.readers.geojson.CHUNK", 65_536)
    one = feature({"type": "Point", "coordinates": [-8.0, 12.6]}, name="Village", text="x" * 200)
    path = write(collection(*[one] * 10_000), "places.geojson")
    tracemalloc.start()
    [table] = tables(path)
    assert sum(1 for _ in table.rows()) == 10_000
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_the_real_outlines(real):
    [well] = tables(real("cod_ab_2018_adm2_cercles.geojson"))
    [malformed] = tables(real("malformed_adm2_cercles.json"))
    assert sum(row.geometry is not None for row in well.rows()) == 50
    found = list(malformed.rows())
    assert len(found) == 53
    assert sum(bool(row.remarks) for row in found) == 49
