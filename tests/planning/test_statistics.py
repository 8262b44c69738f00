"""The methods by themselves: beside PySAL's figures, beside brute force, on their bounds, and on pure noise."""

from __future__ import annotations

import json
import math
import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from geo.errors import BadInput, TooCostly
from geo.queries.ranked import decode_key, encode_key, page
from geo.statistics import weights
from geo.statistics.distances import Places, spheroid_m
from geo.statistics.e2sfca import DECAYS, access, gaussian, step
from geo.statistics.fdr import benjamini_hochberg
from geo.statistics.hotspots import classes, gi_star, local_moran, moran_z, neighbours_p, quadrants
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.terms import HotspotClass
from geo.statistics.trends import changed
from geo.statistics.weights import Neighbours, nearest, within_band
from tests.geodesy import distance_m

RECORDED = json.loads((Path(__file__).parent / "pysal.json").read_text(encoding="utf-8"))
PANEL, ESDA, ACCESS = RECORDED["panel"], RECORDED["hotspots"], RECORDED["access"]
ESDA_QUADRANTS = {1: "HIGH_HIGH", 2: "LOW_HIGH", 3: "LOW_LOW", 4: "HIGH_LOW"}


def places_of(lonlats) -> Places:
    lonlats = np.array(lonlats, float).reshape(-1, 2)
    return Places(lonlats[:, 0], lonlats[:, 1])


def pairs_of(neighbours: list[list[int]]) -> Neighbours:
    pairs = [(here, there) for here, those in enumerate(neighbours) for there in those]
    here, there = np.array(pairs, np.int64).reshape(-1, 2).T
    return Neighbours(len(neighbours), here, there)


def scattered(seed: int, count: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(chance.uniform(-12, -4), chance.uniform(10, 16)) for _ in range(count)]


@pytest.fixture(scope="module")
def rates():
    return empirical_bayes(np.array(PANEL["counts"], float), np.array(PANEL["population"], float))


def test_empirical_bayes_is_that_of_esda(rates):
    assert rates == pytest.approx(ESDA["empirical_bayes"], rel=1e-9)


def test_gi_star_is_that_of_esda(rates):
    z = gi_star(rates * 100_000, pairs_of(PANEL["neighbours"]))
    assert z[:-1] == pytest.approx(ESDA["gi_star_z"][:-1], abs=1e-6)
    assert math.isnan(z[-1])  # esda scores an island by itself alone; here it is not tested


def test_local_moran_and_its_quadrants_are_those_of_esda(rates):
    pairs = pairs_of(PANEL["neighbours"])
    assert local_moran(rates, pairs)[:-1] == pytest.approx(ESDA["local_moran"][:-1], abs=1e-6)
    found = [each and each.name for each in quadrants(rates, pairs)]
    assert found == [*(ESDA_QUADRANTS[each] for each in ESDA["quadrant"][:-1]), None]


@pytest.mark.parametrize("decay", DECAYS)
def test_access_scores_are_those_of_pysal_access(decay):
    children, places = np.array(ACCESS["children"], float), np.array(ACCESS["places"], float)
    demand, supply = places_of(ACCESS["demand"]), places_of(ACCESS["supply"])
    found, _ = access(demand, children, supply, places, ACCESS["reach_m"], DECAYS[decay])
    assert found == pytest.approx(ACCESS["scores"][decay], rel=1e-7, abs=1e-12)
    assert found.max() > 0


def test_distances_are_those_of_a_formula_for_one_pair_at_a_time():
    chance = random.Random(5)
    pairs = [tuple(chance.uniform(-80, 80) for _ in range(4)) for _ in range(200)]
    pairs += [(0, 0, 1, 0), (5, 5, 5, 5), (179.9, 10, -179.9, 10), (3, -90, 3, 0)]
    lon1, lat1, lon2, lat2 = np.array(pairs, float).T
    expected = [0.0 if one[:2] == one[2:] else distance_m(*one) for one in pairs if one[:4] != (0, 0, 1, 0)]
    found = spheroid_m(lon1, lat1, lon2, lat2)
    equator = len(pairs) - 4
    assert np.delete(found, equator) == pytest.approx(expected, abs=1e-3)
    assert found[equator] == pytest.approx(math.radians(1) * 6_378_137, abs=1e-3)


@pytest.mark.parametrize("k", [1, 7, 50, 500])
def test_nearest_equals_brute_force(k):
    lonlats = scattered(1, 120)
    lonlats[7] = lonlats[8]  # two villages at one point
    found = nearest(places_of(lonlats), k)
    for here in range(len(lonlats)):
        far = {
            there: 0.0 if lonlats[here] == lonlats[there] else distance_m(*lonlats[here], *lonlats[there])
            for there in range(len(lonlats))
            if there != here
        }
        assert set(found.neighbour[found.place == here]) == set(sorted(far, key=lambda at: (far[at], at))[:k])


