"""The location set covering problem: the fewest sites that bring every child within reach.

C. Toregas, R. Swain, C. ReVelle and L. Bergman, "The location of emergency service facilities", Operations Research
19 (6), 1971::

    min   Σ_j x_j
    with  Σ_{j ∈ N_i} x_j ≥ 1   for each i that no service covers yet
          x_j ∈ {0, 1}

If some i has no candidate within reach, there is no plan. The smallest reach with a plan is the largest distance to a
nearest place: max_i min(e_i, min_j d_ij).
"""

from __future__ import annotations

import math

import numpy as np
from scipy import sparse

from geo.siting.distances import geodesic_m
from geo.siting.model import Indices, Matrix, Plan, Problem
from geo.siting.reduction import minimal, undominated
from geo.siting.solver import Clock, Outcome, Programme, Solved, solve
from geo.vocabulary import SitingStatus

PRECISION_M = 0.001


def lscp(problem: Problem, clock: Clock) -> Plan:
    """Choose the fewest candidates that together cover every child not covered by a service yet."""
    covers = sparse.csr_array(problem.gains.T)
    if covers.shape[0] == 0:
        return Plan(needed_sites=0)
    alone = np.diff(covers.indptr) == 0
    if alone.any():
        return Plan(status=SitingStatus.INFEASIBLE, needed_m=_needed_m(problem, alone))
    kept, needs = reduced(problem.gains)
    solved = solve(covering(needs, start=_greedy(needs)), clock)
    values = solved.values if len(solved.values) else _greedy(needs)
    chosen = kept[np.flatnonzero(values > 0.5)]  # noqa: PLR2004  0 or 1, but for rounding
    optimal = solved.outcome is Outcome.OPTIMAL
    bound = len(chosen) if optimal else max(1, math.ceil(solved.bound - 1e-6))
    status = SitingStatus.OPTIMAL if optimal or bound == len(chosen) else SitingStatus.FEASIBLE
    return Plan(chosen=tuple(map(int, chosen)), status=status, bound=float(bound))


def reduced(covers: Matrix) -> tuple[Indices, Matrix]:
    """Return the candidates worth considering, and the demand points to cover, as a 0/1 matrix: point × candidate.

    A demand point whose candidates include all of another's is covered whenever that one is, so it is dropped.
    ``covers`` is candidate × demand point.
    """
    kept = undominated(covers)
    needs = sparse.csr_array(covers[kept].T)
    return kept, sparse.csr_array(needs[minimal(needs)])


def covering(needs: Matrix, start: np.ndarray | None = None, most: int | None = None) -> Programme:
    """Return the programme for the fewest columns that meet every row; with ``most``, for any plan of that many."""
    points, candidates = needs.shape
    rows, lower, upper = needs, np.ones(points), np.full(points, np.inf)
    if most is not None:
        rows = sparse.csr_array(sparse.vstack([needs, sparse.csr_array(np.ones((1, candidates)))]))
        lower, upper = np.append(lower, 0.0), np.append(upper, float(most))
    target = None if most is None else float(most)
    return Programme(
        cost=np.ones(candidates), rows=rows, lower=lower, upper=upper, whole=candidates, start=start, target=target
    )


def within(covers: Matrix, most: int, clock: Clock) -> tuple[Solved, Indices]:
    """Look for at most so many candidates that cover every demand point; ``covers`` is candidate × demand point."""
    kept, needs = reduced(covers)
    solved = solve(covering(needs, most=most), clock)
    return solved, kept[np.flatnonzero(solved.values > 0.5)] if len(solved.values) else np.empty(0, dtype=np.int64)  # noqa: PLR2004


def _needed_m(problem: Problem, alone: np.ndarray) -> float:
    lonely = np.flatnonzero(problem.uncovered)[alone]
    least = problem.existing_m[lonely].copy()
    for place, point in enumerate(lonely):
        least[place] = min(least[place], geodesic_m(problem.demand[[point]], problem.candidates).min())
    return rounded_up(float(least.max()))


def rounded_up(metres: float) -> float:
    """Return a distance rounded up to a millimetre, so that it suffices as a reach despite errors of half of one."""
    return round(math.ceil((metres + PRECISION_M / 2) / PRECISION_M) * PRECISION_M, 3)


def _greedy(needs: Matrix) -> np.ndarray:
    chosen = np.zeros(needs.shape[1])
    columns = needs.tocsc()
    left = np.ones(needs.shape[0])
    while left.any():
        best = int((columns.T @ left).argmax())
        chosen[best] = 1
        left[columns[:, [best]].indices] = 0
    return chosen
