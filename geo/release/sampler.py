"""The likelihood attacker: a Gibbs sampler over the lattice, with a prior from published rates and populations.

::

    x(leaf) ~ Poisson(θ(locality, kind) season(kind, quarter))
    θ(locality, kind) ~ Gamma(shape, shape / λ(locality, kind))       λ = children × the rate published for the kind
    season(kind, quarter) ~ Gamma(SEASONAL, SEASONAL)                 learned from all localities
    P(published p | true x) = max(0, 1 - |p - x| / 5)                 for u unknown, which is uniform

The last line is cell-key rounding with u integrated out. Cells of the same non-zero leaves have the same u, so their
published counts are one observation and must agree: a parent whose whole count comes from one child is published like
the child, and so are a type's year and a quarter that meet in one leaf, if all else in both is zero. The shape is drawn
from a grid for each locality and kind, with weights that the sampler learns, so that one unusual place does not hide
how similar the others are.

Cells of many leaves reveal almost nothing of one leaf and are left out. So a leaf depends on few others, and leaves
that do not depend on each other are drawn at the same time, for all chains. During the warm-up the bounds of the
published counts harden from penalties that a chain can cross to ones that it cannot.

Source: Diaconis and Sturmfels, "Algebraic algorithms for sampling from conditional distributions", Ann. Statist. 26
(1998), for sampling tables with given margins; Gelfand and Smith, JASA 85 (1990), for averaging the conditional
probabilities in the place of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import lsmr
from scipy.special import gammaln

from geo.progress import Progress, silent
from geo.release.differencing import SMALL, Integers
from geo.release.outsider import Seen, rows_of
from geo.spheroid import Numbers
from geo.statistics.cell_key import BASE, OFF_BY

Chains: TypeAlias = NDArray[np.float32]
"""Probabilities by leaf or cell, count (0 to 4, and all above) and chain."""

WINDOW = 2 * OFF_BY + 1
"""How many values a leaf can have given its neighbours: any published cell allows at most this many."""
SHAPES = np.array([0.3, 1.0, 3.0, 10.0, 30.0, 100.0])
"""How alike localities may be: the possible values of shape."""
PRIOR_CASES = 30.0
"""How many cases the nation's rate counts as, next to a branch's own."""
FEWEST_CHILDREN = 100.0
SEASONAL = 0.3
"""How alike a kind's quarters are: the cases that an even year counts as, in each quarter."""
SOFT = 0.4, 10.0
"""Penalty for each step by which a published count is off beyond its bound: at first and at last."""
HARDENED = 0.9
"""The share of the warm-up in which the penalty grows."""
LARGEST_CELL = 100
"""Leaves of a cell that is looked at: of 100 localities by type for a quarter, or of 2 by all types for a year."""
NEAR = 10
"""Beside how many cells a cell is put, to see whether they have the same non-zero leaves; a quarter has ten types."""
NO_SET = -1
"""Stands where no cell is."""
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
    found: Numbers = posteriors(seen, effort, seed=seed, progress=progress)[0].mean(axis=2, dtype=float)
    return found


