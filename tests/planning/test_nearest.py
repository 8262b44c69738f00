"""The k nearest neighbours beside brute force by PROJ, where places coincide, lie on a line, at a pole or at 180 degrees."""

from __future__ import annotations

import math
import resource

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.statistics.weights import nearest
from tests.planning.panels import places_of, scattered

GEOD = Geod(ellps="WGS84")
SAME_M = 0.002
"""Two ways of measuring may round to the one or the other millimetre."""


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    same = one[1] == other[1] and ((one[0] - other[0]) % 360 == 0 or abs(one[1]) == 90)
    return 0.0 if same else float(GEOD.inv(*one, *other)[2])


def assert_nearest(lonlats: list[tuple[float, float]], k: int) -> None:
    """Compare with all distances: no nearer place is missing, and of places on one spot the first are taken."""
    found, n = nearest(places_of(lonlats), k), len(lonlats)
    assert found.counts.tolist() == [min(k, n - 1)] * n
    for here in range(n):
        far = {there: metres(lonlats[here], lonlats[there]) for there in range(n) if there != here}
        taken = set(found.neighbour[found.place == here].tolist())
        assert len(taken) == min(k, n - 1)
        assert here not in taken
        last = max((far[each] for each in taken), default=0)
        for other in far.keys() - taken:
            assert far[other] >= last - SAME_M
        for each in taken:
            on_its_spot = [other for other in far if metres(lonlats[each], lonlats[other]) == 0 and other < each]
            assert taken.issuperset(on_its_spot)


degrees = st.integers(-40, 40).map(lambda each: each / 8)
FIELDS = {
    "coinciding": st.tuples(st.sampled_from([0.0, 0.5, 7.0]), st.sampled_from([11.0, 11.25])),
    "collinear": st.tuples(degrees, st.just(0.0)),
    "meridian": st.tuples(st.just(-5.0), degrees),
    "antimeridian": st.tuples(degrees.map(lambda each: (each + 360) % 360 - 180), degrees),
    "either side of 180": st.tuples(st.sampled_from([-180.0, 180.0, 179.5, -179.5, 540.0]), degrees),
    "polar": st.tuples(st.integers(-180, 180).map(float), st.sampled_from([90.0, 89.9, 89.0, 85.0])),
    "random": st.tuples(st.floats(-12, 4), st.floats(10, 25)),
}


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_nearest_equal_brute_force(field, data):
    count = data.draw(st.integers(1, 45))
    lonlats = data.draw(st.lists(FIELDS[field], min_size=count, max_size=count))
    assert_nearest(lonlats, data.draw(st.integers(1, 12)))


def test_thirty_of_seventy_seven_on_one_point():
    """Found in use: the search looked at nine more than it wanted, and thirty stood on the nearest spot."""
    lonlats = scattered(11, 77)
    for each in range(20, 50):
        lonlats[each] = (-5.66654, 11.31755)
    assert_nearest(lonlats, 6)


def test_all_around_a_pole_are_equally_near_to_it():
    ring = [(float(lon), 89.0) for lon in range(-180, 180, 3)]
    found = nearest(places_of([(0.0, 90.0), *ring]), 5)
    assert found.neighbour[found.place == 0].tolist() == [1, 2, 3, 4, 5]


def test_thousands_on_one_spot_take_little_memory_and_the_first_are_taken():
    lonlats = [(-8.0, 12.65)] * 20_000 + scattered(12, 100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = nearest(places_of(lonlats), 6)
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 300  # a matrix of all pairs takes 3,200 MB
    assert found.neighbour[found.place == 3].tolist() == [0, 1, 2, 4, 5, 6]
    assert found.neighbour[found.place == 19_999].tolist() == [0, 1, 2, 3, 4, 5]
    assert math.isclose(float(np.bincount(found.place).mean()), 6)
