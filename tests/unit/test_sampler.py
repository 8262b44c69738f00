"""The sampler against every table there is, with the same prior: the posterior, counted out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import poisson

from geo.release import sampler
from geo.release.guessing import Score, bounds_of_leaves, likeliest, score
from geo.release.outsider import UNTOLD, Seen
from geo.release.sampler import Effort, posterior
from tests.unit.test_propagation import table

MEANS = np.array([1.1, 1.1, 1.1])
MOST = 9


@pytest.fixture
def poisson_prior(monkeypatch):
    """Rates that are known: what is left to the sampler is the lattice."""
    monkeypatch.setattr(sampler, "SHAPES", np.array([1e7]))
    monkeypatch.setattr(sampler, "expected", lambda _: MEANS.copy())


def counted_out(seen: Seen) -> np.ndarray:
    """Return how likely each leaf has each value, over all tables: cells of the same leaves are one draw."""
    found = np.zeros((len(MEANS), MOST + 1))
    for counts in product(range(MOST + 1), repeat=len(MEANS)):
        likely = float(np.prod(poisson.pmf(counts, MEANS)))
        told: dict[tuple[int, ...], int] = {}
        for cell in np.flatnonzero(seen.told):
            leaves = seen.leaf[seen.cell == cell]
            some = tuple(leaf for leaf in leaves.tolist() if counts[leaf])
            published = int(seen.published[cell])
            if some in told:
                likely *= told[some] == published
                continue
            told[some] = published
            likely *= max(0.0, 1 - abs(sum(counts[leaf] for leaf in some) - published) / 5)
        for leaf, count in enumerate(counts):
            found[leaf, count] += likely
    whole: np.ndarray = found / found.sum(axis=1, keepdims=True)
    return whole


@pytest.mark.parametrize(
    "published",
    [(5, 0, 5, 5), (0, 0, 5, 5), (0, 0, 5, 10), (UNTOLD, UNTOLD, UNTOLD, 5), (5, UNTOLD, 0, 10), (0, 0, 0, 0)],
)
def test_the_same_as_all_tables_counted_out(poisson_prior, published):
    seen = table(published, additive=False)
    found = posterior(seen, Effort(chains=60, sweeps=150, warm_up=60))
    expected = counted_out(seen)
    assert found[:, :5] == pytest.approx(expected[:, :5], abs=0.03)
    assert found.sum(axis=1) == pytest.approx(1)


def test_the_same_seed_guesses_the_same():
    seen = table((5, 0, 5, 5), additive=False)
    first, again = (posterior(seen, Effort(4, 5, 5), seed=3) for _ in range(2))
    assert (first == again).all()


def test_rates_are_learned_from_what_is_published():
    """Of a place whose year says 40 the untold quarters hold about ten each, whatever others have."""
    seen = table((UNTOLD, UNTOLD, UNTOLD, UNTOLD, 40), additive=False)
    found = posterior(seen, Effort(16, 40, 40))
    assert found[:, 5].min() > 0.9


def test_a_score_is_points_above_the_best_constant():
    seen = table((0, 0, 0, 0, 5), additive=False, counts=[0, 0, 1, 7])
    small = seen.counts < 5
    right = score(seen, "one", np.array([0, 0, 1, 0]), np.array([0, 0, 1, 0]), small)
    assert (round(right.gain, 3), right.named, right.named_rightly, right.not_zero) == (33.333, 1, 1, 1)
    assert right.upper >= right.gain
    wrong = score(seen, "one", np.array([0, 0, 0, 0]), np.array([2, 0, 0, 0]), small)
    assert (wrong.gain, wrong.named, wrong.named_rightly) == (0, 1, 0)


@pytest.mark.parametrize(
    ("upper", "named", "passes"), [(10.0, 10, True), (10.01, 0, False), (9.0, 11, False), (-3.0, 0, True)]
)
def test_what_passes(upper, named, passes):
    assert Score("one", 0.0, upper, named, named, 1000).passes() == passes


def test_guesses_stay_within_what_the_cells_allow():
    seen = table((5, 10, 0, 15), additive=False, counts=[2, 8, 1])
    low, high = bounds_of_leaves(seen)
    assert (low.tolist(), high.tolist()) == ([1, 6, 0], [9, 14, 4])
    guess = likeliest(seen)
    assert ((guess >= low) & (guess <= high)).all()
