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
from geo.statistics.hotspots import classes, gi_star, local_moran, moran_z, neighbours_p, quadrants
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.terms import HotspotMethod
from geo.statistics.weights import Neighbours, nearest, within_band

Row = dict[str, Any]
PER = 100_000
DIGITS, RATE_DIGITS = 6, 3
"""Decimals of scores and probabilities, and of rates. Adding in another order changes only digits far behind them."""


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
    values = empirical_bayes(counts, children) * PER if places else counts
    neighbours = _neighbours(asked, Places(lon, lat))
    moran = asked.method is HotspotMethod.LOCAL_MORAN
    z = moran_z(values, neighbours) if moran else gi_star(values, neighbours)
    p, side = neighbours_p(values, neighbours, asked.permutations, asked.seed)
    p = np.where(np.isnan(z), np.nan, p)
    q = benjamini_hochberg(p)
    own: Positions = np.sign(np.nan_to_num(values - (values.mean() if places else 0) if moran else z)).astype(np.int64)
    # For Gi*, a place whose own value outweighs its neighbours is neither hot nor cold.
    side = side if moran else np.where(side == own, side, 0)
    figures = {
        "smoothed": _plain(values, RATE_DIGITS),
        "z": _plain(z),
        "moran_i": _plain(local_moran(values, neighbours)) if moran else [None] * len(places),
        "p": _plain(p),
        "q": _plain(q),
        "neighbours": neighbours.counts.tolist(),
        "hotspot": [each and each.name for each in classes(q, side, own)],
        "quadrant": [each and each.name for each in quadrants(values, neighbours)] if moran else [None] * len(places),
    }
    rows = [
        place | {name: column[at] for name, column in figures.items()} | {"island": figures["neighbours"][at] == 0}
        for at, place in enumerate(places)
    ]
    return rows, {
        "tested_count": int(np.count_nonzero(~np.isnan(p))),
        "island_count": int(np.count_nonzero(neighbours.counts == 0)),
        "mean_rate": round(float(counts.sum() / children.sum()) * PER, RATE_DIGITS) if places else None,
        "least_p": 2 / (asked.permutations + 1),
    }


def _neighbours(asked: Test, places: Places) -> Neighbours:
    if asked.distance_m is not None:
        return within_band(places, asked.distance_m)
    return nearest(places, asked.nearest or 1)


def _plain(values: Numbers, digits: int = DIGITS) -> list[float | None]:
    return [None if math.isnan(each) else round(each, digits) for each in values.tolist()]
