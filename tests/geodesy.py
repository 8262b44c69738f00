"""Distances on the WGS 84 spheroid by PROJ, which shares no formula with ours."""

from __future__ import annotations

from pyproj import Geod

_SPHEROID = Geod(ellps="WGS84")


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the metres between two places in degrees."""
    return float(_SPHEROID.inv(lon1, lat1, lon2, lat2)[2])
