"""What the location models share: the problem, the plan, and how its objective is counted.

Symbols, used by all of them:

===== ==============================================================
i     a demand point, with a_i > 0 children under 18
j     a candidate
d_ij  metres from demand point to candidate on the WGS 84 spheroid
e_i   metres from demand point to the nearest service that exists
S     the reach in metres, inclusive
N_i   the candidates within reach of i: those with d_ij ≤ S
p     the number of sites
x_j   1 where candidate j is chosen, else 0
===== ==============================================================

Existing services are fixed: they stay, and the children whom they cover already count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.siting.distances import geodesic_m
from geo.vocabulary import SitingModel, SitingStatus

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Matrix: TypeAlias = Any
"""A ``scipy.sparse.csr_array``, which has no types of its own."""


@dataclass(frozen=True)
class Problem:
    """A location problem.

    Parameters
    ----------
    weights
        a_i, children under 18, shape (n,), each above 0.
    existing_m
        e_i, shape (n,); infinite where no service exists.
    reaches
        d_ij ≤ S, shape (m, n): candidate × demand point. Points within reach of an existing service may be left out:
        nothing is gained there.
    demand, candidates
        Longitude and latitude in degrees, EPSG:4326, shapes (n, 2) and (m, 2).
    reach_m
        S.

    """

    weights: Numbers
    existing_m: Numbers
    reaches: Matrix
    demand: Numbers
    candidates: Numbers
    reach_m: float

    @cached_property
    def uncovered(self) -> npt.NDArray[np.bool_]:
        """The demand points that no existing service covers: e_i > S, shape (n,)."""
        found: npt.NDArray[np.bool_] = self.existing_m > self.reach_m
        return found

    @cached_property
    def gains(self) -> Matrix:
        """The 0/1 matrix d_ij ≤ S over the demand points that are not covered yet, shape (m, number of those)."""
        return sparse.csr_array(self.reaches[:, np.flatnonzero(self.uncovered)], dtype=np.float64)

    @cached_property
    def distances(self) -> Numbers:
        """The matrix min(d_ij, e_i) in metres, shape (n, m): children with a nearer service go there."""
        return np.minimum(geodesic_m(self.demand, self.candidates), self.existing_m[:, None])

    def covered(self, chosen: Iterable[int]) -> float:
        """Count the children within reach of an existing service or of a chosen site."""
        new = np.asarray(self.gains[list(chosen)].sum(axis=0)).ravel() > 0
        return float(self.weights[~self.uncovered].sum() + self.weights[self.uncovered][new].sum())

    def nearest_m(self, chosen: Iterable[int]) -> Numbers:
        """Return the metres to the nearest existing service or chosen site, shape (n,)."""
        columns = list(chosen)
        return self.distances[:, columns].min(axis=1) if columns else self.existing_m

    def objective(self, model: SitingModel, chosen: Iterable[int]) -> float:
        """Return what the model counts: children (MCLP), sites (LSCP), child-metres (P_MEDIAN), metres (P_CENTER)."""
        columns = list(chosen)
        match model:
            case SitingModel.MCLP:
                return self.covered(columns)
            case SitingModel.LSCP:
                return float(len(columns))
            case SitingModel.P_MEDIAN:
                return float(self.weights @ self.nearest_m(columns))
            case SitingModel.P_CENTER:
                return float(self.nearest_m(columns).max(initial=0.0))


@dataclass(frozen=True)
class Plan:
    """The recommendation of a model.

    Parameters
    ----------
    chosen
        Candidates by their place in the problem, ascending.
    status
        OPTIMAL if nothing better exists, FEASIBLE if the time was over before that was known, INFEASIBLE if no choice
        meets the request.
    bound
        The best possible value of the objective, in its unit.
    needed_m
        The smallest reach in metres, rounded up to a millimetre, that would bring every child within reach: with the
        requested number of sites, or with any number in LSCP. None if every child is within reach, or if it is unknown.
    needed_sites
        The smallest number of sites that would do so at the requested reach. None in the same cases, and if no number
        does.

    """

    chosen: tuple[int, ...] = ()
    status: SitingStatus = SitingStatus.OPTIMAL
    bound: float = 0.0
    needed_m: float | None = None
    needed_sites: int | None = field(default=None)


def gap_percent(value: float, bound: float) -> float:
    """Return how far an objective may be from the best: 100 × |bound - value| / the larger of both; 0 where both are 0.

    Examples
    --------
    >>> gap_percent(90.0, 100.0)
    10.0
    >>> gap_percent(0.0, 0.0)
    0.0

    """
    largest = max(abs(value), abs(bound))
    return 100 * abs(bound - value) / largest if largest else 0.0
