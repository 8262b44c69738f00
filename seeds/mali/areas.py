"""Admin areas: COD-AB as it is in force and as it was before the reform, ISO 3166-2, outlines, census totals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapely import MultiPolygon, Polygon, union_all
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import admin_area, area_crosswalk, area_population
from seeds.mali.cercles import ISO_OF_FORMER, former_cercles
from seeds.mali.codes import (
    COD,
    CROSSWALK,
    EDITIONS,
    ENGLISH,
    FORMER,
    FORMER_NATION,
    ISO,
    ISO_NATION,
    NATION,
    VALID_FROM,
    area_id,
    cod_rows,
    french_name,
    iso_regions,
)
from seeds.mali.reading import apportion, table
from seeds.mali.sources import source_id

CHILDREN_OF_100 = 55
"""Children under 18 among 100 people: UNICEF Mali, annual report 2023."""


def load(connection: Connection) -> None:
    """Insert the areas of each edition, what leads from one to another, and populations."""
    insert_rows(connection, admin_area, [_nation(COD, NATION), _nation(ISO, ISO_NATION)])
    insert_rows(connection, admin_area, [_former(0, FORMER_NATION, "Mali", None)])  # a row of other columns
    insert_rows(connection, admin_area, [_iso_region(code, name) for code, name in iso_regions().items()])
    insert_rows(connection, admin_area, _former_regions())
    insert_rows(connection, admin_area, [_former(2, each.code, each.name, each.region) for each in former_cercles()])
    for level in (1, 2):
        insert_rows(connection, admin_area, [_cod_area(row) for row in cod_rows() if row["Admin Level"] == str(level)])
    connection.execute(insert(area_crosswalk), [_leads(*pair) for pair in _steps()])
    connection.execute(insert(area_population), _populations())


def _leads(inner: str, outer: str) -> dict[str, Any]:
    return {"from_area_id": inner, "to_area_id": outer, "share": 1.0, "source_id": source_id("cod-ab")}


def _steps() -> Iterator[tuple[str, str]]:
    """Yield the ids of an area and of one of another edition that holds all of it."""
    yield area_id(COD, NATION), area_id(ISO, ISO_NATION)
    yield area_id(FORMER, FORMER_NATION), area_id(COD, NATION)
    for new, old in CROSSWALK.items():
        yield area_id(COD, new), area_id(ISO, old)
    for code, iso in ISO_OF_FORMER.items():
        yield area_id(FORMER, code), area_id(ISO, iso)
    for each in former_cercles():
        if each.today:
            yield area_id(FORMER, each.code), area_id(COD, each.today)


def _nation(scheme: str, code: str) -> dict[str, Any]:
    return {
        "id": area_id(scheme, code),
        "scheme": scheme,
        "edition": EDITIONS[scheme],
        "code": code,
        "level": 0,
        "name_fr": "Mali",
        "source_id": source_id("cod-ab"),
    }


def _iso_region(code: str, name: str) -> dict[str, Any]:
    return {
        "id": area_id(ISO, code),
        "scheme": ISO,
        "edition": EDITIONS[ISO],
        "code": code,
        "level": 1,
        "name_fr": name,
        "name_en": "Timbuktu" if code == "ML-6" else None,
        "parent_id": area_id(ISO, ISO_NATION),
        "source_id": source_id("cod-ab-2018"),
    }


def _former_regions() -> list[dict[str, Any]]:
    return [_former(1, code, iso_regions()[iso], FORMER_NATION) for code, iso in ISO_OF_FORMER.items()]


def _former(level: int, code: str, name: str, parent: str | None) -> dict[str, Any]:
    return {
        "id": area_id(FORMER, code),
        "scheme": COD,
        "edition": EDITIONS[FORMER],
        "code": code,
        "level": level,
        "name_fr": name,
        "name_en": "Timbuktu" if name == "Tombouctou" else None,
        "parent_id": parent and area_id(FORMER, parent),
        "valid_to": VALID_FROM,
        "source_id": source_id("cod-ab-2018"),
    }


def _cod_area(row: dict[str, str]) -> dict[str, Any]:
    return {
        "id": area_id(COD, row["P-Code"]),
        "scheme": COD,
        "edition": EDITIONS[COD],
        "code": row["P-Code"],
        "level": int(row["Admin Level"]),
        "name_fr": french_name(row),
        "name_en": ENGLISH.get(row["P-Code"]),
        "parent_id": area_id(COD, row["Parent P-Code"]),
        "valid_from": VALID_FROM,
        "source_id": source_id("cod-ab"),
    }


def load_outlines(connection: Connection) -> None:
    """Give the former cercles their outlines, and unions of these to all areas that are made of whole ones.

    Of the regions of today Tombouctou and Taoudénit have none: no edition says where the border between them runs.
    """
    every = former_cercles()
    of_region: dict[str, list[BaseGeometry]] = {}
    for each in every:
        parents = [area_id(ISO, each.iso), area_id(FORMER, each.region)]
        for parent in [*parents, area_id(COD, each.today)] if each.today else parents:
            of_region.setdefault(parent, []).append(each.outline)
    nation = union_all([each.outline for each in every])
    outlines = {area_id(FORMER, each.code): (each.outline, False) for each in every}
    outlines |= {parent: (union_all(parts), True) for parent, parts in of_region.items()}
    for scheme, code in ((COD, NATION), (FORMER, FORMER_NATION), (ISO, ISO_NATION)):
        outlines[area_id(scheme, code)] = nation, True
    for area, (outline, derived) in outlines.items():
        many = MultiPolygon([outline]) if isinstance(outline, Polygon) else outline
        values = {
            "geom": f"SRID=4326;{many.wkt}",
            "outline_derived": derived,
            "outline_source_id": source_id("cod-ab-2018"),
        }
        connection.execute(admin_area.update().where(admin_area.c.id == area).values(**values))


def region_totals() -> dict[str, tuple[int, int]]:
    """Return people and children under 18 of each COD-AB region in 2022; both add up to the nation's."""
    people = {row["pcode_cod_ab_v03"]: int(row["population_2022"]) for row in table("rgph5_2022_by_region.csv")}
    children = apportion(sum(people.values()) * CHILDREN_OF_100 // 100, list(people.values()))
    return {code: (total, under_18) for (code, total), under_18 in zip(people.items(), children, strict=True)}


def _populations() -> list[dict[str, Any]]:
    totals: dict[tuple[str, str, int], list[int]] = {}
    for code, (people, children) in region_totals().items():
        for scheme, area in ((COD, code), (COD, NATION), (ISO, CROSSWALK[code]), (ISO, ISO_NATION)):
            entry = totals.setdefault((scheme, area, 2022), [0, 0])
            entry[0] += people
            entry[1] += children
    for row in table("rgph4_2009_by_region.csv"):
        people = int(row["population_2009"])
        for area in (row["iso_3166_2"], ISO_NATION):
            entry = totals.setdefault((ISO, area, 2009), [0, 0])
            entry[0] += people
            entry[1] += people * CHILDREN_OF_100 // 100
    return [
        {
            "area_id": area_id(scheme, area),
            "year": year,
            "total": people,
            "under_18": children,
            "source_id": source_id("instat"),
        }
        for (scheme, area, year), (people, children) in totals.items()
    ]
