import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import BBox, LonLat
from geo.errors import BadInput
from geo.vocabulary import Locale
from maps import coverage, geometry, overview
from maps.labels import name_places
from tests.maps import samples


def rows(page):
    """Read the points of the page."""
    return samples.embedded(page.html)["layers"]["sites"]


def test_latitude_comes_first_for_leaflet_only():
    assert geometry.latlng(LonLat(lon=-8, lat=12.65)) == (12.65, -8)
    drawn = rows(overview.draw(samples.overview(), Locale.FR))
    assert [row[:2] for row in drawn] == [[12.65, -8], [12.66, -8.01], [14.49, -4.2], [11, -10.5]]


def test_a_hidden_site_is_no_point_of_the_page():
    page = overview.draw(samples.overview(), Locale.FR)
    assert [row[2] for row in rows(page)] == ["justice", "civil", "care", "shelter"]
    (area,) = samples.embedded(page.html)["layers"]["areas"]
    assert area["properties"]["radius_m"] == 12_000
    assert [row[3]["name"] for row in rows(coverage.draw(samples.coverage(), Locale.FR))] == [samples.SHOWN]


def test_swapped_coordinates_are_refused_where_they_leave_the_world():
    with pytest.raises(BadInput):
        geometry.place(samples.point((12.65, -108.0)))


def test_neighbours_keep_a_common_border():
    jagged = [[-6.00004, 10.123456], [-6.000049, 13.98765432], [-5.99996, 16]]
    west = {"type": "Polygon", "coordinates": [[[-12, 10], *jagged, [-12, 16], [-12, 10]]]}
    east = {"type": "Polygon", "coordinates": [[[0, 16], *reversed(jagged), [0, 10], [0, 16]]]}
    one, other = geometry.outline(samples.collection({"geometry": west}, {"geometry": east}))
    border = {tuple(corner) for corner in one["coordinates"][0][0]} & {
        tuple(corner) for corner in other["coordinates"][0][0]
    }
    assert border == {(-6.0, 10.1235), (-6.0, 13.9877), (-6.0, 16)}


def test_many_corners_are_drawn_with_fewer_decimals():
    ring = [[number / 100_000, (number % 2) / 10_000] for number in range(40_000)]
    (drawn,) = geometry.outline(
        samples.collection({"geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}})
    )
    assert len(drawn["coordinates"][0][0]) <= geometry.MAX_VERTICES


def test_an_islet_is_dropped_and_a_region_never():
    islet = [[0, 0], [0.00001, 0], [0.00001, 0.00001], [0, 0]]
    land = [[1, 1], [2, 1], [2, 2], [1, 1]]
    both, alone = geometry.outline(
        samples.collection(
            {"geometry": {"type": "MultiPolygon", "coordinates": [[islet], [land]]}},
            {"geometry": {"type": "Polygon", "coordinates": [islet]}},
        )
    )
    assert both["coordinates"] == [[land]]
    assert alone["coordinates"] == [[islet]]


def test_bounds():
    regions = samples.regions()
    assert geometry.bounds(regions, []) == BBox(west=-12, south=10, east=0, north=16)
    nothing = samples.collection()
    assert geometry.bounds(nothing, []) is None
    assert geometry.bounds(nothing, [LonLat(lon=-8, lat=12)]) == BBox(west=-8, south=12, east=-8, north=12)


@given(st.lists(st.tuples(st.floats(0, 12), st.floats(0, 12)), max_size=20))
def test_a_name_stands_in_its_region(sites):
    square = samples.square(0, 0, 12, 12)["geometry"]
    places = name_places(square, [LonLat(lon=lon, lat=lat) for lon, lat in sites])
    assert 1 <= len(places) <= 30
    assert all(0 < place.lon < 12 and 0 < place.lat < 12 for place in places)


def test_a_name_keeps_away_from_a_hole_in_a_crescent():
    ring = [[0, 0], [10, 0], [10, 2], [2, 2], [2, 8], [10, 8], [10, 10], [0, 10], [0, 0]]
    best = name_places({"type": "Polygon", "coordinates": [ring]}, [])[0]
    assert best.lon < 2 or best.lat < 2 or best.lat > 8
