"""The place of a record: inside its country, in an area in force."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from geo.coordinates import LonLat
from geo.errors import BadInput
from geo.texts import line

PLACE_FIELDS = ("point", "area_code", "locality_id")


def code(field: str, value: Any) -> str:
    """Check the form of an area's code."""
    return line(field, value)


def area_id(connection: Connection, area_code: str, argument: str = "area_code") -> str:
    """Return the id of the area in force that a code names.

    Raises
    ------
    BadInput
        If it names none or several (SQLSTATE LK400, see ``lakana.area_in_force``), or one that is not in force.

    """
    found = connection.execute(
        text(
            "SELECT id::text, daterange(valid_from, valid_to) @> current_date AS in_force FROM lakana.admin_area "
            "WHERE id = lakana.area_in_force(:code, :argument)"
        ),
        {"code": area_code, "argument": argument},
    ).one()
    if not found.in_force:
        raise BadInput(argument, "it names an area of an edition that is not in force; name one that is.")
    return str(found.id)


def settled(connection: Connection, values: dict[str, Any], former: Any = None) -> dict[str, Any]:
    """Return checked values with ``point`` as EWKT and ``area_id`` in the place of the area's code.

    If only the place is given, its area becomes the smallest in force that contains it, and it has no locality; if only
    the area is given, the place stays.

    Parameters
    ----------
    connection
        The connection of the write.
    values
        Checked values; ``point`` is a :class:`geo.coordinates.LonLat`, EPSG:4326.
    former
        The current row, if there is one.

    Raises
    ------
    BadInput
        Where the place lies outside the hull of the country, with the distance, or in no area in force, or where there
        is no such locality.

    """
    kept = {name: value for name, value in values.items() if name not in PLACE_FIELDS}
    point: LonLat | None = values.get("point")
    area_code: str | None = values.get("area_code")
    if "locality_id" in values:
        kept["locality_id"] = _locality(connection, values["locality_id"])
    if former is not None and point is None and "area_code" in values and area_code is None:
        raise BadInput("area_code", "it cannot be empty; name an area, or give the point whose area is to be found.")
    if area_code is not None:
        kept["area_id"] = area_id(connection, area_code)
    if point is not None:
        kept["point"] = f"SRID=4326;{point.wkt}"
        if area_code is None:
            kept["area_id"] = _area_of(connection, point)
        if former is not None and "locality_id" not in values:
            kept["locality_id"] = None  # the place has changed
        _check_inside(connection, point, kept["area_id"])
    return kept


def _locality(connection: Connection, wanted: str | None) -> str | None:
    if wanted is not None and not connection.scalar(
        text("SELECT EXISTS (SELECT FROM lakana.locality WHERE id = CAST(:id AS uuid))"), {"id": wanted}
    ):
        raise BadInput("locality_id", "there is no locality of that id; `localities` lists them.")
    return wanted


def _area_of(connection: Connection, point: LonLat) -> str:
    found: str | None = connection.scalar(
        text("SELECT lakana.area_of(CAST(:point AS geography))::text"), {"point": point.wkt}
    )
    if found is None:
        home: str = connection.scalar(text("SELECT lakana.home_area()::text"))
        _check_inside(connection, point, home)
        raise BadInput(point.field, "no area in force is known to hold this place; name its area by `area_code`.")
    return found


def check_in_a_country(connection: Connection, point: LonLat) -> None:
    """Refuse a place outside the hull of every country in force, with the distance to the nearest.

    Raises
    ------
    BadInput
        If it lies outside; the text says so if longitude and latitude are swapped.

    """
    _check_inside(connection, point, None)


def _check_inside(connection: Connection, point: LonLat, area: str | None) -> None:
    off_m = _outside_m(connection, point.wkt, area)
    if not off_m:
        return
    if abs(point.lon) <= 90:  # noqa: PLR2004  else it is no latitude
        swapped = LonLat(lon=point.lat, lat=point.lon)
        if _outside_m(connection, swapped.wkt, area) == 0:
            # The text does not repeat the place, which may be confidential.
            raise BadInput(point.field, "longitude and latitude are swapped: exchanged, they lie in the country.")
    else_name = "" if area is None else ", or name the area"
    raise BadInput(
        point.field,
        f"it lies {off_m / 1000:,.1f} km outside the country; check longitude and latitude{else_name}.",
    )


def _outside_m(connection: Connection, wkt: str, area: str | None) -> float | None:
    off_m: float | None = connection.scalar(
        text(
            "SELECT min(lakana.outside_nation_m(CAST(:point AS geography), a.id)) FROM lakana.admin_area a "
            "WHERE CASE WHEN CAST(:area AS uuid) IS NOT NULL THEN a.id = CAST(:area AS uuid) "
            "ELSE a.level = 0 AND daterange(a.valid_from, a.valid_to) @> current_date END"
        ),
        {"point": wkt, "area": area},
    )
    return off_m
