"""Places in a tree, and the places within a distance in metres of them on the WGS 84 spheroid."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.spheroid import AT_ONCE, Numbers, geocentric_m, spheroid_m

Positions: TypeAlias = npt.NDArray[np.int64]

TOLERANCE_M = 0.001
"""The database and we round the last digits differently, so distances that differ by a millimetre count as the same."""


class Places:
    """Places in degrees, EPSG:4326, in a tree that finds neighbours."""

    def __init__(self, lon: Numbers, lat: Numbers) -> None:
        self.lon, self.lat = lon, lat
        self.xyz = geocentric_m(lon, lat)
        self.tree: Any = cKDTree(self.xyz)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.lon)

    def metres(self, here: Positions, others: Places, there: Positions) -> Numbers:
        """Return the metres from our places, by position, to other places."""
        found = np.empty(len(here))
        for start in range(0, len(here), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            ours, theirs = here[part], there[part]
            found[part] = spheroid_m(self.lon[ours], self.lat[ours], others.lon[theirs], others.lat[theirs])
        return found

    def count_within(self, others: Places, metres: float) -> int:
        """Return an upper bound on the number of pairs that :meth:`within` returns, without making them."""
        return int(self.tree.count_neighbors(others.tree, metres + TOLERANCE_M))

    def within(self, others: Places, metres: float) -> tuple[Positions, Positions, Numbers]:
        """Return all pairs at most so many metres apart (inclusive): ours, theirs, metres; by ours, then theirs.

        A straight line through the earth is never longer than the way along its surface, so the tree of straight lines
        misses no pair.
        """
        found = self.tree.sparse_distance_matrix(others.tree, metres + TOLERANCE_M, output_type="ndarray")
        here, there = found["i"], found["j"]
        far = self.metres(here, others, there)
        near = far <= metres + TOLERANCE_M
        here, there, far = here[near], there[near], far[near]
        order = np.lexsort((there, here))
        return here[order], there[order], far[order]
