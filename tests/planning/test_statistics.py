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
from geo.queries.base.cursor import decode, encode
from geo.queries.base.list_page import page
from geo.spheroid import spheroid_m
from geo.statistics import weights
from geo.statistics.e2sfca import DECAYS, access, gaussian, step
from geo.statistics.hotspots import gi_star, local_moran, quadrants
from geo.statistics.smoothing import empirical_bayes
from geo.statistics.trends import changed
from geo.statistics.weights import nearest, within_band
from tests.geodesy import distance_m
from tests.planning.panels import pairs_of, places_of, scattered

RECORDED = json.loads((Path(__file__).parent / "pysal.json").read_text(encoding="utf-8"))
PANEL, ESDA, ACCESS = RECORDED["panel"], RECORDED["hotspots"], RECORDED["access"]
ESDA_QUADRANTS = {1: "HIGH_HIGH", 2: "LOW_HIGH", 3: "LOW_LOW", 4: "HIGH_LOW"}


@pytest.fixture(scope="module")
def rates():
    return empirical_bayes(np.array(PANEL["counts"], float), np.array(PANEL["population"], float))


def test_empirical_bayes_is_that_of_esda(rates):
    assert rates == pytest.approx(ESDA["empirical_bayes"], rel=1e-9)


def test_gi_star_is_that_of_esda(rates):
    z = gi_star(rates * 100_000, pairs_of(PANEL["neighbours"]))
    assert z[:-1] == pytest.approx(ESDA["gi_star_z"][:-1], abs=1e-6)
    assert math.isnan(z[-1])  # esda scores an island on its own value alone; we do not test it


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
    lonlats[7] = lonlats[8]  # two villages at the same point
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
    with pytest.raises(TooCostly, match=r"100 pairs .*neighbours\.distance_m"):
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


def test_pairs_that_are_measured_in_groups_are_the_same(monkeypatch):
    demand, supply = places_of(scattered(6, 100)), places_of(scattered(7, 30))
    whole = demand.within(supply, 200_000)
    monkeypatch.setattr("geo.statistics.distances.AT_ONCE", 70)
    assert all((one == other).all() for one, other in zip(whole, demand.within(supply, 200_000), strict=True))


def test_a_reach_with_too_many_pairs_is_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr("geo.statistics.e2sfca.PAIRS_AT_MOST", 2_999)
    demand, supply = places_of(scattered(6, 100)), places_of(scattered(7, 30))
    with pytest.raises(TooCostly, match=r"3,000 pairs .* 5,000,000 metres; .* choose a shorter `within`"):
        access(demand, np.ones(100), supply, np.ones(30), 5e6, gaussian)


@pytest.mark.parametrize(("demand", "supply"), [(0, 3), (3, 0), (0, 0)])
def test_nobody_and_nothing_give_nothing(demand, supply):
    found, used = access(
        places_of(scattered(8, demand)), np.ones(demand), places_of(scattered(9, supply)), np.ones(supply), 1e6, step
    )
    assert (found.tolist(), used) == ([0.0] * demand, 0)


def test_places_without_children_take_nothing_and_break_nothing():
    found, used = access(places_of([(0, 0)]), np.zeros(1), places_of([(0, 0)]), np.ones(1), 1_000, step)
    assert (found.tolist(), used) == ([0.0], 0)


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
        kept = page(rows, lambda row: (row["score"], row["id"]), 4, after, "a list")
        [about] = kept["page"]
        assert about["has_previous_page"] is (after is not None)
        seen += [{key: row[key] for key in rows[0]} for row in kept["kept"]]
        if not about["has_next_page"]:
            break
        after = decode(kept["kept"][-1]["cursor"], "a list", [float])
    assert seen == sorted(rows, key=lambda row: (row["score"], row["id"]))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "e30=",
        encode("a list", ("1", "00000000-0000-0000-0000-000000000001")),
        encode("a list", (math.inf, "a")),
        encode("another", (0.5, "00000000-0000-0000-0000-000000000001")),
        "W10=",
    ],
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadInput, match=r"after: not a cursor of this list"):
        decode(cursor, "a list", [float])
