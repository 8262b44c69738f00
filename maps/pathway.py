"""The map of a pathway: from a town or village, whom to tell and where a child can go, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo.coordinates import BBox, LonLat
from geo.vocabulary import Locale, label
from maps import land, layers, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.legend import Entry, Group, Panel, Swatch, area, swatch
from maps.page import Drawing, Page, build
from maps.planned import PathwayMap, PathwayStep
from maps.records import Feature
from maps.sites import Properties, Site, contact, marked
from maps.words import words

AROUND_DEGREES = 0.25
"""How much is seen around the places, some 28 km."""
WAY_STYLE: Properties = {"color": palette.SITES["here"].colour, "weight": 1.6, "dashArray": "1 5"}


def draw(records: PathwayMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of a pathway as one self-contained page with its policy."""
    said = words(locale)
    sites, here = records.sites["features"], place(records.place)
    points = [here, *(place(each) for each in sites)]
    below = land.lay(records.frame, records.regions, records.others, points, said)
    name = records.place["properties"]["name"]
    return build(
        Drawing(
            layers={
                **below.layers,
                "ways": [_way(here, place(each)) for each in sites],
                "areas": layers.areas(
                    records.areas["features"],
                    lambda one: {"name": one["name"]},
                    lambda n, zone: {"name": said["shelter_areas"].format(n=n, zone=zone), "note": said["area_note"]},
                ),
                "sites": layers.sites(
                    [
                        Site("here", here, {"name": name, "note": said["pathway_here"]}),
                        *(
                            Site(each["properties"]["family"], place(each), _site(each["properties"], said, locale))
                            for each in sites
                        ),
                    ]
                ),
            },
            styles={**land.STYLES, "ways": WAY_STYLE, "areas": layers.area_style(palette.SHELTER)},
            box=_box(points),
        ),
        _panel(records, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=any(each["properties"].get("illustrative") for each in sites),
    )


def _box(points: Iterable[LonLat]) -> BBox:
    lons, lats = zip(*((each.lon, each.lat) for each in points), strict=True)
    return BBox(
        west=max(min(lons) - AROUND_DEGREES, -180),
        south=max(min(lats) - AROUND_DEGREES, -90),
        east=min(max(lons) + AROUND_DEGREES, 180),
        north=min(max(lats) + AROUND_DEGREES, 90),
    )


def _way(here: LonLat, there: LonLat) -> Feature:
    line = {"type": "LineString", "coordinates": [[here.lon, here.lat], [there.lon, there.lat]]}
    return {"type": "Feature", "geometry": line, "properties": {}}


def _site(site: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    far, day = site["distanceMetres"], site["verifiedOn"]
    return {
        "name": site["name"],
        "need": site["need"],
        **({} if far is None else {"distance": numbers.distance(far, locale)}),
        "verified": numbers.day(day, locale) if day else said["never_verified"],
        **contact(site),
        **marked(site),
    }


def _panel(records: PathwayMap, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    families = sorted({each["properties"]["family"] for each in records.sites["features"]} - {"service"})
    signs = (
        Entry(said["pathway_here"], swatch(palette.SITES["here"]), family="here"),
        *(Entry(said[each], swatch(palette.SITES[each]), family=each) for each in families),
        Entry(said["pathway_place"], swatch(palette.SITES["service"]), family="service"),
        Entry(said["shelter_area"], area(palette.SHELTER), layer="areas"),
        Entry(said["pathway_way"], Swatch("M1 12H23", "none", WAY_STYLE["color"], 2, "2 4"), layer="ways"),
    )
    return Panel(
        title=said["pathway_title"].format(
            incident=label(records.incident, locale), place=records.place["properties"]["name"]
        ),
        lead=said["pathway_lead"],
        dated=dated(said, services=records.verified_on and numbers.day(records.verified_on, locale)),
        groups=(
            *_stages(records.steps, said),
            Group(Entry(said["legend_signs"]), signs, note=said["area_note"]),
            land.legend(below, records.others, said),
            land.waters(said),
        ),
        assumptions=records.assumptions,
        words=said,
        patterns=below.patterns,
    )


def _stages(steps: Iterable[PathwayStep], said: Mapping[str, str]) -> Iterable[Group]:
    """Yield a group of lines for each step: whom to tell, and the places, the nearest first."""
    for each in steps:
        who = [said["pathway_tell"].format(who=each.told)] if each.told else []
        found = [*who, *each.places] or [said["pathway_none"]]
        heading = " · ".join(dict.fromkeys((each.stage, each.need)))
        yield Group(Entry(heading), tuple(map(Entry, found)))
