"""What is called a finding: beside every possible draw, beside definitions, on bounds, and on pure noise."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from geo.statistics.fdr import benjamini_hochberg
from geo.statistics.hotspots import classes, gi_star, local_moran, moran_z, neighbours_p
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.terms import HotspotClass
from geo.statistics.weights import nearest
from tests.planning.panels import pairs_of, places_of, scattered


def test_pseudo_p_is_that_of_every_possible_draw():
    """Against all sets of three others, listed one by one: the drawn share comes near the true one."""
    chance = random.Random(9)
    values = np.array([chance.random() for _ in range(11)])
    pairs = pairs_of(
        [sorted(random.Random(at).sample([each for each in range(11) if each != at], 3)) for at in range(11)]
    )
    p, _ = neighbours_p(values, pairs, 9_999, seed=3)
    for place in range(11):
        drawn = [sum(values[list(some)]) for some in combinations([at for at in range(11) if at != place], 3)]
        real = sum(values[pairs.neighbour[pairs.place == place]])
        high = sum(each >= real - 1e-12 for each in drawn) / len(drawn)
        low = sum(each <= real + 1e-12 for each in drawn) / len(drawn)
        assert p[place] == pytest.approx(min(1, 2 * min(high, low)), abs=0.03)


def test_pseudo_p_is_that_of_every_possible_draw_for_any_number_of_neighbours():
    """Places with 0, 1, 2, 5 and all others for neighbours, in one test with another row of values."""
    chance = np.random.default_rng(21)
    rows = chance.random((2, 9)) ** 3
    pairs = pairs_of([[], [0], [5, 6], [0, 1, 2, 4, 8], [0, 1, 2, 3, 5, 6, 7, 8], [1], [3, 4], [0, 1, 2, 3, 4], [7]])
    p, side = neighbours_p(rows, pairs, 9_999, seed=4)
    for at, values in enumerate(rows):
        alone, its_side = neighbours_p(values, pairs, 9_999, seed=4)
        assert np.array_equal(alone, p[at], equal_nan=True)
        assert its_side.tolist() == side[at].tolist()
        assert np.isnan(alone[0])
        for place in range(1, 9):
            theirs = pairs.neighbour[pairs.place == place]
            others = [other for other in range(9) if other != place]
            drawn = np.array([values[list(some)].sum() for some in combinations(others, len(theirs))])
            real = values[theirs].sum()
            high, low = (drawn >= real - 1e-12).mean(), (drawn <= real + 1e-12).mean()
            assert alone[place] == pytest.approx(min(1, 2 * min(high, low)), abs=0.03)
            assert its_side[place] == np.sign(low - high) or abs(low - high) < 0.03


def test_draws_in_several_blocks_count_each_once(monkeypatch):
    values, pairs = np.random.default_rng(5).random(30), pairs_of([[(at + 1) % 30, (at + 2) % 30] for at in range(30)])
    whole = neighbours_p(values, pairs, 999, seed=1)
    monkeypatch.setattr("geo.statistics.hotspots.DRAWN_AT_ONCE", 100)
    assert all(
        np.array_equal(one, other) for one, other in zip(whole, neighbours_p(values, pairs, 999, 1), strict=True)
    )


def test_the_moments_of_local_moran_are_those_of_every_possible_draw():
    values = np.array([random.Random(10 + at).random() for at in range(9)])
    pairs = pairs_of([[(at + 1) % 9, (at + 4) % 9] for at in range(9)])
    centred = values - values.mean()
    for place, z in enumerate(moran_z(values, pairs)):
        others = [at for at in range(9) if at != place]
        drawn = np.array([centred[place] * centred[list(some)].mean() for some in combinations(others, 2)])
        real = centred[place] * centred[pairs.neighbour[pairs.place == place]].mean()
        assert z == pytest.approx((real - drawn.mean()) / drawn.std())


def test_a_seed_gives_the_same_again_and_another_seed_something_else():
    values, pairs = np.arange(30.0), pairs_of([[(at + 1) % 30] for at in range(30)])
    once, again, other = (neighbours_p(values, pairs, 99, seed)[0].tolist() for seed in (1, 1, 2))
    assert once == again != other


def test_the_least_p_is_that_of_the_added_one():
    values = np.array([1.0, 1, *[0] * 60])
    p, side = neighbours_p(values, pairs_of([[1], [0], *[[]] * 60]), 99, seed=1)
    assert p[0] <= 2 * 6 / 100
    assert side[0] == 1
    assert np.isnan(p[2:]).all()


def test_benjamini_hochberg_equals_its_definition():
    p = np.array([random.Random(12 + at).random() ** 3 for at in range(40)])
    q = benjamini_hochberg(p)
    ordered = sorted(p)
    for each, found in zip(p, q, strict=True):
        at = ordered.index(each)
        assert found == pytest.approx(min(1, *(40 * ordered[later] / (later + 1) for later in range(at, 40))))


@pytest.mark.parametrize(
    ("q", "called"),
    [(0.01, "HOT_99"), (0.0101, "HOT_95"), (0.05, "HOT_95"), (0.0501, "HOT_90"), (0.1, "HOT_90"), (0.11, None)],
)
def test_classes_are_inclusive_at_their_bounds(q, called):
    found, _ = classes(np.array([q, 0.05]), np.array([1, -1]), np.array([1, -1]))
    assert found is HotspotClass[called or "NOT_SIGNIFICANT"]


def test_all_alike_are_neither_hot_nor_cold():
    values, pairs = np.full(20, 3.3), pairs_of([[(at + 1) % 20] for at in range(20)])
    for score in (gi_star, local_moran, moran_z):
        assert np.isnan(score(values, pairs)).all()
    assert (neighbours_p(values, pairs, 99, seed=1)[0] == 1).all()


def hit(seed: int, count: int, k: int) -> bool:
    """Draw counts of one and the same rate, round them as a release does, and say whether any place is called."""
    chance = np.random.default_rng(seed)
    pairs = nearest(places_of(scattered(seed, count)), k)
    population = np.exp(chance.normal(9.3, 1.2, count)).round() + 50
    counts = chance.poisson(population * 0.001)
    published = 5 * (counts // 5) + 5 * (chance.random(count) < counts % 5 / 5)
    values = empirical_bayes(published.astype(float), population)
    z = gi_star(values, pairs)
    p, side = neighbours_p(values, pairs, 999, seed)
    q = benjamini_hochberg(np.where(np.isnan(z), np.nan, p))
    own = np.sign(np.nan_to_num(z)).astype(np.int64)
    return any(
        each not in (HotspotClass.NOT_SIGNIFICANT, None) for each in classes(q, np.where(side == own, side, 0), own)
    )


@pytest.mark.slow
@pytest.mark.parametrize(("count", "k"), [(94, 6), (20, 4)])
def test_on_pure_noise_at_most_five_runs_of_a_hundred_name_any_place(count, k):
    assert sum(hit(seed, count, k) for seed in range(200)) <= 10


def test_a_planted_cluster_in_the_same_noise_is_found():
    """The same pipeline has the power to find what is there, so silence on noise means something."""
    chance = np.random.default_rng(1)
    lonlats = scattered(1, 94)
    pairs = nearest(places_of(lonlats), 6)
    cluster = {40, *pairs.neighbour[pairs.place == 40]}
    population = np.full(94, 20_000.0)
    counts = chance.poisson(population * [0.008 if at in cluster else 0.001 for at in range(94)])
    values = empirical_bayes((5 * (counts // 5)).astype(np.float64), population)
    p, side = neighbours_p(values, pairs, 999, seed=1)
    q = benjamini_hochberg(p)
    hot = {at for at in range(94) if q[at] <= 0.05 and side[at] > 0}
    assert cluster <= hot
