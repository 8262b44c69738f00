"""Differencing: which small counts an outsider can infer from everything that is published, by linear programming.

The outsider knows the lattice and the rounding, but no leaf. For unknown leaves x ≥ 0, a cell c that sums the leaves
L(c) and lies in [low(c), high(c)] gives the constraint::

    low(c) ≤ Σ x(l), l ∈ L(c) ≤ high(c)            for cell-key rounding to base 5: published ± 4, not below 0

A cell is *pinned* if only one whole number lies between the least and the greatest value of Σ x(l) over that polytope.
No small count may be pinned.

Two linear programs for each of thousands of cells would take hours. But we know the truth t, which is a point of the
polytope, so any other point of it in which a cell differs by 1 or more proves that the cell is free. We look for such
points in the cheapest way first:

1. one leaf moved by 1, where every cell that counts it has room for that: no program at all;
2. programs over the leaves of a neighbourhood of the cell, all other leaves held at the truth;
3. the program over all leaves, which decides: what it cannot move up or down by 1 is pinned.

In step 2 the other open cells have a small weight in the objective, so that one program frees many. Cells that count
the same leaves are treated as one cell.

Source: Dobra and Fienberg, "Bounds for cell entries in contingency tables given marginal totals", PNAS 97 (2000), and
Fischetti and Salazar, "Models and algorithms for the 2-dimensional cell suppression problem", Math. Program. 84 (1999),
for the attack; HiGHS (Huangfu and Hall, Math. Program. Comput. 10, 2018) for the programs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from geo.progress import Progress, silent

Integers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

SMALL = 5
"""Counts below this may identify a child."""

ENOUGH = 1 - 1e-4
"""A move by 1, less the solver's possible error: no vertex of such a program lies that close below 1."""

NEIGHBOURHOODS = (100, 1000)
"""Roughly how many leaves the programs of step 2 have."""

WHOLE_AT_MOST = 200_000
"""Up to this many leaves (5,000 localities) step 3 takes them all. Beyond that, a neighbourhood of a tenth as many
decides, and a cell that cannot move in it counts as pinned. So a release may be refused needlessly, but is never
published wrongly."""

SIMPLEX_AT_MOST = 300
"""Up to this many leaves the simplex method starts at the truth; above, the interior point method is far faster."""

FAR = 1 << 30
"""How far the dummy cell may move; it pads the rows of leaves that few cells count."""


@dataclass(frozen=True)
class Lattice:
    """Leaves, and the cells that sum them.

    Parameters
    ----------
    counts
        The true count of each leaf.
    low, high
        What the outsider knows of each cell, both inclusive.
    cell, leaf
        The pairs of a cell and a leaf that it counts, as numbers from 0.

    """

    counts: Integers
    low: Integers
    high: Integers
    cell: Integers
    leaf: Integers

    def truth(self) -> Integers:
        """Return the true count of each cell."""
        sums = np.bincount(self.cell, weights=self.counts[self.leaf], minlength=len(self.low))
        return sums.astype(np.int64)

    def without(self, cells: Mask) -> Lattice:
        """Return the lattice as known to an outsider who has not seen these cells."""
        low, high = np.where(cells, 0, self.low), np.where(cells, np.iinfo(np.int32).max, self.high)
        return replace(self, low=low, high=high)

    def same(self) -> Integers:
        """Return for each cell the first cell that counts the same leaves."""
        marks = np.random.default_rng(0).integers(0, 1 << 63, len(self.counts), dtype=np.uint64)
        sums = np.zeros(len(self.low), dtype=np.uint64)
        np.add.at(sums, self.cell, marks[self.leaf])  # modulo 2⁶⁴; two sets of leaves are equal by chance once in 2⁶⁴
        _, first, inverse = np.unique(sums, return_index=True, return_inverse=True)
        found: Integers = first[inverse]
        return found


def pinned(lattice: Lattice, *, progress: Progress = silent) -> Integers:
    """Return the cells with a true count below 5 that an outsider can pin to one value, in rising order.

    Examples
    --------
    Two leaves of 1 and 3 with their sum, each known to within 4: nothing is pinned. If the sum must be 0, all are.

    >>> pairs = {"cell": np.array([0, 1, 2, 2]), "leaf": np.array([0, 1, 0, 1])}
    >>> known = {"low": np.array([0, 0, 0]), "high": np.array([4, 4, 8])}
    >>> pinned(Lattice(np.array([1, 3]), **known, **pairs)).tolist()
    []
    >>> known = {"low": np.array([0, 0, 0]), "high": np.array([4, 4, 0])}
    >>> pinned(Lattice(np.array([0, 0]), **known, **pairs)).tolist()
    [0, 1, 2]

    """
    same = lattice.same()
    search = _Search(lattice, same)
    found = search.run(progress)
    return np.flatnonzero(np.isin(same, found))


