"""The 50 cercles of before the reform: their outlines, and the region of today that holds each of them whole.

COD-AB 2018, COD-PS and COD-AB v03 give the same codes to other cercles, so they are joined by region and name, never by
code. The law made the regions of today out of whole cercles. Only Taoudénit was cut out of one, and no edition says of
which: so of the cercles of its former region none is known to lie whole in a region of today.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from shapely import Point, STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.coordinates import LonLat
from geo.texts import fold
from seeds.mali.codes import cercle_rows, french_name, iso_regions, regions_of, spellings
from seeds.mali.reading import table, text

ISO_OF_FORMER: dict[str, str] = {**{f"ML0{number}": f"ML-{number}" for number in range(1, 9)}, "ML09": "ML-BKO"}
"""Region of COD-AB 2018 → the same region in ISO 3166-2."""

GONE: dict[str, str] = {"ML0605": "Niafunké"}
"""The cercle whose name no cercle of today bears, in French spelling."""


@dataclass(frozen=True, eq=False)
class Cercle:
    """A cercle of COD-AB 2018."""

    code: str
    name: str
    region: str
    """The code of its region then."""
    today: str | None
    """The code of the region of today that holds it whole, where that is known."""
    people: int
    """The figure of COD-PS; only its share among others is used."""
    outline: BaseGeometry

    @property
    def iso(self) -> str:
        """The code of its region in ISO 3166-2."""
        return ISO_OF_FORMER[self.region]


@cache
def former_cercles() -> tuple[Cercle, ...]:
    """Return the 50 cercles by code."""
    features = json.loads(text("mli_adm2_2018_cercles_simplified.geojson"))["features"]
    found = [_cercle(each["properties"], shape(each["geometry"])) for each in features]
    return tuple(sorted(found, key=lambda each: each.code))


def _cercle(properties: dict[str, str], outline: BaseGeometry) -> Cercle:
    code, region = properties["admin2Pcod"], properties["admin1Pcod"]
    namesakes, divided = _namesakes(ISO_OF_FORMER[region])
    names, name, today = {fold(properties["admin2Name"])}, GONE.get(code), None
    for row in namesakes:
        if names & spellings(row):
            name, names, today = french_name(row), names | spellings(row), row["Parent P-Code"]
            break
    if name is None:
        raise LookupError(code, properties["admin2Name"])
    [people] = {figure for spelling, figure in _people(ISO_OF_FORMER[region]).items() if spelling in names}
    return Cercle(code, name, region, None if divided else today, people, outline)


@cache
def _namesakes(iso: str) -> tuple[list[dict[str, str]], bool]:
    """Return the cercles of today of a former region, and whether one of its regions has none of a former name."""
    rows = cercle_rows(regions_of(iso))
    former = {
        fold(each["properties"]["admin2Name"])
        for each in json.loads(text("mli_adm2_2018_cercles_simplified.geojson"))["features"]
        if ISO_OF_FORMER[each["properties"]["admin1Pcod"]] == iso
    }
    bearing = {row["Parent P-Code"] for row in rows if spellings(row) & former}
    return rows, bearing != set(regions_of(iso))


@cache
def _people(iso: str) -> dict[str, int]:
    name = fold(iso_regions()[iso])
    return {
        fold(row["cercle"]): int(row["total"])
        for row in table("mli_cod_ps_cercle_population.csv")
        if fold(row["region"]) == name
    }


def cercle_at(place: LonLat) -> Cercle | None:
    """Return the cercle whose outline holds a place; none where the place stands outside of all."""
    every, tree = former_cercles(), _tree()
    found = tree.query(Point(place.lon, place.lat), predicate="covered_by")
    return every[min(found)] if len(found) else None


@cache
def _tree() -> STRtree:
    return STRtree([each.outline for each in former_cercles()])
