"""Areas: COD-AB in its three generations, geoBoundaries, lists of P-codes, and any GeoJSON of outlines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.columns.kind import LEVELS, Field, Kind, area_fields, plain
from seeds.loading import demand
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import drawn
from seeds.loading.reading import Read
from seeds.matching import divisions
from seeds.matching.divisions import Division
from seeds.readers.table import Cell, Form
from seeds.troubles import AreaTrouble, CellTrouble, Refused, RowTrouble

COD, GEOBOUNDARIES = "COD-AB", "geoBoundaries"
MOST_CHANGED = 0.01
"""By how much of its area mending may change an outline."""


def level(cell: Cell, notation: Notation) -> int:
    """Return a level from 0, the nation, to 4.

    Examples
    --------
    >>> level("ADM2", Notation()), level(1.0, Notation())
    (2, 1)

    """
    found = re.fullmatch("(?:adm|admin)?([0-4])", plain(str(cell)))
    value = int(found[1]) if found else cells.whole(cell, notation)
    if value not in LEVELS:
        raise Refused(CellTrouble.NO_NUMBER)
    return value


KIND = Kind(
    "areas",
    ("aires administratives", "admin areas"),
    (
        *(each for each in area_fields() if each.name.startswith("admin")),
        Field(
            "code",
            ("code de l’aire", "code of the area"),
            cells.code,
            ("p-code", "pcode", "code", "shapeid"),
        ),
        Field("name", ("nom de l’aire", "name of the area"), cells.name, ("name_fr", "nom", "name", "shapename")),
        Field("name_en", ("nom en anglais", "name in English"), cells.name, ("name_en",)),
        Field("name_bm", ("nom en bambara", "name in Bambara"), cells.name, ("name_bm",)),
        Field("level", ("niveau", "level"), level, ("level", "niveau", "admin level", "shapetype", "admlevel")),
        Field(
            "parent_code",
            ("code de l’aire au-dessus", "code of the area above"),
            cells.code,
            ("parent p-code", "parent pcode", "parent code", "parent"),
        ),
        Field(
            "localities",
            ("lieux habités, au moins", "inhabited places, at least"),
            cells.whole,
            ("localities", "localités", "lieux habités", "nombre de localités"),
        ),
        Field("nation_code", ("code du pays", "code of the nation"), cells.code, ("shapegroup", "iso3", "location")),
        Field(
            "derived",
            ("contour tiré de ceux des parties", "outline made of those of its parts"),
            cells.yes_or_no,
            ("geometryDerived",),
        ),
        Field(
            "valid_from",
            ("en vigueur dès", "in force from"),
            cells.date,
            ("validon", "valid_on", "valid from date", "valid_from"),
        ),
    ),
)

STAGED = {
    "codes": "text[]",
    "names": "text[]",
    "level": "smallint",
    "code": "text",
    "name_fr": "text",
    "name_en": "text",
    "name_bm": "text",
    "parent_code": "text",
    "valid_from": "date",
    "localities": "integer",
    "geom": "geometry(MultiPolygon, 4326)",
    "mended": "text",
}


def stage(row: Read, options: Options) -> list[Any]:
    """Return what is staged of a row: its chain of areas, itself, and its outline."""
    values = row.values
    codes = [values.get(f"admin{each}_code") for each in LEVELS]
    names = [values.get(f"admin{each}_name") for each in LEVELS]
    codes[0] = codes[0] or values.get("nation_code")
    own = _own_level(codes, values)
    code = codes[own] or values.get("code")
    called = names[own] or values.get("name")
    if code is None:
        raise Refused(AreaTrouble.NO_AREA_CODE)
    if called is None:
        raise Refused(AreaTrouble.NO_AREA_NAME)
    codes[own], names[own] = code, called
    above = next((codes[each] for each in reversed(range(own)) if codes[each]), None)
    parent = values.get("parent_code") or (above if own == 1 or above != codes[0] else None)
    # An outline that was made of those of its parts is made of them again.
    drawn = None if values.get("derived") else row.geometry
    outline, mended = (None, None) if drawn is None else outlined(drawn)
    wkb = None if outline is None else shapely.to_wkb(shapely.set_srid(outline, 4326), hex=True, include_srid=True)
    more = [values.get("name_en"), values.get("name_bm"), parent, values.get("valid_from") or options.valid_from]
    more.append(values.get("localities"))
    return [codes, names, own, code, called, *more, wkb, mended]


def _own_level(codes: list[str | None], values: Mapping[str, Any]) -> int:
    """Return the level of a row's own area: as it says, else the deepest that has a code in its own columns."""
    if "level" in values:
        return int(values["level"])
    deepest = next((each for each in reversed(LEVELS) if codes[each]), None)
    if deepest is None:
        raise Refused(AreaTrouble.NO_AREA_CODE)
    return deepest


