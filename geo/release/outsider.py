"""An outsider's knowledge of a year: the lattice, the published counts of its cells, and where children live.

The outsider has kept everything that was ever published of the year, both first publications and revisions. They know
every rule of the method, how many children live in each locality, which localities report, and which leaves a revision
changed (so an unchanged leaf is one unknown in both). They do not know any raw count, nor K.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix

from geo.release.differencing import Integers, Lattice, Mask
from geo.spheroid import Numbers
from geo.statistics.cell_key import OFF_BY

UNTOLD = -1
"""Stands for the count of a cell that was not published."""
LARGEST_BRANCH = 8
"""Localities of a branch, which has published rates of its own."""
BRANCHES_AT_ONCE = 400
"""Branches that are attacked together, with all cells that count no others; more would only need more memory."""
UNBOUNDED = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Seen:
    """The leaves of a year, and the cells that sum them.

    Parameters
    ----------
    counts
        The true count of each leaf, for scoring only, never for inference.
    published
        The published count of each cell; ``UNTOLD`` if it is not published.
    cell, leaf
        The pairs of a cell and a leaf that it counts, as numbers from 0.
    locality, kind, quarter
        Those of each leaf, as numbers from 0.
        children
        How many live in each locality; NaN if unknown.
        branch
        The branch of each locality: a part of the country of few localities.
    additive
        The cells published under the former rule, by which u of a parent is the sum of the u of its children.

    """

    counts: Integers
    published: Integers
    cell: Integers
    leaf: Integers
    locality: Integers
    kind: Integers
    quarter: Integers
    children: Numbers
    branch: Integers
    additive: Mask

    @property
    def told(self) -> Mask:
        """The cells that were published."""
        told: Mask = self.published != UNTOLD
        return told

    @cached_property
    def sizes(self) -> Integers:
        """How many leaves each cell counts."""
        return np.bincount(self.cell, minlength=len(self.published))

    def truth(self) -> Integers:
        """Return the true count of each cell."""
        return np.bincount(self.cell, self.counts[self.leaf], len(self.published)).astype(np.int64)

    def lattice(self, off_by: int = OFF_BY) -> Lattice:
        """Return the lattice with the bounds of each cell if a published count may be off by ``off_by``."""
        low = np.where(self.told, np.maximum(self.published - off_by, 0), 0)
        high = np.where(self.told, self.published + off_by, UNBOUNDED)
        return Lattice(self.counts, low, high, self.cell, self.leaf)

    def within(self, leaves: Mask) -> tuple[Seen, Integers]:
        """Return the view of these leaves alone, and the numbers of its cells: published, and counting no other."""
        outside = np.zeros(len(self.published), bool)
        outside[self.cell[~leaves[self.leaf]]] = True
        inside = self.told & ~outside
        kept = np.zeros(len(self.published), bool)
        kept[self.cell[inside[self.cell]]] = True
        cells = np.flatnonzero(kept)
        number_of_cell, number_of_leaf = np.cumsum(kept) - 1, np.cumsum(leaves) - 1
        pairs = kept[self.cell]
        return replace(
            self,
            counts=self.counts[leaves],
            published=self.published[cells],
            cell=number_of_cell[self.cell[pairs]],
            leaf=number_of_leaf[self.leaf[pairs]],
            locality=self.locality[leaves],
            kind=self.kind[leaves],
            quarter=self.quarter[leaves],
            additive=self.additive[cells],
        ), cells

    def divided(self) -> list[Mask]:
        """Return masks of the leaves of ``BRANCHES_AT_ONCE`` branches each."""
        group = self.branch[self.locality] // BRANCHES_AT_ONCE
        return [group == each for each in np.unique(group)]

    def publishing(self, published: Integers) -> Seen:
        """Return the same lattice with other published counts."""
        return replace(self, published=published)


def parts(seen: Seen, among: Mask) -> tuple[Integers, Integers]:
    """Return pairs of a cell and a larger one that contains all its leaves, without a third cell between them.

    Of cells of the same leaves only the first is looked at.
    """
    none = len(seen.published)
    first = np.flatnonzero(among & (seen.lattice().same() == np.arange(none)))
    number = np.full(none, -1)
    number[first] = np.arange(len(first))
    used = number[seen.cell] >= 0
    cell, leaf = number[seen.cell[used]], seen.leaf[used]
    member = coo_matrix((np.ones(len(cell), np.int32), (cell, leaf)), (len(first), len(seen.counts))).tocsr()
    shared = (member @ member.T).tocoo()
    size = seen.sizes[first]
    within = (shared.data == size[shared.row]) & (size[shared.row] < size[shared.col])
    shape = len(first), len(first)
    part = coo_matrix((np.ones(int(within.sum()), np.int32), (shared.row[within], shared.col[within])), shape).tocsr()
    through = part @ part  # has an entry where a third cell lies between
    direct = (part - part.multiply(through > 0)).tocoo()
    kept = direct.data > 0
    return first[direct.row[kept]], first[direct.col[kept]]


def rows_of(row: Any, value: Any, rows: int, filler: int) -> Integers:
    """Return a matrix with the values of each row, padded to the longest row."""
    order = np.argsort(row, kind="stable")
    row, value = np.asarray(row)[order], np.asarray(value)[order]
    starts = np.searchsorted(row, np.arange(rows + 1))
    found = np.full((rows, max(int(np.diff(starts).max(initial=0)), 1)), filler)
    found[row, np.arange(len(row)) - starts[row]] = value
    return found


def branches(held: Integers, localities: int) -> Integers:
    """Return the branch of each locality: its largest area below the nation with few enough localities.

    Parameters
    ----------
    held
        Rows of a locality, an area that holds it, and that area's level, 0 for the nation.
    localities
        How many there are. Localities in no small enough area are grouped in the order of their smallest areas.

    """
    locality, area, level = held[np.argsort(held[:, 2], kind="stable")].T
    many = np.bincount(area, minlength=1)
    branch, smallest = np.full(localities, -1), np.zeros(localities, np.int64)
    small = (level > 0) & (many[area] <= LARGEST_BRANCH)
    branch[locality[small][::-1]] = area[small][::-1]  # the last that is written is the largest
    smallest[locality] = area
    left = np.flatnonzero(branch < 0)
    left = left[np.argsort(smallest[left], kind="stable")]
    branch[left] = int(branch.max(initial=-1)) + 1 + np.arange(len(left)) // LARGEST_BRANCH
    _, numbered = np.unique(branch, return_inverse=True)
    return numbered.astype(np.int64)
