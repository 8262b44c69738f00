"""The maximal covering location problem: with p sites, bring as many children within reach as can be.

R. Church and C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32, 1974::

    max   Σ_i a_i y_i
    with  y_i ≤ Σ_{j ∈ N_i} x_j   for each i that no service covers yet
          Σ_j x_j ≤ p
          x_j ∈ {0, 1},  0 ≤ y_i ≤ 1

y_i is 1 where i is covered; it need not be asked to be whole, since it is wherever the x_j are. Candidates that another
one outdoes and demand points that are alike are taken together first, which changes no optimum.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.siting.model import Plan, Problem
from geo.siting.reduction import Matrix, Numbers, merged, undominated
from geo.siting.solver import Clock, Outcome, Programme, solve
from geo.vocabulary import SitingStatus


def mclp(problem: Problem, sites: int, clock: Clock) -> Plan:
    """Choose at most ``sites`` candidates that together cover the most children."""
    already = problem.covered(())
    kept = undominated(problem.gains)
    covers, weights = merged(problem.gains[kept], problem.weights[problem.uncovered])
    if len(kept) <= sites:
        chosen = kept
        bound = already + weights.sum()
        status = SitingStatus.OPTIMAL
    else:
        start = _greedy(covers, weights, sites)
        solved = solve(_programme(covers, weights, sites, start), clock, lambda objective: already - objective)
        values = solved.values[: len(kept)] if len(solved.values) else start
        chosen = kept[np.flatnonzero(values > 0.5)]  # noqa: PLR2004  0 or 1, but for rounding
        status = SitingStatus.OPTIMAL if solved.outcome is Outcome.OPTIMAL else SitingStatus.FEASIBLE
        # All are whole children: what is left between two whole numbers nobody can gain.
        bound = already + np.floor(min(-solved.bound, weights.sum()) + 1e-6)
    if status is SitingStatus.OPTIMAL:
        bound = problem.covered(chosen)
    return Plan(chosen=tuple(map(int, chosen)), status=status, bound=float(bound))


def _programme(covers: Matrix, weights: Numbers, sites: int, start: Numbers) -> Programme:
    candidates, points = covers.shape
    reached = sparse.hstack([-covers.T, sparse.eye_array(points)])
    number = sparse.hstack([sparse.csr_array(np.ones((1, candidates))), sparse.csr_array((1, points))])
    return Programme(
        cost=np.concatenate([np.zeros(candidates), -weights]),
        rows=sparse.csr_array(sparse.vstack([reached, number])),
        lower=np.full(points + 1, -np.inf),
        upper=np.concatenate([np.zeros(points), [sites]]),
        whole=candidates,
        start=start,
    )


def _greedy(covers: Matrix, weights: Numbers, sites: int) -> Numbers:
    """Give a first plan: again and again the candidate that covers most of what is left, the first of equals."""
    chosen = np.zeros(covers.shape[0])
    left = weights.copy()
    for _ in range(sites):
        gains = covers @ left
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        chosen[best] = 1
        left[covers[[best]].indices] = 0
    return chosen
