"""Polygons that callers draw are looked through, and nobody else waits meanwhile."""

from __future__ import annotations

import math
import threading
import time

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
    began = time.thread_time()
    with pytest.raises(BadInput, match="exclude: too many of its edges lie beside each other"):
        polygons.polygons("exclude", saw)
    assert time.thread_time() - began < SHOWN_MS / 1000


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
