"""Access to a service for the children of a place, by the enhanced two-step floating catchment area method."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from geo.errors import TooCostly
from geo.spheroid import Numbers
from geo.statistics.distances import Places

ZONE_WEIGHTS = (1.0, 0.68, 0.22)
AT_REACH = 0.01
PAIRS_AT_MOST = 1_500_000
"""They take about 1.2 s. The seeds have 435,000 of a category if everything is within reach."""

Decay = Callable[[Numbers], Numbers]


def step(part: Numbers) -> Numbers:
    """Weigh all within reach alike (Luo and Wang 2003); ``part`` is the distance as a part of the reach, 0 to 1.

    Examples
    --------
    >>> step(np.array([0.0, 1.0])).tolist()
    [1.0, 1.0]

    """
    return np.ones_like(part)


def zones(part: Numbers) -> Numbers:
    """Weigh the nearest third of the reach by 1, the second by 0.68, the last by 0.22, upper bounds inclusive.

    Source: Luo and Qi (2009), the slower of their two decays, given for 10, 20 and 30 minutes.

    Examples
    --------
    >>> zones(np.array([0.0, 1 / 3, 0.34, 2 / 3, 0.67, 1.0])).tolist()
    [1.0, 1.0, 0.68, 0.68, 0.22, 0.22]

    """
    return np.asarray(ZONE_WEIGHTS)[np.searchsorted((1 / 3, 2 / 3), part)]


def gaussian(part: Numbers) -> Numbers:
    """Weigh by 0.01^(part²), a bell curve that has come down to 0.01 at the reach.

    Source: M.-P. Kwan, *Space-time and integral measures of individual accessibility*, Geographical Analysis 30 (1998),
    191-216, as used by N. Wan, B. Zou and T. Sternberg, *A three-step floating catchment area method*, International
    Journal of Geographical Information Science 26 (2012), 1073-1089.

    Examples
    --------
    >>> [round(each, 4) for each in gaussian(np.array([0.0, 0.5, 1.0])).tolist()]
    [1.0, 0.3162, 0.01]

    """
    return np.asarray(AT_REACH ** np.square(part))


def linear(part: Numbers) -> Numbers:
    """Weigh by 1 - part: nothing is left at the reach.

    Examples
    --------
    >>> linear(np.array([0.0, 0.25, 1.0])).tolist()
    [1.0, 0.75, 0.0]

    """
    return 1 - part


DECAYS: Mapping[str, Decay] = {"STEP": step, "ZONES": zones, "GAUSSIAN": gaussian, "LINEAR": linear}


def access(
    demand: Places, children: Numbers, supply: Places, places: Numbers, reach_m: float, decay: Decay
) -> tuple[Numbers, int]:
    """Return the supply for each child of each demand point, and how many services have demand within reach.

    Two steps, over demand points k with P children and services j with S places::

        Rⱼ = Sⱼ / Σₖ Pₖ W(dₖⱼ)        what a service has for each child around it
        Aᵢ = Σⱼ Rⱼ W(dᵢⱼ)             the sum of these at a place

    So Σᵢ Pᵢ Aᵢ = Σⱼ Sⱼ over the services that have demand within reach; a service without demand contributes nothing.

    Parameters
    ----------
    demand, children
        Demand points and the children at each, 0 or more.
    supply, places
        Services and the places of each, 0 or more.
    reach_m
        Metres on the spheroid, inclusive.
    decay
        W as a function of distance / reach.

    Raises
    ------
    TooCostly
        Where more than 1.5 million pairs are within reach.

    Source: W. Luo and Y. Qi, *An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial
    accessibility to primary care physicians*, Health & Place 15 (2009), 1100-1107; with :func:`step`: W. Luo and
    F. Wang, *Measures of spatial accessibility to health care in a GIS environment*, Environment and Planning B 30
    (2003), 865-884.

    Examples
    --------
    Two villages of 100 and 300 children around one shelter of 20 places, and one far off:

    >>> villages = Places(np.array([0.0, 0.1, 9.0]), np.zeros(3))
    >>> shelter = Places(np.array([0.05]), np.zeros(1))
    >>> found, used = access(villages, np.array([100.0, 300, 50]), shelter, np.array([20.0]), 30_000, step)
    >>> found.tolist(), used
    ([0.05, 0.05, 0.0], 1)

    """
    pairs = demand.count_within(supply, reach_m)
    if pairs > PAIRS_AT_MOST:
        raise TooCostly(
            f"{pairs:,} pairs of a place and a service lie within {reach_m:,.0f} metres; at most {PAIRS_AT_MOST:,} can "
            "be weighed: choose a shorter `within`."
        )
    here, there, metres = demand.within(supply, reach_m)
    weight = decay(np.minimum(metres / reach_m, 1))
    wanted = np.bincount(there, weights=children[here] * weight, minlength=len(supply))
    served = wanted > 0
    share = np.divide(places, wanted, out=np.zeros(len(wanted)), where=served)
    total = np.bincount(here, weights=share[there] * weight, minlength=len(demand))
    return np.asarray(total, float), int(served.sum())
