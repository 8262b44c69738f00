"""Metres on the WGS 84 spheroid over arrays of places, as PostGIS measures them.

Distances of millions of pairs are computed here, since a statement would have to return them all.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from geo.coordinates import A_M, FLATTENING, SQUARED_ECCENTRICITY

Numbers: TypeAlias = npt.NDArray[np.float64]

B_M = A_M * (1 - FLATTENING)
SHARPEST_M = B_M**2 / A_M
"""The least radius of curvature of the spheroid: that of a meridian at the equator."""
AT_ONCE = 32_768
"""Pairs to measure together: twice as fast as a million, which do not fit into the processor's cache."""
TURNS = 20
SAME = 1e-12
"""In radians of longitude: far less than a millimetre."""


def geocentric_m(lon: Numbers, lat: Numbers) -> Numbers:
    """Return places on the spheroid as x, y, z in metres from the centre of the earth, one row a place.

    Examples
    --------
    >>> geocentric_m(np.array([0.0]), np.array([0.0])).tolist()
    [[6378137.0, 0.0, 0.0]]

    """
    east, north = np.radians(lon), np.radians(lat)
    normal = A_M / np.sqrt(1 - SQUARED_ECCENTRICITY * np.sin(north) ** 2)
    ground = normal * np.cos(north)
    up = normal * (1 - SQUARED_ECCENTRICITY) * np.sin(north)
    return np.column_stack((ground * np.cos(east), ground * np.sin(east), up))


def longest_arc_m(straight_m: Numbers) -> Numbers:
    """Return how long the way along the surface can be at most between places so far apart through the earth, metres.

    It is never longer than the arc over the straight line on a sphere of the least radius of curvature.

    Examples
    --------
    >>> longest_arc_m(np.array([0.0, 30_000.0])).round(3).tolist()
    [0.0, 30000.028]

    """
    arc: Numbers = 2 * SHARPEST_M * np.arcsin(np.minimum(straight_m / (2 * SHARPEST_M), 1))
    return arc


def spheroid_m(lon1: Numbers, lat1: Numbers, lon2: Numbers, lat2: Numbers) -> Numbers:
    """Return the metres along the spheroid from each first place to its second, all in degrees, EPSG:4326.

    Shapes are broadcast: places of shape (n, 1) and (m,) give all n × m distances.

    Source: T. Vincenty, *Direct and inverse solutions of geodesics on the ellipsoid*, Survey Review 23 (1975), 88-93:
    accurate to a tenth of a millimetre. It does not work for places nearly opposite on the globe.

    Examples
    --------
    Two towns, and a place to itself:

    >>> lon1, lat1 = np.array([-8.0, 1.0]), np.array([12.65, 2.0])
    >>> lon2, lat2 = np.array([-5.66654, 1.0]), np.array([11.31755, 2.0])
    >>> [round(each) for each in spheroid_m(lon1, lat1, lon2, lat2).tolist()]
    [293781, 0]

    """
    (sin1, cos1), (sin2, cos2) = (_reduced(lat) for lat in (lat1, lat2))
    sines, cosines = sin1 * sin2, cos1 * cos2
    one, other = cos1 * sin2, sin1 * cos2
    difference = np.radians(lon2 - lon1)
    longitude = difference
    for _ in range(TURNS):
        turn, ahead = np.sin(longitude), np.cos(longitude)
        sine, cosine = np.hypot(cos2 * turn, one - other * ahead), sines + cosines * ahead
        # Zero where both are one place, or both on the equator: the limit of each fraction is zero there.
        azimuth = _over(cosines * turn, sine)
        squared = 1 - azimuth**2
        middle = np.where(squared > 0, cosine - 2 * _over(sines, squared), 0)
        c = FLATTENING / 16 * squared * (4 + FLATTENING * (4 - 3 * squared))
        arc = np.arctan2(sine, cosine) + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        before, longitude = longitude, difference + (1 - c) * FLATTENING * azimuth * arc
        if not longitude.size or np.max(np.abs(longitude - before)) < SAME:
            break
    return _length_m(sine, cosine, squared, middle)


def _reduced(lat: Numbers) -> tuple[Numbers, Numbers]:
    """Return sine and cosine of the reduced latitude."""
    tangent = (1 - FLATTENING) * np.tan(np.radians(lat))
    cosine = 1 / np.sqrt(1 + tangent**2)
    return tangent * cosine, cosine


def _over(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def _length_m(sine: Numbers, cosine: Numbers, squared: Numbers, middle: Numbers) -> Numbers:
    square = squared * (A_M**2 - B_M**2) / B_M**2
    big_a = 1 + square / 16384 * (4096 + square * (-768 + square * (320 - 175 * square)))
    big_b = square / 1024 * (256 + square * (-128 + square * (74 - 47 * square)))
    last = big_b / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3)
    delta = big_b * sine * (middle + big_b / 4 * (cosine * (2 * middle**2 - 1) - last))
    return B_M * big_a * (np.arctan2(sine, cosine) - delta)
