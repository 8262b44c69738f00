"""The map of training gaps: localities whose children have no trained actor of a kind within reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.vocabulary import Locale, label
from maps import land, layers, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.legend import Entry, Group, Panel, disc, swatch
from maps.page import Drawing, Page, build
from maps.records import TrainingMap
from maps.sites import Properties, Site, marked
from maps.words import words

RANKED = 10
"""How many localities are numbered on the map and listed beside it."""
_OPACITY = 0.9


def draw(records: TrainingMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of training gaps as one self-contained page with its policy."""
    said = words(locale)
    gaps, trainings = records.gaps["features"], records.trainings["features"]
    points = [place(each) for each in (*gaps, *trainings)]
    below = land.lay(records.frame, records.regions, records.others, points, said)
    return build(
        Drawing(
            layers={
                **below.layers,
                "gaps": layers.circles(
                    gaps,
                    [_gap(each["properties"], rank, said, locale) for rank, each in enumerate(gaps, 1)],
                    [each["properties"]["uncoveredUnder18"] for each in gaps],
                ),
                "sites": layers.sites(
                    Site("training", place(each), _training(each["properties"], said, locale)) for each in trainings
                ),
            },
            styles={**land.STYLES, "gaps": layers.circle_style(palette.GAP, "#ffffff", _OPACITY)},
            box=below.box,
        ),
        _panel(records, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=any(each["properties"]["illustrative"] for each in trainings),
    )


def _gap(gap: Mapping[str, Any], rank: int, said: Mapping[str, str], locale: Locale) -> Properties:
    far = gap["nearestDistanceMetres"]
    return {
        "name": gap["name"],
        "rank": rank,
        "uncovered": numbers.number(gap["uncoveredUnder18"], locale),
        "nearestActor": said["no_service"] if far is None else f"{gap['actorName']}, {numbers.distance(far, locale)}",
        **({"label": [str(rank)]} if rank <= RANKED else {}),
    }


def _training(held: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    each = [{"name": one["name"], "verified": numbers.day(one["endsOn"], locale)} for one in held["trainings"]]
    told = [{"name": f"{one['name']}, {one['verified']}"} for one in each]
    return {"name": held["name"], "note": said["trainings"], "sites": told, **marked(held)}


def _panel(records: TrainingMap, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    gaps = [each["properties"] for each in records.gaps["features"]]
    known = records.covered_percent

    def shown(value: int | None) -> str:
        return said["no_data"] if value is None else numbers.number(value, locale)

    last = records.last_training_on
    return Panel(
        title=said["training_title"].format(kind=label(records.kind, locale)),
        lead=said["training_lead"].format(distance=numbers.distance(records.max_distance_m, locale)),
        dated=dated(said, trainings=last and numbers.day(last, locale)),
        figures=(
            (said["no_data"] if known is None else numbers.percent(known, locale), said["figure_covered"]),
            (shown(records.uncovered_under_18), said["figure_uncovered"]),
            (numbers.number(records.trained_actors, locale), said["figure_trained"]),
        ),
        groups=(
            Group(
                Entry(said["untrained"], disc(palette.GAP, 8, _OPACITY), layer="gaps"),
                note=said["untrained_note"].format(n=len(gaps)),
            ),
            Group(
                Entry(said["trainings"]),
                (Entry(said["training_where"], swatch(palette.SITES["training"]), family="training"),),
            ),
            land.legend(below, records.others, said),
            land.waters(said),
        ),
        ranking=tuple((gap["name"], numbers.number(gap["uncoveredUnder18"], locale)) for gap in gaps[:RANKED]),
        assumptions=records.assumptions,
        words=said,
        patterns=below.patterns,
    )
