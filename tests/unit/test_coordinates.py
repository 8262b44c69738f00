"""Places and boxes: what is one, and what is told of what is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import BBox, LonLat
from geo.errors import BadInput

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(LON, LAT)
def test_every_place_on_earth_is_one(lon, lat):
    place = LonLat(lon=lon, lat=lat)
    text = place.wkt.removeprefix("POINT(").removesuffix(")").split()
    assert [float(part) for part in text] == pytest.approx([lon, lat], rel=0, abs=1e-12)


@given(st.floats(), st.floats())
def test_anything_else_names_the_axis(lon, lat):
    inside = -36_000 <= lon <= 36_000 and -90 <= lat <= 90
    try:
        LonLat(lon=lon, lat=lat, field="origin")
    except BadInput as error:
        assert not inside
        assert error.field in {"origin.lon", "origin.lat"}
    else:
        assert inside


@given(LON, st.integers(-99, 99))
def test_any_turn_of_the_earth_is_the_same_place(lon, turns):
    found = LonLat(lon=lon + 360 * turns, lat=0).lon
    assert -180 <= found <= 180
    assert min(abs(found - lon), 360 - abs(found - lon)) < 1e-9


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_place(value):
    with pytest.raises(BadInput, match="not a number of degrees"):
        LonLat(lon=value, lat=0)


def test_a_swapped_pair_is_recognised():
    with pytest.raises(BadInput, match="swapped"):
        LonLat(lon=11.3, lat=-95.6)


@given(LON, LAT, LON, LAT)
def test_a_box_is_one_or_says_what_is_wrong(west, south, east, north):
    try:
        box = BBox(west=west, south=south, east=east, north=north)
    except BadInput as error:
        assert south > north
        assert error.field == "bbox"
    else:
        assert south <= north
        assert box.across == (west > east) or box.degrees == 360  # of a hair less than a turn


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ((170, -170), (170, -170)),
        ((170, 190), (170, -170)),
        ((-190, -170), (170, -170)),
        ((-372, -356), (-12, 4)),
        ((348, 364), (-12, 4)),
        ((-180, 180), (-180, 180)),
        ((0, 360), (-180, 180)),
        ((-900, 900), (-180, 180)),
        ((180, -170), (180, -170)),
        ((5, 5), (5, 5)),
    ],
)
def test_the_box_that_is_meant_is_taken(asked, meant):
    box = BBox(west=asked[0], south=0, east=asked[1], north=1)
    assert (box.west, box.east) == meant


@given(LON, st.floats(0, 359), st.integers(-98, 97), LON)
def test_a_box_holds_what_lies_east_of_its_west_edge(west, wide, turns, lon):
    box = BBox(west=west + 360 * turns, south=0, east=west + wide + 360 * turns, north=1)
    away = (lon - west) % 360
    if 1e-6 < away < wide - 1e-6 or wide + 1e-6 < away < 360 - 1e-6:
        held = lon >= box.west or lon <= box.east if box.across else box.west <= lon <= box.east
        assert held == (away < wide)
