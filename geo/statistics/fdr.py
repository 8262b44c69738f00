"""The false discovery rate of many tests."""

from __future__ import annotations

import numpy as np
from scipy.stats import false_discovery_control

from geo.spheroid import Numbers


def benjamini_hochberg(p: Numbers) -> Numbers:
    """Return the q-value of each p-value: the least false discovery rate at which it is called a finding.

    With p₍₁₎ ≤ … ≤ p₍ₘ₎ the p-values in order::

        q₍ᵢ₎ = min over j ≥ i of min(1, m p₍ⱼ₎ / j)

    NaN (not tested) stays NaN and does not count in m.

    Source: Y. Benjamini and Y. Hochberg, *Controlling the false discovery rate*, Journal of the Royal Statistical
    Society B 57 (1995), 289-300.

    Examples
    --------
    >>> [round(each, 4) for each in benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.005, np.nan])).tolist()]
    [0.02, 0.04, 0.04, 0.02, nan]

    """
    q = np.full_like(p, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = false_discovery_control(p[tested])
    return q
