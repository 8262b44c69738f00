"""Metres between many places at once, as PostGIS measures them.

A country's demand points × candidates are millions of pairs, which a statement would return as text. PostGIS alone
decides whether a pair lies within reach; these distances are used where they are summed or compared (p-median,
p-centre).
"""

from __future__ import annotations

import numpy as np

from geo.spheroid import AT_ONCE, Numbers, spheroid_m


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
