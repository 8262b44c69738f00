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


def test_the_ground_is_found_by_a_box_and_by_no_area(ask):
    document = "query ($box: BBoxInput) { featureCollection(layer: GROUND, bbox: $box) }"
    edges = {"west": -4.3, "south": 15.2, "east": -4.0, "north": 15.5}
    found = ask(document, box=edges)["data"]["featureCollection"]["features"]
    told = {(each["properties"]["kind"], each["properties"]["name"]) for each in found}
    assert told == {("LAKE", "lac Débo"), ("RIVER", "Niger")}
    assert {each["properties"]["source"] for each in found} == {"Natural Earth 1:10m, 1:50m"}
    assert not any(each["properties"]["illustrative"] for each in found)
    answer = ask('{ featureCollection(layer: GROUND, areaCode: "COD-AB:MLI") }')
    assert answer["errors"][0]["extensions"]["field"] == "areaCode"
    [one, *_] = found
    assert ask(f'{{ node(id: "{one["id"]}") {{ id }} }}')["data"]["node"] is None


def test_the_division_in_use_is_the_one_that_nothing_in_force_leads_to(ask):
    nations = ask("{ adminAreas(level: ADM0) { edges { node { areaCode hasSuccessor geometry } } } }")
    told = {each["node"]["areaCode"]: each["node"] for each in nations["data"]["adminAreas"]["edges"]}
    assert {code: each["hasSuccessor"] for code, each in told.items()} == {"COD-AB:MLI": False, "ISO-3166-2:ML": True}
    assert all(each["geometry"] for each in told.values())


@pytest.mark.parametrize("layer", MapLayer)
def test_the_properties_of_a_layer_are_those_that_its_description_and_the_page_list(ask, layer):
    features = ask(f"{{ featureCollection(layer: {layer.name}, first: 3) }}")["data"]["featureCollection"]["features"]
    described = compiled_schema().type_map["MapLayer"].values[layer.name].description  # type: ignore[attr-defined]
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{layer.name}` | "))
    assert features
    for text in (described.partition("Properties: ")[2], row.split("|")[2]):
        assert all(re.findall(r"`(\w+)`", text) == list(each["properties"]) for each in features)
