"""The sampler against every table there is, with the same prior: the posterior, counted out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import poisson

from geo.release import outsider, sampler
from geo.release.guessing import Score, bounds_of_leaves, cells_named, likeliest, sampled_score, score
from geo.release.outsider import UNTOLD, Seen
from geo.release.sampler import Effort, posterior, posteriors
from tests.unit.test_propagation import table

MEAN = 1.1
MOST = 9
EVEN = 1e7


@pytest.fixture
def poisson_prior(monkeypatch):
    """Rates that are known: what is left to the sampler is the lattice."""
    monkeypatch.setattr(sampler, "SHAPES", np.array([EVEN]))
    monkeypatch.setattr(sampler, "SEASONAL", EVEN)
    monkeypatch.setattr(sampler, "expected", lambda seen: np.full(len(seen.counts), MEAN))


def counted_out(seen: Seen) -> np.ndarray:
    """Return how likely each leaf has each value, over all tables: cells of the same leaves are one draw."""
    leaves_in_all = len(seen.counts)
    cells = [(seen.leaf[seen.cell == cell], int(seen.published[cell])) for cell in np.flatnonzero(seen.told)]
    chance = poisson.pmf(np.arange(MOST + 1), MEAN)
    found = np.zeros((leaves_in_all, MOST + 1))
    for counts in product(range(MOST + 1), repeat=leaves_in_all):
        likely = float(np.prod(chance[list(counts)]))
        told: dict[tuple[int, ...], int] = {}
        for leaves, published in cells:
            some = tuple(leaf for leaf in leaves.tolist() if counts[leaf])
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


def two_ways(published):
    """A locality with two quarters of two kinds: told are its kinds for the year, its quarters, and the sum of all."""
    ways = ([0, 2], [1, 3], [0, 1], [2, 3], [0, 1, 2, 3])
    return Seen(
        counts=np.zeros(4, int),
        published=np.array(published),
        cell=np.concatenate([np.full(len(leaves), cell) for cell, leaves in enumerate(ways)]),
        leaf=np.concatenate(ways),
        locality=np.zeros(4, int),
        kind=np.array([0, 1, 0, 1]),
        quarter=np.array([0, 0, 1, 1]),
        children=np.array([1000.0]),
        branch=np.array([0]),
        additive=np.zeros(5, bool),
    )


@pytest.mark.parametrize("published", [(5, 0, 5, 0, 5), (5, 0, 5, 0, UNTOLD), (5, 0, 5, 5, 5)])
def test_cells_that_meet_in_one_leaf_are_one_draw_if_all_else_is_zero(poisson_prior, published):
    """A kind's year and a quarter, neither of which contains the other: what tells a leaf where counts are rare."""
    seen = two_ways(published)
    found = posterior(seen, Effort(chains=100, sweeps=150, warm_up=60))
    assert found[:, :5] == pytest.approx(counted_out(seen)[:, :5], abs=0.02)


def test_a_season_is_learned():
    """Where the first quarters of most places say 10 and the others 0, what is untold elsewhere follows."""
    many = 8
    place, quarter = np.indices((many, 4)).reshape(2, -1)
    published = np.where(quarter == 0, 10, 0)
    published[-4:] = UNTOLD
    seen = Seen(
        counts=np.zeros(4 * many, int),
        published=np.append(published, 10),
        cell=np.append(np.arange(4 * many), np.full(4, 4 * many)),
        leaf=np.append(np.arange(4 * many), 4 * many - 4 + np.arange(4)),
        locality=place,
        kind=np.zeros(4 * many, int),
        quarter=quarter,
        children=np.full(many, 1000.0),
        branch=np.arange(many),
        additive=np.zeros(4 * many + 1, bool),
    )
    found = posterior(seen, Effort(8, 60, 60))
    assert found[-4, 5] > 0.8
    assert found[-3:, 0].min() > 0.5


def test_the_same_seed_guesses_the_same():
    seen = table((5, 0, 5, 5), additive=False)
    first, again = (posterior(seen, Effort(4, 5, 5), seed=3) for _ in range(2))
    assert (first == again).all()


def test_rates_are_learned_from_what_is_published(monkeypatch):
    """Of a place whose even year says 40 the untold quarters hold about ten each, whatever others have."""
    monkeypatch.setattr(sampler, "SEASONAL", EVEN)
    seen = table((UNTOLD, UNTOLD, UNTOLD, UNTOLD, 40), additive=False)
    found = posterior(seen, Effort(16, 40, 40))
    assert found[:, 5].min() > 0.9


def test_where_nothing_is_told_a_rate_is_guessed_all_the_same():
    """A rate of zero made every draw not a number, and what is no number names nobody."""
    seen = table((UNTOLD,) * 5, additive=False)
    assert (sampler.expected(seen) > 0).all()
    with np.errstate(invalid="raise", divide="raise"):
        found = posterior(seen, Effort(4, 20, 20))
    assert np.isfinite(found).all()


