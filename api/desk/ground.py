"""``GET /desk/ground.json``: what the desk's map is drawn on, outlines and services, which no distance changes.

The rest of the map is in the page: shares and gaps are read from its tables. So a change of distance sends no outline
again. Outlines are rounded to what a screen shows, which makes those of a country five times smaller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from api.desk.choices import Choices
from api.desk.questions import ask
from api.exports.asking import Asker
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
WIDE_DEGREES, DIGITS_WIDE, DIGITS_NARROW = 5.0, 2, 4
"""Outlines of more than five degrees are rounded to a hundredth, 1.1 km, others to 11 m."""
Position = tuple[float, float]


async def ground(asker: Asker, choices: Choices) -> bytes:
    """Return the outlines by area code, the services that have a place, and whether there are more, as JSON.

    The services are those of the whole nation: one beyond a border is within reach too.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    outlined, categories = await asyncio.gather(ask(asker, OUTLINES, choices.variables()), _categories(asker, choices))
    whole = outlined["coverage"]["total"]["area"]
    nation = (whole["nation"] or whole)["areaCode"]
    asked = {"area": nation, "categories": categories, "first": MOST_SERVICES}
    found = (await ask(asker, SERVICES, asked))["featureCollection"]
    areas = [each["area"] for each in outlined["coverage"]["areas"]]
    return orjson.dumps(
        {
            "outlines": dict(_rounded([each for each in (whole, *areas) if each["geometry"] is not None])),
            "whole": whole["areaCode"],
            "services": [_service(each) for each in found["features"] if _stands(each)],
            "truncated": found["truncated"],
        }
    )


async def _categories(asker: Asker, choices: Choices) -> list[str] | None:
    """Return the categories that a need may mean."""
    match choices.need:
        case Stage() as stage:
            return [category.name for category, its in STAGES.items() if its is stage]
        case IncidentType() as incident:
            given = {"incident": incident.name, "area": choices.area}
            pathway = (await ask(asker, PATHWAY, given))["responsePathway"]
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
