"""What a suite has to know of the country that it runs in; all else it reads in the database."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from geo.coordinates import BBox, LonLat, degrees_between


@dataclass(frozen=True, slots=True)
class Home:
    """A seeded country."""

    nation: str
    """The code of its nation."""
    region: str
    """The code of a part of it that holds a few towns."""
    parts: int
    """How many areas coverage of its first level has, that of the people included of whom none is known."""
    town: LonLat
    """A town with an office of every kind near it."""
    far: LonLat
    """A place that is far from every town."""
    abroad: LonLat
    """A place outside of all jurisdictions, whose nation is known to be this one."""
    box: BBox
    """Where in the country places are drawn by chance."""
    near: BBox
    """A box around towns that lie near to each other."""
    time_zone: str

    @property
    def at(self) -> dict[str, float]:
        """The town as the API takes it."""
        return point(self.town)

    def anywhere(self, chance: random.Random) -> LonLat:
        """Draw a place in its box."""
        east = self.box.west + degrees_between(self.box.west, self.box.east)
        return LonLat(lon=chance.uniform(self.box.west, east), lat=chance.uniform(self.box.south, self.box.north))

    def moment(self, clock: str) -> str:
        """Return the moment at which its clocks show what clocks at Greenwich show at a moment, in that moment's offset.

        Examples
        --------
        >>> VELAA.moment("2026-03-02T10:00:00Z"), VELAA.moment("2026-03-02T12:00:00+02:00")
        ('2026-03-01T22:00:00+00:00', '2026-03-02T00:00:00+02:00')

        """
        given = dt.datetime.fromisoformat(clock)
        shown = given.astimezone(dt.UTC).replace(tzinfo=ZoneInfo(self.time_zone))
        return shown.astimezone(given.tzinfo).isoformat()


def point(place: LonLat) -> dict[str, float]:
    """Return a place as the API takes it."""
    return {"lon": place.lon, "lat": place.lat}


MALI = Home(
    nation="COD-AB:MLI",
    region="ISO-3166-2:ML-3",
    parts=21,
    town=LonLat(lon=-5.66654, lat=11.31755),
    far=LonLat(lon=-5.30, lat=12.45),
    abroad=LonLat(lon=-18, lat=14),
    box=BBox(west=-11, south=11, east=0, north=16),
    near=BBox(west=-8.2, south=12.4, east=-7.7, north=12.9),
    time_zone="Africa/Bamako",
)
VELAA = Home(
    nation="VELA:XVL",
    region="VELA:XV13",
    parts=2,
    town=LonLat(lon=-179.9, lat=-16.9),
    far=LonLat(lon=179.99, lat=-16.01),
    abroad=LonLat(lon=-174, lat=-16.5),
    box=BBox(west=178, south=-18, east=-179, north=-16),
    near=BBox(west=179.3, south=-17, east=-179.3, north=-16),
    time_zone="Pacific/Fiji",
)
