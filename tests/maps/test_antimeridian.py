"""A country on both sides of the antimeridian is one piece on its map, and any other stays as it is."""

from __future__ import annotations

from shapely.geometry import shape

from geo.coordinates import BBox
from geo.vocabulary import Locale
from maps.antimeridian import box_around, goes_across, in_one_piece
from maps.legend import Panel
from maps.page import Drawing, build
from maps.records import FeatureCollection, Frame
from maps.words import words
from tests.maps import samples

NOTHING: FeatureCollection = {"type": "FeatureCollection", "features": []}
WEST = {"type": "Polygon", "coordinates": [[[-180, -17], [-179, -17], [-179, -16], [-180, -17]]]}
EAST = {"type": "Polygon", "coordinates": [[[178, -17], [180, -17], [180, -16], [178, -17]]]}


def layers(*geometries):
    features = [{"type": "Feature", "geometry": each, "properties": {"at": [[-179.5, -16.5]]}} for each in geometries]
    return {"regions": features, "sites": [[-16.5, -179.5, "POLICE", {}], [-16.5, 179.5, "POLICE", {}]]}


def test_what_lies_in_the_west_is_moved_behind_the_east():
    moved = in_one_piece(layers(WEST, EAST))
    assert moved["regions"][0]["geometry"]["coordinates"] == [[[180, -17], [181, -17], [181, -16], [180, -17]]]
    assert moved["regions"][1]["geometry"] == EAST
    assert moved["regions"][0]["properties"]["at"] == [[180.5, -16.5]]
    assert [row[:2] for row in moved["sites"]] == [[-16.5, 180.5], [-16.5, 179.5]]


def test_an_area_that_is_cut_at_the_antimeridian_has_no_line_there():
    both = {"type": "MultiPolygon", "coordinates": [
        [[[178, -17], [180, -17], [180, -16], [178, -16], [178, -17]]], [[[-180, -17], [-179, -17], [-179, -16], [-180, -16], [-180, -17]]],
    ]}  # fmt: skip
    geometry = in_one_piece(layers(both))["regions"][0]["geometry"]
    assert geometry["type"] == "Polygon"
    [ring] = geometry["coordinates"]
    assert {tuple(each) for each in ring if each[0] != 180} == {(178, -17), (178, -16), (181, -17), (181, -16)}
    assert BBox(west=178, south=-17, east=-179, north=-16).degrees * 1 == shape(geometry).area


def test_the_view_is_as_wide_as_the_country():
    wide = BBox(west=-180, south=-17, east=180, north=-16)
    assert goes_across(wide)
    box = box_around(in_one_piece(layers(WEST, EAST)), wide)
    assert (box.west, box.east, box.across, box.degrees) == (178, -179, True, 3)


def test_a_page_shows_it_in_the_middle():
    drawing = Drawing(layers=layers(WEST, EAST), styles={}, box=BBox(west=-180, south=-17, east=180, north=-16))
    said = words(Locale.EN)
    panel = Panel(words=said, title="Islands", lead="", dated="", groups=())
    page = build(drawing, panel, Locale.EN, frame=Frame(None, NOTHING, ()), sources=(), illustrative=False)
    data = samples.embedded(page.html)
    assert data["bounds"] == [[-17, 178], [-16, 181]]


def test_a_country_elsewhere_stays_as_it_is():
    assert not goes_across(BBox(west=-12, south=10, east=4, north=25))
    assert not goes_across(None)