def test_a_published_cell_is_what_its_leaves_sum_to():
    """The chains say how often the four quarters of a year have each sum."""
    seen = table((0, 0, 0, 0, 5), additive=False)
    leaves, cells = posteriors(seen, Effort(8, 60, 60))
    assert cells.shape == (5, 6, 8)
    assert np.allclose(cells.sum(axis=1), 1)
    assert np.allclose(cells[:4].mean(axis=2), leaves.mean(axis=2), atol=0.1)  # a cell of one leaf is that leaf
    assert cells[4, 0].max() == 0  # 5 is not published of nothing


def test_cells_are_scored_by_what_they_sum():
    seen = table((0, 0, 0, 0, 5), additive=False, counts=[0, 0, 1, 1])
    sure = np.zeros((5, 6, 2), np.float32)
    sure[4, 2] = 1
    [found] = cells_named(seen, sure, np.ones(4, bool))
    assert (found.kind, found.named, found.named_rightly, found.not_zero) == (
        "counts of localities for a year, one type,", 1, 1, 1,
    )  # fmt: skip
    assert not found.passes()
    assert cells_named(seen, sure, np.array([True, True, True, False])) == ()  # what is out already is not scored


def test_a_score_is_points_above_the_best_constant():
    seen = table((0, 0, 0, 0, 5), additive=False, counts=[0, 0, 1, 7])
    small = seen.counts < 5
    right = score(seen, "one", np.array([0, 0, 1, 0]), np.array([0, 0, 1, 0]), small)
    assert (round(right.gain, 3), right.named, right.named_rightly, right.not_zero) == (33.333, 1, 1, 1)
    assert right.upper >= right.gain
    wrong = score(seen, "one", np.array([0, 0, 0, 0]), np.array([2, 0, 0, 0]), small)
    assert (wrong.gain, wrong.named, wrong.named_rightly) == (0, 1, 0)


def test_chains_that_disagree_name_what_they_might():
    """All chains at 0.8 name nothing; half of them at 0.6 and half at 1 might mean 0.9. Both are close."""
    seen = table((0, 5), additive=False, counts=[1])
    agree, disagree = np.full(8, 0.8), np.tile([0.6, 1.0], 4)
    named = []
    for each in (agree, disagree):
        chains = np.zeros((1, 6, 8), np.float32)
        chains[0, 1], chains[0, 0] = each, 1 - each
        found = sampled_score(seen, chains, seen.counts < 5)
        named.append((found.named, found.named_rightly, found.close))
    assert named == [(0, 0, 1), (1, 1, 1)]


@pytest.mark.parametrize(
    ("upper", "named", "close", "passes"),
    [(10.0, 10, 10, True), (10.01, 0, 0, False), (9.0, 11, 11, False), (-3.0, 0, 40, True), (-3.0, 0, 41, False)],
)
def test_what_passes(upper, named, close, passes):
    assert Score("one", 0.0, upper, named, named, 1000, close).passes() == passes


def test_guesses_stay_within_what_the_cells_allow():
    seen = table((5, 10, 0, 15), additive=False, counts=[2, 8, 1])
    low, high = bounds_of_leaves(seen)
    assert (low.tolist(), high.tolist()) == ([1, 6, 0], [9, 14, 4])
    guess = likeliest(seen)
    assert ((guess >= low) & (guess <= high)).all()


def test_a_country_in_parts_is_sampled_as_well_as_one_part(monkeypatch):
    """Localities of other parts, which have no leaves here, were taken for ones with a shape of their own."""
    seen = table((5, 0, 5, 10), additive=False)
    many = 6
    twins = Seen(
        counts=np.tile(seen.counts, many),
        published=np.tile(seen.published, many),
        cell=np.concatenate([seen.cell + n * len(seen.published) for n in range(many)]),
        leaf=np.concatenate([seen.leaf + n * len(seen.counts) for n in range(many)]),
        locality=np.concatenate([seen.locality + n * (int(seen.locality.max()) + 1) for n in range(many)]),
        kind=np.tile(seen.kind, many),
        quarter=np.tile(seen.quarter, many),
        children=np.tile(seen.children, many),
        branch=np.concatenate([seen.branch + n * (int(seen.branch.max()) + 1) for n in range(many)]),
        additive=np.tile(seen.additive, many),
    )
    effort = Effort(chains=60, sweeps=150, warm_up=60)
    monkeypatch.setattr(outsider, "BRANCHES_AT_ONCE", 1)
    with np.errstate(all="raise", under="ignore"):
        found = posterior(twins, effort).reshape(many, len(seen.counts), -1)
    assert found == pytest.approx(np.tile(found.mean(axis=0), (many, 1, 1)), abs=0.06)
