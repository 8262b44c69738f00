"""Places on the WGS 84 spheroid (EPSG:4326), longitude first, checked once on input."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.errors import BadInput

SRID = 4326
MAX_DISTANCE_M = 20_037_508.0
"""Half of the equator, in metres: no two places are farther apart on the spheroid."""


def _check(field: str, value: float, bound: float, twin: str) -> None:
    if not math.isfinite(value):
        raise BadInput(field, f"{value} is not a number of degrees; give one from -{bound:g} to {bound:g}.")
    if not -bound <= value <= bound:
        hint = f" Longitude and latitude may be swapped: compare with {twin}." if abs(value) <= 180 else ""  # noqa: PLR2004
        raise BadInput(field, f"{value} degrees is outside -{bound:g} to {bound:g}.{hint}")


@dataclass(frozen=True, slots=True)
class LonLat:
    """A place in degrees, EPSG:4326.

    Parameters
    ----------
    lon
        Longitude, -180 to 180, both inclusive.
    lat
        Latitude, -90 to 90, both inclusive.
    field
        The name of this place in errors.

    Raises
    ------
    BadInput
        Where a value is not finite or outside its bounds.

    Examples
    --------
    >>> LonLat(lon=-5.66654, lat=11.31755).wkt
    'POINT(-5.66654 11.31755)'
    >>> LonLat(lon=180, lat=90).wkt
    'POINT(180 90)'

    """

    lon: float
    lat: float
    field: str = "point"

    def __post_init__(self) -> None:
        """Refuse values that are no place."""
        _check(f"{self.field}.lon", self.lon, 180, f"{self.field}.lat")
        _check(f"{self.field}.lat", self.lat, 90, f"{self.field}.lon")

    @property
    def wkt(self) -> str:
        """The place as well-known text, longitude first."""
        return f"POINT({self.lon!r} {self.lat!r})"


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in degrees, EPSG:4326, edges inclusive, that does not cross the antimeridian.

    Raises
    ------
    BadInput
        Where an edge is not a place, or west lies east of east, or south north of north.

    Examples
    --------
    >>> BBox(west=-12.3, south=10.1, east=4.3, north=25.0).north
    25.0
    >>> BBox(west=1, south=0, east=0, north=1)
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: bbox: west (1) lies east of east (0); a box across the antimeridian must be asked in two parts.

    """

    west: float
    south: float
    east: float
    north: float
    field: str = "bbox"

    def __post_init__(self) -> None:
        """Refuse values that are no box."""
        for name, bound in (("west", 180), ("south", 90), ("east", 180), ("north", 90)):
            _check(f"{self.field}.{name}", getattr(self, name), bound, "the other edges")
        if self.west > self.east:
            raise BadInput(
                self.field,
                f"west ({self.west}) lies east of east ({self.east}); a box across the antimeridian must be "
                "asked in two parts.",
            )
        if self.south > self.north:
            raise BadInput(self.field, f"south ({self.south}) lies north of north ({self.north}); swap them.")
