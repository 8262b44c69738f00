"""Spatial weights: the k nearest neighbours, or all within a distance band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.errors import TooCostly
from geo.spheroid import Numbers, longest_arc_m
from geo.statistics.distances import TOLERANCE_M, Places, Positions

SPARE = 2
"""Straight lines rank neighbours almost as the spheroid does: we look at a few more than asked for, then at twice that
until no other can be nearer."""
MILLIMETRES = 3
SPOT_DIGITS = 9
"""Decimals of a degree, a tenth of a millimetre: places that agree in these stand on one spot."""
POLE = 90
PAIRS_AT_ONCE = 500_000
"""Pairs of spots to rank together: 100 MB."""
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
    """Return the k nearest others of each place by metres on the spheroid, to the millimetre, ties by position.

    All others if there are fewer than k. It is exact whatever coincides: the k + 1 nearest to a spot are found once for
    all places on it, and each place there has those less itself (less the last where it is not among them). A spot
    needs no more than its first k + 1 places, so thousands of places on one spot cost no more than the same number
    apart.

    Examples
    --------
    Three places on the equator; the middle one is nearest to both ends, and of two equally near the first wins:

    >>> found = nearest(Places(np.array([0.0, 1.0, 2.0]), np.zeros(3)), 1)
    >>> found.place.tolist(), found.neighbour.tolist()
    ([0, 1, 2], [1, 0, 1])

    Of places on one spot the first ones count:

    >>> nearest(Places(np.zeros(4), np.zeros(4)), 1).neighbour.tolist()
    [1, 0, 0, 0]

    """
    n = len(places)
    k = min(k, n - 1)
    if k < 1:
        return Neighbours(n, np.empty(0, np.int64), np.empty(0, np.int64))
    spots = _Spots(places, k + 1)
    # One row a spot; k + 1 places, the nearest first.
    found = np.empty((len(spots.at), k + 1), np.int64)
    waiting, wanted = np.arange(len(found)), min(len(found), k + 1 + SPARE)
    while len(waiting):
        again = []
        for start in range(0, len(waiting), max(1, PAIRS_AT_ONCE // wanted)):
            part = waiting[start : start + max(1, PAIRS_AT_ONCE // wanted)]
            found[part], sure = spots.ranked(part, wanted)
            again.append(part[~sure])
        waiting, wanted = np.concatenate(again), min(len(found), 2 * wanted)
    theirs = found[spots.of]
    others = theirs != np.arange(n)[:, None]
    others[others.all(axis=1), k] = False
    return Neighbours(n, np.repeat(np.arange(n), k), theirs[others])


class _Spots:
    """The distinct spots of places, each with its first places by position."""

    def __init__(self, places: Places, most: int) -> None:
        lat = np.round(places.lat, SPOT_DIGITS)
        lon = np.where(np.abs(lat) == POLE, 0, np.round(places.lon % 360, SPOT_DIGITS) % 360)
        lonlats, of = np.unique(lon + 1j * lat, return_inverse=True)
        self.most = most
        self.at = Places(lonlats.real.copy(), lonlats.imag.copy())
        self.of: Positions = of
        self.members: Positions = np.argsort(self.of, kind="stable")
        held = np.bincount(self.of)
        self.first: Positions = np.cumsum(held) - held
        self.held: Positions = np.minimum(held, most)

    def ranked(self, part: Positions, wanted: int) -> tuple[Positions, npt.NDArray[np.bool_]]:
        """Return the places nearest to some spots among so many spots around each, and where these are surely they.

        A straight line is never longer than the way along the surface: no spot farther by straight line than the last
        place kept can be nearer than it. And the way is never longer than the arc over that line where the spheroid is
        bent most: where not even so two spots can change places, as nearly everywhere, no way is measured.
        """
        straight, there = self.at.tree.query(self.at.xyz[part], wanted)
        straight, there = straight.reshape(-1, wanted), there.reshape(-1, wanted).astype(np.int64)
        longest = np.round(longest_arc_m(straight), MILLIMETRES)
        clear = (np.round(straight[:, 1:], MILLIMETRES) > longest[:, :-1]).all(axis=1)
        clear &= (self.held[there] == 1).all(axis=1)
        among = np.minimum(np.arange(self.most), wanted - 1)  # of fewer spots some have several places: none is clear
        kept, last = self.members[self.first[there[:, among]]], longest[:, among[-1]]
        kept[~clear], last[~clear] = self._measured(part[~clear], there[~clear])
        sure = (straight[:, -1] > last + TOLERANCE_M) | (wanted == len(self.at))
        return kept, sure

    def _measured(self, part: Positions, there: Positions) -> tuple[Positions, Numbers]:
        """Return the nearest of the places on some spots around each of others, and the metres to the last of them."""
        wanted, there = there.shape[1], there.ravel()
        here = np.repeat(part, wanted)
        far = np.where(here == there, 0, np.round(self.at.metres(here, self.at, there), MILLIMETRES))
        held = self.held[there]
        within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
        place = self.members[np.repeat(self.first[there], held) + within]
        row, far = np.repeat(np.repeat(np.arange(len(part)), wanted), held), np.repeat(far, held)
        order = np.lexsort((place, far, row))
        each = np.bincount(row, minlength=len(part))
        kept = order[(np.cumsum(each) - each)[:, None] + np.arange(self.most)]
        return place[kept], far[kept[:, -1]]


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
