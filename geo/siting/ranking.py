"""The order in which to build: what each site adds to those before it.

Sites are ranked by greedy addition: first the one that improves the objective most, then the one that improves the rest
most, the earlier candidate of equals. So the gains of all sites add up to the gain of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.siting.model import Indices, Numbers, Plan, Problem
from geo.vocabulary import SitingModel

NOTHING = 1e-9
"""A gain, as a share of the objective, that counts as none: sums of many distances are not more precise."""


@dataclass(frozen=True)
class Ranked:
    """A site: its candidate, the children whom it adds, and the children covered and the objective up to here."""

    candidate: int
    gain: float
    covered: float
    objective: float


def ranked(problem: Problem, model: SitingModel, plan: Plan) -> list[Ranked]:
    """Rank the sites of a plan, without those that add nothing to its objective."""
    state = _State(problem, model)
    left = np.array(sorted(plan.chosen), dtype=np.int64)
    best = problem.objective(model, plan.chosen)
    rows: list[Ranked] = []
    while len(left) and not (model is SitingModel.P_CENTER and state.value <= best):
        losses, gains = state.with_each(left)
        place = min(range(len(left)), key=lambda one: (losses[one], -gains[one], left[one]))
        if losses[place] >= state.value * (1 - NOTHING) and model is not SitingModel.P_CENTER:
            break
        state.take(int(left[place]), float(losses[place]))
        covered = float(problem.weights.sum() - state.uncovered.sum())
        shown = {SitingModel.MCLP: covered, SitingModel.LSCP: len(rows) + 1.0}.get(model, state.value)
        rows.append(Ranked(int(left[place]), float(gains[place]), covered, shown))
        left = np.delete(left, place)
    return rows


class _State:
    """What the sites taken so far leave: children out of reach, ways, and the loss to minimise."""

    def __init__(self, problem: Problem, model: SitingModel) -> None:
        self._problem = problem
        self._model = model
        self._far = model in {SitingModel.P_MEDIAN, SitingModel.P_CENTER}
        self.uncovered: Numbers = problem.weights[problem.uncovered].astype(np.float64)
        self._nearest = problem.existing_m
        self.value = problem.objective(model, ()) if self._far else float(self.uncovered.sum())

    def with_each(self, left: Indices) -> tuple[Numbers, Numbers]:
        """Return the loss with each candidate added, and the children whom it brings within reach."""
        gains: Numbers = self._problem.gains[left] @ self.uncovered
        if not self._far:
            return self.value - gains, gains
        ways = np.minimum(self._problem.distances[:, left], self._nearest[:, None])
        losses = ways.max(axis=0) if self._model is SitingModel.P_CENTER else self._problem.weights @ ways
        return losses, gains

    def take(self, candidate: int, loss: float) -> None:
        """Add a candidate."""
        self.uncovered[self._problem.gains[[candidate]].indices] = 0
        if self._far:
            self._nearest = np.minimum(self._nearest, self._problem.distances[:, candidate])
        self.value = loss
