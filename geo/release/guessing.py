"""How much better than the best constant guess the likelihood attackers guess the small leaves of a year.

A leaf is one locality, quarter and type, published or not. Three attackers guess it: least squares; the likeliest count
behind a published one; and the Gibbs sampler of :mod:`geo.release.sampler`. An attacker is scored over the leaves whose
true count is below 5, in two ways. The gain is how many percentage points more of them it guesses right than the best
constant guess, with the one-sided 95 % upper bound, clustered by locality. The other score is how many it names as a
count that is not zero, at 90 % confidence. Where the sampler's chains disagree, they leave open how sure somebody with
more time would be. So a leaf counts as named if the upper bound of its probability, over the chains, reaches 90 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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

    """

    attacker: str
    gain: float
    upper: float
    named: int
    named_rightly: int
    not_zero: int
    close: int = 0

    def passes(self) -> bool:
        """Return whether this attacker's success is within the limits."""
        few = self.named <= NAMED_AT_MOST * self.not_zero and self.close <= CLOSE_AT_MOST * self.not_zero
        return self.upper <= POINTS_AT_MOST and few

    def told(self) -> str:
        """Return the score in words."""
        gained = f"{self.attacker} {self.gain:+.1f} points (at most {self.upper:+.1f})"
        close = f", {self.close} close to it" if self.close > NAMED_AT_MOST * self.not_zero else ""
        return f"{gained}, {self.named} of {self.not_zero} named{close}"


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
    chains = posteriors(seen, effort, seed=seed, progress=progress)
    found = [score(seen, name, guess, none, scored) for name, guess in guesses.items()]
    return [*found, sampled_score(seen, chains, scored)]


def sampled_score(seen: Seen, chains: Chains, scored: Mask) -> Score:
    """Score what the sampler's chains found over these small leaves."""
    likely = chains.mean(axis=2, dtype=float)
    some = slice(1, SMALL)
    off = UPPER * chains[:, some].std(axis=2, ddof=1) / np.sqrt(chains.shape[2])
    sure = likely[:, some] + off
    named = np.where(sure.max(axis=1) >= CONFIDENT, 1 + sure.argmax(axis=1), 0)
    close = int((scored & ((named > 0) | (likely[:, some].max(axis=1) >= CLOSE))).sum())
    return replace(score(seen, "the sampler", likely.argmax(axis=1), named, scored), close=close)


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
