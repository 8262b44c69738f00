"""The records of a map, read from the answers of :mod:`api.pages.map_questions`, and the map drawn from them.

All of it is work for a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from api.compression import CODINGS, pack
from api.pages.map_choices import Choices
from maps.controls import Controls
from maps.page import Page
from maps.records import CoverageMap, DataDates, Feature, FeatureCollection, Frame, Overview, SourceRecord

COUNTED = ("status", "count", "countLabel", "period", "localitiesReporting", "localitiesExpected")
SHARE = ("coveredPercent", "populationUnder18", "uncoveredUnder18", "populationBasis")
Answers = dict[str, list[bytes]]
"""The answers that a map is drawn from, by what was asked; several of a list in pages, none of what is not told."""
Drawn = tuple[bytes, str]
"""A page, and its content security policy."""
Packed = tuple[bytes, str, dict[str, bytes]]
"""These, and the page in each coding."""


def overview(answers: Answers, choices: Choices) -> Overview:
    """Return the records of the overview."""
    start, frame = data(answers["start"]), data(answers["frame"])
    released = start["releasedPeriods"]
    regions, others = lands(answers)
    return Overview(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        actors=sites_of(answers, "actors"),
        shelters=sites_of(answers, "shelters"),
        counts=_counts(answers),
        by_area="area_counts" in answers,
        period=choices.period or (released[0]["period"] if released else ""),
        sources=sources(frame),
    )


def _counts(answers: Answers) -> FeatureCollection:
    if "area_counts" in answers:
        return collection(orjson.loads(answers["area_counts"][0])["features"])
    nodes = [edge["node"] for page in answers.get("counts", ()) for edge in data([page])["incidentCounts"]["edges"]]
    return collection(
        [
            feature(
                each["locality"]["point"],
                name=each["locality"]["name"],
                illustrative=bool(each["source"] and each["source"]["illustrative"]),
                **{name: each[name] for name in COUNTED},
            )
            for each in nodes
        ]
    )


def lands(answers: Answers) -> tuple[FeatureCollection, list[Mapping[str, Any]]]:
    """Return the parts of the area of a map that have an outline, or else the area, and what is told of the others."""
    regions, others = _outlined([_area_feature(each) for each in _regions(answers)])
    if not regions["features"]:
        regions = collection([_area_feature(data(answers["frame"])["nation"])])
    return regions, others


def codes_of(answers: Answers) -> dict[str, str]:
    """Return the codes of the parts of the area of a map, as their records have them, by ``areaCode``."""
    parts = {each["areaCode"]: each["code"] for each in _regions(answers)}
    own = data(answers["frame"])["nation"]
    outlined = any(each["geometry"] for each in _regions(answers))
    return parts if outlined else {**parts, own["areaCode"]: own["code"]}


def coverage(answers: Answers, choices: Choices) -> CoverageMap:
    """Return the records of the map of coverage."""
    frame = data(answers["frame"])
    answer, gaps = data(answers["coverage"])["coverage"], data(answers["gaps"])["gaps"]
    areas = [*answer["areas"], *({"area": each} for each in answer["areasNotKnown"])]
    regions, others = shares_of(answers, areas, answer["total"])
    places = [
        feature((locality := each.pop("locality"))["point"], name=locality["name"], **each)
        for each in (edge["node"] for edge in gaps["edges"])
    ]
    untold: dict[str, Any] = {"geometry": None, "areaSquareKilometres": None, "toleranceMetres": 0.0}
    land = data(answers["land"])["gapAreas"] if answers["land"] else untold
    return CoverageMap(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        gaps=collection(places),
        gap_areas=collection([feature(land["geometry"])] if land["areaSquareKilometres"] else []),
        gap_area_km2=land["areaSquareKilometres"],
        tolerance_m=land["toleranceMetres"],
        services=sites_of(answers, "services"),
        category=choices.category,
        max_distance_m=choices.metres,
        covered_percent=answer["total"]["coveredPercent"],
        population_under_18=answer["total"]["populationUnder18"],
        uncovered_under_18=answer["total"]["uncoveredUnder18"],
        assumptions=tuple(answer["assumptions"]),
        dates=DataDates(**answer["dataAsOf"], incidents=gaps["incidentPeriod"]),
        reporting=(gaps["localitiesReporting"], gaps["localitiesExpected"]),
        sources=sources(frame),
    )


def shares_of(
    answers: Answers, areas: Sequence[Mapping[str, Any]], total: Mapping[str, Any]
) -> tuple[FeatureCollection, list[Mapping[str, Any]]]:
    """Return the parts of the area of a map with their covered shares, or else the area, and what is told of others."""
    nation = data(answers["frame"])["nation"]
    outlines = {region["areaCode"]: region["geometry"] for region in _regions(answers)}
    regions, others = _outlined([_part(each["area"], nation, outlines, _share(each)) for each in areas])
    return regions if regions["features"] else collection([_area_feature(nation, **_share(total))]), others


def _share(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told.get(name) for name in SHARE}


def data(bodies: list[bytes]) -> dict[str, Any]:
    """Return what the first of some answers has."""
    found: dict[str, Any] = orjson.loads(bodies[0])["data"]
    return found


def sites_of(answers: Answers, name: str) -> FeatureCollection:
    """Return the features of a layer that have a place, or what stands for many of them."""
    gathered = answers.get(f"{name}_gathered")
    found = orjson.loads(gathered[0]) if gathered else data(answers[name])["features"]
    return collection([each for each in found["features"] if each["geometry"] is not None])


def frame_of(answers: Answers) -> Frame:
    """Return what a map is drawn on; around an area inside a nation that is the rest of the nation."""
    frame = data(answers["frame"])
    nation = frame["nation"]
    every = [edge["node"] for page in answers.get("around", ()) for edge in data([page])["regions"]["edges"]]
    around, _ = _outlined([_area_feature(each) for each in every if each["areaCode"] != nation["areaCode"]])
    return Frame(
        nation=nation["geometry"],
        ground=collection(frame["ground"]["features"]),
        outline_sources=(SourceRecord(**nation["geometrySource"]),),
        around=around,
        towns=collection(
            [each for body in answers.get("towns", ()) if body for each in orjson.loads(body)["features"]]
        ),
    )


def _regions(answers: Answers) -> list[dict[str, Any]]:
    return [edge["node"] for edge in data(answers["regions"])["regions"]["edges"]]


def _part(
    area: dict[str, Any], nation: dict[str, Any], outlines: Mapping[str, Any], figures: Mapping[str, Any]
) -> Feature:
    """Return a part with its outline; without a name for the nation itself, whose children live nobody knows where."""
    if area["areaCode"] == nation["areaCode"]:
        return _area_feature({"name": None, "code": None, "geometry": None}, **figures)
    return _area_feature({**area, "geometry": outlines.get(area["areaCode"])}, **figures)


def _outlined(regions: list[Feature]) -> tuple[FeatureCollection, list[Mapping[str, Any]]]:
    """Return the regions that have an outline, and the properties of the others."""
    known = [each for each in regions if each["geometry"] is not None]
    others = [each["properties"] for each in regions if each["geometry"] is None]
    return collection(known), sorted(others, key=lambda each: each["name"] is None)


def _area_feature(area: dict[str, Any], **properties: Any) -> Feature:
    return feature(area["geometry"], name=area["name"], code=area["code"], **properties)


def feature(geometry: Any, **properties: Any) -> Feature:
    """Return a feature with its properties."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(features: list[Feature]) -> FeatureCollection:
    """Return features as a layer."""
    return {"type": "FeatureCollection", "features": features}


def sources(frame: dict[str, Any]) -> tuple[SourceRecord, ...]:
    """Return where the data of a map come from."""
    return tuple(SourceRecord(**each) for each in frame["sources"])


def packed(draw: Callable[..., Drawn], *given: object) -> Packed:
    """Draw a map and compress it, for all who will open it."""
    page, policy = draw(*given)
    return page, policy, {coding: pack(page, coding) for coding in CODINGS}


def draw_overview(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the overview."""
    from maps import overview as drawing  # noqa: PLC0415  folium takes 0.7 s to import

    return _drawn(drawing.draw(overview(answers, choices), choices.locale, controls))


def draw_coverage(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of coverage."""
    from maps import coverage as drawing  # noqa: PLC0415

    return _drawn(drawing.draw(coverage(answers, choices), choices.locale, controls))


def _drawn(page: Page) -> Drawn:
    return page.html.encode(), page.csp
