"""The place of a record: inside its country, in an area in force, and nothing said of it contradicts the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from geo.coordinates import LonLat
from geo.database.loading import keep_hours
from geo.database.owner import sql_file
from geo.errors import BadInput
from geo.notations.phones import international
from geo.texts import line

PLACE_FIELDS = ("point", "area_code", "area_name", "locality_id")
FAR_M = 5_000.0
"""Metres that a place may stand outside of its own area: outlines are simplified, and coordinates rounded."""
FAR_INSIDE_M = 1_000.0
"""The same where it stands inside of another area of that edition and level."""
FAR_FROM_TOWN_M = 50_000.0
"""Metres between a place and the middle of its town that nobody would call one town any more."""


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

    What opening hours among them mean is kept for SQL to ask; phone numbers are put in international form.

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
    if "languages" in values:
        kept["languages"] = values["languages"] or []
    if values.get("opening_hours") is not None:
        keep_hours(connection, [values["opening_hours"]])
    if "locality_id" in values:
        kept["locality_id"] = _locality(connection, values["locality_id"])
    if former is not None and point is None and "area_code" in values and area_code is None:
        raise BadInput("area_code", "it cannot be empty; name an area, or give the point whose area is to be found.")
    if area_code is not None:
        kept["area_id"] = area_id(connection, area_code)
    _check_name(connection, kept.get("area_id"), values)
    if point is not None:
        kept["point"] = f"SRID=4326;{point.wkt}"
        if area_code is None:
            kept["area_id"] = _area_of(connection, point)
        if former is not None and "locality_id" not in values:
            kept["locality_id"] = None  # the place has changed
        _check_inside(connection, [point], kept["area_id"])
    by_code = area_code is not None
    hides = values.get("confidential", bool(former and _hides(former)))
    _check_agrees(connection, kept, former, by_code=by_code, tells_place=not hides)
    if values.get("phone") is not None:
        kept["phone"] = _dialled(connection, values["phone"], kept.get("area_id", former and former.area_id))
    return kept


def _hides(former: Any) -> bool:
    return bool(getattr(former, "confidential", False))


def other_area(connection: Connection, values: dict[str, Any], what: str) -> dict[str, Any]:
    """Take the code and the name of an area out of values, and return its id; nothing where no code is among them.

    ``what`` is the area's part: of ``service_area`` they are ``service_area_code``, ``_name`` and ``_id``.
    """
    code, name = f"{what}_code", f"{what}_name"
    given = {each: values.pop(each) for each in (code, name) if each in values}
    found = {}
    if code in given:
        found[f"{what}_id"] = None if given[code] is None else area_id(connection, given[code], code)
    _check_name(connection, found.get(f"{what}_id"), given, name, code)
    return found


def _check_name(
    connection: Connection,
    area: str | None,
    values: Mapping[str, Any],
    name: str = "area_name",
    code: str = "area_code",
) -> None:
    """Refuse the name that travels with the code of an area, and is not that area's, or comes without a code."""
    if name not in values:
        return
    named = values[name]
    if named is None or area is None:
        problem = "it cannot be empty." if named is None else f"it comes without its code; give `{code}` as well."
        raise BadInput(name, problem)
    own: str | None = connection.scalar(
        text(
            "SELECT concat_ws(' / ', name_fr, name_en, name_bm) FROM lakana.admin_area WHERE id = CAST(:area AS uuid) "
            "AND lakana.fold(:name) <> ALL (ARRAY[lakana.fold(name_fr), coalesce(lakana.fold(name_en), ''), "
            "coalesce(lakana.fold(name_bm), '')])"
        ),
        {"area": area, "name": named},
    )
    if own is not None:
        raise BadInput(
            name, f"the code names {own}, and not that; it may be of another edition, written SCHEME@EDITION:CODE."
        )


