"""The likelihood attacker: a Gibbs sampler over the lattice, with a prior from published rates and populations.

::

    x(leaf) ~ Poisson(θ(locality, kind))                      a quarter
    θ(locality, kind) ~ Gamma(shape, shape / λ(locality, kind))       λ = children × the rate published for the kind
    P(published p | true x) = max(0, 1 - |p - x| / 5)          for u unknown, which is uniform

The last line is cell-key rounding with u integrated out. Cells of the same non-zero leaves have the same u, so their
published counts are one observation and must agree: a parent whose whole count comes from one child is published like
the child. The shape is drawn from a grid for each locality and kind, with weights that the sampler learns, so that one
unusual place does not hide how similar the others are.

The only cells that branches (regions, say) share have so many leaves that they reveal almost nothing of one leaf. So
branches are sampled in parallel, one leaf of each in a step, for all chains at once.

Source: Diaconis and Sturmfels, "Algebraic algorithms for sampling from conditional distributions", Ann. Statist. 26
(1998), for sampling tables with given margins; Gelfand and Smith, JASA 85 (1990), for averaging the conditional
probabilities in the place of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import lsmr
from scipy.special import gammaln

from geo.progress import Progress, silent
from geo.release.differencing import SMALL, Integers
from geo.release.outsider import Seen, parts, rows_of
from geo.spheroid import Numbers
from geo.statistics.cell_key import BASE, OFF_BY

WINDOW = 2 * OFF_BY + 1
"""How many values a leaf can have given its neighbours: any published cell allows at most this many."""
SHAPES = np.array([0.3, 1.0, 3.0, 10.0, 30.0, 100.0])
"""How alike localities may be: the possible values of shape."""
PRIOR_CASES = 3.0
"""How many cases the nation's rate counts as, next to a branch's own."""
FEWEST_CHILDREN = 100.0
SOFT = 0.5, 1.15, 8.0
"""Penalty for each step by which a published count is off beyond its bound: its start, its growth and its maximum."""
FAR = 60
"""Larger misses cost the same as this one."""


@dataclass(frozen=True)
class Effort:
    """How long to sample.

    Parameters
    ----------
    chains
        Chains, which run at the same time.
    sweeps
        Passes over all leaves whose probabilities are kept.
    warm_up
        Passes before them.

    """

    chains: int = 16
    sweeps: int = 60
    warm_up: int = 60


def posterior(seen: Seen, effort: Effort = Effort(), *, seed: int = 0, progress: Progress = silent) -> Numbers:
    """Return the probabilities that a leaf is 0, 1, 2, 3, 4 or more, one row for each leaf."""
    found = np.zeros((len(seen.counts), SMALL + 1))
    mean, parts_of = expected(seen), seen.divided()
    for number, leaves in enumerate(parts_of):
        some, _ = seen.within(leaves)
        sampler = _Sampler(some, mean[leaves], effort, np.random.default_rng((seed, number)))
        found[leaves] = sampler.run(partial(_told_of_part, progress, number, len(parts_of)))
    return found


def _told_of_part(progress: Progress, number: int, parts_in_all: int, step: str, done: int, total: int) -> None:
    progress(step, number * total + done, parts_in_all * total)


def least_squares(seen: Seen, prior: Numbers, weight: float) -> Numbers:
    """Return the leaves that fit the published counts best, drawn slightly to a prior where these leave room."""
    told = np.flatnonzero(seen.told)
    row = np.full(len(seen.published), -1)
    row[told] = np.arange(len(told))
    used = row[seen.cell] >= 0
    scale = 1 / np.sqrt(seen.sizes[told])
    cells = coo_matrix(
        (scale[row[seen.cell[used]]], (row[seen.cell[used]], seen.leaf[used])), (len(told), len(seen.counts))
    ).tocsr()
    # x = prior + d √prior, with |d| as small as the fit allows.
    spread = np.sqrt(prior + weight)
    wanted = seen.published[told] * scale - cells @ prior
    moved = lsmr(cells.multiply(spread[None, :]).tocsr(), wanted, damp=weight, maxiter=300)[0]
    found: Numbers = np.maximum(prior + moved * spread, 0)
    return found


class _Sampler:
    """The state of all chains: counts of leaves, sums of cells, rates."""

    def __init__(self, seen: Seen, mean: Numbers, effort: Effort, chance: np.random.Generator) -> None:
        self._seen, self._effort, self._chance = seen, effort, chance
        self._published, self._cells, self._kids, self._inside = _neighbours(seen)
        self._pair = seen.locality * (int(seen.kind.max()) + 1) + seen.kind
        self._pairs = int(self._pair.max()) + 1
        self._quarters = np.bincount(self._pair, minlength=self._pairs).astype(float)
        self._mean = mean
        start = least_squares(seen, self._mean, 0.5)
        self._x = np.floor(start[:, None] + chance.random((len(start), effort.chains))).astype(np.int32)
        self._sums = np.zeros((len(self._published), effort.chains), np.int32)
        for column in self._cells.T:
            np.add.at(self._sums, column, self._x)
        self._sums[-1] = 0
        self._rate = np.repeat(self._mean[:, None], effort.chains, 1)
        self._factorials = gammaln(np.arange(int(seen.published.max(initial=0)) + int(self._x.max()) + FAR) + 1.0)
        self._weights = np.full((len(SHAPES), effort.chains), 1 / len(SHAPES))
        order = np.argsort(seen.branch[seen.locality], kind="stable")
        ends = np.flatnonzero(np.diff(seen.branch[seen.locality][order])) + 1
        self._branches = np.split(order, ends)

    def run(self, progress: Progress) -> Numbers:
        found = np.zeros((len(self._x), SMALL + 1))
        passes = self._effort.warm_up + self._effort.sweeps
        first, growth, last = SOFT
        for done in range(passes):
            progress("sampling", done, passes)
            cost = min(last, first * growth**done)
            kept = found if done >= self._effort.warm_up else None
            self._sweep(_table(cost), cost, kept)
            self._draw_rates()
        progress("sampling", passes, passes)
        found /= self._effort.sweeps * self._effort.chains
        found[:, SMALL] = np.maximum(1 - found[:, :SMALL].sum(axis=1), 0)
        return found

    def _sweep(self, table: Numbers, cost: float, found: Numbers | None) -> None:
        logs = np.log(self._rate)
        shuffled = [self._chance.permutation(leaves) for leaves in self._branches]
        for step in range(max(map(len, shuffled))):
            leaves = np.array([each[step] for each in shuffled if step < len(each)])
            self._draw(leaves, logs[leaves], table, cost, found)

    def _draw(self, leaves: Integers, logs: Numbers, table: Numbers, cost: float, found: Numbers | None) -> None:
        """Draw one leaf of each branch from its distribution given all other leaves."""
        cells, now = self._cells[leaves].T, self._x[leaves]
        published = self._published[cells][:, :, None]
        real = (cells < len(self._published) - 1)[:, :, None]
        rest = self._sums[cells] - np.where(real, now, 0)
        room = np.where(real, published - rest, 0)
        lowest = np.where(real, room - OFF_BY, -FAR * FAR).max(axis=0)
        lowest = np.maximum(np.clip(lowest, now - WINDOW + 1, now), 0)
        values = lowest[:, :, None] + np.arange(WINDOW, dtype=np.int32)
        missed = np.minimum(np.abs(values - room[..., None]), FAR)
        told = np.where(real[..., None], table[missed], 0)
        shared, agrees, shared_0, agrees_0 = self._shared(leaves, cells, rest, now, published)
        zero = lowest == 0
        none = np.where(shared_0, np.where(agrees_0, 0, -cost), told[..., 0])
        told = np.where(shared[..., None], np.where(agrees, 0, -cost)[..., None], told)
        told[..., 0] = np.where(zero, none, told[..., 0])
        weights = (
            told.sum(axis=0)
            + values * logs[:, :, None]
            - self._factorials[np.minimum(values, len(self._factorials) - 1)]
        )
        weights = np.exp(weights - weights.max(axis=2, keepdims=True))
        below = weights.cumsum(axis=2)
        drawn = (below < self._chance.random(now.shape)[:, :, None] * below[:, :, -1:]).sum(axis=2)
        new = lowest + np.minimum(drawn, WINDOW - 1).astype(np.int32)
        if found is not None:
            likely = weights / below[:, :, -1:]
            for value in range(SMALL):
                found[leaves, value] += np.where(values == value, likely, 0).sum(axis=(1, 2))
        self._x[leaves] = new
        for column in cells:
            self._sums[column] += new - now
        self._sums[-1] = 0

    def _shared(
        self, leaves: Integers, cells: Integers, rest: Any, now: Any, published: Any
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return which cells have the same non-zero leaves as a smaller one, and whether both were published alike.

        The first pair is for a leaf that is not zero, the second for a leaf that is.
        """
        kids, inside = self._kids[leaves].transpose(1, 0, 2), self._inside[leaves].transpose(1, 0, 2)[..., None]
        sums = self._sums[kids] - np.where(inside, now[None, :, None, :], 0)
        same = (sums == rest[:, :, None, :]) & (kids < len(self._published) - 1)[..., None]
        alike = (self._published[kids] == published)[..., None]
        same_0 = same & (rest > 0)[:, :, None, :]
        same = same & inside
        shared, agrees = same.any(axis=2), ~(same & ~alike).any(axis=2)
        # Cells of this leaf alone count as one, even if the leaf itself is not published.
        alone = (rest == 0) & ~shared & (cells < len(self._published) - 1)[:, :, None]
        first = alone.argmax(axis=0)
        again = alone & (np.arange(len(cells))[:, None, None] != first)
        agrees &= ~again | (published == np.take_along_axis(np.broadcast_to(published, alone.shape), first[None], 0))
        return shared | again, agrees, same_0.any(axis=2), ~(same_0 & ~alike).any(axis=2)

    def _draw_rates(self) -> None:
        """Draw the shape of each locality and kind, and then its rate."""
        sums = np.zeros((self._pairs, self._effort.chains))
        np.add.at(sums, self._pair, self._x)
        mean = np.zeros(self._pairs)
        mean[self._pair] = self._mean
        mean = mean[:, None]
        expected = self._quarters[:, None] * mean
        fits = np.stack(
            [
                gammaln(shape + sums)
                - gammaln(shape)
                + shape * np.log(shape / (shape + expected))
                + sums * np.log(expected / (shape + expected))
                + np.log(weight)
                for shape, weight in zip(SHAPES, self._weights, strict=True)
            ]
        )
        fits = np.exp(fits - fits.max(axis=0)).cumsum(axis=0)
        drawn = (fits < self._chance.random(sums.shape) * fits[-1]).sum(axis=0)
        counted = np.stack([(drawn == each).sum(axis=0) for each in range(len(SHAPES))])
        self._weights = self._chance.gamma(counted + 1.0)
        self._weights /= self._weights.sum(axis=0)
        shape = SHAPES[drawn]
        rates = self._chance.gamma(shape + sums) / (shape / mean + self._quarters[:, None])
        self._rate = np.maximum(rates, 1e-9)[self._pair]


