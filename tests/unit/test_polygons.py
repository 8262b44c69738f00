"""Polygons that callers draw are looked through, and nobody else waits meanwhile."""

from __future__ import annotations

import json
import math
import threading
import time
from typing import Any

import pytest

from geo import polygons
from geo.errors import BadInput

SHOWN_MS = 100


def sawtooth(corners: int) -> list[list[float]]:
    """A ring whose edges' boxes overlap all, so that each has to be compared with each."""
    teeth = [[n / 10_000 + 5 * (n % 2), n / 10_000 - 5 * (n % 2)] for n in range(corners)]
    return [*teeth, [6.0, -11.0], [-1.0, -15.0], [-1.0, 0.0], teeth[0]]


def longest_wait_ms(ring: list[list[float]]) -> float:
    """Return for how long another thread has to wait at most while a polygon is checked."""
    waits, done = [0.0], threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            waits.append((now - last) * 1000)
            last = now

    other = threading.Thread(target=tick)
    other.start()
    try:
        polygons.polygons("exclude", {"type": "Polygon", "coordinates": [ring]})
    finally:
        done.set()
        other.join()
    return max(waits)


def test_many_edges_that_all_may_cross_keep_nobody_else_waiting():
    assert longest_wait_ms(sawtooth(1_400)) < SHOWN_MS


def test_nor_do_edges_that_cross():
    ring = sawtooth(1_400)
    ring[-3], ring[-2] = ring[-2], [7.0, -3.0]
    with pytest.raises(BadInput, match="exclude: the polygon is not valid; draw it so that no edges cross"):
        longest_wait_ms(ring)


def test_too_many_edges_beside_each_other_are_refused_before_they_are_compared():
    """12 million comparisons took a processor 0.4 to 0.7 s."""
    saw = {"type": "Polygon", "coordinates": [sawtooth(4_900)]}
    took = []
    for _ in range(3):  # a collection of garbage may fall into one
        began = time.thread_time()
        with pytest.raises(BadInput, match="exclude: too many of its edges lie beside each other"):
            polygons.polygons("exclude", saw)
        took.append(time.thread_time() - began)
    assert min(took) < SHOWN_MS / 1000


def test_ten_polygons_have_no_more_edges_beside_each_other_than_one():
    one = [sawtooth(490)]
    assert polygons.polygons("exclude", {"type": "MultiPolygon", "coordinates": [one] * 8})
    with pytest.raises(BadInput, match="lie beside each other"):
        polygons.polygons("exclude", {"type": "MultiPolygon", "coordinates": [one] * 9})


def test_an_outline_of_as_many_positions_as_may_be_is_no_saw():
    """A coast of 4,999 positions that turns in and out, with a lake in it."""
    turns = [2 * math.pi * n / 4_899 for n in range(4_899)]
    coast = [[(1 + 0.1 * math.sin(60 * turn)) * f(turn) for f in (math.cos, math.sin)] for turn in turns]
    lake = [[0.3 * math.cos(turn), 0.3 * math.sin(turn)] for turn in turns[::50]]
    rings = [[*coast, coast[0]], [*lake, lake[0]]]
    assert polygons.polygons("exclude", {"type": "Polygon", "coordinates": rings})


SQUARE = [[[0.0, 10.0], [1.0, 10.0], [1.0, 11.0], [0.0, 11.0], [0.0, 10.0]]]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": SQUARE}
FEATURE = {"type": "Feature", "properties": {"name": "Parc"}, "geometry": POLYGON}


@pytest.mark.parametrize(
    ("given", "many"),
    [
        (FEATURE, 1),
        ({"type": "FeatureCollection", "features": [FEATURE, FEATURE]}, 2),
        ({"type": "GeometryCollection", "geometries": [POLYGON, POLYGON, POLYGON]}, 3),
        (FEATURE | {"geometry": {"type": "GeometryCollection", "geometries": [POLYGON]}}, 1),
        (POLYGON | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, 1),
        (POLYGON | {"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}}, 1),
        (POLYGON | {"coordinates": [[[lon + 360, lat] for lon, lat in SQUARE[0]]]}, 1),
        (POLYGON | {"coordinates": [[[lon - 720, lat, 300] for lon, lat in SQUARE[0]]]}, 1),
    ],
)
def test_polygons_are_taken_as_people_have_them(given, many):
    found = polygons.polygons("exclude", given)
    assert [[position[:2] for position in json.loads(each)["coordinates"][0]] for each in found] == [SQUARE[0]] * many


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        (POLYGON | {"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, "exclude.crs", "EPSG:3857"),
        (POLYGON | {"crs": {"type": "link"}}, "exclude.crs", "another coordinate system than EPSG:4326"),
        (POLYGON | {"crs": {"properties": {"name": "x" * 61}}}, "exclude.crs", "another coordinate system than"),
        (FEATURE | {"geometry": None}, "exclude.geometry", "Polygon or MultiPolygon"),
        ({"type": ["Polygon"]}, "exclude", "Polygon or MultiPolygon"),
        ({"type": "FeatureCollection", "features": []}, "exclude.features", "a list that is not empty"),
        (
            POLYGON | {"coordinates": [[[-100, 0], [100, 0], [100, 5], [-100, 0]]]},
            "exclude.coordinates.0",
            "wider than 180 degrees",
        ),
        (
            POLYGON | {"coordinates": [[[170, 0], [190, 0], [190, 5], [170, 0]]]},
            "exclude.coordinates.0",
            "crosses the antimeridian",
        ),
    ],
)
def test_other_things_are_refused_with_the_reason(given, field, problem):
    with pytest.raises(BadInput, match=problem) as refused:
        polygons.polygons("exclude", given)
    assert refused.value.field == field


def test_collections_that_hold_themselves_are_not_followed_for_ever():
    given = POLYGON
    for _ in range(500):
        given = {"type": "GeometryCollection", "geometries": [given]}
    with pytest.raises(BadInput, match="Polygon or MultiPolygon"):
        polygons.polygons("exclude", given)