def _check_agrees(
    connection: Connection, kept: dict[str, Any], former: Any, *, by_code: bool, tells_place: bool
) -> None:
    """Refuse a point, an area and a locality of which two cannot be true, with both sides named.

    ``by_code`` says that the caller named the area, ``tells_place`` that it may be repeated where the place is.
    """
    if not kept.keys() & {"point", "area_id", "locality_id"}:
        return
    point, area, locality = (
        kept.get(name, getattr(former, name, None)) for name in ("point", "area_id", "locality_id")
    )
    values = {
        "point": getattr(point, "desc", point),  # that of a row comes as a WKBElement
        "area": area,
        "locality": locality,
        "far_m": FAR_M,
        "far_inside_m": FAR_INSIDE_M,
        "far_from_town_m": FAR_FROM_TOWN_M,
    }
    found = connection.execute(text(sql_file("writes/contradiction")), values).first()
    if found is None:
        return
    subject = f"{found.name} ({found.code})" if found.code else ""
    subject = " in ".join(filter(None, (found.town, subject)))
    if by_code and found.metres is None:
        problem = f"it lies in {subject}, which `area_code` contradicts"
    elif tells_place:
        away = "" if found.metres is None else f" {found.metres / 1000:,.0f} km away"
        problem = f"it is {subject}, and the point stands{away}{_stands_in(connection, values['point'])}"
    else:  # not to be repeated: where a confidential site stands
        problem = f"it is {subject}, and the point stands outside of that"
    raise BadInput(found.field, f"{problem}; correct the one that is wrong.")


def _stands_in(connection: Connection, point: Any) -> str:
    found: str | None = connection.scalar(
        text(
            "SELECT name_fr || ' (' || lakana.area_code(scheme, edition, code, valid_from, valid_to) || ')' "
            "FROM lakana.admin_area WHERE id = lakana.area_of(CAST(:point AS geography))"
        ),
        {"point": point},
    )
    return f" in {found}" if found else " in no area that is known"


def _dialled(connection: Connection, phone: str, area: str | None) -> str:
    """Return phone numbers in international form, those without a prefix as they are dialled in the area's country."""
    known = connection.execute(
        text(
            "SELECT d.region, d.short_codes FROM lakana.dialling d "
            "JOIN lakana.area_within w ON w.ancestor_id = d.nation_id "
            "WHERE w.area_id = CAST(:area AS uuid) ORDER BY d.nation_id LIMIT 1"
        ),
        {"area": area},
    ).one_or_none()
    region, short_codes = (None, []) if known is None else known
    return international("phone", phone, region, short_codes)


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
        _check_inside(connection, [point], home)
        raise BadInput(point.field, "no area in force is known to hold this place; name its area by `area_code`.")
    return found


def check_in_a_country(connection: Connection, points: Sequence[LonLat]) -> None:
    """Refuse places outside the hull of every country in force, with the distance to the nearest.

    Raises
    ------
    BadInput
        For the first that lies outside; the text says so if longitude and latitude are swapped.

    """
    _check_inside(connection, points, None)


def _check_inside(connection: Connection, points: Sequence[LonLat], area: str | None) -> None:
    measured = zip(points, _outside_m(connection, points, area), strict=True)
    found = next(((point, off_m) for point, off_m in measured if off_m), None)
    if found is None:
        return
    point, off_m = found
    if abs(point.lon) <= 90:  # noqa: PLR2004  else it is no latitude
        swapped = LonLat(lon=point.lat, lat=point.lon)
        if _outside_m(connection, [swapped], area) == [0]:
            # The text does not repeat the place, which may be confidential.
            raise BadInput(point.field, "longitude and latitude are swapped: exchanged, they lie in the country.")
    else_name = "" if area is None else ", or name the area"
    raise BadInput(
        point.field,
        f"it lies {off_m / 1000:,.1f} km outside the country; check longitude and latitude{else_name}.",
    )


def _outside_m(connection: Connection, points: Sequence[LonLat], area: str | None) -> list[float | None]:
    """Return how far each place lies outside, in metres; a hull takes far longer to make than to measure to."""
    found = connection.scalars(
        text(sql_file("writes/outside")), {"points": [each.wkt for each in points], "area": area}
    )
    return list(found)
