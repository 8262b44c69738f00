"""Places on the WGS 84 spheroid (EPSG:4326), longitude first, checked once on input."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.errors import BadInput

SRID = 4326
MERCATOR = 3857
"""The plane, in metres at the equator, that tiles of maps are parts of."""
TURN = 360.0
MOST_DEGREES = 36_000.0
"""Longitudes are taken after up to 100 turns of the earth, as a map gives that somebody has turned."""
LEAST_DEGREES = 1e-12
A_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
"""Of the WGS 84 spheroid: the radius of its equator in metres, and its flattening."""
SQUARED_ECCENTRICITY = FLATTENING * (2 - FLATTENING)
MAX_DISTANCE_M = 20_037_508.0
"""Half of the equator, in metres: no two places are farther apart on the spheroid."""


def check_degrees(field: str, value: float, bound: float, twin: str) -> None:
    """Refuse a number outside its bound, both ends inclusive.

    Raises
    ------
    BadInput
        The text says so if longitude and latitude may be swapped.

    """
    usual = min(bound, TURN / 2)
    if not math.isfinite(value):
        raise BadInput(field, f"{value} is not a number of degrees; give one from -{usual:g} to {usual:g}.")
    if not -bound <= value <= bound:
        hint = f" Longitude and latitude may be swapped: compare with {twin}." if abs(value) <= 180 else ""  # noqa: PLR2004
        turns = f" or that after up to {MOST_DEGREES / TURN:g} turns" if bound == MOST_DEGREES else ""
        raise BadInput(field, f"{value} degrees is outside -{usual:g} to {usual:g}{turns}.{hint}")


def plain(degrees: float) -> float:
    """Return degrees, but 0 for less than 10⁻¹², a tenth of a micrometre: PostgreSQL refuses squares that small.

    Examples
    --------
    >>> plain(1e-160), plain(1e-12), plain(-5.66654)
    (0.0, 1e-12, -5.66654)

    """
    return 0.0 if 0 < abs(degrees) < LEAST_DEGREES else degrees


def turned(lon: float) -> float:
    """Return a longitude within -180 to 180, both inclusive.

    Examples
    --------
    >>> turned(352.0), turned(180.0), turned(-180.0), turned(-372.0)
    (-8.0, 180.0, -180.0, -12.0)

    """
    return lon if -TURN / 2 <= lon <= TURN / 2 else (lon + TURN / 2) % TURN - TURN / 2


def degrees_between(west: float, east: float) -> float:
    """Return how many degrees lie from one longitude eastwards to another, 0 to 360; a whole turn and more is 360.

    Examples
    --------
    >>> degrees_between(-12.0, 4.0), degrees_between(170.0, -170.0), degrees_between(-900.0, 900.0)
    (16.0, 20.0, 360.0)

    """
    return min(east - west, TURN) if east >= west else (east - west) % TURN


@dataclass(frozen=True, slots=True)
class LonLat:
    """A place in degrees, EPSG:4326.

    Parameters
    ----------
    lon
        Longitude; any turn of the earth, up to 100, becomes -180 to 180, both inclusive.
    lat
        Latitude, -90 to 90, both inclusive. Of both, less than 10⁻¹² becomes 0.
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
    >>> LonLat(lon=352, lat=12).lon
    -8.0

    """

    lon: float
    lat: float
    field: str = "point"

    def __post_init__(self) -> None:
        """Refuse values that are no place."""
        check_degrees(f"{self.field}.lon", self.lon, MOST_DEGREES, f"{self.field}.lat")
        check_degrees(f"{self.field}.lat", self.lat, 90, f"{self.field}.lon")
        object.__setattr__(self, "lon", plain(turned(self.lon)))
        object.__setattr__(self, "lat", plain(self.lat))

    @property
    def wkt(self) -> str:
        """The place as well-known text, longitude first."""
        return f"POINT({self.lon!r} {self.lat!r})"

    def geocentric_m(self) -> tuple[float, float, float]:
        """Return the place on the WGS 84 spheroid in metres from the centre of the earth (EPSG:4978).

        Examples
        --------
        >>> [round(each) for each in LonLat(lon=90.0, lat=0.0).geocentric_m()]
        [0, 6378137, 0]

        """
        lon, lat = math.radians(self.lon), math.radians(self.lat)
        normal = A_M / math.sqrt(1 - SQUARED_ECCENTRICITY * math.sin(lat) ** 2)
        ground = normal * math.cos(lat)
        return ground * math.cos(lon), ground * math.sin(lon), normal * (1 - SQUARED_ECCENTRICITY) * math.sin(lat)


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in degrees, EPSG:4326, edges inclusive: from west eastwards to east, perhaps across the antimeridian.

    Longitudes of any turn of the earth become -180 to 180; a box of a whole turn and more holds all of them.

    Raises
    ------
    BadInput
        Where an edge is not a place, or south lies north of north.

    Examples
    --------
    >>> BBox(west=-12.3, south=10.1, east=4.3, north=25.0).across
    False
    >>> box = BBox(west=170, south=0, east=190, north=1)
    >>> box.east, box.across, box.degrees
    (-170.0, True, 20.0)

    """

    west: float
    south: float
    east: float
    north: float
    field: str = "bbox"

    def __post_init__(self) -> None:
        """Refuse values that are no box."""
        for name, bound in (("west", MOST_DEGREES), ("south", 90), ("east", MOST_DEGREES), ("north", 90)):
            check_degrees(f"{self.field}.{name}", getattr(self, name), bound, "the other edges")
        if self.south > self.north:
            raise BadInput(self.field, f"south ({self.south}) lies north of north ({self.north}); swap them.")
        whole = self.degrees == TURN
        object.__setattr__(self, "west", -TURN / 2 if whole else plain(turned(self.west)))
        object.__setattr__(self, "east", TURN / 2 if whole else plain(turned(self.east)))
        object.__setattr__(self, "south", plain(self.south))
        object.__setattr__(self, "north", plain(self.north))

    @property
    def degrees(self) -> float:
        """How many degrees of longitude it is wide, 0 to 360."""
        return degrees_between(self.west, self.east)

    @property
    def across(self) -> bool:
        """Whether it crosses the antimeridian."""
        return self.west > self.east
