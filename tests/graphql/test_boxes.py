"""Boxes as maps give them: after a turn of the earth, and across the antimeridian."""

from __future__ import annotations

import pytest
from shapely import box
from shapely.geometry import shape

pytestmark = pytest.mark.database

LISTS = {
    "services": "name location { point }",
    "shelters": "name location { point }",
    "actors": "name location { point }",
    "localities": "name point",
}
ROUND = {"west": -5.5, "east": -9.0, "south": 10.5, "north": 24.0}
"""From the east of Mali eastwards round the earth to its west."""


def lon_lat(node):
    point = node["point"] if "point" in node else node["location"]["point"]
    return point["coordinates"]


def listed(ask, field, edges):
    document = f"""query ($box: BBoxInput) {{
      {field}(bbox: $box, first: 100) {{ totalCount edges {{ node {{ {LISTS[field]} }} }} }} }}"""
    found = ask(document, box=edges)["data"][field]
    return found["totalCount"], [lon_lat(edge["node"]) for edge in found["edges"]]


@pytest.mark.parametrize("field", LISTS)
def test_a_box_across_the_antimeridian_holds_both_its_sides(ask, field):
    total, found = listed(ask, field, ROUND)
    assert {lon > 0 or lon >= ROUND["west"] for lon, _ in found} == {True, False}, "both sides"
    assert all(lon >= ROUND["west"] or lon <= ROUND["east"] for lon, _ in found)
    between, _ = listed(ask, field, ROUND | {"west": -9.0, "east": -5.5})
    everywhere, _ = listed(ask, field, ROUND | {"west": -180, "east": 180})
    assert total + between == everywhere
    assert total > 0 < between


@pytest.mark.parametrize("turns", [-2, 1, 99])
@pytest.mark.parametrize("field", LISTS)
def test_a_box_after_turns_of_the_earth_is_the_same_box(ask, field, turns):
    plain = {"west": -9.0, "east": -5.5, "south": 10.5, "north": 24.0}
    turned = plain | {side: plain[side] + 360 * turns for side in ("west", "east")}
    assert listed(ask, field, turned) == listed(ask, field, plain)


def test_layers_take_such_boxes(ask):
    for layer in ("ADMIN_AREAS", "LOCALITIES"):
        document = f"query ($box: BBoxInput) {{ featureCollection(layer: {layer}, bbox: $box) }}"
        every = ask(document)["data"]["featureCollection"]["features"]
        sides = box(-5.5, 10.5, 180, 24), box(-180, 10.5, -9, 24)
        inside = {each["id"] for each in every if any(shape(each["geometry"]).intersects(side) for side in sides)}
        found = ask(document, box=ROUND)["data"]["featureCollection"]["features"]
        assert {each["id"] for each in found} == inside
        assert 0 < len(inside) < len(every)


def test_services_near_a_place_after_a_turn_are_the_same(ask):
    document = "query ($at: PointInput!) { nearestServices(origin: $at) { distanceMetres service { id } } }"
    plain, turned = (ask(document, at={"lon": lon, "lat": 12.0}) for lon in (-8.0, 352.0))
    assert plain["data"]["nearestServices"]
    assert plain == turned
