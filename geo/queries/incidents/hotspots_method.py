"""The arrays behind :mod:`geo.queries.incidents.hotspots`, imported only by the process that computes the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.spheroid import Numbers
from geo.statistics.distances import Places, Positions
from geo.statistics.fdr import benjamini_hochberg
from geo.statistics.hotspots import classes, gi_star, local_moran, moran_z, neighbours_p, normal_p, quadrants
from geo.statistics.redraw import redrawn
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.terms import HotspotClass, HotspotMethod, HotspotTest
from geo.statistics.weights import Neighbours, nearest, within_band

Row = dict[str, Any]
PER = 100_000
DIGITS, RATE_DIGITS = 6, 3
"""Decimals of scores and probabilities, and of rates. Adding in another order changes only digits far behind them."""
PERMUTED_AT_MOST = 5_000
"""Places tested by permutations. The least p of 9,999, 0.0002, becomes 1 when it is held against more of them."""
REDRAWS, REDRAWS_AT_LEAST = 50, 10
DRAWN_AT_MOST = 20_000_000
"""Drawn neighbours in all redraws together, 0.8 s: with 9,999 permutations 39 redraws of 50 neighbours, 10 of 199."""
PAIRS_AT_MOST = 10_000_000
"""Neighbours added up in all redraws of an analytic test: half a second."""
HOLDS = 0.8
"""A class that fewer of the redraws give is unstable.

Measured on counts drawn like the seeds' of 2025, under ten keys. Of the classes other than NOT_SIGNIFICANT that 0.8 to
0.9 (above 0.9) of the redraws give, 95 % (99 %) are the same under another key; that 0.7 to 0.8 give, 77 %; 0.4 to
0.6, 60 %; 0.2 to 0.4, 37 %.
"""


@dataclass(frozen=True, kw_only=True)
class Test:
    """The parameters of the test: the question's fields of the same names."""

    method: HotspotMethod
    nearest: int | None
    distance_m: float | None
    permutations: int
    seed: int


def tested(asked: Test, places: Sequence[Row]) -> tuple[list[Row], Row]:
    """Return the places with their figures, in their order, and the figures common to all.

    Parameters
    ----------
    asked
        Neighbours, method, permutations, seed.
    places
        Places with a known count, children (above 0) and point.

    """
    counts, children, lon, lat = (
        np.array([place[name] for place in places], float) for name in ("count", "under_18", "lon", "lat")
    )
    neighbours = _neighbours(asked, Places(lon, lat))
    test = HotspotTest.PERMUTATIONS if len(places) <= PERMUTED_AT_MOST else HotspotTest.ANALYTIC
    times = _redraws(asked, test, neighbours)
    found = _Found.of(asked, test, np.vstack((counts, redrawn(counts, times, asked.seed))), children, neighbours)
    called, agreement = found.called(), found.agreement() if times else np.full(len(places), np.nan)
    moran = asked.method is HotspotMethod.LOCAL_MORAN
    values = found.values[0]
    figures = {
        "smoothed": _plain(values, RATE_DIGITS),
        "z": _plain(found.z[0]),
        "moran_i": _plain(local_moran(values, neighbours)) if moran else [None] * len(places),
        "p": _plain(found.p[0]),
        "q": _plain(found.q[0]),
        "neighbours": neighbours.counts.tolist(),
        "agreement": _plain(agreement),
        "hotspot": [
            (HotspotClass.UNSTABLE if share < HOLDS else each).name if each else None
            for each, share in zip(called, agreement, strict=True)
        ],
        "quadrant": [each and each.name for each in quadrants(values, neighbours)] if moran else [None] * len(places),
    }
    rows = [
        place | {name: column[at] for name, column in figures.items()} | {"island": figures["neighbours"][at] == 0}
        for at, place in enumerate(places)
    ]
    permuted = test is HotspotTest.PERMUTATIONS
    return rows, {
        "tested_count": int(np.count_nonzero(~np.isnan(found.p[0]))),
        "island_count": int(np.count_nonzero(neighbours.counts == 0)),
        "unstable_count": figures["hotspot"].count(HotspotClass.UNSTABLE.name),
        "mean_rate": round(float(counts.sum() / children.sum()) * PER, RATE_DIGITS) if places else None,
        "test": test.name,
        "permutations": asked.permutations if permuted else None,
        "redraws": times,
        "least_p": 2 / (asked.permutations + 1) if permuted else 0.0,
    }


@dataclass(frozen=True)
class _Found:
    """What is found of published counts, in the first row, and of the same counts redrawn, in the others."""

    values: Numbers
    z: Numbers
    p: Numbers
    q: Numbers
    side: Positions
    own: Positions

    @classmethod
    def of(cls, asked: Test, test: HotspotTest, counts: Numbers, children: Numbers, neighbours: Neighbours) -> _Found:
        """Smooth and test each row of counts, all by the same draws."""
        moran = asked.method is HotspotMethod.LOCAL_MORAN
        score = moran_z if moran else gi_star
        values = np.array([empirical_bayes(row, children) * PER for row in counts]) if len(children) else counts
        z = np.array([score(row, neighbours) for row in values])
        if test is HotspotTest.PERMUTATIONS:
            p, side = neighbours_p(values, neighbours, asked.permutations, asked.seed)
        else:
            p, side = normal_p(z, values, neighbours)
        p = np.where(np.isnan(z), np.nan, p)
        above = values - values.mean(axis=1, keepdims=True) if moran and len(children) else np.nan_to_num(z)
        own = np.sign(above).astype(np.int64)
        # For Gi*, a place whose own value outweighs its neighbours is neither hot nor cold.
        side = side if moran else np.where(side == own, side, 0)
        return cls(values, z, p, np.array([benjamini_hochberg(row) for row in p]), side, own)

    def called(self, at: int = 0) -> list[HotspotClass | None]:
        """Return the classes of a row."""
        return classes(self.q[at], self.side[at], self.own[at])

    def agreement(self) -> Numbers:
        """Return the share of redraws that call each place what the published counts call it; NaN if not tested."""
        told = np.array(self.called(), object)
        again = np.array([self.called(at) for at in range(1, len(self.q))], object)
        return np.where(told == None, np.nan, (again == told).mean(axis=0))  # noqa: E711  elementwise


def _redraws(asked: Test, test: HotspotTest, neighbours: Neighbours) -> int:
    """Return how often published counts are drawn again: 50 times, fewer where that is dear, never fewer than 10."""
    if test is HotspotTest.PERMUTATIONS:
        times = DRAWN_AT_MOST // (asked.permutations * (int(neighbours.counts.max(initial=0)) + 1))
    else:
        times = PAIRS_AT_MOST // max(1, len(neighbours.place) + neighbours.n)
    return 0 if times < REDRAWS_AT_LEAST else min(times, REDRAWS)


def _neighbours(asked: Test, places: Places) -> Neighbours:
    if asked.distance_m is not None:
        return within_band(places, asked.distance_m)
    return nearest(places, asked.nearest or 1)


def _plain(values: Numbers, digits: int = DIGITS) -> list[float | None]:
    return [None if math.isnan(each) else round(each, digits) for each in values.tolist()]
