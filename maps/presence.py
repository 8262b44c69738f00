"""The map of presence: which organisations are in which part of an area, as lists of who does what where say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.vocabulary import Locale, Sector, label
from maps import borders, land, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.land import Land
from maps.legend import Entry, Group, Panel, Swatch, unknown
from maps.page import Drawing, Page, build
from maps.records import PresenceMap
from maps.sites import Properties
from maps.words import words

LOWS = (1, 3, 6, 11, 21)
"""The least number of organisations of each class."""
MOST_LISTED = 100
"""Organisations on one card; the others are counted."""


def draw(records: PresenceMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of presence as one self-contained page with its policy."""
    said = words(locale)
    below = land.lay(
        records.frame,
        records.regions,
        records.others,
        (),
        said,
        describe=lambda each: _region(each, said, locale),
        fill=lambda each: _fill(len(_sectors(each))),
    )
    return build(
        Drawing(layers={**below.layers, "sites": []}, styles=land.STYLES, box=below.box),
        _panel(records, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=records.illustrative,
    )


def _fill(organizations: int) -> str:
    at = sum(organizations >= low for low in LOWS)
    return palette.SHARES[at - 1] if at else palette.LAND


def _sectors(region: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the sectors of each organisation of a region, by its name."""
    found: dict[str, list[str]] = {}
    for each in region["present"]:
        found.setdefault(each["organization"], []).append(each["sector"])
    return found


def _region(region: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    present = _sectors(region)
    told = numbers.number(len(present), locale) if present else said["nobody_told"]
    return {
        "name": region["name"],
        "code": region["code"],
        "label": [region["name"], *([told] if present else [])],
        "spoken": f"{region['name']}, {told}",
        "note": said["together"].format(called=said["figure_organizations"].capitalize(), n=told),
        "sites": [
            {"name": name, "sectors": ", ".join(sorted({label(Sector[each], locale) for each in sectors}))}
            for name, sectors in sorted(present.items())[:MOST_LISTED]
        ],
    }


def _panel(records: PresenceMap, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    highs = [low - 1 for low in LOWS[1:]]
    classes = [
        Entry(said["class_organizations"].format(low=low, high=high), Swatch(palette.BOX, colour, palette.BORDER))
        for low, high, colour in zip(LOWS, highs, palette.SHARES, strict=False)
    ]
    most = Entry(said["class_most"].format(low=LOWS[-1]), Swatch(palette.BOX, palette.SHARES[-1], palette.BORDER))
    nobody = Entry(said["nobody_told"], Swatch(palette.BOX, palette.LAND, palette.BORDER))
    unbound = (Entry(said["unknown_border"], unknown()),) if below.unbound else ()
    cut = said["presence_cut"].format(n=numbers.number(records.shown, locale), of=numbers.number(records.total, locale))
    lost = said["presence_elsewhere"].format(n=numbers.number(records.elsewhere, locale))
    among = borders.among(records.others, said)
    notes = [
        said["organizations_note"],
        *([among] if among else []),
        *([cut] if records.shown < records.total else []),
        *([lost] if records.elsewhere else []),
    ]
    everywhere = [each["properties"] for each in records.regions["features"]] + list(records.others)
    return Panel(
        title=said["presence_title"],
        lead=said["presence_lead"].format(
            sector=said["all_sectors"] if records.sector is None else label(records.sector, locale),
            period=numbers.period(records.period, locale) if records.period else said["any_period"],
        ),
        dated=dated(said, presence=records.reported_on and numbers.day(records.reported_on, locale)),
        figures=(
            (numbers.number(records.organizations, locale), said["figure_organizations"]),
            (numbers.number(records.total, locale), said["figure_places"]),
        ),
        groups=(
            Group(
                Entry(said["organizations"], layer="regions"),
                (*classes, most, nobody, *unbound),
                " ".join(notes),
            ),
            land.waters(said),
        ),
        regions=tuple(
            (each["name"], numbers.number(len(_sectors(each)), locale) if each["present"] else said["nobody_told"])
            for each in everywhere
        ),
        words=said,
        patterns=below.patterns,
    )
