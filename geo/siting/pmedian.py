"""The p-median problem: with p sites, make the sum of all children's ways as short as possible.

S. L. Hakimi, Operations Research 12 (3), 1964; C. ReVelle and R. Swain, "Central facilities location", Geographical
Analysis 2 (1), 1970::

    min   Σ_i a_i min(e_i, min_{j: x_j = 1} d_ij)
    with  Σ_j x_j ≤ p,  x_j ∈ {0, 1}

A country's distances are too many for a programme, so three steps come before it:

1. a good plan: the greedy one, improved by exchanges (M. B. Teitz and P. Bart, Operations Research 16 (5), 1968);
2. a bound by Lagrangian relaxation of "each child goes to one place", with multipliers λ_i (G. Cornuéjols,
   M. L. Fisher, G. L. Nemhauser, Management Science 23 (8), 1977)::

       L(λ) = Σ_i λ_i + Σ_{the p least r_j} r_j,   r_j = Σ_i min(0, a_i d_ij - λ_i),   λ_i ≤ a_i e_i

3. dropping candidates that the best plan cannot contain: to choose j costs at least L(λ) + r_j - (the p-th least r),
   which for these is more than the good plan.

For the candidates that are left the programme is written by sorted distances D_i1 ≤ D_i2 ≤ … (S. García, M. Labbé,
A. Marín, "Solving large p-median problems with a radius formulation", INFORMS Journal on Computing 23 (4), 2011), with
z_ik = 1 where i has no site among its k nearest::

    min   Σ_i a_i (D_i1 + Σ_k (D_i,k+1 - D_ik) z_ik),   z_ik + x_(i,k) ≥ z_i,k-1,   z_i0 = 1

Where even that is too large, the good plan is FEASIBLE and the bound says how far it may be from the best.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.siting.model import Indices, Numbers, Plan, Problem, gap_percent
from geo.siting.solver import Clock, Outcome, Programme, solve
from geo.vocabulary import SitingStatus

WORK = 2 * 10**9
"""How many distances the exchanges, and the bound, may examine: a few seconds. A number and not a time, so that the
same question gets the same answer."""
ROUNDS_AT_MOST = 400
PATIENCE = 12
"""After this many rounds without a better bound, steps are halved."""
ROWS_AT_MOST = 400_000
"""Rows of the largest programme that is worth trying."""
CLOSED = 1e-9
"""A gap, as a share, that counts as none: numbers of 16 digits are not more precise."""


def pmedian(problem: Problem, sites: int, clock: Clock) -> Plan:
    """Choose at most ``sites`` candidates so that the children's ways together are as short as possible."""
    ways = problem.distances
    costs = ways * problem.weights[:, None]
    none = problem.existing_m * problem.weights
    best = _exchanged(costs, none, _greedy(costs, none, sites), clock)
    value = _cost(costs, none, best)
    bound, left = _relaxed(costs, none, problem.weights, best, sites, clock)
    if value - bound > CLOSED * value and len(left) * len(none) <= ROWS_AT_MOST and clock.left_s() > 0:
        best, bound = _proved(costs[:, left], none, left, best, sites, clock, bound)
        value = _cost(costs, none, best)
    closed = value - bound <= CLOSED * value
    status = SitingStatus.OPTIMAL if closed else SitingStatus.FEASIBLE
    return Plan(chosen=tuple(sorted(map(int, best))), status=status, bound=value if closed else bound)


def _cost(costs: Numbers, none: Numbers, chosen: Indices) -> float:
    return float(np.minimum(costs[:, chosen].min(axis=1), none).sum()) if len(chosen) else float(none.sum())


def _greedy(costs: Numbers, none: Numbers, sites: int) -> Indices:
    """Choose greedily the candidate that shortens the ways most, the first of equals."""
    chosen: list[int] = []
    nearest = none
    for _ in range(sites):
        sums = np.minimum(costs, nearest[:, None]).sum(axis=0)
        best = int(sums.argmin())
        if not sums[best] < nearest.sum():
            break
        chosen.append(best)
        nearest = np.minimum(nearest, costs[:, best])
    return np.array(chosen, dtype=np.int64)


def _exchanged(costs: Numbers, none: Numbers, chosen: Indices, clock: Clock) -> Indices:
    """Exchange one site for another candidate while that shortens the ways."""
    best, value = chosen, _cost(costs, none, chosen)
    left = WORK // max(1, costs.size)
    improved = len(chosen) > 0
    while improved:
        improved = False
        for place in range(len(best)):
            if left <= 0 or clock.left_s() <= 0:
                return best
            left -= 1
            clock.tell(value, None)
            others = np.delete(best, place)
            nearest = np.minimum(costs[:, others].min(axis=1), none) if len(others) else none
            sums = np.minimum(costs, nearest[:, None]).sum(axis=0)
            other = int(sums.argmin())
            if sums[other] < value * (1 - CLOSED):
                best, value, improved = np.append(others, other), float(sums[other]), True
    return best


