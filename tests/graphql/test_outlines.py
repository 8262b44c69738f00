"""Layers of a map: an area is no point, and counts where the box meets it; each has the properties that it lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shapely import box
from shapely.geometry import shape

from api.graphql.schema import compiled_schema
from geo.queries.directory.features import MapLayer

pytestmark = pytest.mark.database

DOCUMENT = "query ($box: BBoxInput) { featureCollection(layer: ADMIN_AREAS, bbox: $box) }"


@pytest.mark.parametrize(
    "edges", [(-6.03, 14.09, -6.01, 14.11), (-8, 10, -4, 14), (-12.3, 10.1, 4.3, 25.1), (0, 0, 1, 1)]
)
def test_outlines_that_meet_a_box_are_in_it(ask, edges):
    features = ask(DOCUMENT)["data"]["featureCollection"]["features"]
    inside = {each["id"] for each in features if shape(each["geometry"]).intersects(box(*edges))}
    asked = ask(DOCUMENT, box=dict(zip(("west", "south", "east", "north"), edges, strict=True)))
    assert {each["id"] for each in asked["data"]["featureCollection"]["features"]} == inside
    assert bool(inside) == (edges[0] < 0)


@pytest.mark.parametrize("layer", MapLayer)
def test_the_properties_of_a_layer_are_those_that_its_description_and_the_page_list(ask, layer):
    features = ask(f"{{ featureCollection(layer: {layer.name}, first: 3) }}")["data"]["featureCollection"]["features"]
    described = compiled_schema().type_map["MapLayer"].values[layer.name].description  # type: ignore[attr-defined]
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{layer.name}` | "))
    assert features
    for text in (described.partition("Properties: ")[2], row.split("|")[2]):
        assert all(re.findall(r"`(\w+)`", text) == list(each["properties"]) for each in features)
