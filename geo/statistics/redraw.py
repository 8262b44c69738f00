"""True counts that may stand behind published ones, to see whether a finding hangs on how they were rounded.

Each installation rounds by a key of its own (:mod:`geo.statistics.cell_key`). Counts are drawn again from the published
values alone: neither the true counts nor the key is read, and nothing comes out that a reader of the published values
could not compute.
"""

from __future__ import annotations

import numpy as np

from geo.spheroid import Numbers
from geo.statistics.cell_key import BASE

_ABOVE_ZERO = np.arange(BASE, 0, -1) / (BASE * (BASE + 1) / 2)


def redrawn(published: Numbers, times: int, seed: int) -> Numbers:
    """Return counts that may stand behind published ones, multiples of 5: so many rows.

    A published p may stand for every x in (p - 5, p + 5), at least 0. Without other knowledge each is as likely as it
    is rounded to p::

        P(x) ∝ 1 - |x - p| / 5

    The same seed gives the same rows.

    Examples
    --------
    >>> rows = redrawn(np.array([0.0, 25.0]), 1_000, seed=1)
    >>> rows.min(axis=0).tolist(), rows.max(axis=0).tolist()
    ([0.0, 21.0], [4.0, 29.0])

    """
    chance, shape = np.random.default_rng(seed), (times, len(published))
    # The difference of two even draws has these chances on both sides of p.
    off = chance.integers(0, BASE, shape) - chance.integers(0, BASE, shape)
    return np.where(published > 0, published + off, chance.choice(BASE, shape, p=_ABOVE_ZERO)).astype(np.float64)
