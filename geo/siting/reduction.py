"""Reducing a covering problem: dropping dominated candidates, and merging identical demand points.

The optimal objective stays the same. The rules are from R. L. Church and A. T. Murray, Location Covering Models,
Springer 2018, chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from geo.siting.model import Indices, Matrix, Numbers

COMPARED_AT_MOST = 2 * 10**10
"""Multiplications for one comparison of all rows with all: about half a second."""
SHARED_AT_ONCE = 5_000_000
"""Pairs of rows that are compared together, which bounds the memory."""


def undominated(covers: Matrix) -> Indices:
    """Return the rows of a 0/1 matrix that are not contained in another row, ascending.

    Of equal rows the first stays; a row without a one goes. Where there are too many rows to compare, all others stay.

    Examples
    --------
    >>> undominated(sparse.csr_array(np.array([[1.0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]]))).tolist()
    [1, 2]

    """
    return _without(covers, largest=True)


def minimal(needs: Matrix) -> Indices:
    """Return the rows of a 0/1 matrix that contain no other row, ascending; of equal rows the first.

    A plan that meets these rows meets all. If there are too many rows to compare, all stay.

    Examples
    --------
    >>> minimal(sparse.csr_array(np.array([[1.0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 0, 0]]))).tolist()
    [0, 2]

    """
    return _without(needs, largest=False)


def _without(matrix: Matrix, *, largest: bool) -> Indices:
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    stays = sizes > 0
    for first, one, other in _inside(matrix, sizes):
        equal = sizes[one + first] == sizes[other]
        gives_way = np.where(equal, np.maximum(one + first, other), one + first if largest else other)
        stays[gives_way[one + first != other]] = False
    return np.flatnonzero(stays)


def _inside(matrix: Matrix, sizes: Numbers) -> Iterator[tuple[int, Indices, Indices]]:
    """Return blocks of contained rows: the start of a block, the rows within it, and the rows that contain them."""
    rows, columns = matrix.shape
    if rows * rows * columns > COMPARED_AT_MOST:
        return
    dense = matrix.toarray().astype(np.float32)
    part = max(1, SHARED_AT_ONCE // rows) if rows else 1
    for first in range(0, rows, part):
        shared = dense[first : first + part] @ dense.T
        one, other = np.nonzero((shared == sizes[first : first + part, None]) & (sizes[first : first + part, None] > 0))
        yield first, one, other


def merged(covers: Matrix, weights: Numbers) -> tuple[Matrix, Numbers]:
    """Merge identical columns, adding up their weights; columns without a one are dropped.

    Examples
    --------
    >>> covers, weights = merged(sparse.csr_array(np.array([[1.0, 0, 1, 0], [0, 0, 0, 1]])), np.array([2.0, 3, 5, 7]))
    >>> covers.toarray().tolist(), weights.tolist()
    ([[1.0, 0.0], [0.0, 1.0]], [7.0, 7.0])

    """
    columns = covers.tocsc()
    columns.sort_indices()
    known: dict[bytes, int] = {}
    firsts: list[int] = []
    sums: list[float] = []
    for column, (start, end) in enumerate(zip(columns.indptr[:-1], columns.indptr[1:], strict=True)):
        if start == end:
            continue
        key = columns.indices[start:end].tobytes()
        place = known.setdefault(key, len(firsts))
        if place == len(firsts):
            firsts.append(column)
            sums.append(0.0)
        sums[place] += weights[column]
    return sparse.csr_array(columns[:, firsts]), np.array(sums)
