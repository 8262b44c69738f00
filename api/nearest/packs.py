"""What a case worker takes along: the directory, the hours and the numbers of one region, and what is to be done.

It is asked for as the public, whoever asks, so it holds what everybody may read; confidential shelters are left out,
with their zones. A pack says on which day it was made, and for how many days it may be used.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from api.exports.asking import Asker
from api.pages.catalogue import say
from geo.errors import BadInput, Unavailable
from geo.vocabulary import IncidentType, Locale

DAYS = 30
"""After so many days a pack shows nothing: numbers and hours have changed by then."""
MOST_PAGES = 30
"""Pages of 100 of one list: a region with more is too large for a pack."""
TOO_LARGE = "this region has too many services for a pack; ask for each place instead."
HOURS = "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "off"
"""Words of opening hours, which are kept in the manner of OpenStreetMap."""
_HOURS = re.compile(rf"\b(?:{'|'.join(HOURS)})\b")
FOUND = """
  name phones { number label } location { precision locality { name } }
  source { name licence url illustrative }
"""
AREAS = """
query Areas($level: AreaLevel!, $after: String) {
  list: adminAreas(level: $level, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { areaCode scheme name nation { name } FURTHER } }
  }
}
"""
AREA = "query Area($code: AreaCode!) { adminArea(code: $code) { areaCode name } }"
SERVICES = f"""
query Services($code: AreaCode!, $after: String) {{
  list: services(areaCode: $code, first: 100, after: $after) {{
    pageInfo {{ hasNextPage endCursor }}
    edges {{ node {{ categoryLabel openingHours {{ text }} closedFrom closedUntil languages {FOUND} }} }}
  }}
}}
"""
ACTORS = f"""
query Actors($code: AreaCode!, $after: String) {{
  list: actors(areaCode: $code, first: 100, after: $after) {{
    pageInfo {{ hasNextPage endCursor }} edges {{ node {{ kindLabel {FOUND} }} }}
  }}
}}
"""
PATHWAY = """
query Pathway($type: IncidentType!, $code: AreaCode!) {
  responsePathway(incidentType: $type, areaCode: $code) {
    incidentTypeLabel stages { steps { categoryLabel whatToDo reportToLabel } }
  }
}
"""
Found = Mapping[str, Any]


async def regions(asker: Asker) -> list[Found]:
    """Return the regions that packs are made of, by name: of the first level, or nations where there are none.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    return await areas(asker, "ADM1") or await areas(asker, "ADM0")


async def areas(asker: Asker, level: str, further: str = "") -> list[Found]:
    """Return the areas of a level by nation and name, of one scheme for each nation, with a further field.

    Raises
    ------
    Refused, LakanaError
        As the API would.

    """
    found = [each async for each in _all(asker, AREAS.replace("FURTHER", further), {"level": level})]
    return sorted(_of_one_scheme(found), key=lambda each: (each["nation"] or each)["name"])


def _of_one_scheme(found: list[Found]) -> list[Found]:
    """Return the areas of one scheme for each nation, of that with the most: several divide the same country."""
    nations: dict[str, list[tuple[str, Found]]] = {}
    for each in found:
        nations.setdefault((each["nation"] or each)["name"], []).append((each["scheme"], each))
    kept = {name: Counter(scheme for scheme, _ in areas).most_common(1)[0][0] for name, areas in nations.items()}
    return [each for name, areas in nations.items() for scheme, each in areas if scheme == kept[name]]


async def pack(asker: Asker, code: str) -> dict[str, Any] | None:
    """Return the pack of an area, to be written as JSON; ``None`` where there is no such area.

    Raises
    ------
    BadInput
        Where it holds too much for a pack.
    Refused, LakanaError
        As the API would.

    """
    area = (await _told(asker, AREA, {"code": code}))["adminArea"]
    if area is None:
        return None
    given, locale = {"code": area["areaCode"]}, asker.caller.language
    services = [each async for each in _all(asker, SERVICES, given) if _is_open(each)]
    actors = [each async for each in _all(asker, ACTORS, given) if each["phones"]]
    pathways = [
        told["responsePathway"]
        for kind in IncidentType
        if (told := await _told(asker, PATHWAY, given | {"type": kind.name}))["responsePathway"]
    ]
    return await asker.beside(partial(_put_together, area, [*actors, *services], pathways, locale))


def _put_together(area: Found, found: list[Found], pathways: list[Found], locale: Locale) -> dict[str, Any]:
    sources = {each["source"]["name"]: each["source"] for each in found}
    return {
        "area": area["areaCode"],
        "name": area["name"],
        "lang": locale.name.lower(),
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "days": DAYS,
        "illustrative": any(each["illustrative"] for each in sources.values()),
        "sources": [each["name"] + (f" ({each['licence']})" if each["licence"] else "") for each in sources.values()],
        "found": [_entry(each, locale) for each in found],
        "pathways": [_pathway(each) for each in pathways],
    }


def _is_open(service: Found) -> bool:
    """Return whether a service is no confidential one: it stands at its place, or has none at all and is called."""
    location = service["location"]
    return bool(service["phones"]) if location is None else location["precision"] == "EXACT"


def _entry(found: Found, locale: Locale) -> dict[str, Any]:
    """Return a body or a service with what is known of it alone, which is less to carry."""
    town = ((found["location"] or {}).get("locality") or {}).get("name")
    hours = (found.get("openingHours") or {}).get("text")
    told = {
        "name": found["name"],
        "what": found.get("categoryLabel") or found.get("kindLabel"),
        "town": town,
        "phones": [[each["number"], each["label"]] if each["label"] else [each["number"]] for each in found["phones"]],
        "hours": hours and _HOURS.sub(lambda word: say(word[0], locale), hours),
        "closed": found.get("closedFrom") and [found["closedFrom"], found["closedUntil"]],
        "languages": found.get("languages"),
    }
    return {name: value for name, value in told.items() if value}


def _pathway(found: Found) -> dict[str, Any]:
    steps = [step for stage in found["stages"] for step in stage["steps"]]
    return {
        "what": found["incidentTypeLabel"],
        "steps": [[each["categoryLabel"], each["whatToDo"], each["reportToLabel"]] for each in steps],
    }


async def _all(asker: Asker, document: str, given: Found) -> AsyncIterator[Found]:
    """Yield the rows of all pages of a list."""
    after = None
    for _ in range(MOST_PAGES):
        found = (await _told(asker, document, {**given, "after": after}))["list"]
        for each in found["edges"]:
            yield each["node"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]
    raise BadInput("area", TOO_LARGE)


async def _told(asker: Asker, document: str, given: Found) -> Found:
    told = await asker.paid(document, given)
    if told is None:
        raise Unavailable(TOO_LARGE)
    return told
