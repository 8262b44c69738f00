"""The place of a row, from its columns or its geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.coordinates import LonLat
from geo.errors import BadInput
from seeds.loading.reading import Read
from seeds.troubles import FileTrouble, Refused, RowTrouble


def drawn(geometry: Mapping[str, Any]) -> BaseGeometry:
    """Return a geometry of GeoJSON.

    Raises
    ------
    Refused
        If it is empty, a line has one position, or a ring fewer than four.

    """
    try:
        made = shape(geometry)
    except (ValueError, IndexError, TypeError, shapely.errors.ShapelyError) as error:
        raise Refused(FileTrouble.NO_GEOMETRY, reason=str(error).split(":", maxsplit=1)[0]) from None
    if made.is_empty:
        raise Refused(FileTrouble.NO_GEOMETRY, reason="it is empty")
    return made


def place_of(row: Read) -> LonLat:
    """Return the place of a row; of an outline, a point inside it.

    Raises
    ------
    Refused
        If it has none, or one that is nowhere on earth or at 0, 0.

    """
    if row.geometry is not None:
        at = drawn(row.geometry).representative_point()
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