class _Solver(highspy.Highs):
    """HiGHS, silenced before it prints its banner in the constructor."""

    def enableCallbacks(self) -> None:  # noqa: N802  HiGHS's name; the first thing that it does
        self.setOptionValue("output_flag", "false")
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Search:
    """The cells that are not yet proved free, and the search for points that prove it."""

    def __init__(self, lattice: Lattice, same: Integers) -> None:
        self._counts = lattice.counts
        kept = same == np.arange(len(same))
        low, high = lattice.low.copy(), lattice.high.copy()
        np.maximum.at(low, same, lattice.low)
        np.minimum.at(high, same, lattice.high)
        used = kept[lattice.cell]
        cell, leaf = lattice.cell[used], lattice.leaf[used]
        none = len(kept)
        order = np.argsort(leaf, kind="stable")
        starts = np.searchsorted(leaf[order], np.arange(len(self._counts) + 1))
        width = int(np.diff(starts).max(initial=1))
        self._cells = np.full((len(self._counts), width), none)
        self._cells[leaf[order], np.arange(len(leaf)) - starts[leaf[order]]] = cell[order]
        order = np.argsort(cell, kind="stable")
        self._starts = np.searchsorted(cell[order], np.arange(none + 1))
        self._leaves = leaf[order]
        truth = lattice.truth()
        self._up = np.append(high - truth, FAR)
        self._down = np.append(truth - low, FAR)
        self._tight = (self._up < 1) | (self._down < 1)
        self._open = np.append(kept & (truth < SMALL), False)
        self._fixed = np.flatnonzero(self._open[:-1] & (low == high))
        self._chance = np.random.default_rng(0)

    def run(self, progress: Progress) -> Integers:
        found = list(self._fixed)
        self._open[self._fixed] = False
        self._move_one_leaf()
        left = np.flatnonzero(self._open)
        for done, cell in enumerate(left):
            progress("differencing", done, len(left))
            if self._open[cell] and not self._is_free(int(cell)):
                found.append(cell)
                self._open[cell] = False
        progress("differencing", len(left), len(left))
        return np.array(found, dtype=np.int64)

    def _move_one_leaf(self) -> None:
        up = ~(self._up < 1)[self._cells].any(axis=1)
        down = ~(self._down < 1)[self._cells].any(axis=1) & (self._counts >= 1)
        self._open[self._cells[up | down]] = False

    def _is_free(self, cell: int) -> bool:
        for size in NEIGHBOURHOODS:
            if size < len(self._counts):
                self._solve(cell, self._neighbourhood(cell, size))
            if not self._open[cell]:
                return True
        many = len(self._counts)
        whole = np.arange(many) if many <= WHOLE_AT_MOST else self._neighbourhood(cell, WHOLE_AT_MOST // 10)
        self._solve(cell, whole, alone=True)
        return not self._open[cell]

    def _neighbourhood(self, cell: int, size: int) -> Integers:
        """Return leaves of the cell, and further leaves of the tight cells around them that can offset a move."""
        leaves = self._some(cell, 20)
        while len(leaves) < size:
            around = np.unique(self._cells[leaves])
            tight = around[self._tight[around]]
            more = np.unique(np.concatenate([leaves, *(self._some(each, 6, 3) for each in tight)]))
            if len(more) == len(leaves):
                break
            leaves = more
        if len(leaves) > 2 * size:
            leaves = np.union1d(self._some(cell, 20), self._chance.choice(leaves, 2 * size, replace=False))
        return leaves

    def _some(self, cell: int, most: int, counted: int = 0) -> Integers:
        """Return random leaves of a cell, up to ``counted`` of them from those above zero, which can go down."""
        leaves: Integers = self._leaves[self._starts[cell] : self._starts[cell + 1]]
        if len(leaves) <= most:
            return leaves
        leaves = self._chance.permutation(leaves)
        some: Integers = np.append(leaves[self._counts[leaves] > 0][:counted], leaves[: most - counted])
        return some

    def _solve(self, cell: int, leaves: Integers, *, alone: bool = False) -> None:
        """Move the cell up, then down (``alone``: no other cell in the objective); close every cell that moved by 1."""
        rows, places = np.unique(self._cells[leaves], return_inverse=True)
        places = places.reshape(len(leaves), -1)
        others = self._open[rows] & (not alone)
        weights = np.where(others, self._chance.uniform(0.02, 0.1, len(rows)), 0)
        weights[rows == cell] = 1
        costs = weights[places].sum(axis=1)
        solver = self._program(leaves, rows, places)
        for sign in (1, -1):
            solver.changeColsCost(len(leaves), np.arange(len(leaves), dtype=np.int32), sign * costs)
            solver.run()
            if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                moved = np.abs(np.asarray(solver.getSolution().row_value)) >= ENOUGH
                self._open[rows[moved]] = False
            if not self._open[cell]:
                break

    def _program(self, leaves: Integers, rows: Integers, places: Integers) -> Any:
        """Return the program for how far these leaves may move from the truth while all others stay there."""
        program = highspy.HighsLp()
        program.sense_ = highspy.ObjSense.kMaximize
        program.num_col_, program.num_row_ = len(leaves), len(rows)
        program.col_cost_ = np.zeros(len(leaves))
        program.col_lower_ = -self._counts[leaves].astype(float)
        program.col_upper_ = np.full(len(leaves), highspy.kHighsInf)
        program.row_lower_, program.row_upper_ = -self._down[rows].astype(float), self._up[rows].astype(float)
        # Leaves of fewer cells are padded with the last row, which is no cell; a program may not name a row twice.
        named = rows[places] < len(self._open) - 1
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.append(0, np.cumsum(named.sum(axis=1))).astype(np.int32)
        program.a_matrix_.index_ = places[named].astype(np.int32)
        program.a_matrix_.value_ = np.ones(int(named.sum()))
        solver = _Solver()  # type: ignore[no-untyped-call]
        if len(leaves) <= SIMPLEX_AT_MOST:
            solver.setOptionValue("presolve", "off")
            solver.setOptionValue("simplex_strategy", 4)  # primal, since it starts at the truth
        else:
            solver.setOptionValue("solver", "ipm")
            solver.setOptionValue("run_crossover", "off")
        solver.passModel(program)
        return solver
