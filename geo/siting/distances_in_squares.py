"""P-median and p-centre of a country: one candidate and one demand point stand for all in a square.

Those nearest to its middle do. With m_i and m_j how far a demand point and a candidate are along the surface from the
one that stands for them, and M the largest m_j, the triangle inequality gives a bound that holds for all:

* P-median. Moving all children of a square to one point changes their ways by at most m_i each, and putting the sites
  of the best plan where others stand for them lengthens no way by more than M. So no plan of all candidates has a
  smaller sum than the least of the thinned problem - Σ a_i m_i - M Σ a_i.
* P-centre. No plan has a shorter longest way than the shortest of the thinned problem - max m_i - M.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.siting.model import Indices, Numbers, Plan
from geo.siting.pcenter import pcenter
from geo.siting.pmedian import pmedian
from geo.siting.setting import Setting
from geo.siting.solver import Clock
from geo.siting.squares import Squares, at_most
from geo.siting.thinning import Thinned
from geo.spheroid import longest_arc_m
from geo.vocabulary import SitingModel, SitingStatus

CANDIDATES, POINTS = 1_000, 3_000
"""Squares at most: as many distances as the models examine in a few seconds."""


def distances_in_squares(setting: Setting, model: SitingModel, sites: int, clock: Clock) -> Thinned:
    """Choose at most ``sites`` of all candidates by P_MEDIAN or P_CENTER, and say how near to the best that is."""
    offered, asked = at_most(setting.candidates, CANDIDATES), at_most(setting.demand, POINTS)
    candidates, points = offered.nearest(), asked.nearest()
    candidate_m, point_m = float(_moved_m(offered, candidates).max()), _moved_m(asked, points)
    few = replace(
        setting,
        weights=asked.sums(setting.weights),
        existing_m=setting.existing_m[points],
        demand=setting.demand[points],
        candidates=setting.candidates[candidates],
    ).unreached()
    if model is SitingModel.P_MEDIAN:
        found = pmedian(few, sites, clock)
        less = float(setting.weights @ point_m) + candidate_m * float(setting.weights.sum())
    else:
        found = pcenter(few, sites, clock)
        less = float(point_m.max(initial=0.0)) + candidate_m
    bound = max(0.0, found.bound - less)
    plan = Plan(tuple(map(int, np.sort(candidates[list(found.chosen)]))), SitingStatus.FEASIBLE, bound)
    return Thinned(plan, offered, asked)


def _moved_m(squares: Squares, standing: Indices) -> Numbers:
    """Return how far each place is at most, along the surface, from the one that stands for its square."""
    return longest_arc_m(np.linalg.norm(squares.xyz - squares.xyz[standing][squares.of], axis=1))