def _table(cost: float) -> Numbers:
    """Return the log probability of a published count by its distance from the true one."""
    missed = np.arange(FAR + 1)
    return np.where(
        missed < BASE, np.log(1 - np.minimum(missed, OFF_BY) / BASE), np.log(1 / BASE) - cost * (missed - OFF_BY)
    )


def expected(seen: Seen) -> Numbers:
    """Return the expected cases of each leaf, from its children and the published rates of its kind."""
    known = seen.children[~np.isnan(seen.children)]
    usual = float(np.median(known)) if len(known) else 1.0
    children = np.maximum(np.nan_to_num(seen.children, nan=usual), FEWEST_CHILDREN)[seen.locality]
    kinds = int(seen.kind.max()) + 1
    # The kind of each cell's leaves if they share one, and their branch if they share one.
    kind, branch = (_one_of(seen, values) for values in (seen.kind, seen.branch[seen.locality]))
    lived = np.bincount(seen.cell, children[seen.leaf], len(seen.published))
    of_nation = np.full(kinds, np.nan)
    of_branch: dict[tuple[int, int], float] = {}
    order = np.argsort(seen.sizes, kind="stable")
    for cell in order[(seen.told & (kind >= 0))[order]]:
        of_nation[kind[cell]] = (seen.published[cell] + 1) / lived[cell]
    of_nation = np.where(np.isnan(of_nation), (seen.published.max() + 1) / lived.max() / kinds, of_nation)
    for cell in order[(seen.told & (kind >= 0) & (branch >= 0))[order]]:
        usual = PRIOR_CASES / of_nation[kind[cell]]
        of_branch[int(branch[cell]), int(kind[cell])] = (PRIOR_CASES + seen.published[cell]) / (usual + lived[cell])
    rates = np.tile(of_nation, (int(seen.branch.max()) + 1, 1))
    for (where, which), rate in of_branch.items():
        rates[where, which] = rate
    found: Numbers = children * rates[seen.branch[seen.locality], seen.kind]
    return found


