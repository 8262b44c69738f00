"""HiGHS, used so that the same question always gets the same answer unless the time runs out.

J. A. J. Hall, Q. Huangfu and others, HiGHS: high performance software for linear optimization, https://highs.dev
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import highspy
import numpy as np

from geo.siting.model import Matrix, Numbers, gap_percent

Tell = Callable[[float, float | None, float | None], None]
"""Receives progress from 0 to 1, and, once known, the best objective so far and its gap in percent."""

TELL_EVERY_S = 0.5
SEED = 1


class Clock:
    """The remaining time, and the callback for progress.

    Time decides only whether a proof is finished: a plan depends on it only if the status is FEASIBLE.
    """

    def __init__(self, limit_s: float, tell: Tell | None = None) -> None:
        self._began = time.monotonic()
        self.limit_s = limit_s
        self._tell = tell
        self._told = 0.0
        self._progress = 0.0

    def spent_s(self) -> float:
        """Return the seconds since it was made."""
        return time.monotonic() - self._began

    def left_s(self) -> float:
        """Return the seconds that are left, never below 0."""
        return max(0.0, self.limit_s - self.spent_s())

    def tell(self, best: float | None = None, gap: float | None = None) -> None:
        """Report progress, at most twice a second: the share of the time used, or of the gap closed."""
        now = time.monotonic()
        if self._tell is None or now - self._told < TELL_EVERY_S:
            return
        closed = 0.0 if gap is None else 1 - gap / 100
        self._progress = min(0.99, max(self._progress, closed, self.spent_s() / self.limit_s))
        self._told = now
        self._tell(self._progress, best, gap)


class Outcome(Enum):
    """What HiGHS says of a programme."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Solved:
    """An outcome, values of shape (columns,), empty if none are known, and the lower bound of the objective."""

    outcome: Outcome
    values: Numbers
    bound: float


@dataclass(frozen=True, kw_only=True)
class Programme:
    """min cost · v with lower ≤ A v ≤ upper and 0 ≤ v ≤ 1, the first ``whole`` columns of v being whole numbers.

    ``start`` are values of the first columns that are known to be feasible; ``target`` is an objective that is good
    enough; ``interior`` means that an interior point method is faster.
    """

    cost: Numbers
    rows: Matrix
    lower: Numbers
    upper: Numbers
    whole: int
    start: Numbers | None = None
    target: float | None = None
    interior: bool = False


def solve(programme: Programme, clock: Clock, told: Callable[[float], float] | None = None) -> Solved:
    """Solve a programme in the remaining time.

    ``told`` turns its objective into the one that is reported.
    """
    highs = _made(_options(programme, clock), _model(programme))
    if programme.start is not None:
        columns = np.arange(len(programme.start), dtype=np.int32)
        highs.setSolution(len(columns), columns, programme.start)

    def follow(event: Any) -> None:
        found = event.data_out
        if np.isfinite(found.mip_primal_bound) and np.isfinite(found.mip_dual_bound):
            best, bound = ((told or float)(each) for each in (found.mip_primal_bound, found.mip_dual_bound))
            clock.tell(best, min(100.0, gap_percent(best, bound)))
        else:
            clock.tell()

    highs.cbMipInterrupt += follow
    _run(highs)
    return _solved(highs)


@dataclass(frozen=True)
class Relaxed:
    """The optimum of a relaxed programme: objective, values and reduced costs by column."""

    objective: float
    values: Numbers
    reduced_costs: Numbers


def relax(programme: Programme, clock: Clock) -> Relaxed | None:
    """Solve a programme without requiring whole numbers; None if the time runs out."""
    highs = _made(_options(programme, clock) | {"solver": "ipm"}, _model(replace(programme, whole=0)))
    clock.tell()
    _run(highs)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = highs.getSolution()
    value = highs.getInfo().objective_function_value
    return Relaxed(value, np.array(solution.col_value), np.array(solution.col_dual))


class _Quiet(highspy.Highs):
    """HiGHS, silenced before it prints its banner in the constructor."""

    def enableCallbacks(self) -> None:  # noqa: N802  HiGHS's name; the first thing that it does
        self.setOptionValue("output_flag", "false")
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _made(options: Mapping[str, Any], model: Any) -> Any:
    # Its thread pool belongs to the process, and an earlier solve may have set another number of threads.
    highspy.Highs.resetGlobalScheduler(True)  # noqa: FBT003
    highs = _Quiet()  # type: ignore[no-untyped-call]
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(model)
    return highs


def _run(highs: Any) -> None:
    if highs.solve() == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS does not solve what it was given")


def _options(programme: Programme, clock: Clock) -> dict[str, Any]:
    options: dict[str, Any] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": SEED,
        "mip_rel_gap": 0.0,
        "mip_detect_symmetry": False,
        "mip_lp_solver": "ipm" if programme.interior else "choose",
        "time_limit": clock.left_s(),
    }
    if programme.target is not None:
        options["objective_target"] = programme.target
    return options


def _model(programme: Programme) -> Any:
    model = highspy.HighsLp()
    rows, columns = programme.rows.shape
    model.num_row_, model.num_col_ = rows, columns
    model.col_cost_ = programme.cost
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.row_lower_, model.row_upper_ = programme.lower, programme.upper
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_, matrix.value_ = programme.rows.indptr, programme.rows.indices, programme.rows.data
    kinds = [highspy.HighsVarType.kInteger] * programme.whole
    model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (columns - programme.whole)
    return model


def _solved(highs: Any) -> Solved:
    info, status = highs.getInfo(), highs.getModelStatus()
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(highs.getSolution().col_value) if known else np.empty(0)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solved(Outcome.INFEASIBLE, np.empty(0), np.inf)
    if status == highspy.HighsModelStatus.kOptimal:
        return Solved(Outcome.OPTIMAL, values, info.objective_function_value)
    return Solved(Outcome.FEASIBLE if known else Outcome.UNKNOWN, values, info.mip_dual_bound)


def name() -> str:
    """Return the solver's name and version."""
    return f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}.{highspy.HIGHS_VERSION_PATCH}"
