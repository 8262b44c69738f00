"""Sites where there are too many pairs: the plan is nearly the best, and the bound holds for all candidates."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from geo.errors import TooCostly
from geo.siting.mclp import mclp
from geo.siting.mclp_in_squares import mclp_in_squares
from geo.siting.model import Problem
from geo.siting.plan import plan, thinly
from geo.siting.setting import CANDIDATES_AT_MOST, Setting
from geo.siting.solver import Clock
from geo.siting.squares import Squares, paired
from geo.vocabulary import SitingModel
from tests.planning.siting_cases import drawn

KM = 1_000.0


def setting_of(problem: Problem) -> Setting:
    names = (each.name for each in dataclasses.fields(Setting))
    return Setting(**{name: getattr(problem, name) for name in names})


@pytest.mark.parametrize("reach_m", [30 * KM, 120 * KM])
@pytest.mark.parametrize("sites", [1, 5, 20])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_bound_is_never_below_the_best_and_the_plan_near_it(seed, sites, reach_m):
    """Against the solver, which looks at every pair."""
    problem = drawn(seed, 1_200, 300, reach_m, services=5)
    best = mclp(problem, sites, Clock(30))
    found = mclp_in_squares(setting_of(problem), sites, Clock(30)).plan
    value = problem.covered(found.chosen)
    assert len(found.chosen) <= sites
    assert type(found.bound) is float  # it is sent as JSON, which knows no numbers of NumPy
    assert found.bound >= problem.covered(best.chosen) >= value >= 0.98 * problem.covered(best.chosen)
    if found.status.name == "OPTIMAL":
        assert value == problem.covered(best.chosen) == found.bound


def test_the_bound_holds_without_the_solver(monkeypatch):
    """As in a country, where more candidates are left than it takes."""
    monkeypatch.setattr("geo.siting.setting.CANDIDATES_AT_MOST", 20)
    monkeypatch.setattr("geo.siting.mclp_in_squares.CANDIDATES_AT_MOST", 20)
    for seed in range(4):
        problem = drawn(seed, 2_000, 400, 60 * KM, services=3)
        best, found = mclp(problem, 5, Clock(30)), mclp_in_squares(setting_of(problem), 5, Clock(30)).plan
        value = problem.covered(found.chosen)
        assert found.bound >= problem.covered(best.chosen) >= value
        assert found.bound <= 1.25 * value


@pytest.mark.parametrize("model", [SitingModel.P_MEDIAN, SitingModel.P_CENTER])
@pytest.mark.parametrize("sites", [2, 5])
def test_the_bound_on_distances_is_never_above_the_best(monkeypatch, model, sites):
    monkeypatch.setattr("geo.siting.distances_in_squares.CANDIDATES", 40)
    monkeypatch.setattr("geo.siting.distances_in_squares.POINTS", 80)
    for seed in range(4):
        problem = drawn(seed, 400, 120, 30 * KM, services=2)
        best = problem.objective(model, plan(problem, model, sites, Clock(30)).chosen)
        found = thinly(setting_of(problem), model, sites, Clock(30))
        assert (len(found.candidates) <= 40, len(found.demand) <= 80) == (True, True)
        assert 0 <= found.plan.bound <= best <= problem.objective(model, found.plan.chosen) <= 1.5 * best


def test_set_covering_asks_for_a_smaller_area():
    with pytest.raises(TooCostly, match="too many for LSCP; name a smaller area"):
        thinly(setting_of(drawn(1, 50, 20, 30 * KM)), SitingModel.LSCP, 0, Clock(5))


def test_nobody_to_cover_is_an_empty_gain():
    problem = drawn(3, 50, 20, 30 * KM)
    covered = dataclasses.replace(setting_of(problem), existing_m=np.zeros(50))
    found = mclp_in_squares(covered, 3, Clock(5)).plan
    assert (found.status.name, found.bound) == ("OPTIMAL", problem.weights.sum())


def test_no_two_places_of_squares_that_are_not_paired_are_within_reach():
    problem = drawn(4, 800, 200, 80 * KM)
    squares = paired(problem.candidates, problem.demand, 80 * KM)
    offered, asked = squares.candidates.of, squares.demand.of
    for candidate, point in zip(*problem.reaches.nonzero(), strict=True):
        assert squares.possible[offered[candidate], asked[point]]


def test_squares_hold_every_place_once_and_no_place_is_farther_than_the_radius():
    places = np.random.default_rng(5).uniform([-12, 10], [4, 25], (500, 2))
    squares = Squares(places, 50 * KM)
    assert sorted(squares.members(np.arange(len(squares))).tolist()) == list(range(500))
    away = np.linalg.norm(squares.xyz - squares.middles[squares.of], axis=1)
    assert (away <= squares.radius_m[squares.of]).all()
    assert (squares.of[squares.nearest()] == np.arange(len(squares))).all()
    assert squares.sums(np.ones(500)).tolist() == squares.held.tolist()


def test_pairs_are_counted_before_any_is_made():
    few = setting_of(drawn(6, 100, 50, 30 * KM))
    assert all(few.fits(model) for model in SitingModel)
    many = dataclasses.replace(few, candidates=np.zeros((CANDIDATES_AT_MOST + 1, 2)))
    assert not any(many.fits(model) for model in SitingModel)
    crowded = Setting(np.ones(3_000), np.full(3_000, np.inf), np.zeros((3_000, 2)), np.zeros((2_500, 2)), 1.0)
    assert not crowded.fits(SitingModel.MCLP)
