"""What the data is drawn on: borders between neighbours, water that reaches into the nation, and their names."""

from typing import Any

import pytest
from shapely import Polygon, box
from shapely.geometry import shape

from geo.coordinates import BBox
from geo.vocabulary import Locale
from maps import coverage, ground, overview
from tests.maps import samples
from tests.maps.window import settle

BOX = BBox(west=-12, south=10, east=0, north=20)
BORDERS = samples.frame(nation=samples.NATION, ground=samples.ground())


def test_only_what_two_neighbours_share_is_a_border():
    borders, *names = ground.neighbours(samples.ground(), BOX)
    assert shape(borders["geometry"]).equals(shape({"type": "LineString", "coordinates": [[-18, 15], [-12, 15]]}))
    assert [each["properties"]["label"] for each in names] == [["Pays du sud"], ["Pays du nord"]]
    for each, land in zip(names, (box(-18, 8, -12, 15), box(-18, 15, -12, 24)), strict=True):
        places = [shape({"type": "Point", "coordinates": at}) for at in each["properties"]["at"]]
        assert places
        assert all(land.covers(place) and place.x >= -14.01 for place in places), "near the nation"


def test_without_a_nation_there_is_no_ground():
    assert ground.neighbours(samples.ground(), None) == ground.water(samples.ground(), None) == []


def test_water_that_stays_abroad_is_left_out_and_rivers_are_wider_by_rank():
    drawn = {each["properties"]["label"][0]: each for each in ground.water(samples.ground(), samples.NATION)}
    assert list(drawn) == ["Lac", f"Grand fleuve {samples.IMAGE}", "Petit fleuve"]
    great, small = drawn[f"Grand fleuve {samples.IMAGE}"], drawn["Petit fleuve"]
    assert great["properties"]["weight"] > small["properties"]["weight"]
    assert (great["properties"]["near"], small["properties"]["near"]) == (False, True)
    assert shape(great["geometry"]).bounds[0] == -15, "a river goes on across the border"
    nation = Polygon(samples.NATION["coordinates"][0])
    inside = [shape({"type": "Point", "coordinates": at}) for at in great["properties"]["at"]]
    assert all(nation.covers(each) for each in inside[: len(ground.ALONG)]), "named inside first"


@pytest.mark.browser
@pytest.mark.parametrize("name", ["overview", "coverage"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
def test_the_ground_is_seen_and_neither_heard_nor_clicked(show, name, size):
    draw: Any = {"overview": overview.draw, "coverage": coverage.draw}[name]
    records: Any = {"overview": samples.overview, "coverage": samples.coverage}[name]
    watched = show(draw(records(frame=BORDERS), Locale.FR), *size)
    settle(watched.page)
    panes = watched.page.evaluate(
        """() => ['neighbours', 'water', 'names'].map(name => {
            const pane = lakana_map.getPane(name);
            return [pane.getAttribute('aria-hidden'), pane.querySelectorAll('path, .lakana-label').length,
                    pane.querySelectorAll('.leaflet-interactive, [tabindex], [role=button]').length];
        })"""
    )
    assert [(hidden, reached) for hidden, _, reached in panes] == [("true", 0)] * 3
    assert all(seen for _, seen, _ in panes)
    window = watched.page.locator("#lakana_map").bounding_box()
    for label in watched.page.locator(".lakana-label-neighbours:not(.unseen), .lakana-label-water:not(.unseen)").all():
        at = label.bounding_box()
        assert window["x"] <= at["x"] <= window["x"] + window["width"] - at["width"] + 0.5
        assert window["y"] <= at["y"] <= window["y"] + window["height"] - at["height"] + 0.5
    watched.assert_quiet()


@pytest.mark.browser
def test_the_card_of_land_without_a_border_tells_of_each_region(show):
    watched = show(coverage.draw(samples.coverage(frame=BORDERS, others=samples.UNBOUND), Locale.FR))
    path = watched.page.locator('path[aria-label="Nord, Désert, limite non connue"]')
    assert path.get_attribute("stroke-dasharray") == "6 4"
    path.press("Enter")
    card = watched.page.locator(".card")
    assert card.locator("h4").all_text_contents() == ["Nord", "Désert", "Région non connue"]
    assert "villes seulement" in card.text_content()
    watched.assert_quiet()
