"""Admin areas: the 20 regions and 160 cercles of COD-AB, the 9 outlines of ISO 3166-2, the crosswalk, census totals."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Connection, func, insert
from sqlalchemy.dialects.postgresql import insert as insert_if_absent

from geo.database.loading import insert_rows
from geo.database.tables import admin_area, area_crosswalk, area_population, level_name
from seeds.mali.reading import apportion, stable_id, table, text
from seeds.mali.sources import source_id

COD, ISO = "COD-AB", "ISO-3166-2"
NATION, ISO_NATION = "MLI", "ML"
EDITIONS = {COD: "v03", ISO: "2009"}
VALID_FROM = dt.date(2025, 9, 4)

LEVELS: dict[str, tuple[tuple[str, str, str], ...]] = {
    COD: (
        ("nation", "nation", "jamana"),
        ("région", "region", "mara"),
        ("cercle", "cercle", "sɛrikili"),
        ("commune", "commune", "komini"),
    ),
    ISO: (("nation", "nation", "jamana"), ("région", "region", "mara")),
}
"""What the levels of each division are called, from the nation down, in French, English and Bambara."""

CHILDREN_OF_100 = 55
"""Children under 18 among 100 people: UNICEF Mali, annual report 2023."""

CROSSWALK: dict[str, str] = {
    **dict.fromkeys(("ML01", "ML11", "ML12"), "ML-1"),
    **dict.fromkeys(("ML02", "ML13", "ML14"), "ML-2"),
    **dict.fromkeys(("ML03", "ML15", "ML16"), "ML-3"),
    **dict.fromkeys(("ML04", "ML17"), "ML-4"),
    **dict.fromkeys(("ML05", "ML18", "ML19"), "ML-5"),
    **dict.fromkeys(("ML06", "ML09"), "ML-6"),
    **dict.fromkeys(("ML07", "ML10"), "ML-7"),
    "ML08": "ML-8",
    "ML20": "ML-BKO",
}
"""COD-AB region → the ISO region of 2009 that contains all of it."""

FRENCH: dict[str, str] = {
    "ML04": "Ségou",
    "ML06": "Tombouctou",
    "ML09": "Taoudénit",
    "ML0102": "Bafoulabé",
    "ML0103": "Yélimané",
    "ML0104": "Kéniéba",
    "ML0109": "Ségala",
    "ML0208": "Néguéla",
    "ML0308": "Niéna",
    "ML0401": "Ségou",
    "ML0403": "Barouéli",
    "ML0502": "Djenné",
    "ML0503": "Ténenkou",
    "ML0601": "Tombouctou",
    "ML0603": "Diré",
    "ML0605": "Gourma-Rharous",
    "ML0607": "Saraféré",
    "ML0609": "Léré",
    "ML0802": "Abeïbara",
    "ML0901": "Taoudénit",
    "ML1001": "Ménaka",
    "ML1102": "Diéma",
    "ML1301": "Dioïla",
    "ML1503": "Kolondiéba",
    "ML1506": "Sélingué",
    "ML1507": "Ouéléssébougou",
    "ML1606": "Konséguéla",
}
"""French spellings for names that COD-AB v03 gives in English, without accents or misspelt (« Konseguel a »)."""

ENGLISH: dict[str, str] = {"ML06": "Timbuktu", "ML0601": "Timbuktu", "ML09": "Taoudenni", "ML0901": "Taoudenni"}


def area_id(scheme: str, code: str) -> str:
    """Return the id of an area."""
    return stable_id("area", scheme, code)


def cod_rows() -> list[dict[str, str]]:
    """Return the rows of COD-AB v03: regions, then cercles."""
    return table("mli_pcodes_cod_ab_v03_adm1_adm2.csv")


def french_name(row: dict[str, str]) -> str:
    """Return the French name of a COD-AB row."""
    return FRENCH.get(row["P-Code"], row["Name"])


def load(connection: Connection) -> None:
    """Insert areas, crosswalk and populations."""
    insert_rows(connection, admin_area, [_nation(COD, NATION), *_iso_nation()])
    insert_rows(connection, admin_area, _iso_regions())
    for level in (1, 2):
        insert_rows(connection, admin_area, [_cod_area(row) for row in cod_rows() if row["Admin Level"] == str(level)])
    name_levels(connection)
    pairs = [(NATION, ISO_NATION), *CROSSWALK.items()]
    connection.execute(
        insert(area_crosswalk),
        [
            {
                "from_area_id": area_id(COD, new),
                "to_area_id": area_id(ISO, old),
                "share": 1.0,
                "source_id": source_id("cod-ab"),
            }
            for new, old in pairs
        ],
    )
    connection.execute(insert(area_population), _populations())


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


def name_levels(connection: Connection) -> None:
    """Insert what the levels are called, where a database has no word for them yet."""
    nations = {COD: area_id(COD, NATION), ISO: area_id(ISO, ISO_NATION)}
    rows = [
        {"nation_id": nations[scheme], "level": level, "name_fr": french, "name_en": english, "name_bm": bambara}
        for scheme, words in LEVELS.items()
        for level, (french, english, bambara) in enumerate(words)
    ]
    connection.execute(insert_if_absent(level_name).values(rows).on_conflict_do_nothing())


def _outline(geometry: dict[str, Any]) -> Any:
    return func.ST_Multi(func.ST_GeomFromGeoJSON(json.dumps(geometry)))


def _iso_nation() -> list[dict[str, Any]]:
    return [_nation(ISO, ISO_NATION) | {"source_id": source_id("natural-earth")}]


def _iso_regions() -> list[dict[str, Any]]:
    rows = []
    for feature in json.loads(text("ne10m_mali_admin1.geojson"))["features"]:
        properties = feature["properties"]
        code = properties["iso_3166_2"]
        # Natural Earth's name_fr of Sikasso is « Wassoulou ».
        french = "Sikasso" if code == "ML-3" else properties["name_fr"]
        rows.append(
            {
                "id": area_id(ISO, code),
                "scheme": ISO,
                "edition": EDITIONS[ISO],
                "code": code,
                "level": 1,
                "name_fr": french,
                "name_en": "Timbuktu" if code == "ML-6" else None,
                "parent_id": area_id(ISO, ISO_NATION),
                "source_id": source_id("natural-earth"),
            }
        )
    return rows


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
    """Return the nation and the 9 ISO regions their outlines."""
    country = json.loads(text("ne10m_mali_country.geojson"))["geometry"]
    outlines = {ISO_NATION: country}
    for feature in json.loads(text("ne10m_mali_admin1.geojson"))["features"]:
        outlines[feature["properties"]["iso_3166_2"]] = feature["geometry"]
    for code, geometry in outlines.items():
        connection.execute(
            admin_area.update().where(admin_area.c.id == area_id(ISO, code)).values(geom=_outline(geometry))
        )


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
