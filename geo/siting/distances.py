"""Metres between many places at once, as PostGIS measures them.

A country's demand points × candidates are millions of pairs, which a statement would return as text, and of which it
measures 200,000 a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from geo.errors import TooCostly
from geo.spheroid import AT_ONCE, SHARPEST_M, Numbers, geocentric_m, spheroid_m

Indices: TypeAlias = npt.NDArray[np.int64]

PAIRS_AT_MOST = 4_000_000
"""They take 1 s and 300 MB. A thousand points beside the demand points of the seeds are 3.2 million."""
MEASURED_ALL, PLACES_AT_ONCE = 20_000_000, 500
"""Pairs up to which all straight lines are measured; beyond, near ones are found by a tree, for so many places at once,
which bounds the memory where very many are near."""
ROUNDING_M = 0.001
SAME_M = 1e-6
"""One pair alone and among others may be measured a few parts in 10^16 apart; what is so near the reach is within."""


def geodesic_m(origins: Numbers, targets: Numbers) -> Numbers:
    """Return the metres on the WGS 84 spheroid from each origin to each target, by :func:`geo.spheroid.spheroid_m`.

    Parameters
    ----------
    origins, targets
        Longitude and latitude in degrees, EPSG:4326, shapes (n, 2) and (m, 2).

    Returns
    -------
    numpy.ndarray
        Shape (n, m); 0 where both are the same place.

    Examples
    --------
    >>> float(geodesic_m(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))[0, 0].round(3))
    111319.491
    >>> float(geodesic_m(np.array([[0.0, 0.0]]), np.array([[0.0, 0.0]]))[0, 0])
    0.0

    """
    found = np.empty((len(origins), len(targets)))
    rows = max(1, AT_ONCE // max(1, len(targets)))
    for first in range(0, len(origins), rows):
        part = slice(first, first + rows)
        lon, lat = origins[part, 0, None], origins[part, 1, None]
        found[part] = spheroid_m(lon, lat, targets[:, 0], targets[:, 1])
    return found


def within(origins: Numbers, targets: Numbers, metres: float) -> sparse.csr_array:
    """Return the 0/1 matrix of the pairs at most so many metres apart (inclusive) by :func:`geodesic_m`, shape (n, m).

    Nearly all follow from the straight line through the earth: the way along the surface is never shorter than that,
    nor longer than the arc over it on a sphere of the least radius of curvature. Only between these is it measured, of
    a few pairs in ten thousand.

    Parameters
    ----------
    origins, targets
        Longitude and latitude in degrees, EPSG:4326, shapes (n, 2) and (m, 2).
    metres
        The reach.

    Raises
    ------
    TooCostly
        Where more than 4 million pairs are within reach.

    Examples
    --------
    >>> within(np.array([[0.0, 0.0], [0.0, 5.0]]), np.array([[1.0, 0.0], [2.0, 0.0]]), 111_319.5).toarray().tolist()
    [[1.0, 0.0], [0.0, 0.0]]

    """
    from_xyz, to_xyz = (geocentric_m(each[:, 0], each[:, 1]) for each in (origins, targets))
    surely = 2 * SHARPEST_M * np.sin(min(metres / (2 * SHARPEST_M), np.pi / 2)) - ROUNDING_M
    rows, columns, pairs = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
    for row, column, straight in _near(from_xyz, to_xyz, metres + ROUNDING_M):
        near = straight <= surely
        ours, theirs = origins[row[~near]], targets[column[~near]]
        near[~near] = spheroid_m(ours[:, 0], ours[:, 1], theirs[:, 0], theirs[:, 1]) <= metres + SAME_M
        pairs += int(near.sum())
        if pairs > PAIRS_AT_MOST:
            raise TooCostly(
                f"More than {PAIRS_AT_MOST:,} pairs of a candidate and a demand point lie within {metres:,.0f} metres: "
                "choose a shorter `within`, a smaller area or fewer candidates."
            )
        rows.append(row[near])
        columns.append(column[near])
    places = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_array((np.ones(pairs), places), shape=(len(origins), len(targets)))


def _near(ours: Numbers, theirs: Numbers, metres: float) -> Iterator[tuple[Indices, Indices, Numbers]]:
    """Yield the pairs at most so far apart by the straight line, in parts: one place, the other, metres."""
    part = max(1, AT_ONCE // max(1, len(theirs))) if len(ours) * len(theirs) <= MEASURED_ALL else PLACES_AT_ONCE
    tree = cKDTree(theirs) if part == PLACES_AT_ONCE else None
    for first in range(0, len(ours), part):
        some = ours[first : first + part]
        if tree is None:
            straight = cdist(some, theirs)
            row, column = np.nonzero(straight <= metres)
            yield first + row, column, straight[row, column]
        else:
            found = cKDTree(some).sparse_distance_matrix(tree, metres, output_type="ndarray")
            yield first + found["i"], found["j"], found["v"]
