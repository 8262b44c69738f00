"""The maximal covering location problem: with p sites, bring as many children as possible within reach.

R. Church and C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32, 1974::

    max   Σ_i a_i y_i
    with  y_i ≤ Σ_{j ∈ N_i} x_j   for each i that no service covers yet
          Σ_j x_j ≤ p
          x_j ∈ {0, 1},  0 ≤ y_i ≤ 1

y_i is 1 where i is covered; it need not be declared whole, since it is whole whenever the x_j are. First, dominated
candidates are dropped and identical demand points merged. Then a good plan (greedy, improved by exchanges) and the
relaxation with 0 ≤ x_j ≤ 1 fix variables: candidates that no better plan can contain are dropped, and those that every
better plan must contain are kept. For to change x_j from its whole value in the relaxation costs at least its reduced
cost, and all values of plans are whole numbers of children. None of this changes the optimum.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from geo.siting.model import Indices, Matrix, Numbers, Plan, Problem
from geo.siting.reduction import merged, undominated
from geo.siting.solver import Clock, Outcome, Programme, relax, solve
from geo.vocabulary import SitingStatus

EXCHANGES_AT_MOST = 2_000
ROUNDING = 1e-7
"""How far off the solver's values may be, as a share."""


def mclp(problem: Problem, sites: int, clock: Clock) -> Plan:
    """Choose at most ``sites`` candidates that together cover the most children."""
    already = problem.covered(())
    kept = undominated(problem.gains)
    covers, weights = merged(problem.gains[kept], problem.weights[problem.uncovered])
    if len(kept) <= sites:
        chosen, bound = np.arange(len(kept)), float(weights.sum())
    else:
        chosen, bound = _most(covers, weights, sites, clock, already)
    value = covered(covers, weights, chosen)
    status = SitingStatus.OPTIMAL if bound <= value else SitingStatus.FEASIBLE
    return Plan(chosen=tuple(sorted(map(int, kept[chosen]))), status=status, bound=already + max(bound, value))


def _most(covers: Matrix, weights: Numbers, sites: int, clock: Clock, already: float) -> tuple[Indices, float]:
    """Return the rows that cover most, and an upper bound on what can be covered."""
    start = exchanged(covers, weights, greedy(covers, weights, sites), clock)
    value, total = covered(covers, weights, start), float(weights.sum())
    relaxed = relax(_programme(covers, weights, sites), clock)
    if relaxed is None:
        return start, total
    bound = min(total, _whole(-relaxed.objective))
    if bound <= value:
        return start, value
    candidates = np.arange(covers.shape[0])
    fractions, prices = (each[: len(candidates)] for each in (relaxed.values, relaxed.reduced_costs))
    nothing = np.empty(0, dtype=np.int64)
    # The best plan among the candidates that the relaxation uses is nearly always very good, and found quickly.
    used = np.union1d(np.flatnonzero(fractions > ROUNDING), start)
    start, _ = _best_of(used, nothing, covers, weights, sites, start, clock, already)
    value = covered(covers, weights, start)
    if bound <= value:
        return start, value
    spare = -relaxed.objective - value - 1 + ROUNDING * total
    sure = candidates[(fractions > 1 - ROUNDING) & (-prices > spare)]
    open_to = np.setdiff1d(candidates[(fractions > ROUNDING) | (prices <= spare)], sure)
    start, proved = _best_of(open_to, sure, covers, weights, sites, start, clock, already)
    return start, min(bound, proved)


def _best_of(
    open_to: Indices,
    sure: Indices,
    covers: Matrix,
    weights: Numbers,
    sites: int,
    start: Indices,
    clock: Clock,
    already: float,
) -> tuple[Indices, float]:
    """Return the best plan of the sure rows and some open ones, or ``start``, with an upper bound on such plans."""
    reached = np.asarray(covers[sure].sum(axis=0)).ravel() > 0
    fixed = float(weights[reached].sum())
    part, left = merged(covers[open_to][:, ~reached], weights[~reached])
    known = np.isin(open_to, start).astype(float) if np.isin(sure, start).all() else None
    programme = replace(_programme(part, left, sites - len(sure)), start=known)
    solved = solve(programme, clock, lambda objective: already + fixed - objective)
    value = covered(covers, weights, start)
    if len(solved.values):
        found = np.concatenate([sure, open_to[np.flatnonzero(solved.values[: len(open_to)] > 0.5)]])  # noqa: PLR2004
        if covered(covers, weights, found) > value:
            start, value = found, covered(covers, weights, found)
    if solved.outcome is Outcome.OPTIMAL:
        return start, value
    return start, max(value, _whole(fixed - solved.bound))


def _whole(value: float) -> float:
    """Return the greatest whole number of children that a value of the solver can mean."""
    return float(np.floor(value + ROUNDING * max(1.0, abs(value)))) if np.isfinite(value) else np.inf


def covered(covers: Matrix, weights: Numbers, chosen: Indices) -> float:
    """Return how much weight some rows of a 0/1 matrix cover together."""
    return float(weights[np.asarray(covers[chosen].sum(axis=0)).ravel() > 0].sum())


def _programme(covers: Matrix, weights: Numbers, sites: int) -> Programme:
    candidates, points = covers.shape
    reached = sparse.hstack([-covers.T, sparse.eye_array(points)])
    number = sparse.hstack([sparse.csr_array(np.ones((1, candidates))), sparse.csr_array((1, points))])
    return Programme(
        cost=np.concatenate([np.zeros(candidates), -weights]),
        rows=sparse.csr_array(sparse.vstack([reached, number])),
        lower=np.full(points + 1, -np.inf),
        upper=np.concatenate([np.zeros(points), [sites]]),
        whole=candidates,
        interior=True,
    )


def greedy(covers: Matrix, weights: Numbers, sites: int) -> Indices:
    """Choose greedily the candidate that covers most of what is left, the first of equals."""
    chosen: list[int] = []
    left = weights.copy()
    for _ in range(sites):
        gains = covers @ left
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        chosen.append(best)
        left[covers[[best]].indices] = 0
    return np.array(chosen, dtype=np.int64)


def exchanged(covers: Matrix, weights: Numbers, chosen: Indices, clock: Clock) -> Indices:
    """Exchange one candidate for another as long as that covers more (M. B. Teitz and P. Bart, 1968)."""
    best, value, left = chosen, covered(covers, weights, chosen), EXCHANGES_AT_MOST
    improved = True
    while improved:
        improved = False
        for place in range(len(best)):
            if left <= 0 or clock.left_s() <= 0:
                return best
            left -= 1
            others = np.delete(best, place)
            uncovered = np.where(np.asarray(covers[others].sum(axis=0)).ravel() > 0, 0.0, weights)
            gains = covers @ uncovered
            other = int(gains.argmax())
            now = float(weights.sum() - uncovered.sum() + gains[other])
            if now > value:
                best, value, improved = np.append(others, other), now, True
    return best
