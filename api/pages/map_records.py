"""The records of a map, read through the public API, so that a map can reveal no more than the API does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from api.errors import TABLE
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from geo.audience import ANYBODY, Audience, Caller
from geo.database.statements import Job, Statement
from geo.errors import BadInput, LakanaError, Timeout, TooCostly, Unavailable
from geo.queries.directory.features import MapLayer
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory
from maps.records import CoverageMap, DataDates, Feature, FeatureCollection, Frame, Overview, SourceRecord

if TYPE_CHECKING:
    from maps.page import Page

FRAME = """
query Frame {
  nations: adminAreas(level: ADM0, first: 20) { edges { node { areaCode hasSuccessor geometry ...Outlined } } }
  ground: featureCollection(layer: GROUND, first: 200)
  sources { name licence url illustrative }
  releasedPeriods { period }
}
fragment Outlined on AdminArea { geometrySource { name licence url illustrative } }
"""

OVERVIEW = """
query Overview($nation: AreaCode!) {
  regions: adminAreas(parentCode: $nation, first: 100) { edges { node { name code geometry } } }
}
"""

COUNTS = """
query Counts($period: Period!, $after: String) {
  incidentCounts(level: LOCALITY, period: $period, after: $after) {
    edges { node {
      locality { name point } status count countLabel period localitiesReporting localitiesExpected
      source { illustrative }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
COUNTED = ("status", "count", "countLabel", "period", "localitiesReporting", "localitiesExpected")
MOST_COUNT_PAGES = 100
"""The map draws at most 10,000 counts, as it does features."""

COVERAGE = """
query Coverage($nation: AreaCode!, $category: ServiceCategory!, $metres: Float!, $language: Language) {
  coverage(need: {categories: [$category]}, within: {metres: $metres}, areaCode: $nation) {
    total { coveredPercent populationUnder18 uncoveredUnder18 }
    areas {
      area { name code areaCode geometry } coveredPercent populationUnder18 uncoveredUnder18 populationBasis
    }
    areasNotKnown { name code areaCode geometry }
    assumptions(language: $language)
    dataAsOf { services population }
  }
  gaps: coverageGaps(need: {categories: [$category]}, within: {metres: $metres}, first: 100) {
    edges { node { locality { name point } uncoveredUnder18 priority nearestDistanceMetres incidentStatus } }
    incidentPeriod localitiesReporting localitiesExpected
  }
}
"""

FEATURES = """
query Features($layer: MapLayer!, $categories: [ServiceCategory!], $first: Int!) {
  features: featureCollection(layer: $layer, categories: $categories, first: $first)
}
"""
MOST_FEATURES = 10_000, 3_000
"""As many as one may ask for; and so many that an answer holds them even where every name is as long as it may be."""

LAND = """
query Land($nation: AreaCode!, $category: ServiceCategory!, $metres: Float!) {
  gapAreas(category: $category, within: {metres: $metres}, areaCode: $nation) {
    geometry areaSquareKilometres toleranceMetres
  }
}
"""

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


def asking(operations: Operations, resources: Resources) -> Ask:
    """Return a function that runs a document as the public and returns its data.

    Raises
    ------
    LakanaError
        If the answer has errors: bad input stays bad input, any other error means that the map cannot be drawn now.

    """

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        operation = await operations.read(document, None)
        try:
            answered = await operation.answer(operation.variables(variables), ANYBODY, resources)
            response = orjson.loads(answered.body)
            errors = response.get("errors")
        except Refused as refused:
            errors = refused.errors
        if errors:
            raise _error(errors[0])
        data: dict[str, Any] = response["data"]
        return data

    return ask


_STATE = Job(Statement("SELECT concat_ws(' ', lakana.public_version(), (now() AT TIME ZONE 'UTC')::date)", (), {}), ())


async def state(resources: Resources, caller: Caller) -> str:
    """Return the state of what the public reads, as a text: another after each write that changes some of it.

    A write of what the public does not read leaves it. With the day, UTC, changes what is told of the last midnight.

    Raises
    ------
    LakanaError
        Where the database does not answer.

    """
    [answer] = await resources.of(Audience.PUBLIC).run([_STATE], caller.turn)
    if isinstance(answer, Exception):
        raise Unavailable("The map cannot be drawn now; try again.") from answer
    return answer or ""


def _error(told: dict[str, Any]) -> LakanaError:
    code, message = told["extensions"]["code"], told["message"]
    if code == TABLE[BadInput].code:
        field, _, problem = message.partition(": ")
        return BadInput(field, problem)
    for kind in (TooCostly, Timeout):
        if code == TABLE[kind].code:
            return kind(message)
    return Unavailable("The map cannot be drawn now; try again.")


async def overview(ask: Ask) -> Overview:
    """Query the actors, shelters and published counts of the latest released year, and the regions."""
    frame = await ask(FRAME, {})
    nation = _nation(frame)
    released = frame["releasedPeriods"]
    period = released[0]["period"] if released else ""
    data = await ask(OVERVIEW, {"nation": nation["areaCode"]})
    counts = [
        _feature(
            each["locality"]["point"],
            name=each["locality"]["name"],
            illustrative=bool(each["source"] and each["source"]["illustrative"]),
            **{name: each[name] for name in COUNTED},
        )
        for each in (await _counts(ask, period) if released else ())
    ]
    regions, others = _outlined([_area_feature(each["node"]) for each in data["regions"]["edges"]])
    return Overview(
        frame=_frame(frame, nation),
        regions=regions,
        others=others,
        actors=await _features(ask, MapLayer.ACTORS),
        shelters=await _features(ask, MapLayer.SHELTERS),
        counts=_collection(counts),
        period=period,
        sources=_sources(frame),
    )


async def _counts(ask: Ask, period: str) -> list[dict[str, Any]]:
    """Query what is known of all localities that reported or were expected to, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(MOST_COUNT_PAGES):
        answer = (await ask(COUNTS, {"period": period, "after": after}))["incidentCounts"]
        found += (edge["node"] for edge in answer["edges"])
        if not answer["pageInfo"]["hasNextPage"]:
            break
        after = answer["pageInfo"]["endCursor"]
    return found


async def coverage(ask: Ask, category: ServiceCategory, max_distance_m: float, locale: Locale) -> CoverageMap:
    """Query the coverage of the regions, the 100 worst gaps, and the services."""
    frame = await ask(FRAME, {})
    nation = _nation(frame)
    data = await ask(
        COVERAGE,
        {
            "nation": nation["areaCode"],
            "category": category.name,
            "metres": max_distance_m,
            "language": locale.name.lower(),
        },
    )
    answer = data["coverage"]
    nobody = dict.fromkeys(("coveredPercent", "populationUnder18", "uncoveredUnder18", "populationBasis"))
    areas = [*answer["areas"], *({"area": each, **nobody} for each in answer["areasNotKnown"])]
    regions, others = _outlined([_area_feature(_part_of(nation, each.pop("area")), **each) for each in areas])
    gaps = [
        _feature((locality := each.pop("locality"))["point"], name=locality["name"], **each)
        for each in (edge["node"] for edge in data["gaps"]["edges"])
    ]
    land = await _land(ask, {"nation": nation["areaCode"], "category": category.name, "metres": max_distance_m})
    return CoverageMap(
        frame=_frame(frame, nation),
        regions=regions,
        others=others,
        gaps=_collection(gaps),
        gap_areas=_collection([_feature(land["geometry"])] if land["areaSquareKilometres"] else []),
        gap_area_km2=land["areaSquareKilometres"],
        tolerance_m=land["toleranceMetres"],
        services=await _features(ask, MapLayer.SERVICES, category),
        category=category,
        max_distance_m=max_distance_m,
        covered_percent=answer["total"]["coveredPercent"],
        population_under_18=answer["total"]["populationUnder18"],
        uncovered_under_18=answer["total"]["uncoveredUnder18"],
        assumptions=tuple(answer["assumptions"]),
        dates=DataDates(**answer["dataAsOf"], incidents=data["gaps"]["incidentPeriod"]),
        reporting=(data["gaps"]["localitiesReporting"], data["gaps"]["localitiesExpected"]),
        sources=_sources(frame),
    )


async def _land(ask: Ask, variables: dict[str, Any]) -> dict[str, Any]:
    """Query the land out of reach; if there are so many services that this times out, the map goes without."""
    try:
        answer = await ask(LAND, variables)
    except Timeout:
        return {"geometry": None, "areaSquareKilometres": None, "toleranceMetres": 0.0}
    land: dict[str, Any] = answer["gapAreas"]
    return land


async def _features(ask: Ask, layer: MapLayer, *categories: ServiceCategory) -> FeatureCollection:
    """Query the features of a layer that have a place, fewer where all are too large for an answer."""
    variables = {"layer": layer.name, "categories": [each.name for each in categories] or None}
    for most in MOST_FEATURES:
        with suppress(TooCostly):
            found = (await ask(FEATURES, {**variables, "first": most}))["features"]
            return _collection([each for each in found["features"] if each["geometry"] is not None])
    raise TooCostly(f"The layer {layer.name} is too large to be drawn.")


def _nation(frame: dict[str, Any]) -> dict[str, Any]:
    """Return the first nation, by name, that has an outline: of the division in use, else of another one."""
    outlined: list[dict[str, Any]] = [
        edge["node"] for edge in frame["nations"]["edges"] if edge["node"]["geometry"] is not None
    ]
    if outlined:
        return min(outlined, key=lambda nation: nation["hasSuccessor"])
    raise Unavailable("The map has no outline of a nation to draw on; seed or import one.", retry_after_s=60)


def _frame(frame: dict[str, Any], nation: dict[str, Any]) -> Frame:
    return Frame(
        nation=nation["geometry"],
        ground=_collection(frame["ground"]["features"]),
        outline_sources=(SourceRecord(**nation["geometrySource"]),),
    )


def _part_of(nation: dict[str, Any], area: dict[str, Any]) -> dict[str, Any]:
    """Return a part as it is; one without a name for the nation itself, whose children live in a part nobody knows."""
    return {"name": None, "code": None, "geometry": None} if area["areaCode"] == nation["areaCode"] else area


def _outlined(regions: list[Feature]) -> tuple[FeatureCollection, list[Mapping[str, Any]]]:
    """Return the regions that have an outline, and the properties of the others."""
    known = [each for each in regions if each["geometry"] is not None]
    others = [each["properties"] for each in regions if each["geometry"] is None]
    return _collection(known), sorted(others, key=lambda each: each["name"] is None)


def _area_feature(area: dict[str, Any], **properties: Any) -> Feature:
    return _feature(area["geometry"], name=area["name"], code=area["code"], **properties)


def _feature(geometry: Any, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[Feature]) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": features}


def _sources(frame: dict[str, Any]) -> tuple[SourceRecord, ...]:
    return tuple(SourceRecord(**each) for each in frame["sources"])


def _now(owner_url: str, draw: Callable[[Ask], Awaitable[Page]]) -> str:
    from api.graphql.schema import compiled_schema  # noqa: PLC0415  the server has it already, the command line pays for it here

    async def run() -> str:
        resources = Resources(owner_url, 1)
        try:
            return (await draw(asking(Operations(compiled_schema()), resources))).html
        finally:
            resources.close()

    return asyncio.run(run())


def overview_page(owner_url: str, locale: Locale) -> str:
    """Return the public's overview map as one HTML file."""
    from maps import overview as drawing  # noqa: PLC0415  folium takes 0.7 s to import

    async def draw(ask: Ask) -> Page:
        return drawing.draw(await overview(ask), locale)

    return _now(owner_url, draw)


def coverage_page(owner_url: str, category: ServiceCategory, max_distance_m: float, locale: Locale) -> str:
    """Return the public's coverage map as one HTML file."""
    from maps import coverage as drawing  # noqa: PLC0415

    async def draw(ask: Ask) -> Page:
        return drawing.draw(await coverage(ask, category, max_distance_m, locale), locale)

    return _now(owner_url, draw)
