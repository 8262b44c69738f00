"""The overview: who protects children and where, shelters at their public place, published counts by locality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.vocabulary import ActorKind, CountStatus, Locale, label
from maps import land, layers, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.legend import Entry, Group, Panel, area, disc, ring, swatch
from maps.page import Drawing, Page, build
from maps.records import Feature, Overview
from maps.sites import Properties, Site, contact, hidden, marked, number, radius_px, together, with_gathered
from maps.words import words

_COUNT_STEP = 5
_COUNT_OPACITY = 0.35
UNTOLD = {CountStatus.NOT_RELEASED: "unreleased", CountStatus.NOT_REPORTED: "unreported"}
"""The layers of places of which no count is published, the lower first."""


def draw(records: Overview, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the overview as one self-contained page with its policy.

    The same records give the same page, byte for byte.
    """
    said = words(locale)
    drawn = (*records.actors["features"], *records.shelters["features"], *records.counts["features"])
    below = land.lay(records.frame, records.regions, records.others, [place(each) for each in drawn], said)
    return build(
        _drawing(records, below, said, locale),
        _panel(records, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=any(feature["properties"].get("illustrative") for feature in drawn),
    )


def _drawing(records: Overview, below: Land, said: Mapping[str, str], locale: Locale) -> Drawing:
    actors, shelters, counts = (
        list(collection["features"]) for collection in (records.actors, records.shelters, records.counts)
    )
    told = _of(counts, CountStatus.PUBLISHED)
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
            **below.layers,
            **{
                layer: layers.rings(found, [_count(count["properties"], said, locale) for count in found])
                for layer, found in ((layer, _of(counts, status)) for status, layer in UNTOLD.items())
            },
            "counts": layers.circles(
                told,
                [_count(count["properties"], said, locale) for count in told],
                [count["properties"]["count"] for count in told],
            ),
            "areas": layers.areas(
                filter(hidden, shelters),
                lambda shelter: _shelter(shelter, said, locale),
                lambda n, zone: {"name": said["shelter_areas"].format(n=n, zone=zone), "note": said["area_note"]},
            ),
            "sites": layers.sites([*known, *public]),
        },
        styles={
            **land.STYLES,
            "unreported": layers.ring_style(dashed=True),
            "unreleased": layers.ring_style(dashed=False),
            "counts": layers.circle_style(palette.COUNT, palette.COUNT, _COUNT_OPACITY),
            "areas": layers.area_style(palette.SHELTER),
        },
        box=below.box,
    )


def _of(counts: Sequence[Feature], status: CountStatus) -> list[Feature]:
    return [each for each in counts if each["properties"]["status"] == status.name]


def _family(actor: Mapping[str, Any]) -> str:
    return str(actor["group"]) if "group" in actor else palette.FAMILY_OF[ActorKind[actor["kind"]]]


def _actor(actor: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    if "number" in actor:
        return together(actor, said[_family(actor)], said, locale)
    verified = actor["verifiedOn"]
    return {
        "name": actor["name"],
        "kind": label(ActorKind[actor["kind"]], locale),
        "verified": numbers.day(verified, locale) if verified else said["never_verified"],
        **contact(actor),
        **marked(actor),
    }


_PLACES = {True: "has_places", False: "no_places", None: "places_unknown"}


def _shelter(shelter: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    if "number" in shelter:
        return together(shelter, said["shelters"], said, locale)
    shown = {"hasPlaces": said[_PLACES[shelter["hasPlaces"]]]}
    if shelter["radiusMetres"]:
        shown["radius"] = numbers.distance(shelter["radiusMetres"], locale)
    return {"name": shelter["name"], **shown, **contact(shelter), **marked(shelter)}


def _count(count: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    if count["status"] != CountStatus.PUBLISHED.name:
        told = said[count["status"]]
    else:
        told = numbers.number(count["count"], locale) if count["count"] else count["countLabel"]
    return {
        "name": count["name"],
        **({"label": [count["name"]]} if count["count"] is not None else {}),
        "count": told,
        "period": numbers.period(count["period"], locale),
        "spoken": f"{count['name']}, {said['count']} {told}",
        **marked(count),
    }


def _panel(records: Overview, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    actors = [feature["properties"] for feature in records.actors["features"]]
    present = {_family(actor) for actor in actors}
    families = tuple(
        Entry(said[family], swatch(sign), family=family)
        for family, sign in palette.FAMILIES.items()
        if family in present
    )
    shelters = (
        Entry(said["shelter_exact"], swatch(palette.SITES["shelter"]), family="shelter"),
        Entry(said["shelter_area"], area(palette.SHELTER), layer="areas"),
    )
    reported = {
        name: numbers.number(sum(each["properties"][key] for each in records.counts["features"]), locale)
        for name, key in (("n", "localitiesReporting"), ("of", "localitiesExpected"))
    }
    verified = max((each for actor in actors if (each := actor["verifiedOn"])), default=None)
    return Panel(
        title=said["overview_title"],
        lead=said["overview_lead"].format(period=numbers.period(records.period, locale)),
        dated=dated(
            said,
            actors=verified and numbers.day(verified, locale),
            incidents=numbers.period(records.period, locale),
        ),
        figures=(
            (numbers.number(sum(map(number, records.actors["features"])), locale), said["figure_actors"]),
            (numbers.number(sum(map(number, records.shelters["features"])), locale), said["figure_shelters"]),
            (f"{reported['n']} / {reported['of']}", said["figure_localities"]),
        ),
        groups=(
            Group(Entry(said["actors"]), families, note=with_gathered(said["cluster_note"], records.actors, said)),
            Group(Entry(said["shelters"]), shelters, note=with_gathered(said["area_note"], records.shelters, said)),
            Group(
                Entry(said["counts"], layer="counts"),
                _scale(records, locale),
                " ".join(
                    [
                        *([said["by_area_note"]] if records.by_area else []),
                        said["reported"].format(**reported),
                        said["counts_note"],
                    ]
                ),
                inline=True,
            ),
            *(
                Group(Entry(said[status.name], ring(dashed=status is CountStatus.NOT_REPORTED), layer=layer))
                for status, layer in UNTOLD.items()
                if _of(records.counts["features"], status)
            ),
            land.legend(below, records.others, said),
            land.waters(said),
        ),
        patterns=below.patterns,
        words=said,
    )


def _scale(records: Overview, locale: Locale) -> tuple[Entry, ...]:
    told = _of(records.counts["features"], CountStatus.PUBLISHED)
    largest = max((feature["properties"]["count"] for feature in told), default=0)
    middle = round(largest / 4 / _COUNT_STEP) * _COUNT_STEP
    return tuple(
        Entry(
            numbers.number(step, locale) if step else "0–4",
            disc(palette.COUNT, radius_px(step, largest, len(told)), _COUNT_OPACITY),
        )
        for step in sorted({largest, middle, 0}, reverse=True)
    )
