"""The maximal covering location problem of a country, whose candidates and demand points are thinned to squares.

With 300,000 demand points and as many candidates, 300 million pairs are within 30 km of each other. So both are put
into squares (:mod:`geo.siting.squares`), and these steps lead to a plan whose distance from the best is known:

1. A plan of squares, chosen greedily and improved by exchanges. In and around each of its squares the candidate is then
   taken that covers most children, counted one by one.
2. A bound on what *any* plan of *all* candidates can cover, by Lagrangian relaxation of "who is covered has a site
   within reach". With multipliers 0 ≤ w_i ≤ a_i at the demand points i::

       Σ_i (a_i - w_i) + Σ_{the p largest W_j} W_j,   W_j = Σ_{i ∈ N_i} w_i

   is never below the optimum, whatever the w are. Good ones are found by steps along the subgradient, on the squares
   first, then on those candidates whose W_j are largest. Then W_j is counted candidate by candidate, in the order of
   what a square can have at most, until no other candidate can have one of the p largest.
3. A candidate that, put into a plan, would bring the bound below the plan of step 1 is in no better plan. Where few
   enough are left, the problem is solved as if there were no others (:mod:`geo.siting.mclp`), which may prove that
   nothing is better.

Sources: R. Church and C. ReVelle, as there; R. D. Galvão and C. ReVelle, "A Lagrangean heuristic for the maximal
covering location problem", European Journal of Operational Research 88 (1), 1996.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from geo.siting.mclp import ROUNDING, covered, exchanged, greedy, mclp
from geo.siting.model import Indices, Matrix, Numbers, Plan, gap_percent
from geo.siting.setting import CANDIDATES_AT_MOST, Setting
from geo.siting.solver import Clock
from geo.siting.squares import SLACK_M, Squares, paired
from geo.siting.thinning import Thinned
from geo.vocabulary import SitingModel, SitingStatus

ROUNDS = 2
"""Bounds: by the multipliers of the squares, and by those of the candidates that stood out in the one before."""
STEPS, PATIENCE = 150, 8
"""Steps along the subgradient; after so many without a better bound they are halved."""
WORK = 400_000_000
"""Pairs of a candidate and a demand point that are looked at one by one for a bound: 2 s."""
AROUND, PASSES = 9, 3
"""Squares around a site, its own included, in which a better candidate is looked for, and how often."""
BETTER = 1e-3
"""A share by which a bound must improve for another round."""


def mclp_in_squares(setting: Setting, sites: int, clock: Clock) -> Thinned:
    """Choose at most ``sites`` of all candidates that together cover nearly the most children, and say how nearly."""
    uncovered = setting.existing_m > setting.reach_m
    already, total = (float(setting.weights[each].sum()) for each in (~uncovered, uncovered))
    if not uncovered.any():
        return Thinned(
            Plan(bound=already), *(Squares(each, setting.reach_m) for each in (setting.candidates, setting.demand))
        )
    search = _Search(setting)
    chosen = search.plan(sites, clock)
    value, bound = _value(setting, chosen) - already, total
    squares = search.squares
    rows, near, sums = squares.candidates.of[chosen], squares.near, squares.demand.sums(search.weights)
    parts = _good_parts(near, sums, rows, np.ones_like(sums))[squares.demand.of]
    for rounds in reversed(range(ROUNDS)):
        most, if_chosen, counted = search.bounds(parts, sites)
        better, bound = most < bound * (1 - BETTER), min(bound, most)
        clock.tell(already + value, gap_percent(already + value, already + bound))
        left = np.union1d(np.flatnonzero(if_chosen > value), chosen)
        if bound <= value or clock.left_s() <= 0:
            break
        rest = replace(setting, candidates=setting.candidates[left])
        if rest.fits(SitingModel.MCLP):
            found = mclp(rest.problem(), sites, clock)
            chosen, bound = left[list(found.chosen)], min(bound, max(value, found.bound - already))
            value = _value(setting, chosen) - already
            break
        if not better or not rounds:
            break
        some = search.outstanding(counted, chosen)
        covers = setting.problem(some).gains
        parts = _good_parts(covers, search.weights, np.searchsorted(some, chosen), parts)
    status = SitingStatus.OPTIMAL if bound <= value else SitingStatus.FEASIBLE
    plan = Plan(tuple(map(int, np.sort(chosen))), status, already + max(bound, value))
    return Thinned(plan, squares.candidates, squares.demand)


def _value(setting: Setting, chosen: Indices) -> float:
    return setting.problem(chosen).covered(range(len(chosen)))


def _good_parts(covers: Matrix, weights: Numbers, chosen: Indices, parts: Numbers) -> Numbers:
    """Return which part of the weight of each column is a good multiplier for some rows of a 0/1 matrix.

    ``chosen`` are the rows of a good plan, and the search begins with ``parts``.
    """
    value, number = covered(covers, weights, chosen), len(chosen)
    multipliers = weights * parts
    best, bound, step, still = multipliers, np.inf, 1.0, 0
    for _ in range(STEPS):
        counted = covers @ multipliers
        top = np.argpartition(-counted, number - 1)[:number]
        now = float((weights - multipliers).sum() + counted[top].sum())
        still = 0 if now < bound * (1 - ROUNDING) else still + 1
        if not still:
            best, bound = multipliers, now
        if still >= PATIENCE:
            step, still, multipliers = step / 2, 0, best
            continue
        slope = np.asarray(covers[top].sum(axis=0)).ravel() - 1.0
        slope[((multipliers >= weights) & (slope < 0)) | ((multipliers <= 0) & (slope > 0))] = 0
        square = float((weights * slope) @ slope)
        if square == 0 or now <= value or step < BETTER:
            break
        multipliers = np.clip(multipliers - step * (now - value) / square * weights * slope, 0, weights)
    return np.divide(best, weights, out=np.ones_like(weights), where=weights > 0)


class _Search:
    """All candidates, and the demand points that no service covers, in squares."""

    def __init__(self, setting: Setting) -> None:
        points = np.flatnonzero(setting.existing_m > setting.reach_m)
        self.weights: Numbers = setting.weights[points]
        self.squares = paired(setting.candidates, setting.demand[points], setting.reach_m)
        self._setting = setting
        self._within_m = setting.reach_m + SLACK_M

    def plan(self, sites: int, clock: Clock) -> Indices:
        """Return a good plan: of squares first, then of the candidates in and around each of them."""
        offered, near, sums = self.squares.candidates, self.squares.near, self.squares.demand.sums(self.weights)
        some = Clock(clock.left_s() / 3)
        chosen = offered.nearest()[exchanged(near, sums, greedy(near, sums, sites), some)]
        middles = cKDTree(offered.middles)
        reached = [self._reached(each) for each in chosen]
        for _ in range(PASSES):
            before = chosen.copy()
            for place, site in enumerate(before):
                rest = self.weights.copy()
                for other in reached[:place] + reached[place + 1 :]:
                    rest[other] = 0
                _, around = middles.query(offered.xyz[site], range(1, min(AROUND, len(offered)) + 1))
                found = [self._counted(square, rest, self.squares.demand.sums(rest)) for square in around]
                best, gain = max(((each[int(own.argmax())], own.max()) for each, own in found), key=lambda one: one[1])
                if gain > rest[reached[place]].sum():
                    chosen[place], reached[place] = best, self._reached(best)
            if (before == chosen).all() or clock.left_s() <= 0:
                break
        return np.unique(chosen)

    def _reached(self, candidate: int) -> Indices:
        away = np.linalg.norm(self.squares.demand.xyz - self.squares.candidates.xyz[candidate], axis=1)
        return np.flatnonzero(away <= self._setting.reach_m)

    def _counted(self, square: int, weights: Numbers, sums: Numbers, least: float = 0.0) -> tuple[Indices, Numbers]:
        """Return the candidates of a square, and how much weight is within reach of each.

        It is counted by the squares of demand first, which gives too much, and by their points where that is more than
        ``least``.
        """
        possible, asked = self.squares.possible, self.squares.demand
        offered = self.squares.candidates.members(np.array([square]))
        around = possible.indices[possible.indptr[square] : possible.indptr[square + 1]]
        # About the middle of the square, numbers are small enough for their products.
        middle = self.squares.candidates.middles[square]
        ours = self.squares.candidates.xyz[offered] - middle
        rough = _within(ours, asked.middles[around] - middle, self._within_m + asked.radius_m[around]) @ sums[around]
        some = rough > least
        if some.any():
            points = asked.members(around)
            rough[some] = _within(ours[some], asked.xyz[points] - middle, self._within_m) @ weights[points]
        return offered, rough

    def bounds(self, parts: Numbers, sites: int) -> tuple[float, Numbers, Numbers]:
        """Return how much weight a plan covers at most, if it has a given candidate, and the W_j or bounds on them."""
        multipliers = self.weights * parts
        sums = self.squares.demand.sums(multipliers)
        of_square = self.squares.possible @ sums
        counted = of_square[self.squares.candidates.of]
        sites, work = min(sites, len(counted)), 0
        top = np.full(sites, -np.inf)
        for square in np.argsort(-of_square, kind="stable"):
            if of_square[square] <= top[0] or work > WORK:
                break
            offered, own = self._counted(square, multipliers, sums, top[0])
            counted[offered] = own
            work += len(offered) * len(self.weights) // 50
            top = np.sort(np.concatenate([top, own]))[-sites:]
        largest = np.sort(counted)[-sites:]
        bound = float((self.weights - multipliers).sum() + largest.sum()) * (1 + ROUNDING)
        return float(np.floor(bound)), np.floor(bound - np.maximum(largest[0] - counted, 0)), counted

    def outstanding(self, counted: Numbers, chosen: Indices) -> Indices:
        """Return the candidates of the largest W_j, as many as pairs can be made of, and the chosen ones."""
        order = np.argsort(-counted, kind="stable")[:CANDIDATES_AT_MOST]
        while not replace(self._setting, candidates=self._setting.candidates[order]).fits(SitingModel.MCLP):
            order = order[: len(order) * 3 // 4]
        return np.union1d(order, chosen)


def _within(ours: Numbers, theirs: Numbers, metres: Numbers | float) -> Numbers:
    """Return which of them are so near to each other, as 0 and 1; all three are in metres, near the origin."""
    apart = (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1) - 2 * ours @ theirs.T
    within: Numbers = (apart <= np.square(metres)).astype(np.float64)
    return within
