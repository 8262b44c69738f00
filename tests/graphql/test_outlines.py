"""Outlines in a box: an area is no point, and counts where the box meets it."""

from __future__ import annotations

import pytest
from shapely import box
from shapely.geometry import shape

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
