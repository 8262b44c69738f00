"""The entry point: solve a problem by a model."""

from __future__ import annotations

from geo.errors import TooCostly
from geo.siting.distances_in_squares import distances_in_squares
from geo.siting.lscp import lscp
from geo.siting.mclp import mclp
from geo.siting.mclp_in_squares import mclp_in_squares
from geo.siting.model import Plan, Problem
from geo.siting.pcenter import pcenter
from geo.siting.pmedian import pmedian
from geo.siting.setting import BY_DISTANCE, DISTANCES_AT_MOST, Setting
from geo.siting.solver import Clock
from geo.siting.thinning import Thinned
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


def thinly(setting: Setting, model: SitingModel, sites: int, clock: Clock) -> Thinned:
    """Choose sites where there are too many pairs of a candidate and a demand point for :func:`plan`.

    Raises
    ------
    TooCostly
        For LSCP, and for more sites by distance than can be measured to all demand points.

    """
    if model is SitingModel.MCLP:
        return mclp_in_squares(setting, sites, clock)
    if model in BY_DISTANCE and sites * len(setting.demand) <= DISTANCES_AT_MOST:
        return distances_in_squares(setting, model, sites, clock)
    raise TooCostly(
        f"{len(setting.candidates):,} candidates and {len(setting.demand):,} demand points are too many for "
        f"{model.name}; name a smaller area, or ask for fewer sites."
    )
