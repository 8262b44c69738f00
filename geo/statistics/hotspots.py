"""Spatial clusters of high or low values: Getis-Ord Gi* and local Moran, with a permutation test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geo.spheroid import Numbers
from geo.statistics.distances import Positions
from geo.statistics.terms import HotspotClass, Quadrant
from geo.statistics.weights import Neighbours

EQUAL = 1e-9
"""Sums that differ by this share of the largest count as equal: they were only added in another order."""
DRAWN_AT_ONCE = 1_000_000
"""Places to draw together: 8 MB each for their numbers and their values."""


def gi_star(values: Numbers, neighbours: Neighbours) -> Numbers:
    """Return the z-score of Gi* of each place, with weight 1 for itself and each of its neighbours.

    With x̄ and s the mean and the standard deviation (over n) of all n values, and Wᵢ = 1 + the number of neighbours::

        zᵢ = (Σⱼ wᵢⱼ xⱼ - Wᵢ x̄) / (s √((n Wᵢ - Wᵢ²) / (n - 1)))

    NaN for an island, if all values are equal, and for a place whose neighbours are all other places.

    Source: J. K. Ord and A. Getis, *Local spatial autocorrelation statistics: distributional issues and an
    application*, Geographical Analysis 27 (1995), 286-306.

    Examples
    --------
    >>> pairs = Neighbours(4, np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]))
    >>> [round(each, 4) for each in gi_star(np.array([5.0, 5, 1, 1]), pairs).tolist()]
    [1.7321, 1.7321, -1.7321, -1.7321]

    """
    n, own = len(values), neighbours.counts + 1
    deviation = values.std() if n else 0.0
    if _flat(values):
        return np.full(n, np.nan)
    above = neighbours.sums(values) + values - own * values.mean()
    spread = (n * own - own**2) / (n - 1)
    tested = (own > 1) & (spread > 0)
    return np.where(tested, above / (deviation * np.sqrt(np.where(tested, spread, 1))), np.nan)


def local_moran(values: Numbers, neighbours: Neighbours) -> Numbers:
    """Return local Moran's I of each place, with weights that add up to 1 a place.

    With z = (x - x̄) / s, the standard deviation s over n, and k the number of neighbours::

        Iᵢ = (n - 1) / n · zᵢ · Σⱼ zⱼ / k

    NaN for an island, and where all values are equal.

    Source: L. Anselin, *Local indicators of spatial association: LISA*, Geographical Analysis 27 (1995), 93-115; scaled
    by n - 1 as PySAL's ``esda`` does.

    Examples
    --------
    >>> pairs = Neighbours(4, np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]))
    >>> local_moran(np.array([5.0, 5, 1, 1]), pairs).tolist()
    [0.75, 0.75, 0.75, 0.75]

    """
    n, counts = len(values), neighbours.counts
    if _flat(values):
        return np.full(n, np.nan)
    z = (values - values.mean()) / values.std()
    lag = neighbours.sums(z) / np.maximum(counts, 1)
    return np.where(counts > 0, (n - 1) / n * z * lag, np.nan)


def _flat(values: Numbers) -> bool:
    return len(values) == 0 or float(np.ptp(values)) <= EQUAL * float(np.max(np.abs(values)))


def moran_z(values: Numbers, neighbours: Neighbours) -> Numbers:
    """Return the exact z-score of local Moran's I: its distance in standard deviations from that of random neighbours.

    The mean of k values drawn without replacement from the n - 1 others has the others' mean and the variance
    σ² / k · (n - 1 - k) / (n - 2), σ² over n - 1; the sign is that of the place's own deviation from the mean.

    Source: R. R. Sokal, N. L. Oden and B. A. Thomson, *Local spatial autocorrelation in a biological model*,
    Geographical Analysis 30 (1998), 331-354: conditional randomization. NaN as for :func:`local_moran`.

    Examples
    --------
    >>> pairs = Neighbours(4, np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]))
    >>> [round(each, 4) for each in moran_z(np.array([5.0, 5, 1, 1]), pairs).tolist()]
    [1.4142, 1.4142, 1.4142, 1.4142]

    """
    n, k = len(values), neighbours.counts
    if _flat(values) or n <= 2:  # noqa: PLR2004  one other place is no choice
        return np.full(n, np.nan)
    centred = values - values.mean()
    mean = -centred / (n - 1)
    variance = (np.square(centred).sum() - centred**2) / (n - 1) - mean**2
    error = variance / np.maximum(k, 1) * (n - 1 - k) / (n - 2)
    tested = (k > 0) & (error > EQUAL * np.square(centred).mean())
    away = neighbours.sums(centred) / np.maximum(k, 1) - mean
    return np.where(tested, np.sign(centred) * away / np.sqrt(np.where(tested, error, 1)), np.nan)


def neighbours_p(values: Numbers, neighbours: Neighbours, permutations: int, seed: int) -> tuple[Numbers, Positions]:
    """Return the two-sided pseudo p of each place's neighbours, and on which side they lie: 1 high, -1 low, 0 neither.

    The place keeps its value; its k neighbours are redrawn from the n - 1 other places, ``permutations`` (M) times.
    With H and L how often their sum is at least and at most that of the real neighbours (equality counts for both)::

        p = min(1, 2 min(H + 1, L + 1) / (M + 1))

    One test serves Gi* and local Moran, since for a given own value both grow with the sum of the neighbours. Each
    time places are drawn in random order, and the first k others are taken, so any set of k others is equally likely.
    NaN for an island. The least p is 2 / (M + 1).

    All places with k neighbours but those among the first k drawn have the same sum of a draw. So H and L are looked
    up in the sorted sums of all draws, and only the places drawn are counted one by one: the cost grows with M times
    the largest k, not with M times n.

    Parameters
    ----------
    values
        Of each place; or several such rows, which are tested by the same draws.

    Returns
    -------
    tuple
        Two arrays of the shape of ``values``.

    Source: L. Anselin, as above: conditional permutation; B. V. North, D. Curtis and P. C. Sham, *A note on the
    calculation of empirical P values*, American Journal of Human Genetics 71 (2002), 439-441, for the added 1.

    Examples
    --------
    >>> everybody_alike = neighbours_p(np.ones(4), Neighbours(4, np.array([0]), np.array([1])), 99, seed=1)
    >>> [each.tolist() for each in everybody_alike]
    [[1.0, nan, nan, nan], [0, 0, 0, 0]]

    """
    n, k = neighbours.n, neighbours.counts
    rows = np.atleast_2d(values)
    centred = rows - rows.mean(axis=1, keepdims=True) if n else rows
    observed = np.array([neighbours.sums(row) for row in centred]).reshape(centred.shape)
    slack = EQUAL * np.maximum(1e-300, np.abs(centred).max(axis=1, initial=0, keepdims=True)) * np.maximum(k, 1)
    least, most = observed - slack, observed + slack
    high, low = np.zeros(centred.shape, np.int64), np.zeros(centred.shape, np.int64)
    alike = [np.flatnonzero(k == each) for each in np.unique(k[k > 0])]
    for drawn in _draws(n, int(k.max(initial=0)), permutations, seed):
        # The places that are themselves among the first k of a draw take one more.
        again, position = np.nonzero(k[drawn] > np.arange(drawn.shape[1]))
        place = drawn[again, position]
        running = np.zeros((len(drawn), drawn.shape[1] + 1))
        for row, ours in enumerate(centred):
            np.cumsum(ours[drawn], axis=1, out=running[:, 1:])
            for same in alike:
                sums = np.sort(running[:, k[same[0]]])
                high[row, same] += len(sums) - np.searchsorted(sums, least[row, same], "left")
                low[row, same] += np.searchsorted(sums, most[row, same], "right")
            with_it, without = running[again, k[place]], running[again, k[place] + 1] - ours[place]
            for counted, bound, side in ((high, least, 1), (low, -most, -1)):
                change = (side * without >= bound[row, place]).astype(float) - (side * with_it >= bound[row, place])
                counted[row] += np.bincount(place, weights=change, minlength=n).astype(np.int64)
    p = np.minimum(1, 2 * (np.minimum(high, low) + 1) / (permutations + 1))
    shape = values.shape
    return np.where(k > 0, p, np.nan).reshape(shape), np.where(k > 0, np.sign(low - high), 0).reshape(shape)


def _draws(n: int, most: int, permutations: int, seed: int) -> Iterator[Positions]:
    """Return the first places of so many random orders, one more than the most neighbours, in blocks of rows."""
    chance, size = np.random.default_rng(seed), most + 1
    for start in range(0, permutations if most else 0, max(1, DRAWN_AT_ONCE // size)):
        count = min(permutations - start, max(1, DRAWN_AT_ONCE // size))
        yield np.array([chance.choice(n, size, replace=False) for _ in range(count)])


def normal_p(z: Numbers, values: Numbers, neighbours: Neighbours) -> tuple[Numbers, Positions]:
    """Return the two-sided p of z-scores by the normal distribution, and on which side of the mean the neighbours lie.

    p = 2 (1 - Φ(abs(z))), for so many places that permutations have too few steps: the least p of 9,999 of them is
    0.0002, which 5,000 places multiply to 1. NaN where z is.

    Examples
    --------
    >>> first = Neighbours(3, np.array([0]), np.array([1]))
    >>> p, side = normal_p(np.array([1.96, np.nan, np.nan]), np.array([5.0, 1, 2]), first)
    >>> p.round(3).tolist(), side.tolist()
    ([0.05, nan, nan], [-1, 0, 0])

    """
    centred = values - values.mean(axis=-1, keepdims=True)
    around = np.array([neighbours.sums(row) for row in np.atleast_2d(centred)]).reshape(values.shape)
    others = -centred / (values.shape[-1] - 1)
    k = neighbours.counts
    return 2 * norm.sf(np.abs(z)), np.where(k > 0, np.sign(around - k * others), 0).astype(np.int64)


def quadrants(values: Numbers, neighbours: Neighbours) -> npt.NDArray[Any]:
    """Return whether each place and the mean of its neighbours are above the overall mean; ``None`` for an island.

    An array of :class:`~geo.statistics.terms.Quadrant`, of the length of ``values``.

    Examples
    --------
    >>> pairs = Neighbours(3, np.array([0, 1]), np.array([1, 0]))
    >>> [each and each.name for each in quadrants(np.array([5.0, 1, 0]), pairs)]
    ['HIGH_LOW', 'LOW_HIGH', None]

    """
    centred = values - values.mean() if len(values) else values
    own, around = centred > 0, neighbours.sums(centred) > 0
    names = {(True, True): Quadrant.HIGH_HIGH, (False, False): Quadrant.LOW_LOW}
    names |= {(True, False): Quadrant.HIGH_LOW, (False, True): Quadrant.LOW_HIGH}
    found = np.full(len(values), None)
    for (high, beside), name in names.items():
        found[(own == high) & (around == beside) & (neighbours.counts > 0)] = name
    return found


LEVELS = ((0.01, "99"), (0.05, "95"), (0.10, "90"))
"""False discovery rates, inclusive, and the name of the class at each."""


def classes(q: Numbers, side: Positions, own: Positions) -> npt.NDArray[Any]:
    """Classify each place by its q-value, the side of its neighbours, and its own side.

    An array of :class:`~geo.statistics.terms.HotspotClass`, of the length of ``q``.

    It is hot if both are high and cold if both are low, at the first of q ≤ 0.01, 0.05, 0.10 that holds; an outlier if
    they differ; not significant if either is neither high nor low. ``None`` where q is NaN: the place was not tested.

    Unless one such place reaches q ≤ 0.05, no place is classified at all. That is Simes' test of the global null
    hypothesis: if there is nothing to find, at most 5 of 100 answers call any place hot or cold.

    Source: R. J. Simes, *An improved Bonferroni procedure for multiple tests of significance*, Biometrika 73 (1986),
    751-754; the classes are those of maps with false discovery rate, M. C. Castro and B. H. Singer, *Controlling the
    false discovery rate*, Geographical Analysis 38 (2006), 180-208.

    Examples
    --------
    >>> found = classes(np.array([0.01, 0.07, 0.2, 0.05]), np.array([1, 1, 1, -1]), np.array([1, 1, 1, 1]))
    >>> [each.name for each in found]
    ['HOT_99', 'HOT_90', 'NOT_SIGNIFICANT', 'OUTLIER_95']
    >>> [each and each.name for each in classes(np.array([0.07, np.nan]), np.array([1, 0]), np.array([1, 1]))]
    ['NOT_SIGNIFICANT', None]

    """
    found = np.full(len(q), None)
    found[~np.isnan(q)] = HotspotClass.NOT_SIGNIFICANT
    kinds = {"HOT": (side == 1) & (own == 1), "COLD": (side == -1) & (own == -1), "OUTLIER": side * own == -1}
    if not any((q[kind] <= LEVELS[1][0]).any() for kind in kinds.values()):
        return found
    for most, level in reversed(LEVELS):  # what holds at a lower rate is written last
        for name, kind in kinds.items():
            found[kind & (q <= most)] = HotspotClass[f"{name}_{level}"]
    return found