def test_a_band_equals_brute_force_and_is_inclusive():
    lonlats = scattered(2, 80)
    places = places_of(lonlats)
    far = {pair: distance_m(*lonlats[pair[0]], *lonlats[pair[1]]) for pair in combinations(range(80), 2)}
    band = sorted(far.values())[200]
    for metres, within in ((band, 201), (band - 0.01, 200)):
        found = within_band(places, metres)
        assert {*zip(found.place, found.neighbour, strict=True)} == {
            pair for one, two in far if far[one, two] <= metres + 1e-4 for pair in ((one, two), (two, one))
        }
        assert len(found.place) == 2 * within


def test_a_band_of_too_many_pairs_is_refused(monkeypatch):
    monkeypatch.setattr(weights, "PAIRS_AT_MOST", 99)
    places = places_of(scattered(3, 10))
    with pytest.raises(TooCostly, match=r"100 pairs .* weights\.distanceMetres"):
        within_band(places, 10_000_000)
    assert within_band(places, 1).counts.sum() == 0


@pytest.mark.parametrize("decay", [step, gaussian])
def test_what_services_have_is_shared_out_whole(decay):
    """Σ children × score = Σ places of the services that have children in reach."""
    chance = random.Random(4)
    demand, supply = places_of(scattered(4, 300)), places_of([*scattered(5, 40), (80.0, 80.0)])
    children = np.array([chance.randrange(5_000) for _ in range(300)], float)
    places = np.array([chance.randrange(50) for _ in range(41)], float)
    for metres in (1_000, 40_000, 900_000):
        found, used = access(demand, children, supply, places, metres, decay)
        far = [min(distance_m(*one, *two) for one in scattered(4, 300)) for two in scattered(5, 40)]
        reached = [each for each in range(40) if far[each] <= metres]
        assert used == len(reached)
        assert children @ found == pytest.approx(places[reached].sum())


def test_services_that_go_by_in_groups_give_the_same(monkeypatch):
    demand, supply, ones = places_of(scattered(6, 100)), places_of(scattered(7, 30)), np.ones
    whole = access(demand, ones(100), supply, ones(30), 200_000, gaussian)
    monkeypatch.setattr("geo.statistics.e2sfca.AT_ONCE", 700)
    parts = access(demand, ones(100), supply, ones(30), 200_000, gaussian)
    assert parts[0] == pytest.approx(whole[0], rel=1e-12)
    assert parts[1] == whole[1]


@pytest.mark.parametrize(("demand", "supply"), [(0, 3), (3, 0), (0, 0)])
def test_nobody_and_nothing_give_nothing(demand, supply):
    found, used = access(
        places_of(scattered(8, demand)), np.ones(demand), places_of(scattered(9, supply)), np.ones(supply), 1e6, step
    )
    assert (found.tolist(), used) == ([0.0] * demand, 0)


def test_places_without_children_take_nothing_and_break_nothing():
    found, used = access(places_of([(0, 0)]), np.zeros(1), places_of([(0, 0)]), np.ones(1), 1_000, step)
    assert (found.tolist(), used) == ([0.0], 0)


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
    return any(each is not HotspotClass.NOT_SIGNIFICANT for each in classes(q, np.where(side == own, side, 0), own))


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
    values = empirical_bayes(5.0 * (counts // 5), population)
    p, side = neighbours_p(values, pairs, 999, seed=1)
    q = benjamini_hochberg(p)
    hot = {at for at in range(94) if q[at] <= 0.05 and side[at] > 0}
    assert cluster <= hot


@pytest.mark.parametrize(
    ("first", "last", "parts", "said"),
    [
        (0, 5, 1, "WITHIN_ROUNDING"),
        (0, 10, 1, "RISE"),
        (10, 0, 1, "FALL"),
        (0, 15, 2, "WITHIN_ROUNDING"),
        (0, 16, 2, "WITHIN_ROUNDING"),
        (0, 20, 2, "RISE"),
        (None, 5, 1, None),
    ],
)
def test_a_change_is_one_beyond_rounding_only(first, last, parts, said):
    assert changed(first, last, parts) == said


def test_a_called_change_is_a_true_one_whatever_the_true_counts():
    """Every pair of true counts that could have been published so moved the way that is said."""
    for first in range(0, 30, 5):
        for last in range(0, 30, 5):
            said = changed(first, last, 1)
            moves = {
                true_last - true_first
                for true_first in range(max(0, first - 4), first + 5)
                for true_last in range(max(0, last - 4), last + 5)
            }
            if said == "RISE":
                assert min(moves) > 0
            if said == "FALL":
                assert max(moves) < 0


def test_pages_neither_repeat_nor_skip():
    rows = [{"score": float(at % 3), "id": f"00000000-0000-0000-0000-{at:012}"} for at in range(10)]
    seen, after = [], None
    while True:
        kept = page(rows, lambda row: (row["score"], row["id"]), 4, after)
        seen += kept["rows"]
        if not kept["has_next_page"]:
            break
        after = decode_key(kept["end_cursor"], [float])
    assert seen == sorted(rows, key=lambda row: (row["score"], row["id"]))


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "e30=", encode_key((1, "00000000-0000-0000-0000-000000000001")), encode_key((math.inf, "a")), "W10="],
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadInput, match=r"after: not a cursor of this list; pass an endCursor"):
        decode_key(cursor, [float])