def posteriors(
    seen: Seen, effort: Effort = Effort(), *, seed: int = 0, progress: Progress = silent
) -> tuple[Chains, Chains]:
    """Return the same by chain, which is the last axis; and those of each published cell.

    Those of a cell are all 0 where it is not published, or counts leaves of several parts of a large country.
    """
    found = np.zeros((len(seen.counts), SMALL + 1, effort.chains), np.float32)
    of_cells = np.zeros((len(seen.published), SMALL + 1, effort.chains), np.float32)
    mean, parts_of = expected(seen), seen.divided()
    for number, leaves in enumerate(parts_of):
        some, cells = seen.within(leaves)
        sampler = _Sampler(some, mean[leaves], effort, np.random.default_rng((seed, number)))
        found[leaves], of_cells[cells] = sampler.run(partial(_told_of_part, progress, number, len(parts_of)))
    return found, of_cells


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
        self._published, self._cells, self._near = _neighbours(seen)
        # Only pairs that have leaves: one part of a country has but some localities.
        self._pair = np.unique(seen.locality * (int(seen.kind.max()) + 1) + seen.kind, return_inverse=True)[1]
        self._pairs = int(self._pair.max()) + 1
        self._when = seen.kind * (int(seen.quarter.max()) + 1) + seen.quarter
        self._season = np.ones((int(self._when.max()) + 1, effort.chains))
        self._mean = mean
        start = least_squares(seen, self._mean, 0.5)
        self._x = np.floor(start[:, None] + chance.random((len(start), effort.chains))).astype(np.int32)
        self._sums = np.zeros((len(self._published), effort.chains), np.int32)
        self._marks = chance.integers(1, 1 << 62, len(start))
        self._sets = np.zeros(self._sums.shape, np.int64)
        """The sum of the marks of each cell's non-zero leaves: cells of the same sum were rounded alike."""
        for column in self._cells.T:
            np.add.at(self._sums, column, self._x)
            np.add.at(self._sets, column, np.where(self._x > 0, self._marks[:, None], 0))
        self._sums[-1], self._sets[-1] = 0, NO_SET
        self._rate = np.repeat(self._mean[:, None], effort.chains, 1)
        self._factorials = gammaln(np.arange(int(seen.published.max(initial=0)) + int(self._x.max()) + FAR) + 1.0)
        self._weights = np.full((len(SHAPES), effort.chains), 1 / len(SHAPES))
        self._steps = _steps(self._cells, self._near, chance)
        counted = np.ones(len(seen.cell), np.int32), (seen.cell, seen.leaf)
        self._member = coo_matrix(counted, (len(seen.published), len(seen.counts))).tocsr()

    def run(self, progress: Progress) -> tuple[Numbers, Numbers]:
        found = np.zeros((len(self._x), SMALL + 1, self._effort.chains))
        of_cells = np.zeros((self._member.shape[0], SMALL + 1, self._effort.chains), np.float32)
        passes = self._effort.warm_up + self._effort.sweeps
        first, last = SOFT
        for done in range(passes):
            progress("sampling", done, passes)
            cost = first * (last / first) ** min(done / (HARDENED * self._effort.warm_up), 1)
            kept = found if done >= self._effort.warm_up else None
            self._sweep(_table(cost), cost, kept)
            if kept is not None:
                sums = self._member @ self._x
                for value in range(SMALL):
                    of_cells[:, value] += sums == value
            self._draw_rates()
        progress("sampling", passes, passes)
        return self._shares(found), self._shares(of_cells)

    def _shares(self, found: Numbers) -> Numbers:
        found /= self._effort.sweeps
        found[:, SMALL] = np.maximum(1 - found[:, :SMALL].sum(axis=1), 0)
        return found

    def _sweep(self, table: Numbers, cost: float, found: Numbers | None) -> None:
        logs = np.log(self._rate)
        for step in self._chance.permutation(len(self._steps)):
            leaves = self._steps[step]
            self._draw(leaves, logs[leaves], table, cost, found)

    def _draw(self, leaves: Integers, logs: Numbers, table: Numbers, cost: float, found: Numbers | None) -> None:
        """Draw these leaves, which share no cell, from their distributions given all other leaves."""
        cells, now = self._cells[leaves].T, self._x[leaves]
        published, mark = self._published[cells], self._marks[leaves][:, None]
        real = (cells < len(self._published) - 1)[:, :, None]
        rest = self._sums[cells] - now
        others = self._sets[cells] - np.where(now > 0, mark, 0)
        room = published[:, :, None] - rest
        lowest = np.where(real, room - OFF_BY, -FAR * FAR).max(axis=0)
        lowest = np.maximum(np.clip(lowest, now - WINDOW + 1, now), 0)
        values = lowest[:, :, None] + np.arange(WINDOW, dtype=np.int32)
        told = table[np.clip(lowest - room + FAR, 0, len(table) - 1)]
        # Whether the leaf is zero or not decides which cells have the same non-zero leaves as an earlier one.
        self._sets[cells] = others + mark
        again, clashes = self._again(cells, others, published, real)
        outside, clashes_outside = self._outside(cells, others, published)
        again_0 = again & (others != 0) | outside
        clashes_0 = clashes & (others != 0) | clashes_outside
        some = np.einsum("mbcw,mbc->bcw", told, (real & ~again).astype(float)) - cost * clashes.sum(axis=0)[:, :, None]
        none = np.where(real & ~again_0, told[..., 0], 0).sum(axis=0) - cost * (clashes_0 & real).sum(axis=0)
        some[..., 0] = np.where(lowest == 0, none, some[..., 0])
        weights = some + values * logs[:, :, None] - self._factorials[np.minimum(values, len(self._factorials) - 1)]
        weights = np.exp(weights - weights.max(axis=2, keepdims=True))
        below = weights.cumsum(axis=2)
        drawn = (below < self._chance.random(now.shape)[:, :, None] * below[:, :, -1:]).sum(axis=2)
        new = lowest + np.minimum(drawn, WINDOW - 1).astype(np.int32)
        if found is not None:
            likely = weights / below[:, :, -1:]
            for value in range(SMALL):
                found[leaves, value] += np.where(values == value, likely, 0).sum(axis=2)
        self._x[leaves] = new
        self._sums[cells] += new - now
        self._sums[-1] = 0
        self._sets[cells] = others + np.where(new > 0, mark, 0)
        self._sets[-1] = NO_SET

    def _again(self, cells: Integers, others: Any, published: Any, real: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return which cells have the same other leaves as an earlier one, and which of them differ from it."""
        earlier = np.tri(len(cells), k=-1, dtype=bool)[:, :, None, None]
        same = (others[:, None] == others[None]) & earlier & real[None] & real[:, None]
        differs = (published[:, None] != published[None])[..., None]
        return same.any(axis=1), (same & differs).any(axis=1)

    def _outside(self, cells: Integers, others: Any, published: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return which cells without this leaf have the same leaves as a cell beside it, and which differ from it."""
        near = self._near[cells]
        same = (self._sets[near] == others[:, :, None]) & (others != 0)[:, :, None]
        alike = (self._published[near] == published[:, :, None])[..., None]
        found = same.any(axis=2)
        return found, found & ~(same & alike).any(axis=2)

    def _draw_rates(self) -> None:
        """Draw the shape of each locality and kind, its rate, and the season of each kind and quarter."""
        sums = np.zeros((self._pairs, self._effort.chains))
        np.add.at(sums, self._pair, self._x)
        mean = np.zeros(self._pairs)
        mean[self._pair] = self._mean
        mean = mean[:, None]
        lasts = np.zeros(sums.shape)
        np.add.at(lasts, self._pair, self._season[self._when])
        cases_expected = lasts * mean
        fits = np.stack(
            [
                gammaln(shape + sums)
                - gammaln(shape)
                + shape * np.log(shape / (shape + cases_expected))
                + sums * np.log(cases_expected / (shape + cases_expected))
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
        rates = np.maximum(self._chance.gamma(shape + sums) / (shape / mean + lasts), 1e-9)[self._pair]
        cases, lived = np.zeros(self._season.shape), np.zeros(self._season.shape)
        np.add.at(cases, self._when, self._x)
        np.add.at(lived, self._when, rates)
        self._season = self._chance.gamma(SEASONAL + cases) / (SEASONAL + lived)
        self._rate = np.maximum(rates * self._season[self._when], 1e-9)


def _table(cost: float) -> Numbers:
    """Return the log probabilities of a published count for a window of true ones, by how far its first is from it."""
    missed = np.abs(np.arange(-FAR, FAR + WINDOW))
    likely = np.where(
        missed < BASE, np.log(1 - np.minimum(missed, OFF_BY) / BASE), np.log(1 / BASE) - cost * (missed - OFF_BY)
    )
    return np.lib.stride_tricks.sliding_window_view(likely, WINDOW)


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
    of_any = (max(seen.published.max(), 0) + 1) / lived.max() / kinds  # where nothing is told: of one case
    of_nation = np.where(np.isnan(of_nation), of_any, of_nation)
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


def _neighbours(seen: Seen) -> tuple[Integers, Integers, Integers]:
    """Return the published counts of cells of few leaves, the cells of each leaf, and the cells nearest to each.

    Near are cells that have most leaves in common. The last published count belongs to no cell; it pads the rows.
    """
    inside = seen.told & (seen.sizes <= LARGEST_CELL)
    kept = np.flatnonzero(inside & (seen.lattice().same() == np.arange(len(inside))))
    number = np.full(len(inside), -1)
    number[kept] = np.arange(len(kept))
    none = len(kept)
    used = number[seen.cell] >= 0
    cell, leaf = number[seen.cell[used]], seen.leaf[used]
    member = coo_matrix((np.ones(len(cell), np.int32), (cell, leaf)), (none, len(seen.counts))).tocsr()
    shared = (member @ member.T).tocoo()
    one, other = shared.row.astype(np.int64), shared.col.astype(np.int64)
    apart = seen.sizes[kept[one]] + seen.sizes[kept[other]] - 2 * shared.data
    order = np.lexsort((apart, one))
    order = order[one[order] != other[order]]
    one, other = one[order], other[order]
    nearest = np.arange(len(one)) - np.searchsorted(one, one) < NEAR
    cells = rows_of(leaf, cell, len(seen.counts), none)
    near = rows_of(one[nearest], other[nearest], none + 1, none)
    return np.append(seen.published[kept], 0).astype(np.int32), cells, near


def _steps(cells: Integers, near: Integers, chance: np.random.Generator) -> list[Integers]:
    """Return the leaves in groups that are drawn at once, coloured greedily in a random order.

    No two leaves of a group share a cell, and no cell of one is put beside a cell of the other.
    """
    none = len(near) - 1
    within, beside = [0] * none, [0] * none  # the colours of each cell's leaves, and of those whose cells are near it
    colour = np.zeros(len(cells), np.int64)
    for leaf in chance.permutation(len(cells)).tolist():
        its = [cell for cell in cells[leaf].tolist() if cell < none]
        around = {*its, *(cell for cell in near[its].ravel().tolist() if cell < none)}
        taken = 0
        for cell in around:
            taken |= within[cell]
        for cell in its:
            taken |= beside[cell]
        free = ~taken & (taken + 1)  # the lowest bit that is not set
        colour[leaf] = free.bit_length() - 1
        for cell in its:
            within[cell] |= free
        for cell in around:
            beside[cell] |= free
    return np.split(np.argsort(colour, kind="stable"), np.cumsum(np.bincount(colour))[:-1])
