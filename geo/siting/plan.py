"""The entry point: solve a problem by a model."""

from __future__ import annotations

from geo.siting.lscp import lscp
from geo.siting.mclp import mclp
from geo.siting.model import Plan, Problem
from geo.siting.pcenter import pcenter
from geo.siting.pmedian import pmedian
from geo.siting.solver import Clock
from geo.vocabulary import SitingModel


def plan(problem: Problem, model: SitingModel, sites: int, clock: Clock) -> Plan:
    """Choose sites by a model; LSCP ignores the number of ``sites``.

    If there are no children, there is nothing to gain and the plan is empty.
    """
    if not len(problem.weights):
        return Plan()
    match model:
        case SitingModel.MCLP:
            return mclp(problem, sites, clock)
        case SitingModel.LSCP:
            return lscp(problem, clock)
        case SitingModel.P_MEDIAN:
            return pmedian(problem, sites, clock)
        case SitingModel.P_CENTER:
            return pcenter(problem, sites, clock)
