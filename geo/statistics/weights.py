"""Spatial weights: the k nearest neighbours, or all within a distance band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.errors import TooCostly
from geo.spheroid import Numbers
from geo.statistics.distances import Places, Positions

SPARE = 8
"""Straight lines rank neighbours almost as the spheroid does, so we examine a few more than requested."""
PAIRS_AT_MOST = 4_000_000


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of n places, as pairs of positions: place, neighbour. No place is its own neighbour."""

    n: int
    place: Positions
    neighbour: Positions

    @property
    def counts(self) -> Positions:
        """The number of neighbours of each place; an island has none."""
        return np.bincount(self.place, minlength=self.n).astype(np.int64)

    def sums(self, values: Numbers) -> Numbers:
        """Return the sum of the neighbours' values for each place: 0 for an island."""
        # Without pairs NumPy would return integers.
        return np.bincount(self.place, weights=values[self.neighbour], minlength=self.n).astype(np.float64)


def nearest(places: Places, k: int) -> Neighbours:
    """Return the k nearest others of each place by metres on the spheroid, ties by position; all if there are fewer.

    Examples
    --------
    Three places on the equator; the middle one is nearest to both ends, and of two equally near the first wins:

    >>> found = nearest(Places(np.array([0.0, 1.0, 2.0]), np.zeros(3)), 1)
    >>> found.place.tolist(), found.neighbour.tolist()
    ([0, 1, 2], [1, 0, 1])

    """
    n = len(places)
    k = min(k, n - 1)
    if k < 1:
        return Neighbours(n, np.empty(0, np.int64), np.empty(0, np.int64))
    wanted = min(n, k + 1 + SPARE)
    there = places.tree.query(places.xyz, wanted)[1].reshape(n, wanted).ravel().astype(np.int64)
    here = np.repeat(np.arange(n), wanted)
    others = here != there
    here, there = here[others], there[others]
    far = np.round(places.metres(here, places, there), 3)
    order = np.lexsort((there, far, here))
    here, there = here[order], there[order]
    first = np.concatenate(([0], np.cumsum(np.bincount(here, minlength=n))[:-1]))
    kept = np.arange(len(here)) - first[here] < k
    return Neighbours(n, here[kept], there[kept])


def within_band(places: Places, metres: float) -> Neighbours:
    """Return for each place all others within a distance in metres on the spheroid, inclusive.

    Raises
    ------
    TooCostly
        Where there would be more than 4 million pairs.

    Examples
    --------
    One degree of the equator is 111,319.491 m, so with a band narrower than two degrees the third place is an island:

    >>> found = within_band(Places(np.array([0.0, 1.0, 3.0]), np.zeros(3)), 111_319.491)
    >>> found.counts.tolist()
    [1, 1, 0]

    """
    pairs = places.count_within(places, metres)
    if pairs > PAIRS_AT_MOST:
        raise TooCostly(
            f"{pairs:,} pairs of places lie within {metres:,.0f} metres; at most {PAIRS_AT_MOST:,} can be weighed: "
            "narrow `neighbours.distance_m`, or use `neighbours.nearest`."
        )
    here, there, _ = places.within(places, metres)
    others = here != there
    return Neighbours(len(places), here[others], there[others])
