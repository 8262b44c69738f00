"""Sites for a country of 3,000 demand points and 700 candidates."""

from __future__ import annotations

import time

from geo.siting.model import Problem, gap_percent
from geo.siting.plan import plan
from geo.siting.solver import Clock
from geo.vocabulary import SitingModel
from tests.planning.siting_cases import drawn

POINTS, CANDIDATES = 3_000, 700
CASES = (
    (SitingModel.MCLP, 10, 30_000.0, "< 5 s"),
    (SitingModel.MCLP, 50, 50_000.0, "< 5 s"),
    (SitingModel.MCLP, 10, 150_000.0, "< 5 s"),
    (SitingModel.LSCP, 0, 250_000.0, "< 5 s"),
    (SitingModel.P_CENTER, 40, 50_000.0, ""),
    (SitingModel.P_MEDIAN, 10, 50_000.0, ""),
)
LIMIT_S = 10.0


def measure() -> list[tuple[str, str, str]]:
    """Return the rows of the table: seconds, status and gap of each model, in this process and on one core."""
    return [_row(*case) for case in CASES]


def _row(model: SitingModel, sites: int, reach_m: float, bound: str) -> tuple[str, str, str]:
    problem: Problem = drawn(1, POINTS, CANDIDATES, reach_m, services=20)
    began = time.perf_counter()
    found = plan(problem, model, sites, Clock(LIMIT_S))
    taken = time.perf_counter() - began
    gap = gap_percent(problem.objective(model, found.chosen), found.bound)
    asked = f"{sites} sites, " if sites else ""
    what = f"{model.name}, {asked}{reach_m / 1000:g} km, {POINTS:,} × {CANDIDATES}"
    return what, f"{taken:.1f} s, {found.status.name}, gap {gap:.2f} %", bound
