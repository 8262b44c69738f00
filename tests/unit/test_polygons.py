"""Polygons that callers draw are looked through, and nobody else waits meanwhile."""

from __future__ import annotations

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
    assert longest_wait_ms(sawtooth(4_900)) < SHOWN_MS


def test_nor_do_edges_that_cross():
    ring = sawtooth(4_900)
    ring[-3], ring[-2] = ring[-2], [7.0, -3.0]
    with pytest.raises(BadInput, match="exclude: the polygon is not valid; draw it so that no edges cross"):
        longest_wait_ms(ring)
