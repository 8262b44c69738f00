"""The p-centre problem: with p sites, make the longest way to the nearest place as short as possible.

S. L. Hakimi, "Optimum locations of switching centers and the absolute centers and medians of a graph", Operations
Research 12 (3), 1964::

    min   r
    with  min(e_i, min_{j: x_j = 1} d_ij) ≤ r   for each i
          Σ_j x_j ≤ p,  x_j ∈ {0, 1}

The best r is one of the distances. Whether a given r is feasible is a set covering problem, so r is found by bisection
over the sorted distances (E. Minieka, "The m-center problem", SIAM Review 12 (1), 1970). The number of children at a
demand point does not matter.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.siting.lscp import lscp, rounded_up, within
from geo.siting.model import Numbers, Plan, Problem
from geo.siting.solver import Clock, Outcome
from geo.vocabulary import SitingStatus


def pcenter(problem: Problem, sites: int, clock: Clock) -> Plan:
    """Choose at most ``sites`` candidates so that the farthest child is as near as possible."""
    ways = problem.distances
    best = _farthest_first(ways, problem.existing_m, sites)
    radius = _radius(ways, problem.existing_m, best)
    least = float(ways.min(axis=1).max(initial=0.0))
    radii = np.unique(ways[(ways >= least) & (ways < radius)])
    low, high = 0, len(radii)  # radii[high:] are feasible; if high is the end, the first plan is
    while low < high and clock.left_s() > 0:
        middle = (low + high) // 2
        beyond = problem.existing_m > radii[middle]
        solved, found = within(sparse.csr_array((ways[beyond] <= radii[middle]).T, dtype=np.float64), sites, clock)
        if solved.outcome is Outcome.INFEASIBLE:
            low = middle + 1
        elif len(solved.values):
            best, radius = found, _radius(ways, problem.existing_m, found)
            high = min(middle, int(np.searchsorted(radii, radius)))
        else:
            break
        clock.tell(radius, None)
    status = SitingStatus.OPTIMAL if low >= high else SitingStatus.FEASIBLE
    bound = radius if low >= high else float(radii[low])
    return _told(problem, Plan(chosen=tuple(sorted(map(int, best))), status=status, bound=bound), radius, clock)


def _told(problem: Problem, plan: Plan, radius: float, clock: Clock) -> Plan:
    """Add what would bring everybody within the requested reach, if these sites do not."""
    if problem.covered(plan.chosen) >= problem.weights.sum() or plan.status is not SitingStatus.OPTIMAL:
        return plan
    fewest = lscp(problem, clock)
    number = len(fewest.chosen) if fewest.status is SitingStatus.OPTIMAL else None
    return Plan(plan.chosen, plan.status, plan.bound, needed_m=rounded_up(radius), needed_sites=number)


def _radius(ways: Numbers, existing_m: Numbers, chosen: np.ndarray) -> float:
    nearest = ways[:, chosen].min(axis=1) if len(chosen) else existing_m
    return float(nearest.max(initial=0.0))


def _farthest_first(ways: Numbers, existing_m: Numbers, sites: int) -> np.ndarray:
    """Return a first plan by adding the candidate nearest to the point worst off (T. F. Gonzalez, 1985)."""
    chosen: list[int] = []
    nearest = existing_m.copy()
    for _ in range(sites):
        worst = int(nearest.argmax()) if len(nearest) else 0
        best = int(ways[worst].argmin()) if len(nearest) else 0
        if not len(nearest) or ways[worst, best] >= nearest[worst]:
            break
        chosen.append(best)
        nearest = np.minimum(nearest, ways[:, best])
    return np.array(chosen, dtype=np.int64)
