"""From rows to a location problem, and from a plan to an answer as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from geo.siting import solver
from geo.siting.distances import within
from geo.siting.model import Plan, Problem, gap_percent
from geo.siting.plan import plan
from geo.siting.ranking import Ranked, ranked
from geo.vocabulary import SitingModel, SitingStatus

OF_CHILDREN = (
    "population_under_18",
    "covered_before_under_18",
    "covered_after_under_18",
    "objective_before",
    "objective_after",
)
"""Figures that nobody knows where no child of the area is counted."""


def answered(model: SitingModel, number: int, places: Mapping[str, Any], clock: solver.Clock) -> dict[str, Any]:
    """Return the answer without its assumptions, with the columns of :data:`geo.queries.planning.siting.ANSWER`."""
    problem, counted = problem_of(places), places["counted"] > 0
    found = plan(problem, model, number, clock)
    sites = ranked(problem, model, found)
    return {
        **_figures(problem, model, found, sites),
        **({} if counted else dict.fromkeys(OF_CHILDREN)),
        "reach_m": problem.reach_m,
        "estimate": places["estimate"],
        "demand_points": len(problem.weights),
        "candidates": len(problem.candidates),
        "excluded": places["offered"] - len(problem.candidates),
        "sites": [_site(places, rank, each) for rank, each in enumerate(sites, 1)],
        "confidential_left_out": places["confidential_left_out"],
        "sources": sorted(places["sources"]),
        **{name: places[name] for name in ("data_as_of", "services_verified_on", "census_on")},
        "solver": solver.name(),
    }


def problem_of(places: Mapping[str, Any]) -> Problem:
    """Return the problem that the rows of ``siting.sql`` describe."""
    existing = np.array([math.inf if metres is None else metres for metres in places["existing_m"]], dtype=np.float64)
    demand, candidates = (np.array(places[each], dtype=np.float64).reshape(-1, 2) for each in ("demand", "candidates"))
    reach_m = float(places["reach_m"])
    uncovered = np.flatnonzero(existing > reach_m)
    near = within(candidates, demand[uncovered], reach_m).tocoo()
    return Problem(
        weights=np.array(places["under_18"], dtype=np.float64),
        existing_m=existing,
        reaches=sparse.csr_array((near.data, (near.row, uncovered[near.col])), shape=(len(candidates), len(demand))),
        demand=demand,
        candidates=candidates,
        reach_m=reach_m,
    )


def _figures(problem: Problem, model: SitingModel, found: Plan, sites: list[Ranked]) -> dict[str, Any]:
    before, value = problem.objective(model, ()), problem.objective(model, found.chosen)
    after = sites[-1].objective if sites else before
    infeasible = found.status is SitingStatus.INFEASIBLE
    feasible = found.status is SitingStatus.FEASIBLE
    return {
        "model": model.name,
        "status": found.status.name,
        "gap_percent": gap_percent(value, found.bound) if feasible else None if infeasible else 0.0,
        "objective_before": before if math.isfinite(before) else None,
        "objective_after": after if math.isfinite(after) and not infeasible else None,
        "population_under_18": int(problem.weights.sum()),
        "covered_before_under_18": int(problem.covered(())),
        "covered_after_under_18": int(sites[-1].covered if sites else problem.covered(())),
        "needed_m": found.needed_m,
        "needed_sites": found.needed_sites,
    }


def _site(places: Mapping[str, Any], rank: int, site: Ranked) -> dict[str, Any]:
    lon, lat = places["candidates"][site.candidate]
    return {
        "rank": rank,
        "locality_id": places["localities"][site.candidate],
        "position": places["positions"][site.candidate],
        "lon": lon,
        "lat": lat,
        "gain_under_18": int(site.gain),
        "covered_under_18": int(site.covered),
        "objective": site.objective,
    }
