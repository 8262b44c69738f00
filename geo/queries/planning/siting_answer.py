"""From rows to a location problem, and from a plan to an answer as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from geo.queries.base.packed import DOUBLE, INTEGER, UUID, identified, unpacked
from geo.siting import solver
from geo.siting.model import Plan, Problem, gap_percent
from geo.siting.plan import plan, thinly
from geo.siting.ranking import Ranked, ranked
from geo.siting.setting import Setting
from geo.siting.thinning import Thinned
from geo.vocabulary import SitingModel, SitingStatus

OF_CHILDREN = (
    "population_under_18",
    "covered_before_under_18",
    "covered_after_under_18",
    "objective_before",
    "objective_after",
)
"""Figures that nobody knows where no child of the area is counted."""


def arrays(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the packed columns of ``siting.sql`` as arrays."""
    numbers = {
        name: unpacked(row[name], DOUBLE)
        for name in ("existing_m", "demand_lon", "demand_lat", "candidates_lon", "candidates_lat")
    }
    return {
        "under_18": unpacked(row["under_18"], INTEGER).astype(np.float64),
        "existing_m": numbers["existing_m"],
        "demand": np.column_stack([numbers["demand_lon"], numbers["demand_lat"]]),
        "candidates": np.column_stack([numbers["candidates_lon"], numbers["candidates_lat"]]),
        "localities": unpacked(row["localities"], UUID),
        "positions": unpacked(row["positions"], INTEGER),
    }


def answered(model: SitingModel, number: int, places: Mapping[str, Any], clock: solver.Clock) -> dict[str, Any]:
    """Return the answer without its assumptions, with the columns of :data:`geo.queries.planning.siting.ANSWER`.

    Where there are too many pairs of a candidate and a demand point for the model to examine, both are thinned.

    Raises
    ------
    TooCostly
        Where there are too many, and the model cannot do with fewer.

    """
    setting, counted = setting_of(places), places["counted"] > 0
    if setting.fits(model):
        thinned, problem = None, setting.problem()
        found, own = plan(problem, model, number, clock), tuple(range(len(setting.candidates)))
    else:
        thinned = thinly(setting, model, number, clock)
        # What the sites do is counted for each demand point; the others no longer matter.
        own = thinned.plan.chosen
        problem, found = setting.problem(np.array(own)), replace(thinned.plan, chosen=tuple(range(len(own))))
    sites = ranked(problem, model, found)
    return {
        **_figures(problem, model, found, sites),
        **({} if counted else dict.fromkeys(OF_CHILDREN)),
        "reach_m": problem.reach_m,
        "estimate": places["estimate"],
        "demand_points": len(setting.weights),
        "candidates": len(setting.candidates),
        "excluded": places["offered"] - len(setting.candidates),
        "sites": [_site(places, rank, own[each.candidate], each) for rank, each in enumerate(sites, 1)],
        "confidential_left_out": places["confidential_left_out"],
        "sources": sorted(places["sources"]),
        **{name: places[name] for name in ("data_as_of", "services_verified_on", "census_on")},
        "solver": solver.name(),
        "thinned": thinned and _thinned(thinned),
    }


def setting_of(places: Mapping[str, Any]) -> Setting:
    """Return what the rows of ``siting.sql`` describe."""
    return Setting(
        weights=places["under_18"],
        existing_m=places["existing_m"],
        demand=places["demand"],
        candidates=places["candidates"],
        reach_m=float(places["reach_m"]),
    )


def _thinned(found: Thinned) -> dict[str, Any]:
    return {"candidates": len(found.candidates), "demand_points": len(found.demand), "apart_m": round(found.apart_m, 3)}


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


def _site(places: Mapping[str, Any], rank: int, candidate: int, site: Ranked) -> dict[str, Any]:
    lon, lat = places["candidates"][candidate].tolist()
    localities, positions = places["localities"], places["positions"]
    return {
        "rank": rank,
        "locality_id": identified(localities[candidate]) if len(localities) else None,
        "position": int(positions[candidate]) if len(positions) else None,
        "lon": lon,
        "lat": lat,
        "gain_under_18": int(site.gain),
        "covered_under_18": int(site.covered),
        "objective": site.objective,
    }
