"""The location models beside an exhaustive search, and what must hold of every plan."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TooCostly
from geo.siting.distances import SAME_M, geodesic_m, within
from geo.siting.plan import plan
from geo.siting.ranking import ranked
from geo.siting.solver import Clock
from geo.vocabulary import SitingModel, SitingStatus
from tests.geodesy import distance_m
from tests.planning.siting_cases import drawn, exhaustive, made, value

MODELS = list(SitingModel)
ON_A_LINE = [(n * 0.1, 10.0) for n in range(7)]
STEP_M = float(geodesic_m(np.array([[0.0, 10.0]]), np.array([[0.1, 10.0]]))[0, 0])


def solved(problem, model, sites):
    found = plan(problem, model, sites, Clock(60))
    return found, ranked(problem, model, found)


@st.composite
def problems(draw):
    points, candidates = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    place = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda xy: (xy[0] * 0.1 - 5, xy[1] * 0.1 + 11))
    weights = draw(st.lists(st.integers(1, 50), min_size=points, max_size=points))
    served = draw(st.booleans())
    existing = (
        draw(st.lists(st.integers(0, 100_000), min_size=points, max_size=points)) if served else [math.inf] * points
    )
    demand = draw(st.lists(place, min_size=points, max_size=points))
    offered = draw(st.lists(place, min_size=candidates, max_size=candidates))
    return made(weights, existing, demand, offered, draw(st.sampled_from([1.0, 15_000.0, 30_000.0, 60_000.0])))


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=80, deadline=None)
@given(problem=problems(), sites=st.integers(1, 4))
def test_a_plan_is_as_good_as_the_best_of_all(model, problem, sites):
    best = exhaustive(problem, model, sites)
    found, rows = solved(problem, model, sites)
    chosen = [each.candidate for each in rows]
    if math.isinf(best) and model is SitingModel.LSCP:
        assert found.status is SitingStatus.INFEASIBLE
        return
    assert found.status is SitingStatus.OPTIMAL
    assert len(set(chosen)) == len(chosen) <= (len(problem.candidates) if model is SitingModel.LSCP else sites)
    if model is SitingModel.LSCP:
        assert len(chosen) == best == found.bound
        assert value(problem, model, chosen) == problem.weights.sum()
    else:
        assert value(problem, model, chosen) == pytest.approx(best, rel=1e-9)
        assert found.bound == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=40, deadline=None)
@given(problem=problems(), sites=st.integers(1, 4))
def test_gains_add_up_and_each_is_the_largest_that_is_left(model, problem, sites):
    _, rows = solved(problem, model, sites)
    before = value(problem, SitingModel.MCLP, ())
    taken: list[int] = []
    for row in rows:
        taken.append(row.candidate)
        after = value(problem, SitingModel.MCLP, taken)
        assert (row.gain, row.covered) == (after - before, after)
        if model is SitingModel.LSCP:
            assert row.objective == len(taken)
        else:
            assert row.objective == pytest.approx(value(problem, model, taken), rel=1e-9)
        before = after
    if model is SitingModel.MCLP:
        gains = [row.gain for row in rows]
        assert gains == sorted(gains, reverse=True)
        assert all(gain > 0 for gain in gains)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_what_would_do_does_and_a_little_less_does_not(problem):
    found, _ = solved(problem, SitingModel.LSCP, 0)
    if found.status is not SitingStatus.INFEASIBLE:
        return

    def with_reach(metres):
        again = made(problem.weights, problem.existing_m, problem.demand, problem.candidates, metres)
        return solved(again, SitingModel.LSCP, 0)[0].status

    assert found.needed_m is not None
    assert with_reach(found.needed_m) is SitingStatus.OPTIMAL
    assert with_reach(found.needed_m - 0.01) is SitingStatus.INFEASIBLE


@settings(max_examples=40, deadline=None)
@given(problem=problems(), sites=st.integers(1, 3))
def test_a_centre_says_what_would_bring_everybody_within_reach(problem, sites):
    found, rows = solved(problem, SitingModel.P_CENTER, sites)
    if value(problem, SitingModel.MCLP, [each.candidate for each in rows]) == problem.weights.sum():
        assert found.needed_m is None
        return
    fewest = exhaustive(problem, SitingModel.LSCP, 0)
    assert found.needed_sites == (None if math.isinf(fewest) else fewest)
    assert found.needed_m == pytest.approx(exhaustive(problem, SitingModel.P_CENTER, sites), abs=0.002)
    assert found.needed_m > problem.reach_m


def test_exactly_at_the_reach_is_within_reach():
    for reach, covered in ((STEP_M, 3.0), (STEP_M - 0.01, 1.0)):
        problem = made([1, 1, 1], [math.inf] * 3, ON_A_LINE[:3], [ON_A_LINE[1]], reach)
        _, [row] = solved(problem, SitingModel.MCLP, 1)
        assert row.covered == covered


def test_services_that_exist_are_fixed_and_count_already():
    problem = made([5, 3, 2], [0, math.inf, math.inf], ON_A_LINE[:3], ON_A_LINE[:3], 1.0)
    _, rows = solved(problem, SitingModel.MCLP, 1)
    assert [(each.candidate, each.gain, each.covered) for each in rows] == [(1, 3, 8)]


def test_of_equals_the_first_is_taken_and_a_site_without_gain_is_not():
    problem = made([5], [math.inf], [ON_A_LINE[0]], [ON_A_LINE[3], ON_A_LINE[0], ON_A_LINE[0]], 1.0)
    for model in MODELS:
        _, rows = solved(problem, model, 3)
        assert [each.candidate for each in rows] == [1], model


def test_where_no_child_lives_nothing_is_recommended():
    for model in MODELS:
        problem = made([], [], [], ON_A_LINE, 1_000.0)
        assert solved(problem, model, 2)[1] == []


@pytest.mark.parametrize("model", MODELS)
def test_the_same_question_gets_the_same_answer(model):
    answers = {str(solved(drawn(3, 300, 60, 60_000, services=4), model, 4)) for _ in range(3)}
    assert len(answers) == 1


def test_when_the_time_is_over_a_plan_comes_with_a_true_gap():
    problem = drawn(5, 1_500, 250, 70_000)
    for model in (SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER):
        best, _ = solved(problem, model, 12)
        hasty = plan(problem, model, 12, Clock(0.0))
        got, wanted = problem.objective(model, hasty.chosen), problem.objective(model, best.chosen)
        if model is SitingModel.MCLP:
            assert got <= wanted <= hasty.bound, model
        else:
            assert hasty.bound <= wanted * (1 + 1e-9), model
            assert wanted <= got * (1 + 1e-9), model
        assert len(hasty.chosen) <= 12


@settings(max_examples=100, deadline=None)
@given(lon=st.floats(-179, 179), lat=st.floats(-80, 80), east=st.floats(-20, 20), north=st.floats(-9, 9))
def test_distances_are_those_of_the_geodesic(lon, lat, east, north):
    there = (lon + east, lat + north)
    found = geodesic_m(np.array([[lon, lat]]), np.array([there]))[0, 0]
    assert found == pytest.approx(distance_m(lon, lat, *there), abs=1e-3)


def test_the_distance_to_the_same_place_is_nothing():
    assert geodesic_m(np.array([[5.0, 5.0], [0, 0]]), np.array([[5.0, 5.0], [0, 0]])).diagonal().tolist() == [0.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1_000), lat=st.floats(-80, 80), metres=st.sampled_from([1.0, 30_000.0, 300_000.0, 2_000_000.0])
)
def test_pairs_within_reach_are_those_of_the_geodesic(seed, lat, metres):
    chance = np.random.default_rng(seed)
    spread = metres / 111_000
    near, far = (np.array([5.0, lat]) + chance.uniform(-spread, spread, (many, 2)) / [2, 4] for many in (40, 30))
    ways = geodesic_m(near, far)
    for reach in (metres, float(ways[3, 5]), float(ways.min()), float(ways.max())):  # also exactly at the reach
        assert (within(near, far, reach).toarray() == (ways <= reach + SAME_M)).all()


def test_too_many_pairs_within_reach_are_refused(monkeypatch):
    monkeypatch.setattr("geo.siting.distances.PAIRS_AT_MOST", 6)
    places = np.array(ON_A_LINE)
    assert within(places, places[:2], STEP_M / 2).sum() == 2
    assert within(places, places[:1], STEP_M * 5).sum() == 6
    with pytest.raises(TooCostly, match=r"More than 6 pairs .* choose a shorter `within`"):
        within(places, places[:1], STEP_M * 6 + 1)


@pytest.mark.parametrize(("many", "others"), [(0, 3), (3, 0), (0, 0)])
def test_where_nothing_is_nothing_is_within_reach(many, others):
    assert within(np.zeros((many, 2)), np.zeros((others, 2)), 1.0).shape == (many, others)
