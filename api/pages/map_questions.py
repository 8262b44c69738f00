"""What the maps ask, through the public API and as the public's login, so that they can reveal no more than that does.

Answers stay bytes here. A country's are megabytes, which the event loop must not read: a process of its own does
(:mod:`api.pages.map_records`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import orjson

from api.errors import TABLE
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.pages.map_choices import Choices
from api.pages.map_records import Answers
from api.pages.nations import START, Nation, WhichNation, chosen
from api.pages.parameters import NotOneOf
from geo.audience import ANYBODY, Audience
from geo.database.statements import Job
from geo.errors import BadInput, Forbidden, LakanaError, Timeout, TooCostly, Unavailable
from geo.queries.directory import map_sites
from geo.queries.directory.features import MapLayer
from geo.service import Resources
from geo.vocabulary import ActorKind, AreaLevel, ServiceCategory
from maps.palette import FAMILY_OF

FRAME = """
query Frame($nation: AreaCode!) {
  nation: adminArea(code: $nation) { areaCode code name geometry ...Outlined }
  ground: featureCollection(layer: GROUND, first: 200)
  sources { name licence url illustrative }
}
fragment Outlined on AdminArea { geometrySource { name licence url illustrative } }
"""

INSIDE = """
query Inside($code: AreaCode!) {
  area: adminArea(code: $code) { areaCode scheme edition validTo geometrySource { name } nation { areaCode } }
}
"""

REGIONS = """
query Regions($nation: AreaCode!, $scheme: String, $edition: String) {
  regions: adminAreas(parentCode: $nation, scheme: $scheme, edition: $edition, first: 100) {
    edges { node { name code areaCode geometry } }
  }
}
"""

COUNTS = """
query Counts($period: Period!, $only: AreaCode, $after: String) {
  incidentCounts(level: LOCALITY, period: $period, areaCode: $only, after: $after) {
    edges { node {
      locality { name point } status count countLabel period localitiesReporting localitiesExpected
      source { illustrative }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
COVERAGE = """
query Coverage($nation: AreaCode!, $category: ServiceCategory!, $metres: Float!, $language: Language) {
  coverage(need: {categories: [$category]}, within: {metres: $metres}, areaCode: $nation) {
    total { coveredPercent populationUnder18 uncoveredUnder18 }
    areas {
      area { name code areaCode } coveredPercent populationUnder18 uncoveredUnder18 populationBasis
    }
    areasNotKnown { name code areaCode }
    assumptions(language: $language)
    dataAsOf { services population }
  }
}
"""

GAPS = """
query Gaps($category: ServiceCategory!, $metres: Float!, $only: AreaCode) {
  gaps: coverageGaps(need: {categories: [$category]}, within: {metres: $metres}, areaCode: $only, first: 100) {
    edges { node { locality { name point } uncoveredUnder18 priority nearestDistanceMetres incidentStatus } }
    incidentPeriod localitiesReporting localitiesExpected
  }
}
"""

FEATURES = """
query Features($layer: MapLayer!, $only: AreaCode, $categories: [ServiceCategory!], $first: Int!) {
  features: featureCollection(layer: $layer, areaCode: $only, categories: $categories, first: $first)
}
"""

LAND = """
query Land($nation: AreaCode!, $category: ServiceCategory!, $metres: Float!) {
  gapAreas(category: $category, within: {metres: $metres}, areaCode: $nation) {
    geometry areaSquareKilometres toleranceMetres
  }
}
"""

NOT_NOW = "The map cannot be drawn now; try again."
Ask = Callable[[str, dict[str, Any]], Awaitable[bytes]]
Own = Callable[[str, dict[str, Any]], Awaitable[Mapping[str, Any]]]
Tell = Callable[[Job], Awaitable[bytes | None]]
FAMILIES = {kind.name: FAMILY_OF[kind] for kind in ActorKind}


@dataclass(frozen=True, slots=True)
class Public:
    """The ways to the data of a map.

    Parameters
    ----------
    ask
        Runs a document as the public.
    tell
        Runs a statement of :mod:`map_sites` as the public.
    own
        Runs a document as whoever opened the map, who pays for it; None where a map is the same for all.

    """

    ask: Ask
    tell: Tell
    own: Own | None = None


def public(operations: Operations, resources: Resources, turn: str | None = None) -> Public:
    """Return the ways to ask as the public, in the turn of whoever opens the map; of nobody's for the command line.

    Both raise a LakanaError where an answer has errors: bad input stays bad input, any other error means that the map
    cannot be drawn now.
    """
    caller = replace(ANYBODY, address=turn)

    async def ask(document: str, variables: dict[str, Any]) -> bytes:
        operation = await operations.read(document, None, caller)
        try:
            answered = await operation.answer(operation.variables(variables), caller, resources)
        except Refused as refused:
            raise _error(refused.errors[0]) from None
        if answered.codes:
            raise _error(orjson.loads(answered.body)["errors"][0])
        return answered.body

    async def tell(job: Job) -> bytes | None:
        [answer] = await resources.of(Audience.PUBLIC).run([job], caller.turn)
        if isinstance(answer, LakanaError):
            raise answer
        if isinstance(answer, Exception):
            raise Unavailable(NOT_NOW) from answer
        return None if answer is None else answer.encode()

    return Public(ask, tell)


async def own_answer(by: Public, document: str, variables: dict[str, Any]) -> bytes:
    """Return the answer to a document that is asked as whoever opened the map.

    Raises
    ------
    Forbidden
        Where nobody is known who may ask it.
    LakanaError
        As :func:`public` says, and where too little of a budget is left.

    """
    if by.own is None:
        raise Forbidden("The map is for planners.")
    try:
        return orjson.dumps({"data": await by.own(document, variables)})
    except Refused as refused:
        raise _error(refused.errors[0]) from None


def _error(told: dict[str, Any]) -> LakanaError:
    code, message = told["extensions"]["code"], told["message"]
    if code == TABLE[BadInput].code:
        field, _, problem = message.partition(": ")
        return BadInput(field, problem)
    for kind in (TooCostly, Timeout):
        if code == TABLE[kind].code:
            return kind(message)
    return Unavailable(NOT_NOW)


async def ground(by: Public, area: str | None) -> tuple[Nation, Answers]:
    """Ask for what every map is drawn on: of a nation or, where ``area`` names one, of an area inside it.

    Raises
    ------
    WhichNation
        See :func:`api.pages.nations.chosen`; also where nobody knows the outline of the area.

    """
    start = await by.ask(START, {})
    division: dict[str, str] = {}
    try:
        nation = whole = chosen(start, area)
    except WhichNation:
        inside = area and await _inside(by, area)
        if not inside:
            raise
        whole, nation = chosen(start, inside["nation"]["areaCode"]), Nation(inside["areaCode"], inside["areaCode"])
        if inside["validTo"]:  # its parts are of its own edition, and not in force either
            division = {name: inside[name] for name in ("scheme", "edition")}
    around = {} if whole is nation else {"around": [await by.ask(REGIONS, {"nation": whole.code})]}
    return nation, {
        "start": [start],
        "frame": [await by.ask(FRAME, {"nation": nation.code})],
        "regions": [await by.ask(REGIONS, {"nation": nation.code, **division})],
        "towns": [await by.tell(map_sites.towns(nation.only)) or b""],
        **around,
    }


async def _inside(by: Public, area: str) -> dict[str, Any] | None:
    """Return what :data:`INSIDE` tells of an area with an outline; None where there is none such."""
    try:
        found: dict[str, Any] | None = orjson.loads(await by.ask(INSIDE, {"code": area}))["data"]["area"]
    except BadInput:  # it is no code at all
        return None
    return found if found and found["geometrySource"] and found["nation"] else None


def released(answers: Answers) -> list[str]:
    """Return the periods of which counts are published, the newest year first, a year before its quarters."""
    told = orjson.loads(answers["start"][0])["data"]["releasedPeriods"]
    return [str(each["period"]) for each in told]


async def overview(by: Public, choices: Choices) -> Answers:
    """Ask for the actors, shelters and published counts of a period, the latest year if none is chosen.

    Raises
    ------
    NotOneOf
        If nothing is published of the period.

    """
    nation, answers = await ground(by, choices.area)
    periods = released(answers)
    if choices.period and choices.period not in periods:
        raise NotOneOf("period", periods)
    period = choices.period or (periods[0] if periods else None)
    return {
        **answers,
        **(await _counts(by, period, nation.only) if period else {}),
        **await sites(by, MapLayer.ACTORS, nation.only),
        **await sites(by, MapLayer.SHELTERS, nation.only),
    }


async def coverage(by: Public, choices: Choices) -> Answers:
    """Ask for the coverage of the regions, the 100 worst gaps, the land out of reach, and the services."""
    nation, answers = await ground(by, choices.area)
    reach = {"category": choices.category.name, "metres": choices.metres}
    asked = {"nation": nation.code, **reach}
    figures, gaps, land = await asyncio.gather(
        by.ask(COVERAGE, {**asked, "language": choices.locale.name.lower()}),
        by.ask(GAPS, {**reach, "only": nation.only}),
        _land(by, asked),
    )
    return {
        **answers,
        "coverage": [figures],
        "gaps": [gaps],
        "land": land,
        **await sites(by, MapLayer.SERVICES, nation.only, choices.category),
    }


async def _land(by: Public, asked: dict[str, Any]) -> list[bytes]:
    """Ask for the land out of reach; if there are so many services that this times out, the map goes without."""
    with suppress(Timeout):
        return [await by.ask(LAND, asked)]
    return []


async def _counts(by: Public, period: str, only: str | None) -> Answers:
    """Ask for what is known of all places of the finest level that a map can show, page by page."""
    level = await by.tell(map_sites.counts_level(period, only))
    if level is None:
        return {}
    if level.decode() != AreaLevel.LOCALITY.name:
        areas = await by.tell(map_sites.counts_by_area(AreaLevel[level.decode()], period, only))
        return {"area_counts": [areas or b""]}
    pages, after = list[bytes](), None
    while True:
        pages.append(await by.ask(COUNTS, {"period": period, "only": only, "after": after}))
        page = orjson.loads(pages[-1])["data"]["incidentCounts"]["pageInfo"]
        if not page["hasNextPage"]:
            return {"counts": pages}
        after = page["endCursor"]


async def sites(by: Public, layer: MapLayer, only: str | None, category: ServiceCategory | None = None) -> Answers:
    """Ask for the sites of a layer, one by one or, where they are too many or too large for an answer, in squares."""
    name = layer.name.lower()
    gathered = await by.tell(map_sites.squares(layer, category, FAMILIES, only))
    if gathered is None:
        variables: dict[str, Any] = {"layer": layer.name, "only": only, "first": map_sites.SITES_AT_MOST}
        variables["categories"] = category and [category.name]
        return {name: [await by.ask(FEATURES, variables)]}
    return {f"{name}_gathered": [gathered]}
