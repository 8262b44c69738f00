"""Codes and names of Mali's areas in COD-AB v03, and the region of ISO 3166-2 that holds each region of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from geo.texts import fold
from seeds.mali.reading import stable_id, table

COD, FORMER, ISO = "COD-AB", "COD-AB@2018", "ISO-3166-2"
"""The scheme in force, its edition of before the reform, and a scheme that other data use."""
NATION, ISO_NATION, FORMER_NATION = "MLI", "ML", "ML"
EDITIONS = {COD: "v03", FORMER: "2018", ISO: "2009"}
VALID_FROM = dt.date(2025, 9, 4)
"""From when COD-AB v03 is valid; until then, 2018."""

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


def regions_of(iso: str) -> list[str]:
    """Return the regions of today that lie in a region of ISO 3166-2."""
    return [new for new, old in CROSSWALK.items() if old == iso]


def cod_rows() -> list[dict[str, str]]:
    """Return the rows of COD-AB v03: regions, then cercles."""
    return table("mli_pcodes_cod_ab_v03_adm1_adm2.csv")


def french_name(row: dict[str, str]) -> str:
    """Return the French name of a COD-AB row."""
    return FRENCH.get(row["P-Code"], row["Name"])


def cercle_rows(regions: Collection[str]) -> list[dict[str, str]]:
    """Return the rows of COD-AB v03 of the cercles of some regions."""
    return [row for row in cod_rows() if row["Admin Level"] == "2" and row["Parent P-Code"] in regions]


def spellings(row: dict[str, str]) -> set[str]:
    """Return how a row of COD-AB v03 names its area, folded."""
    return {fold(row["Name"]), fold(french_name(row))}


def iso_regions() -> dict[str, str]:
    """Return the names of the 9 regions of ISO 3166-2 by code."""
    return {row["iso_3166_2"]: row["region"] for row in table("rgph4_2009_by_region.csv")}
