"""A location problem before its pairs are made, of which a country has too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from geo.siting.distances import PAIRS_AT_MOST, within
from geo.siting.model import Indices, Numbers, Problem
from geo.spheroid import geocentric_m
from geo.vocabulary import SitingModel

CANDIDATES_AT_MOST = 3_000
DISTANCES_AT_MOST = 6_000_000
"""Pairs of a demand point and a candidate whose distances are examined one by one (p-median, p-centre)."""
BY_DISTANCE = frozenset({SitingModel.P_MEDIAN, SitingModel.P_CENTER})


@dataclass(frozen=True)
class Setting:
    """What :class:`geo.siting.model.Problem` has, less which pairs are within reach of each other."""

    weights: Numbers
    existing_m: Numbers
    demand: Numbers
    candidates: Numbers
    reach_m: float

    def fits(self, model: SitingModel) -> bool:
        """Return whether all pairs can be examined: at most 3,000 candidates, and as many pairs as the model can take.

        They are counted before any is made.
        """
        if len(self.candidates) > CANDIDATES_AT_MOST:
            return False
        if model in BY_DISTANCE and len(self.candidates) * len(self.demand) > DISTANCES_AT_MOST:
            return False
        uncovered = self.demand[self.existing_m > self.reach_m]
        trees = [cKDTree(geocentric_m(each[:, 0], each[:, 1])) for each in (self.candidates, uncovered)]
        return bool(trees[0].count_neighbors(trees[1], self.reach_m) <= PAIRS_AT_MOST)

    def unreached(self) -> Problem:
        """Return the problem without a reach, so that nobody is out of it, for models that look at distances only."""
        nothing = sparse.csr_array((len(self.candidates), len(self.demand)))
        return Problem(self.weights, self.existing_m, nothing, self.demand, self.candidates, reach_m=np.inf)

    def problem(self, kept: Indices | None = None) -> Problem:
        """Return the problem with all candidates, or with those at some places, in this order."""
        candidates = self.candidates if kept is None else self.candidates[kept]
        uncovered = np.flatnonzero(self.existing_m > self.reach_m)
        near = within(candidates, self.demand[uncovered], self.reach_m).tocoo()
        shape = (len(candidates), len(self.demand))
        return Problem(
            weights=self.weights,
            existing_m=self.existing_m,
            reaches=sparse.csr_array((near.data, (near.row, uncovered[near.col])), shape=shape),
            demand=self.demand,
            candidates=candidates,
            reach_m=self.reach_m,
        )