def outlined(geometry: Mapping[str, Any]) -> tuple[BaseGeometry, str | None]:
    """Return an outline as a valid multipolygon, and what was wrong with its lines if they had to be mended.

    Raises
    ------
    Refused
        If it is no outline, is not on earth, or mending would change its area.

    """
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise Refused(AreaTrouble.NO_OUTLINE, kind=geometry["type"])
    outline = drawn(geometry)
    west, south, east, north = outline.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):  # noqa: PLR2004  degrees
        raise Refused(RowTrouble.NOT_ON_EARTH)
    if outline.is_valid:
        return _many(outline), None
    reason = shapely.is_valid_reason(outline).partition("[")[0].strip()
    mended = _many(shapely.make_valid(outline))
    before = sum(shapely.area(each) for each in shapely.get_parts(outline))
    changed = abs(mended.area - before) / before if before else 1
    if changed > MOST_CHANGED or mended.is_empty:
        raise Refused(AreaTrouble.OUTLINE_CROSSED, reason=reason, percent=f"{100 * changed:.1f}")
    return mended, reason


def _many(geometry: BaseGeometry) -> BaseGeometry:
    parts = [each for each in shapely.get_parts(geometry) if each.geom_type in {"Polygon", "MultiPolygon"}]
    polygons = [each for part in parts for each in shapely.get_parts(part)]
    return shapely.multipolygons(polygons)


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    return ("geoBoundaries", None) if "shapeGroup" in form.names() else None


def _division(merging: Merging) -> Division:
    options = merging.options
    scheme, edition = options.scheme, options.edition
    if edition and "@" in edition:
        scheme, _, edition = edition.partition("@")
    form = merging.report.files[0].form
    if scheme is None:
        scheme = GEOBOUNDARIES if "shapeGroup" in form.names() else None
    if scheme is None and any(re.fullmatch("adm(in)?[0-4]pcode?", plain(each)) for each in form.names()):
        scheme = COD
    if scheme is None or edition is None:
        raise Refused(AreaTrouble.NEEDS_EDITION)
    return Division(scheme, edition)


def merge(merging: Merging) -> None:
    """Merge areas into their edition, with the areas above them that their rows name, and lead from and to others."""
    division = _division(merging)
    bound = vars(division)
    merging.run(
        "ALTER TABLE staged ADD id uuid, ADD parent_id uuid, ADD is_own boolean NOT NULL DEFAULT true,"
        " ADD since date, ADD until date"
    )
    merging.tell(merging.file("area_mended").all())
    merging.tell(merging.file("area_twice").all())
    merging.file("area_above")
    _add_nation(merging, bound)
    days = {"valid_from": merging.options.valid_from, "valid_to": merging.options.valid_to}
    merging.file("area_identified", **bound, **days)
    merging.tell(merging.file("area_parents", **bound).all())
    _close_earlier(merging, division)
    former = _home(merging)
    counted = merging.file("area_merged", **bound).one()
    if counted.redated:
        merging.note(AreaTrouble.DAYS_CHANGED, many=counted.redated)
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    for each in reversed(LEVELS):
        merging.file("area_outlines", **bound, level=each)
    merging.tell(merging.file("area_topology", **bound).all())
    if counted.new or counted.changed or counted.dated:
        home = _home(merging) or former or division
        merging.file("area_crosswalk", **bound, home_scheme=home.scheme, home_edition=home.edition)
        merging.run("SELECT lakana.settle_places()")
        demand.refresh(merging)


def _home(merging: Merging) -> Division | None:
    """Return the division in use; ``None`` where there is none, or nobody can tell which."""
    try:
        return divisions.chosen(merging.connection, None, None)
    except Refused:
        return None


def _add_nation(merging: Merging, bound: Mapping[str, str]) -> None:
    """Stage the nation where no row and no column says it: as a person says, or as the letters of the codes do."""
    given = merging.options.nation
    known = merging.file("area_nations", **bound).one()
    if known.staged or (known.held and given is None):
        if given is not None:
            code, _, called = given.partition("=")
            merging.run("UPDATE staged SET name_fr = :name WHERE (level, code) = (0, :code)", name=called, code=code)
        return
    if given is not None:
        code, _, called = given.partition("=")
    else:
        code, called = known.letters, known.called
        if not code:
            raise Refused(AreaTrouble.NEEDS_NATION)
        merging.note(AreaTrouble.NATION_FROM_CODES, code=code)
    merging.run(
        "INSERT INTO staged (file, row, level, code, name_fr, is_own) VALUES (0, 0, 0, :code, :name, false)",
        code=code.strip(),
        name=(called or code).strip(),
    )


def _close_earlier(merging: Merging, division: Division) -> None:
    """End the editions of the scheme that this one replaces; refuse what would be in force beside them."""
    options, bound = merging.options, vars(division)
    if options.valid_from is not None:
        for row in merging.file("area_closed", **bound, valid_from=options.valid_from).all():
            merging.note(AreaTrouble.EDITION_CLOSED, edition=f"{division.scheme}@{row.edition}", day=options.valid_from)
    at_once = merging.file("area_at_once", **bound).all()
    if at_once:
        raise Refused(AreaTrouble.EDITIONS_AT_ONCE, edition=f"{division.scheme}@{at_once[0].edition}")


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
