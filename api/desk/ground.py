"""``GET /desk/ground.json``: what the desk's map is drawn on, outlines and services, which no distance changes.

The rest of the map is in the page: shares and gaps are read from its tables. So a change of distance sends no outline
again. Outlines are rounded to what a screen shows, which makes those of a country five times smaller.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.desk.choices import Choices
from api.exports.asking import Asker
from api.pages.fixed import BYTES_A_POINT
from geo.bounded_cache import BoundedCache
from geo.vocabulary import STAGES, IncidentType, LocationPrecision, Stage

OUTLINES = """
query Outlines($need: NeedInput!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel) {
  coverage(need: $need, within: $within, areaCode: $area, level: $level) {
    total { area { areaCode geometry nation { areaCode } } }
    areas { area { areaCode geometry } }
  }
}
"""
SERVICES = """
query Services($area: AreaCode, $categories: [ServiceCategory!], $first: Int!) {
  featureCollection(layer: SERVICES, areaCode: $area, categories: $categories, first: $first)
}
"""
PATHWAY = """
query Pathway($incident: IncidentType!, $area: AreaCode) {
  responsePathway(incidentType: $incident, areaCode: $area) { stages { steps { category } } }
}
"""
MOST_SERVICES = 1_000
KEPT_BYTES = 8_000_000
"""The outlines of some hundred areas with their parts."""
WIDE_DEGREES, DIGITS_WIDE, DIGITS_NARROW = 5.0, 2, 4
"""Outlines of more than five degrees are rounded to a hundredth, 1.1 km, others to 11 m."""
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlined:
    """The outlines of an area and its parts as JSON, by area code, with the codes of the area and of its nation."""

    whole: str
    nation: str
    outlines: bytes


class Grounds:
    """What maps are drawn on. The public's outlines are kept while what the public reads is the same.

    Their price is that of the most areas that there may be, 2,263 points for the districts of the seeds: without this
    an office that opens the desk together would be refused after eight. Who gets what is kept pays for its bytes, as
    for a file's.
    """

    def __init__(self) -> None:
        self._kept: BoundedCache[Hashable, Outlined] = BoundedCache(KEPT_BYTES, "desk ground")

    async def ground(self, asker: Asker, choices: Choices, state: str | None) -> bytes:
        """Return the outlines, the services that have a place, and whether there are more, as JSON.

        The services are those of the whole nation: one beyond a border is within reach too. ``state`` is that of what
        the public reads; ``None`` for others, for whom nothing is kept.

        Raises
        ------
        Refused, LakanaError
            As the API would.

        """
        outlined = await self._outlined(asker, choices, state)
        categories = await _categories(asker, choices)
        asked = {"area": outlined.nation, "categories": categories, "first": MOST_SERVICES}
        found = (await asker.paid(SERVICES, asked))["featureCollection"]
        return orjson.dumps(
            {
                "outlines": orjson.Fragment(outlined.outlines),
                "whole": outlined.whole,
                "services": [_service(each) for each in found["features"] if _stands(each)],
                "truncated": found["truncated"],
            }
        )

    async def _outlined(self, asker: Asker, choices: Choices, state: str | None) -> Outlined:
        key = (state, choices.area, choices.level)
        kept = self._kept.get(key) if state is not None else None
        if kept is not None:
            asker.charge(len(kept.outlines) // BYTES_A_POINT)
            return kept
        coverage = (await asker.paid(OUTLINES, choices.variables()))["coverage"]
        whole = coverage["total"]["area"]
        areas = [whole, *(each["area"] for each in coverage["areas"])]
        outlined = [each for each in areas if each["geometry"] is not None]
        outlines = await asker.beside(lambda: orjson.dumps(dict(_rounded(outlined))))
        made = Outlined(whole["areaCode"], (whole["nation"] or whole)["areaCode"], outlines)
        if state is not None:
            self._kept.put(key, made, len(outlines))
        return made


async def _categories(asker: Asker, choices: Choices) -> list[str] | None:
    """Return the categories that a need may mean."""
    match choices.need:
        case Stage() as stage:
            return [category.name for category, its in STAGES.items() if its is stage]
        case IncidentType() as incident:
            given = {"incident": incident.name, "area": choices.area}
            pathway = (await asker.paid(PATHWAY, given))["responsePathway"]
            stages = pathway["stages"] if pathway else []
            return sorted({step["category"] for each in stages for step in each["steps"]}) or None
    return [each.name for each in choices.need]


def _stands(service: Mapping[str, Any]) -> bool:
    """Return whether a service has a place: a confidential one has a zone, whose middle is none."""
    return bool(service["geometry"]) and service["properties"]["precision"] != LocationPrecision.AREA.name


def _service(service: Mapping[str, Any]) -> dict[str, Any]:
    lon, lat = service["geometry"]["coordinates"]
    return {"id": service["id"], "name": service["properties"]["name"], "lon": lon, "lat": lat}


def _rounded(areas: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[list[list[Position]]]]]:
    """Yield each area's code with its polygons, latitude last, without positions that rounding makes alike."""
    every = [position for each in areas for position in _positions(each["geometry"])]
    wide = bool(every) and max(max(axis) - min(axis) for axis in zip(*every, strict=True)) > WIDE_DEGREES
    digits = DIGITS_WIDE if wide else DIGITS_NARROW
    for each in areas:
        polygons = [[_ring(ring, digits) for ring in polygon] for polygon in each["geometry"]["coordinates"]]
        kept = [[ring for ring in polygon if len(ring) > 2] for polygon in polygons]  # noqa: PLR2004
        yield each["areaCode"], [polygon for polygon in kept if polygon]


def _positions(geometry: Mapping[str, Any]) -> Iterator[Position]:
    for polygon in geometry["coordinates"]:
        yield from polygon[0]


def _ring(ring: Iterable[Sequence[float]], digits: int) -> list[Position]:
    """Return a ring rounded, its end not repeated.

    Examples
    --------
    >>> _ring([(0.001, 0), (0.002, 0.001), (1, 0), (1, 1.004), (0.001, 0)], 2)
    [(0.0, 0), (1, 0), (1, 1.0)]

    """
    rounded = [(round(lon, digits), round(lat, digits)) for lon, lat in ring]
    return [at for number, at in enumerate(rounded[:-1]) if number == 0 or at != rounded[number - 1]]
