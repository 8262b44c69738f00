"""The records of a map, read from the answers of :mod:`api.pages.map_questions`, and the map drawn from them.

All of it is work for a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from api.compression import CODINGS, pack
from geo.vocabulary import Locale, ServiceCategory
from maps.records import CoverageMap, DataDates, Feature, FeatureCollection, Frame, Overview, SourceRecord

COUNTED = ("status", "count", "countLabel", "period", "localitiesReporting", "localitiesExpected")
Answers = dict[str, list[bytes]]
"""The answers that a map is drawn from, by what was asked; several of a list in pages, none of what is not told."""
Drawn = tuple[bytes, str]
"""A page, and its content security policy."""
Packed = tuple[bytes, str, dict[str, bytes]]
"""These, and the page in each coding."""


def overview(answers: Answers) -> Overview:
    """Return the records of the overview."""
    start, frame = _data(answers["start"]), _data(answers["frame"])
    nation, released = frame["nation"], start["releasedPeriods"]
    regions, others = _outlined([_area_feature(each) for each in _regions(answers)])
    return Overview(
        frame=_frame(frame, nation),
        regions=regions,
        others=others,
        actors=_sites(answers, "actors"),
        shelters=_sites(answers, "shelters"),
        counts=_counts(answers),
        by_area="area_counts" in answers,
        period=released[0]["period"] if released else "",
        sources=_sources(frame),
    )


def _counts(answers: Answers) -> FeatureCollection:
    if "area_counts" in answers:
        return _collection(orjson.loads(answers["area_counts"][0])["features"])
    nodes = [edge["node"] for page in answers.get("counts", ()) for edge in _data([page])["incidentCounts"]["edges"]]
    return _collection(
        [
            _feature(
                each["locality"]["point"],
                name=each["locality"]["name"],
                illustrative=bool(each["source"] and each["source"]["illustrative"]),
                **{name: each[name] for name in COUNTED},
            )
            for each in nodes
        ]
    )


def coverage(answers: Answers, category: ServiceCategory, max_distance_m: float) -> CoverageMap:
    """Return the records of the map of coverage."""
    frame = _data(answers["frame"])
    nation = frame["nation"]
    answer, gaps = _data(answers["coverage"])["coverage"], _data(answers["gaps"])["gaps"]
    nobody = dict.fromkeys(("coveredPercent", "populationUnder18", "uncoveredUnder18", "populationBasis"))
    areas = [*answer["areas"], *({"area": each, **nobody} for each in answer["areasNotKnown"])]
    outlines = {region["areaCode"]: region["geometry"] for region in _regions(answers)}
    regions, others = _outlined([_part(each.pop("area"), nation, outlines, each) for each in areas])
    places = [
        _feature((locality := each.pop("locality"))["point"], name=locality["name"], **each)
        for each in (edge["node"] for edge in gaps["edges"])
    ]
    untold: dict[str, Any] = {"geometry": None, "areaSquareKilometres": None, "toleranceMetres": 0.0}
    land = _data(answers["land"])["gapAreas"] if answers["land"] else untold
    return CoverageMap(
        frame=_frame(frame, nation),
        regions=regions,
        others=others,
        gaps=_collection(places),
        gap_areas=_collection([_feature(land["geometry"])] if land["areaSquareKilometres"] else []),
        gap_area_km2=land["areaSquareKilometres"],
        tolerance_m=land["toleranceMetres"],
        services=_sites(answers, "services"),
        category=category,
        max_distance_m=max_distance_m,
        covered_percent=answer["total"]["coveredPercent"],
        population_under_18=answer["total"]["populationUnder18"],
        uncovered_under_18=answer["total"]["uncoveredUnder18"],
        assumptions=tuple(answer["assumptions"]),
        dates=DataDates(**answer["dataAsOf"], incidents=gaps["incidentPeriod"]),
        reporting=(gaps["localitiesReporting"], gaps["localitiesExpected"]),
        sources=_sources(frame),
    )


def _data(bodies: list[bytes]) -> dict[str, Any]:
    data: dict[str, Any] = orjson.loads(bodies[0])["data"]
    return data


def _sites(answers: Answers, name: str) -> FeatureCollection:
    """Return the features of a layer that have a place, or what stands for many of them."""
    gathered = answers.get(f"{name}_gathered")
    found = orjson.loads(gathered[0]) if gathered else _data(answers[name])["features"]
    return _collection([each for each in found["features"] if each["geometry"] is not None])


def _frame(frame: dict[str, Any], nation: dict[str, Any]) -> Frame:
    return Frame(
        nation=nation["geometry"],
        ground=_collection(frame["ground"]["features"]),
        outline_sources=(SourceRecord(**nation["geometrySource"]),),
    )


def _regions(answers: Answers) -> list[dict[str, Any]]:
    return [edge["node"] for edge in _data(answers["regions"])["regions"]["edges"]]


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
    return _collection(known), sorted(others, key=lambda each: each["name"] is None)


def _area_feature(area: dict[str, Any], **properties: Any) -> Feature:
    return _feature(area["geometry"], name=area["name"], code=area["code"], **properties)


def _feature(geometry: Any, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[Feature]) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": features}


def _sources(frame: dict[str, Any]) -> tuple[SourceRecord, ...]:
    return tuple(SourceRecord(**each) for each in frame["sources"])


def packed(draw: Callable[..., Drawn], *given: object) -> Packed:
    """Draw a map and compress it, for all who will open it."""
    page, policy = draw(*given)
    return page, policy, {coding: pack(page, coding) for coding in CODINGS}


def draw_overview(answers: Answers, locale: Locale) -> Drawn:
    """Draw the overview."""
    from maps import overview as drawing  # noqa: PLC0415  folium takes 0.7 s to import

    page = drawing.draw(overview(answers), locale)
    return page.html.encode(), page.csp


def draw_coverage(answers: Answers, category: ServiceCategory, max_distance_m: float, locale: Locale) -> Drawn:
    """Draw the map of coverage."""
    from maps import coverage as drawing  # noqa: PLC0415

    page = drawing.draw(coverage(answers, category, max_distance_m), locale)
    return page.html.encode(), page.csp
