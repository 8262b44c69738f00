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
    assert [float(part) for part in text] == [lon, lat]


@given(st.floats(), st.floats())
def test_anything_else_names_the_axis(lon, lat):
    inside = -180 <= lon <= 180 and -90 <= lat <= 90
    try:
        LonLat(lon=lon, lat=lat, field="origin")
    except BadInput as error:
        assert not inside
        assert error.field in {"origin.lon", "origin.lat"}
    else:
        assert inside


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
        BBox(west=west, south=south, east=east, north=north)
    except BadInput as error:
        assert west > east or south > north
        assert error.field == "bbox"
    else:
        assert west <= east
        assert south <= north
