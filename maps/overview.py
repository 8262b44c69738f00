"""The overview: who protects children and where, shelters at their public place, published counts by locality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.vocabulary import ActorKind, Locale, label
from maps import layers, numbers, palette
from maps.geometry import bounds, place
from maps.legend import Entry, Group, Panel, Swatch, area, disc, swatch
from maps.page import Drawing, Page, build
from maps.records import Overview
from maps.sites import Properties, Site, hidden, marked, radius_px
from maps.words import words

_COUNT_STEP = 5
_COUNT_OPACITY = 0.35


def draw(records: Overview, locale: Locale) -> Page:
    """Draw the overview as one self-contained page with its policy.

    The same records give the same page, byte for byte.
    """
    said = words(locale)
    drawn = (*records.actors["features"], *records.shelters["features"], *records.counts["features"])
    return build(
        _drawing(records, said, locale),
        _panel(records, said, locale),
        locale,
        data_as_of=records.data_as_of,
        sources=records.sources,
        illustrative=any(feature["properties"].get("illustrative") for feature in drawn),
    )


def _drawing(records: Overview, said: Mapping[str, str], locale: Locale) -> Drawing:
    actors, shelters, counts = (
        list(collection["features"]) for collection in (records.actors, records.shelters, records.counts)
    )
    lands = [_region(region["properties"]) for region in records.regions["features"]]
    points = [place(feature) for feature in (*actors, *shelters, *counts)]
    public = [
        Site("shelter", place(shelter), _shelter(shelter["properties"], said, locale))
        for shelter in shelters
        if not hidden(shelter)
    ]
    known = [
        Site(_family(actor["properties"]), place(actor), _actor(actor["properties"], said, locale)) for actor in actors
    ]
    return Drawing(
        layers={
            "regions": layers.regions(records.regions, lands, [palette.LAND] * len(lands), points),
            "counts": layers.circles(
                counts,
                [_count(count["properties"], said, locale) for count in counts],
                [count["properties"]["count"] for count in counts],
            ),
            "areas": layers.areas(
                filter(hidden, shelters),
                lambda shelter: _shelter(shelter, said, locale),
                lambda n, zone: {"name": said["shelter_areas"].format(n=n, zone=zone), "note": said["area_note"]},
            ),
            "sites": layers.sites([*known, *public]),
        },
        styles={
            "regions": layers.REGION_STYLE,
            "counts": layers.circle_style(palette.COUNT, palette.COUNT, _COUNT_OPACITY),
            "areas": layers.area_style(palette.SHELTER),
        },
        box=bounds(records.regions, points),
    )


def _family(actor: Mapping[str, Any]) -> str:
    return palette.FAMILY_OF[ActorKind[actor["kind"]]]


def _actor(actor: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    verified = actor["verifiedOn"]
    return {
        "name": actor["name"],
        "kind": label(ActorKind[actor["kind"]], locale),
        "verified": numbers.day(verified, locale) if verified else said["never_verified"],
        **marked(actor),
    }


_PLACES = {True: "has_places", False: "no_places", None: "places_unknown"}


def _shelter(shelter: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    shown = {"hasPlaces": said[_PLACES[shelter["hasPlaces"]]]}
    if shelter["radiusMetres"]:
        shown["radius"] = numbers.distance(shelter["radiusMetres"], locale)
    return {"name": shelter["name"], **shown, **marked(shelter)}


def _region(region: Mapping[str, Any]) -> Properties:
    return {"name": region["name"], "code": region["code"], "label": [region["name"]]}


def _count(count: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    told = numbers.number(count["count"], locale) if count["count"] else count["countLabel"]
    return {
        "name": count["name"],
        "label": [count["name"]],
        "count": told,
        "period": numbers.period(count["period"], locale),
        "spoken": f"{count['name']}, {said['count']} {told}",
        **marked(count),
    }


def _panel(records: Overview, said: Mapping[str, str], locale: Locale) -> Panel:
    present = {_family(feature["properties"]) for feature in records.actors["features"]}
    families = tuple(
        Entry(said[family], swatch(sign), family=family)
        for family, sign in palette.FAMILIES.items()
        if family in present
    )
    shelters = (
        Entry(said["shelter_exact"], swatch(palette.SITES["shelter"]), family="shelter"),
        Entry(said["shelter_area"], area(palette.SHELTER), layer="areas"),
    )
    land = Swatch(palette.BOX, palette.LAND, palette.BORDER)
    return Panel(
        title=said["overview_title"],
        lead=said["overview_lead"].format(period=numbers.period(records.period, locale)),
        figures=(
            (numbers.number(len(records.actors["features"]), locale), said["figure_actors"]),
            (numbers.number(len(records.shelters["features"]), locale), said["figure_shelters"]),
            (numbers.number(len(records.counts["features"]), locale), said["figure_localities"]),
        ),
        groups=(
            Group(Entry(said["actors"]), families, note=said["cluster_note"]),
            Group(Entry(said["shelters"]), shelters, note=said["area_note"]),
            Group(Entry(said["counts"], layer="counts"), _scale(records, locale), said["counts_note"], inline=True),
            Group(Entry(said["regions"], land, layer="regions")),
        ),
        words=said,
    )


def _scale(records: Overview, locale: Locale) -> tuple[Entry, ...]:
    largest = max((feature["properties"]["count"] for feature in records.counts["features"]), default=0)
    middle = round(largest / 4 / _COUNT_STEP) * _COUNT_STEP
    return tuple(
        Entry(
            numbers.number(step, locale) if step else "0–4",
            disc(palette.COUNT, radius_px(step, largest), _COUNT_OPACITY),
        )
        for step in sorted({largest, middle, 0}, reverse=True)
    )
