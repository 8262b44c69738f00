"""The map of hotspots: places whose rate stands out beyond chance by quarter, and those of which nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.vocabulary import Locale, label
from maps import land, layers, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.layers import Layer
from maps.legend import Entry, Group, Panel, Swatch, disc, ring
from maps.page import Drawing, Moment, Page, build
from maps.records import Feature, HotspotFrame, HotspotMap
from maps.sites import Properties
from maps.words import words

SILENT = "NOT_REPORTED"
LAYERS = ("untested", "unreported", "hotspots")
"""The layers that change from quarter to quarter, the lowest first."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a class is drawn: hot places are full and large, low ones hollow, so that they differ without colour too."""

    fill: str
    line: str
    px: float
    opacity: float = 0.95


HOT, COLD, ODD, PLAIN = "#b2182b", "#2166ac", "#762a83", "#f4f1ea"
LOOKS: dict[str, Look] = {
    "HOT_99": Look("#8c0d1f", "#ffffff", 12),
    "HOT_95": Look("#d6604d", "#ffffff", 10),
    "HOT_90": Look("#f4a582", "#7a3020", 8),
    "OUTLIER_99": Look("#ffffff", ODD, 9),
    "OUTLIER_95": Look("#ffffff", ODD, 8),
    "OUTLIER_90": Look("#ffffff", ODD, 7),
    "COLD_90": Look("#ffffff", "#67a9cf", 7),
    "COLD_95": Look("#ffffff", COLD, 8),
    "COLD_99": Look("#ffffff", "#053061", 9),
    "UNSTABLE": Look("#c9c9c9", palette.INK, 6),
    "NOT_SIGNIFICANT": Look("#8a929c", "#ffffff", 4),
}
"""The looks of classes, in the order of the legend."""


def draw(records: HotspotMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of hotspots as one self-contained page with its policy, which begins at the latest quarter."""
    said = words(locale)
    moments = tuple(
        Moment(numbers.period(each.period, locale), _told(each, said, locale), _layers(each, said, locale))
        for each in records.quarters
    )
    points = [place(each) for quarter in records.quarters for each in quarter.places["features"]]
    below = land.lay(records.frame, records.regions, records.others, points, said)
    latest: Mapping[str, Layer] = moments[-1].layers if moments else {each: [] for each in LAYERS}
    return build(
        Drawing(
            layers={
                **below.layers,
                **latest,
                "sites": [],
            },
            styles={
                **land.STYLES,
                "untested": layers.ring_style(dashed=False),
                "unreported": layers.ring_style(dashed=True),
                "hotspots": {"weight": 2, "fill": True},
            },
            box=below.box,
            moments=moments,
        ),
        _panel(records, moments, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=False,
    )


def _layers(quarter: HotspotFrame, said: Mapping[str, str], locale: Locale) -> dict[str, Layer]:
    tested = [each for each in quarter.places["features"] if each["properties"]["hotspotClass"] in LOOKS]
    # The most certain come first and are drawn last, so that they lie on top.
    tested.sort(key=lambda each: LOOKS[each["properties"]["hotspotClass"]].px)
    silent: list[Feature] = []
    others: list[Feature] = []
    for each in quarter.left_out["features"]:
        (silent if each["properties"]["reason"] == SILENT else others).append(each)
    return {
        "untested": layers.rings(others, [_untested(each["properties"], said) for each in others]),
        "unreported": layers.rings(silent, [_untested(each["properties"], said) for each in silent]),
        "hotspots": layers.discs(tested, [_place(each["properties"], said, locale) for each in tested]),
    }


def _untested(told: Mapping[str, Any], said: Mapping[str, str]) -> Properties:
    why = said[f"untested_{told['reason'].lower()}"]
    return {"name": told["name"], "hotspot": why, "spoken": f"{told['name']}, {why}"}


def _place(told: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    called = told["hotspotClass"]
    look, words_of = LOOKS[called], said[f"class_{called.lower()}"]
    rate = told["ratePer100kUnder18"]
    known = {} if told["qValue"] is None else {"chance": numbers.number(told["qValue"], locale, 3)}
    return {
        "name": told["name"],
        "hotspot": words_of,
        "count": numbers.number(told["count"], locale) if told["count"] else "0–4",
        "rate": said["rate_unknown"] if rate is None else numbers.number(rate, locale, 1),
        **known,
        "spoken": f"{told['name']}, {words_of}",
        "fill": look.fill,
        "line": look.line,
        "px": look.px,
        **({"label": [told["name"]]} if called.startswith(("HOT", "COLD", "OUTLIER")) else {}),
    }


def _told(quarter: HotspotFrame, said: Mapping[str, str], locale: Locale) -> str:
    """Say how much of a quarter is known, and how much is not."""
    shown = {
        name: numbers.number(getattr(quarter, name), locale)
        for name in ("tested", "untested", "not_reported", "unstable", "others")
    }
    return " ".join(
        [
            said["hotspots_tested"].format(**shown),
            *([said["hotspots_others"].format(**shown)] if quarter.others else []),
        ]
    )


def _panel(
    records: HotspotMap, moments: tuple[Moment, ...], below: Land, said: Mapping[str, str], locale: Locale
) -> Panel:
    present = {each["properties"]["hotspotClass"] for one in records.quarters for each in one.places["features"]}
    classes = tuple(
        Entry(said[f"class_{name.lower()}"], _disc(look)) for name, look in LOOKS.items() if name in present
    )
    incident = said["all_incidents"] if records.incident is None else label(records.incident, locale)
    return Panel(
        title=said["hotspots_title"].format(incident=incident),
        lead=said["hotspots_lead"].format(level=said[f"level_{records.level.name.lower()}"]),
        dated=dated(said, incidents=" – ".join(dict.fromkeys(each.label for each in (*moments[:1], *moments[-1:])))),
        groups=(
            Group(Entry(said["hotspots"], layer="hotspots"), classes, note=said["hotspots_note"]),
            Group(Entry(said["NOT_REPORTED"], ring(dashed=True), layer="unreported")),
            Group(Entry(said["untested"], ring(dashed=False), layer="untested")),
            land.legend(below, records.others, said),
            land.waters(said),
        ),
        moments=tuple((each.label, each.note) for each in moments),
        assumptions=records.assumptions,
        words=said,
        patterns=below.patterns,
    )


def _disc(look: Look) -> Swatch:
    made = disc(look.fill, look.px, look.opacity)
    return Swatch(made.path, look.fill, stroke=look.line, width=2, box=made.box)
