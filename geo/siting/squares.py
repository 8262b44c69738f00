"""Places gathered in squares of a grid: pairs of squares stand for pairs of places, which in a country are too many.

Distances here are straight lines through the earth, for which the triangle inequality holds: two places of two squares
are never nearer to each other than the middles less both radii, and never farther than the middles and both radii. The
way along the surface is never shorter than the straight line, so what is out of reach by it is out of reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from geo.coordinates import A_M
from geo.siting.model import Indices, Matrix, Numbers
from geo.spheroid import geocentric_m

DEGREE_M = A_M * np.pi / 180
PAIRS = 3_000_000
"""Pairs of squares that may lie within reach of each other: 150 MB with both matrices, and 10 ms to add them up."""
SIZES_TRIED = 4
FIRST_SIDE_M = 5_000.0
SLACK_M = 0.01
"""How much farther than the reach a straight line may be and still count as within, against all rounding."""


class Squares:
    """Places by squares with sides of so many metres.

    Parameters
    ----------
    places
        Longitude and latitude in degrees, EPSG:4326, shape (n, 2).
    side_m
        The side of a square; at its own latitude, so that squares of all rows are about equal.

    """

    def __init__(self, places: Numbers, side_m: float) -> None:
        rows = np.floor(places[:, 1] * DEGREE_M / side_m)
        north = np.radians((rows + 0.5) * side_m / DEGREE_M)
        columns = np.floor(places[:, 0] * DEGREE_M * np.cos(north) / side_m)
        self.xyz = geocentric_m(places[:, 0], places[:, 1])
        _, of = np.unique(rows + 1j * columns, return_inverse=True)
        self.of: Indices = of
        self.held: Indices = np.bincount(of)
        self._order: Indices = np.argsort(of, kind="stable")
        self._first: Indices = np.cumsum(self.held) - self.held
        middles = np.column_stack([np.bincount(of, axis) / self.held for axis in self.xyz.T])
        self.middles: Numbers = middles.reshape(-1, 3)
        away = np.linalg.norm(self.xyz - self.middles[of], axis=1)
        self.radius_m: Numbers = np.zeros(len(self.held))
        np.maximum.at(self.radius_m, of, away)

    def __len__(self) -> int:
        """Return the number of squares that hold a place."""
        return len(self.held)

    def members(self, squares: Indices) -> Indices:
        """Return the places in some squares."""
        held = self.held[squares]
        within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
        found: Indices = self._order[np.repeat(self._first[squares], held) + within]
        return found

    def sums(self, values: Numbers) -> Numbers:
        """Return the sum of the values of the places of each square."""
        return np.bincount(self.of, values, len(self)).astype(np.float64)

    def nearest(self) -> Indices:
        """Return for each square the place that is nearest to its middle, the first of equals."""
        away = np.linalg.norm(self.xyz - self.middles[self.of], axis=1)
        order = np.lexsort((away, self.of))
        found: Indices = order[self._first]
        return found


def at_most(places: Numbers, number: int) -> Squares:
    """Return places in at most so many squares, nearly as small as that allows."""
    side_m = FIRST_SIDE_M
    squares = Squares(places, side_m)
    while len(squares) > number:
        side_m *= max(1.1, (len(squares) / number) ** 0.5)
        squares = Squares(places, side_m)
    return squares


@dataclass(frozen=True)
class Paired:
    """Squares of candidates and of demand points, and 0/1 matrices, square of candidates × square of demand.

    ``near``: the middles are within reach of each other. ``possible``: any two of their places may be.
    """

    candidates: Squares
    demand: Squares
    near: Matrix
    possible: Matrix


def paired(candidates: Numbers, demand: Numbers, reach_m: float) -> Paired:
    """Return both in squares as small as the number of pairs allows.

    Parameters
    ----------
    candidates, demand
        Longitude and latitude in degrees, EPSG:4326, shapes (m, 2) and (n, 2), neither empty.
    reach_m
        The reach in metres.

    """
    side_m = reach_m / 4
    for left in reversed(range(SIZES_TRIED)):
        offered, asked = Squares(candidates, side_m), Squares(demand, side_m)
        farthest_m = reach_m + SLACK_M + offered.radius_m.max() + asked.radius_m.max()
        trees = cKDTree(offered.middles), cKDTree(asked.middles)
        pairs = int(trees[0].count_neighbors(trees[1], farthest_m))
        if PAIRS / 2 <= pairs <= PAIRS or (not left and pairs <= PAIRS):
            break
        # With the side halved, four times as many squares have four times as many neighbours each.
        side_m *= (max(pairs, 1) / (0.7 * PAIRS)) ** 0.25
    found = trees[0].sparse_distance_matrix(trees[1], farthest_m, output_type="ndarray")
    rows, columns, apart_m = found["i"], found["j"], found["v"]

    def matrix(within: np.ndarray) -> Matrix:
        places = rows[within], columns[within]
        return sparse.csr_array((np.ones(len(places[0])), places), shape=(len(offered), len(asked)))

    possible = apart_m <= reach_m + SLACK_M + offered.radius_m[rows] + asked.radius_m[columns]
    return Paired(offered, asked, near=matrix(apart_m <= reach_m), possible=matrix(possible))
