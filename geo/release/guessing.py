"""How much better than the best constant guess the likelihood attackers guess the small leaves of a year.

A leaf is one locality, quarter and type, published or not. Three attackers guess it: least squares; the likeliest count
behind a published one; and the Gibbs sampler of :mod:`geo.release.sampler`. An attacker is scored over the leaves whose
true count is below 5, in two ways. The gain is how many percentage points more of them it guesses right than the best
constant guess, with the one-sided 95 % upper bound, clustered by locality. The other score is how many it names as a
count that is not zero, at 90 % confidence. Where the sampler's chains disagree, they leave open how sure somebody with
more time would be. So a leaf counts as named if the upper bound of its probability, over the chains, reaches 90 %.

Published cells are named as well: those of areas, of years and of all types whose true count is below 5 and not zero.
Of each kind of cell, which is what it sums, the sampler may name no larger share than of the leaves. How many more it
guesses right than a constant is no measure: a published count is meant to tell something of its own cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.special import gammaln

from geo.progress import Progress, silent
from geo.release.differencing import SMALL, Integers, Mask
from geo.release.outsider import UNBOUNDED, Seen
from geo.release.sampler import Chains, Effort, expected, least_squares, posteriors
from geo.spheroid import Numbers
from geo.statistics.cell_key import BASE, OFF_BY

POINTS_AT_MOST = 10.0
"""How many points better than the best constant guess an attacker may be, at the upper bound of its gain."""
NAMED_AT_MOST = 0.01
"""The share of the scored, non-zero leaves that an attacker may name."""
CONFIDENT = 0.9
CLOSE = 0.7
"""From this probability a leaf is close to being named: single chains differ by more than 0.2."""
CLOSE_AT_MOST = 0.04
"""The share that may be that close: in years of which an outsider named 1 % it was 4.7 to 7.2 %, else at most 2.3 %."""
UPPER = 1.6448536269514722
"""The 95 % quantile of the normal distribution: the gain is below its bound with one-sided 95 % confidence."""


@dataclass(frozen=True)
class Cells:
    """How many published cells of a kind the sampler names, of those below 5 that are not zero.

    Parameters
    ----------
    kind
        What they sum, in words.
    named, named_rightly, not_zero, close
        As of leaves (see :class:`Score`).

    """

    kind: str
    named: int
    named_rightly: int
    not_zero: int
    close: int

    def passes(self) -> bool:
        """Return whether few enough are named."""
        return _few(self.named, self.close, self.not_zero)

    def told(self) -> str:
        """Return the score in words."""
        return f"{self.named} of {self.not_zero} {self.kind} named, {self.close} close to it"


@dataclass(frozen=True)
class Score:
    """The success of an attacker on the small leaves.

    Parameters
    ----------
    attacker
        Its name.
    gain, upper
        Points above the best constant guess, and the one-sided 95 % upper bound.
    named, named_rightly, not_zero
        How many of the scored leaves it names as a certain count below 5 that is not 0, how many of those are right,
        and how many of the scored leaves are not 0.
    close
        How many leaves it names or is close to naming.
    cells
        The same of the published cells, by kind; of the sampler only.

    """

    attacker: str
    gain: float
    upper: float
    named: int
    named_rightly: int
    not_zero: int
    close: int = 0
    cells: tuple[Cells, ...] = ()

    def passes(self) -> bool:
        """Return whether this attacker's success is within the limits."""
        few = _few(self.named, self.close, self.not_zero) and all(each.passes() for each in self.cells)
        return self.upper <= POINTS_AT_MOST and few

    def told(self) -> str:
        """Return the score in words."""
        gained = f"{self.attacker} {self.gain:+.1f} points (at most {self.upper:+.1f})"
        close = f", {self.close} close to it" if self.close > NAMED_AT_MOST * self.not_zero else ""
        refused = "".join(f", {each.told()}" for each in self.cells if not each.passes())
        return f"{gained}, {self.named} of {self.not_zero} named{close}{refused}"


def _few(named: int, close: int, not_zero: int) -> bool:
    return named <= NAMED_AT_MOST * not_zero and close <= CLOSE_AT_MOST * not_zero


def scores(
    seen: Seen, effort: Effort, among: Mask | None = None, *, seed: int = 0, progress: Progress = silent
) -> list[Score]:
    """Run the three attackers and score their guesses.

    Parameters
    ----------
    seen
        What the outsider has.
    effort
        How long the sampler samples.
    among
        The leaves to score, by default all.
    seed
        The sampler's seed.
    progress
        Called for the sampler's passes.

    """
    scored = seen.counts < SMALL if among is None else among & (seen.counts < SMALL)
    if not scored.any():
        return []
    none = np.zeros(len(seen.counts))
    guesses = {"least squares": least_squares_guess(seen), "the likeliest count": likeliest(seen)}
    chains, of_cells = posteriors(seen, effort, seed=seed, progress=progress)
    found = [score(seen, name, guess, none, scored) for name, guess in guesses.items()]
    fresh = np.ones(len(seen.counts), bool) if among is None else among
    return [*found, replace(sampled_score(seen, chains, scored), cells=cells_named(seen, of_cells, fresh))]


def sampled_score(seen: Seen, chains: Chains, scored: Mask) -> Score:
    """Score what the sampler's chains found over these small leaves."""
    named, near = _named(chains)
    guess = chains.mean(axis=2, dtype=float).argmax(axis=1)
    return replace(score(seen, "the sampler", guess, named, scored), close=int((scored & near).sum()))