def _first_multipliers(costs: Numbers, none: Numbers, best: Indices) -> Numbers:
    """Return the mean of the costs to the nearest and the second nearest place of a good plan."""
    places = np.sort(np.column_stack([costs[:, best], np.where(np.isfinite(none), none, costs.max(axis=1))]), axis=1)
    middle: Numbers = np.minimum((places[:, 0] + places[:, min(1, places.shape[1] - 1)]) / 2, none)
    return middle


def _relaxed(
    costs: Numbers, none: Numbers, weights: Numbers, best: Indices, sites: int, clock: Clock
) -> tuple[float, Indices]:
    """Return a lower bound, and the candidates that a better plan may contain, those of the best plan included.

    Steps go along the subgradient, each λ_i in proportion to its a_i children.
    """
    value = _cost(costs, none, best)
    multipliers = _first_multipliers(costs, none, best)
    bound, step, still = -np.inf, 1.0, 0
    open_to = np.ones(costs.shape[1], dtype=bool)
    number = min(sites, costs.shape[1])
    for _ in range(min(ROUNDS_AT_MOST, WORK // max(1, costs.size) + 1)):
        reduced = np.minimum(costs - multipliers[:, None], 0).sum(axis=0)
        least = np.argsort(reduced, kind="stable")
        chosen = least[:number]
        now = float(multipliers.sum() + reduced[chosen].sum())
        last = reduced[chosen[-1]]
        if number < len(least):
            open_to &= now + np.maximum(reduced - last, 0) <= value * (1 + CLOSED)
        still = still + 1 if now <= bound else 0
        bound = max(bound, now)
        if still >= PATIENCE:
            step, still = step / 2, 0
        slope = 1.0 - (costs[:, chosen] < multipliers[:, None]).sum(axis=1)
        square = float(slope @ (weights * slope))
        if value - bound <= CLOSED * value or square == 0 or step < 1e-4 or clock.left_s() <= 0:  # noqa: PLR2004
            break
        clock.tell(value, gap_percent(value, max(bound, 0.0)))
        multipliers = np.minimum(multipliers + step * (value - now) / square * weights * slope, none)
    open_to[best] = True
    return max(bound, 0.0), np.flatnonzero(open_to)


def _proved(
    costs: Numbers, none: Numbers, left: Indices, best: Indices, sites: int, clock: Clock, bound: float
) -> tuple[Indices, float]:
    """Solve the programme over the remaining candidates; return the new or the old plan, and the bound."""
    value = _cost(costs, none, np.searchsorted(left, np.sort(best)))
    scale = 1e6 / value if value > 0 else 1.0
    programme, fixed = _programme(costs * scale, none * scale, np.isin(left, best).astype(float), sites)
    solved = solve(programme, clock, lambda objective: (objective + fixed) / scale)
    if len(solved.values):
        found = left[np.flatnonzero(solved.values[: len(left)] > 0.5)]  # noqa: PLR2004  0 or 1, but for rounding
        if _cost(costs, none, np.searchsorted(left, found)) <= value:
            best = found
            value = _cost(costs, none, np.searchsorted(left, found))
    if solved.outcome is Outcome.OPTIMAL:
        return best, value
    return best, min(value, max(bound, (solved.bound + fixed) / scale))


def _programme(costs: Numbers, none: Numbers, start: Numbers, sites: int) -> tuple[Programme, float]:
    """Return the programme by sorted distances, and the constant cost of every plan, which it leaves out."""
    points, candidates = costs.shape
    order = np.argsort(costs, axis=1, kind="stable")
    ranked = np.take_along_axis(costs, order, axis=1)
    # The existing service comes after all nearer candidates; if there is none, a site must be chosen.
    last = np.where(np.isfinite(none), none, ranked[:, -1])
    least = 0.0 if np.isfinite(none).all() else 1.0
    steps = np.diff(np.column_stack([ranked, last]), axis=1)
    useful = steps > 0
    useful[:, :-1] |= useful[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:] > 0
    point, rank = np.nonzero(useful)
    z = np.full((points, candidates), -1)
    z[point, rank] = candidates + np.arange(len(point))
    row = np.arange(len(point))
    later = rank > 0
    entries = [
        (row, z[point, rank], np.ones(len(row))),
        (row, order[point, rank], np.ones(len(row))),
        (row[later], z[point[later], rank[later] - 1], -np.ones(int(later.sum()))),
        (np.full(candidates, len(row)), np.arange(candidates), np.ones(candidates)),
    ]
    rows, columns, values = (np.concatenate(each) for each in zip(*entries, strict=True))
    shape = (len(row) + 1, candidates + len(row))
    programme = Programme(
        cost=np.concatenate([np.zeros(candidates), steps[point, rank]]),
        rows=sparse.csr_array((values, (rows, columns)), shape=shape),
        lower=np.concatenate([np.where(later, 0.0, 1.0), [least]]),
        upper=np.concatenate([np.full(len(row), np.inf), [float(sites)]]),
        whole=candidates,
        start=start,
    )
    return programme, float(ranked[:, 0].sum())
