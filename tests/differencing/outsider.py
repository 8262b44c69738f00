"""The outsider: asks the API for every cell of a year, and reckons with what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from geo.differencing import SMALL, Lattice
from geo.vocabulary import IncidentType, ReportingLevel

Leaf: TypeAlias = tuple[str, str, str]
Cell: TypeAlias = tuple[str, str, str, str | None]

TYPES = tuple(each.name for each in IncidentType)
LEVELS = tuple(each.name for each in ReportingLevel)
BASE, OFF_BY = 5, 4

COUNTS = """query ($level: ReportingLevel!, $period: String!, $type: IncidentType, $area: String) {
  incidentCounts(level: $level, period: $period, incidentType: $type, areaCode: $area) { areaCode count } }"""


@dataclass(frozen=True)
class Seen:
    """The lattice as the outsider has it: cells with their published counts, and which leaves each counts."""

    cells: tuple[Cell, ...]
    published: np.ndarray
    leaves: tuple[Leaf, ...]
    cell: np.ndarray
    leaf: np.ndarray
    counts: np.ndarray
    """The truth, which the outsider has not: to score by."""

    def with_truth(self, truth: Mapping[Leaf, int]) -> Seen:
        return replace(self, counts=np.array([truth[leaf] for leaf in self.leaves]))

    def truth(self) -> np.ndarray:
        return np.bincount(self.cell, self.counts[self.leaf], len(self.cells)).astype(int)

    def small(self) -> np.ndarray:
        return self.truth() < SMALL

    def lattice(self, published: np.ndarray | None = None, off_by: int = OFF_BY) -> Lattice:
        """Give what these published counts say where each may be off by so much."""
        told = self.published if published is None else published
        return Lattice(self.counts, np.maximum(told - off_by, 0), told + off_by, self.cell, self.leaf)

    def leaf_cells(self) -> np.ndarray:
        """Give for each leaf the cell that counts it alone."""
        numbers = {cell: number for number, cell in enumerate(self.cells)}
        return np.array([numbers["LOCALITY", *leaf] for leaf in self.leaves])

    @cached_property
    def _normal(self) -> np.ndarray:
        """Give in how many cells two leaves are counted together."""
        matrix = np.zeros((len(self.cells), len(self.leaves)), dtype=np.float32)
        matrix[self.cell, self.leaf] = 1
        return (matrix.T @ matrix).astype(float)

    def guess(self, published: np.ndarray, off_by: int = OFF_BY) -> np.ndarray:
        """Give the leaves that fit all published counts best by least squares, in whole numbers that they may be.

        The normal equations with a ridge so small that it only settles what the counts leave open. A cell of many
        leaves is no less exact than a leaf, so all weigh alike.
        """
        sums = np.bincount(self.leaf, published[self.cell], len(self.leaves))
        solved = np.linalg.solve(self._normal + 1e-3 * np.eye(len(self.leaves)), sums)
        told = published[self.leaf_cells()]
        whole: np.ndarray = np.clip(np.rint(solved), np.maximum(told - off_by, 0), told + off_by).astype(int)
        return whole


def rebuilt(ask: Callable[..., dict[str, Any]]) -> Seen:
    """Ask for everything that is published of the latest year, one code, one period and one type at a time."""
    year = ask("{ releasedPeriods { period } }")["data"]["releasedPeriods"][0]["period"]
    assert len(year) == 4
    quarters = tuple(f"{year}-Q{number}" for number in (1, 2, 3, 4))
    told = {
        (level, row["areaCode"], period, kind): row["count"]
        for level in LEVELS
        for period in (*quarters, year)
        for kind in (*TYPES, None)
        for row in _counts(ask, level=level, period=period, type=kind)
    }
    within = defaultdict(set)
    for level, place, period, kind in told:
        if level != "LOCALITY" and (period, kind) == (year, None):
            for row in _counts(ask, level="LOCALITY", period=year, area=place):
                within[row["areaCode"]].add((level, place))
    cells = tuple(told)
    leaves = tuple((place, q, k) for level, place, q, k in cells if level == "LOCALITY" and q != year and k)
    cell, leaf = np.array(list(_pairs(cells, leaves, within))).T
    return Seen(cells, np.array(list(told.values())), leaves, cell, leaf, counts=np.zeros(len(leaves), dtype=int))


def _counts(ask: Callable[..., dict[str, Any]], **variables: Any) -> list[dict[str, Any]]:
    answer = ask(COUNTS, **variables)
    assert "errors" not in answer, answer
    rows: list[dict[str, Any]] = answer["data"]["incidentCounts"]
    return rows


def _pairs(cells: tuple[Cell, ...], leaves: tuple[Leaf, ...], within: Mapping[str, set]) -> Iterator[tuple[int, int]]:
    numbers = {cell: number for number, cell in enumerate(cells)}
    for leaf, (place, quarter, kind) in enumerate(leaves):
        for where in (("LOCALITY", place), *within[place]):
            for when in (quarter, quarter[:4]):
                for shown in (kind, None):
                    yield numbers[*where, when, shown], leaf
