"""The place of a row, from its columns or its geometry."""

from __future__ import annotations

from shapely.geometry import shape

from geo.coordinates import LonLat
from geo.errors import BadInput
from seeds.loading.reading import Read
from seeds.troubles import Refused, RowTrouble


def place_of(row: Read) -> LonLat:
    """Return the place of a row; of an outline, a point inside it.

    Raises
    ------
    Refused
        If it has none, or one that is nowhere on earth or at 0, 0.

    """
    if row.geometry is not None:
        at = shape(row.geometry).representative_point()
        lon, lat = at.x, at.y
    elif "place" in row.values:
        lon, lat = row.values["place"]
    elif "lat" in row.values and "lon" in row.values:
        lon, lat = row.values["lon"], row.values["lat"]
    else:
        raise Refused(RowTrouble.NO_COORDINATES)
    if lon == lat == 0:
        raise Refused(RowTrouble.AT_ZERO)
    try:
        place = LonLat(lon=lon, lat=lat)
    except BadInput:
        raise Refused(RowTrouble.NOT_ON_EARTH, value=f"{lat}, {lon}") from None
    if abs(lon) > 180:  # noqa: PLR2004  a map may turn, a table does not
        raise Refused(RowTrouble.NOT_ON_EARTH, value=f"{lat}, {lon}")
    return place