def _one_of(seen: Seen, values: Integers) -> Integers:
    """Return for each cell the value that all its leaves have, and -1 where they differ."""
    low = np.full(len(seen.published), np.iinfo(np.int64).max)
    high = np.full(len(seen.published), -1)
    np.minimum.at(low, seen.cell, values[seen.leaf])
    np.maximum.at(high, seen.cell, values[seen.leaf])
    return np.where(low == high, low, -1)


def _neighbours(seen: Seen) -> tuple[Integers, Integers, Integers, NDArray[np.bool_]]:
    """Return the published counts of cells within one branch, the cells of each leaf, and the largest cells in those.

    The last published count belongs to no cell; it pads the rows.
    """
    inside = seen.told & (_one_of(seen, seen.branch[seen.locality]) >= 0)
    part, whole = parts(seen, inside)
    kept = np.flatnonzero(inside & (seen.lattice().same() == np.arange(len(inside))))
    number = np.full(len(inside), -1)
    number[kept] = np.arange(len(kept))
    none = len(kept)
    used = number[seen.cell] >= 0
    cell, leaf = number[seen.cell[used]], seen.leaf[used]
    cells = rows_of(leaf, cell, len(seen.counts), none)
    kids = rows_of(number[whole], number[part], none + 1, none)[cells]
    contains = np.zeros(kids.shape, bool)
    for column in cells.T:
        contains |= (kids == column[:, None, None]) & (column < none)[:, None, None]
    return np.append(seen.published[kept], 0).astype(np.int32), cells, kids, contains
