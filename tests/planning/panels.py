"""Places and neighbours for the tests of the methods."""

from __future__ import annotations

import random

import numpy as np

from geo.statistics.distances import Places
from geo.statistics.weights import Neighbours


def places_of(lonlats) -> Places:
    lonlats = np.array(lonlats, float).reshape(-1, 2)
    return Places(lonlats[:, 0], lonlats[:, 1])


def pairs_of(neighbours: list[list[int]]) -> Neighbours:
    pairs = [(here, there) for here, those in enumerate(neighbours) for there in those]
    here, there = np.array(pairs, np.int64).reshape(-1, 2).T
    return Neighbours(len(neighbours), here, there)


def scattered(seed: int, count: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(chance.uniform(-12, -4), chance.uniform(10, 16)) for _ in range(count)]
