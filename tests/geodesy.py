"""Distances on the WGS 84 spheroid without PostGIS: Vincenty's inverse formula (Survey Review 23, 1975)."""

from __future__ import annotations

import math

A, F = 6_378_137.0, 1 / 298.257223563
B = A * (1 - F)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the metres between two places in degrees; not for places nearly opposite on the globe."""
    if (lon1, lat1) == (lon2, lat2):
        return 0.0
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(lat))) for lat in (lat1, lat2))
    difference = math.radians(lon2 - lon1)
    longitude = difference
    for _ in range(100):
        sine = math.hypot(
            math.cos(u2) * math.sin(longitude),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(longitude),
        )
        cosine = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(longitude)
        sigma = math.atan2(sine, cosine)
        azimuth = math.cos(u1) * math.cos(u2) * math.sin(longitude) / sine
        squared = 1 - azimuth**2
        middle = cosine - 2 * math.sin(u1) * math.sin(u2) / squared if squared else 0.0
        c = F / 16 * squared * (4 + F * (4 - 3 * squared))
        before = longitude
        longitude = difference + (1 - c) * F * azimuth * (
            sigma + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        )
        if abs(longitude - before) < 1e-12:
            break
    square = squared * (A**2 - B**2) / B**2
    big_a = 1 + square / 16384 * (4096 + square * (-768 + square * (320 - 175 * square)))
    big_b = square / 1024 * (256 + square * (-128 + square * (74 - 47 * square)))
    delta = (
        big_b
        * sine
        * (
            middle
            + big_b / 4 * (cosine * (2 * middle**2 - 1) - big_b / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3))
        )
    )
    return B * big_a * (sigma - delta)