def cells_named(seen: Seen, of_cells: Chains, among: Mask) -> tuple[Cells, ...]:
    """Score what the chains found of the published cells that sum only these leaves, by what they sum."""
    truth, (named, near) = seen.truth(), _named(of_cells)
    old = np.bincount(seen.cell, ~among[seen.leaf], len(seen.published)) > 0
    several = [_several(seen, of_leaf) for of_leaf in (seen.locality, seen.quarter, seen.kind)]
    # A cell of one leaf is scored as that leaf; of cells that sum the same leaves only the first is looked at.
    scored = seen.told & ~old & (seen.sizes > 1) & (truth > 0) & (truth < SMALL) & of_cells.any(axis=(1, 2))
    scored &= seen.lattice().same() == np.arange(len(scored))
    found = []
    for areas, years, all_types in product((False, True), repeat=3):
        group = scored & (several[0] == areas) & (several[1] == years) & (several[2] == all_types)
        if group.any():
            place, period = "areas" if areas else "localities", "year" if years else "quarter"
            kind = f"counts of {place} for a {period}, {'all types' if all_types else 'one type'},"
            rightly = int((truth == named)[group].sum())
            numbers = int((named[group] > 0).sum()), rightly, int(group.sum()), int(near[group].sum())
            found.append(Cells(kind, *numbers))
    return tuple(found)


def _several(seen: Seen, of_leaf: Integers) -> Mask:
    """Return the cells whose leaves differ in this."""
    low, high = np.full(len(seen.published), UNBOUNDED), np.full(len(seen.published), -1)
    np.minimum.at(low, seen.cell, of_leaf[seen.leaf])
    np.maximum.at(high, seen.cell, of_leaf[seen.leaf])
    several: Mask = low < high
    return several


def _named(chains: Chains) -> tuple[Integers, Mask]:
    """Return the count that each is named as, 0 for none, and which are named or close to it."""
    likely, some = chains.mean(axis=2, dtype=float), slice(1, SMALL)
    off = UPPER * chains[:, some].std(axis=2, ddof=1) / np.sqrt(chains.shape[2])
    sure = likely[:, some] + off
    named: Integers = np.where(sure.max(axis=1) >= CONFIDENT, 1 + sure.argmax(axis=1), 0)
    near: Mask = (named > 0) | (likely[:, some].max(axis=1) >= CLOSE)
    return named, near


def score(seen: Seen, attacker: str, guess: Integers, sure: Integers | Numbers, scored: Mask) -> Score:
    """Score a guess over these small leaves; ``sure`` is 0 where no count is named."""
    counts = seen.counts[scored]
    constant = np.bincount(counts).argmax()
    better = (guess[scored] == counts).astype(float) - (counts == constant)
    # The leaves of a locality are published in the same cells, so they are not independent.
    apart = np.bincount(seen.locality[scored], better - better.mean())
    spread = max(float(np.sqrt((apart**2).sum())), float(better.std() * np.sqrt(len(better)))) / len(better)
    named = scored & (sure > 0)
    return Score(
        attacker,
        100 * float(better.mean()),
        100 * (float(better.mean()) + UPPER * spread),
        int(named.sum()),
        int((seen.counts == sure)[named].sum()),
        int((scored & (seen.counts > 0)).sum()),
    )


def least_squares_guess(seen: Seen, off_by: int = OFF_BY) -> Integers:
    """Return the whole counts of the leaves that fit all published counts best, within their bounds."""
    solved = least_squares(seen, expected(seen), 1e-2)
    low, high = bounds_of_leaves(seen, off_by)
    whole: Integers = np.clip(np.rint(solved), low, high).astype(np.int64)
    return whole


def bounds_of_leaves(seen: Seen, off_by: int = OFF_BY) -> tuple[Integers, Integers]:
    """Return bounds of each leaf: the lower from cells of this leaf alone, the upper from all cells that count it."""
    low, high = np.zeros(len(seen.counts), np.int64), np.full(len(seen.counts), UNBOUNDED, np.int64)
    told = seen.told[seen.cell]
    cell, leaf = seen.cell[told], seen.leaf[told]
    np.minimum.at(high, leaf, seen.published[cell] + off_by)
    alone = seen.sizes[cell] == 1
    np.maximum.at(low, leaf[alone], seen.published[cell[alone]] - off_by)
    return low, np.maximum(low, high)


def likeliest(seen: Seen) -> Integers:
    """Return the likeliest count behind the published count of the smallest cell of each leaf.

    It combines a Poisson distribution of the cell's count, whose mean follows from children and published rates, with
    the probabilities of the rounding. A leaf gets its expected share of its cell.
    """
    mean = expected(seen)
    told = np.flatnonzero(seen.told[seen.cell])
    order = told[np.lexsort((seen.sizes[seen.cell[told]], seen.leaf[told]))]
    leaves, first = np.unique(seen.leaf[order], return_index=True)
    smallest = seen.cell[order[first]]
    means: Numbers = np.bincount(seen.cell, mean[seen.leaf], len(seen.published)).astype(float)
    published = seen.published[smallest]
    x = np.maximum(published[:, None] + np.arange(-OFF_BY, OFF_BY + 1), 0)
    chance = np.maximum(1 - np.abs(x - published[:, None]) / BASE, 0) * np.exp(_log_poisson(x, means[smallest]))
    behind = np.take_along_axis(x, chance.argmax(axis=1)[:, None], 1)[:, 0]
    guess = np.rint(mean).astype(np.int64)
    guess[leaves] = np.rint(behind * mean[leaves] / means[smallest]).astype(np.int64)
    return guess


def _log_poisson(x: Integers, mean: Numbers) -> Numbers:
    found: Numbers = x * np.log(mean[:, None]) - mean[:, None] - gammaln(x + 1)
    found -= found.max(axis=1, keepdims=True)
    return found
