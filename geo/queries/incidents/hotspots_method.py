"""The arrays behind :mod:`geo.queries.incidents.hotspots`, imported only by the process that computes the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.queries.base.cursor import Key
from geo.queries.base.packed import DOUBLE, INTEGER, UUID, identified, unpacked
from geo.spheroid import Numbers
from geo.statistics.distances import Places, Positions
from geo.statistics.fdr import benjamini_hochberg
from geo.statistics.hotspots import classes, gi_star, local_moran, moran_z, neighbours_p, normal_p, quadrants
from geo.statistics.redraw import redrawn
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.terms import UNTESTED, HotspotClass, HotspotExclusion, HotspotMethod, HotspotTest
from geo.statistics.weights import Neighbours, nearest, within_band

Row = dict[str, Any]
PER = 100_000
DIGITS, RATE_DIGITS = 6, 3
"""Decimals of scores and probabilities, and of rates. Adding in another order changes only digits far behind them."""
PUBLISHED_RATE = Decimal("0.1")
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


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Places with a known count, children (above 0) and point, in the order of their ids: arrays of one length.

    Longitude and latitude are in degrees, EPSG:4326; ``inside`` says whether a place lies in the area asked for.
    """

    ids: npt.NDArray[Any]
    lon: Numbers
    lat: Numbers
    counts: Numbers
    children: Numbers
    inside: npt.NDArray[np.bool_]


def read(columns: Mapping[str, str]) -> tuple[Counted, int]:
    """Return the places to test, from the packed columns of the question, and how many others did not report."""
    reason = unpacked(columns["reason"], INTEGER)
    told = reason == 0
    not_reported = [*HotspotExclusion].index(HotspotExclusion.NOT_REPORTED) + 1
    places = Counted(
        ids=unpacked(columns["id"], UUID)[told],
        lon=unpacked(columns["lon"], DOUBLE)[told],
        lat=unpacked(columns["lat"], DOUBLE)[told],
        counts=unpacked(columns["count"], INTEGER)[told].astype(float),
        children=unpacked(columns["under_18"], INTEGER)[told].astype(float),
        inside=unpacked(columns["inside"], INTEGER)[told] > 0,
    )
    return places, int(np.count_nonzero(reason == not_reported))


@dataclass(frozen=True)
class Findings:
    """What is found of each place, and the figures common to all."""

    places: Counted
    neighbours: Positions
    figures: Mapping[str, Numbers]
    classes: npt.NDArray[Any]
    quadrants: npt.NDArray[Any]
    summary: Row

    def row(self, at: int) -> Row:
        """Return a place with its figures, rounded."""
        own, called, quadrant = self.places, self.classes[at], self.quadrants[at]
        count, children, neighbours = int(own.counts[at]), int(own.children[at]), int(self.neighbours[at])
        return {
            "id": identified(own.ids[at]),
            "lon": float(own.lon[at]),
            "lat": float(own.lat[at]),
            "count": count,
            "under_18": children,
            "rate": _published_rate(count, children),
            **{
                name: _plain(float(values[at]), RATE_DIGITS if name == "smoothed" else DIGITS)
                for name, values in self.figures.items()
            },
            "neighbours": neighbours,
            "island": neighbours == 0,
            "hotspot": called and called.name,
            "quadrant": quadrant and quadrant.name,
        }

    def page(self, first: int, after: Key | None) -> tuple[list[Row], bool, int]:
        """Return the rows inside that follow a cursor, the surest first: one more than fit, if there is one.

        And whether others come before them, and how many are inside. The order is that of q, of the absolute z from
        the largest, and of the ids.
        """
        inside = np.flatnonzero(self.places.inside)
        q, z = (_rounded(self.figures[name][inside]) for name in ("q", "z"))
        q, z = np.where(np.isnan(q), UNTESTED, q), np.where(np.isnan(z), 0.0, -np.abs(z))
        order = np.lexsort((z, q))  # which keeps the order of what is equal: that of the ids
        start = 0
        if after is not None:
            ahead = (q[order] < after[0]) | ((q[order] == after[0]) & (z[order] < after[1]))
            start = int(np.count_nonzero(ahead))
            ties = int(np.count_nonzero((q == after[0]) & (z == after[1])))
            tied = inside[order[start : start + ties]]
            start += sum(identified(self.places.ids[at]) <= after[2] for at in tied)
        shown = inside[order[start : start + first + 1]]
        return [self.row(int(at)) for at in shown], start > 0, len(inside)


def tested(asked: Test, places: Counted) -> Findings:
    """Return what is found of the places."""
    neighbours = _neighbours(asked, Places(places.lon, places.lat))
    number = len(places.counts)
    test = HotspotTest.PERMUTATIONS if number <= PERMUTED_AT_MOST else HotspotTest.ANALYTIC
    times = _redraws(asked, test, neighbours)
    drawn = np.vstack((places.counts, redrawn(places.counts, times, asked.seed)))
    found = _Found.of(asked, test, drawn, places.children, neighbours)
    called, agreement = found.called(), found.agreement() if times else np.full(number, np.nan)
    unstable = (agreement < HOLDS) & (called != None)  # noqa: E711  elementwise
    called[unstable] = HotspotClass.UNSTABLE
    moran, nothing = asked.method is HotspotMethod.LOCAL_MORAN, np.full(number, np.nan)
    values, permuted = found.values[0], test is HotspotTest.PERMUTATIONS
    return Findings(
        places,
        neighbours.counts,
        {
            "smoothed": values,
            "z": found.z[0],
            "moran_i": local_moran(values, neighbours) if moran else nothing,
            "p": found.p[0],
            "q": found.q[0],
            "agreement": agreement,
        },
        called,
        quadrants(values, neighbours) if moran else np.full(number, None),
        {
            "tested_count": int(np.count_nonzero(~np.isnan(found.p[0]))),
            "island_count": int(np.count_nonzero(neighbours.counts == 0)),
            "unstable_count": int(np.count_nonzero(unstable)),
            "mean_rate": _mean_rate(places),
            "test": test.name,
            "permutations": asked.permutations if permuted else None,
            "redraws": times,
            "least_p": 2 / (asked.permutations + 1) if permuted else 0.0,
        },
    )


def _mean_rate(places: Counted) -> float | None:
    if not len(places.counts):
        return None
    return round(float(places.counts.sum() / places.children.sum()) * PER, RATE_DIGITS)


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

    def called(self, at: int = 0) -> npt.NDArray[Any]:
        """Return the classes of a row."""
        return classes(self.q[at], self.side[at], self.own[at])

    def agreement(self) -> Numbers:
        """Return the share of redraws that call each place what the published counts call it; NaN if not tested."""
        told = self.called()
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


def _published_rate(count: int, children: int) -> float | None:
    """Return the rate as lists of counts give it: to one decimal, null where the count is ``0–4``."""
    if count == 0:
        return None
    return float((Decimal(count * PER) / children).quantize(PUBLISHED_RATE, ROUND_HALF_UP))


def _plain(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)


def _rounded(values: Numbers) -> Numbers:
    """Return the values as :func:`_plain` gives them: NumPy's own rounding differs from it in the last digit."""
    return np.array([round(each, DIGITS) for each in values.tolist()])
