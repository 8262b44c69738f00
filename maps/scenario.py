"""The map of a scenario: two maps that move together, today on one and what the scenario makes of it on the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.vocabulary import Locale, label
from maps import borders, land, layers, numbers, palette
from maps.controls import Controls
from maps.coverage import classes, dates_of, known, made_up, region_of, service_of
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.layers import Layer
from maps.legend import Entry, Group, Panel, area, swatch
from maps.page import Beside, Drawing, Page, build
from maps.planned import ScenarioMap
from maps.records import FeatureCollection
from maps.sites import Site, hidden, with_gathered
from maps.words import words


def draw(records: ScenarioMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of a scenario as one self-contained page with its policy."""
    said = words(locale)
    public = [each for each in records.services["features"] if not hidden(each)]
    points = [place(each) for each in (*public, *records.added["features"])]

    def laid(regions: FeatureCollection) -> Land:
        return land.lay(
            records.frame,
            regions,
            records.others,
            points,
            said,
            describe=lambda each: region_of(each, said, locale),
            fill=lambda each: palette.share(each["coveredPercent"]),
        )

    today, then = laid(records.before), laid(records.after)
    return build(
        Drawing(
            layers={**then.layers, **_services(records.kept, records.added, said, locale)},
            styles={**land.STYLES, "areas": layers.area_style(palette.SERVICE)},
            box=then.box,
            beside=Beside(
                label=said["today"],
                own=said["under_scenario"],
                layers={**today.layers, **_services(records.services, None, said, locale)},
            ),
        ),
        _panel(records, then, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=made_up(records.services),
    )


def _services(
    services: FeatureCollection, added: FeatureCollection | None, said: Mapping[str, str], locale: Locale
) -> dict[str, Layer]:
    here = [
        Site("service", place(one), service_of(one["properties"], said, locale))
        for one in services["features"]
        if not hidden(one)
    ]
    new = [
        Site("added", place(one), {"name": one["properties"]["name"], "note": _note(one["properties"], said)})
        for one in (added["features"] if added else ())
    ]
    zones = layers.areas(
        filter(hidden, services["features"]),
        lambda one: service_of(one, said, locale),
        lambda n, zone: {"name": said["service_areas"].format(n=n, zone=zone), "note": said["area_note"]},
    )
    return {"areas": zones, "sites": layers.sites([*here, *new])}


def _note(site: Mapping[str, Any], said: Mapping[str, str]) -> str:
    return said["site_moved" if site["moved"] else "site_added"]


def _panel(records: ScenarioMap, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    before, after = records.total_before, records.total_after
    return Panel(
        title=said["scenario_title"].format(name=records.name, category=label(records.category, locale)),
        lead=said["coverage_lead"].format(distance=numbers.distance(records.max_distance_m, locale)),
        dated=dated(said, **dates_of(records.dates, locale)),
        figures=(
            (known(numbers.percent, before["coveredPercent"], said, locale), said["figure_today"]),
            (known(numbers.percent, after["coveredPercent"], said, locale), said["figure_then"]),
            (known(numbers.number, records.newly_covered, said, locale), said["figure_newly"]),
            (known(numbers.number, records.lost, said, locale), said["figure_lost"]),
        ),
        groups=(
            Group(
                Entry(said["share"], layer="regions"),
                classes(records.after, said, locale, unbound=below.unbound),
                borders.among(records.others, said),
            ),
            Group(
                Entry(said["services"]),
                (
                    Entry(said["shelter_exact"], swatch(palette.SITES["service"]), family="service"),
                    Entry(said["sites_added"], swatch(palette.SITES["added"]), family="added"),
                    Entry(said["shelter_area"], area(palette.SERVICE), layer="areas"),
                ),
                note=with_gathered(said["area_note"], records.services, said),
            ),
            land.waters(said),
        ),
        regions=_listed(records, said, locale),
        assumptions=records.assumptions,
        words=said,
        patterns=below.patterns,
    )


def _listed(records: ScenarioMap, said: Mapping[str, str], locale: Locale) -> tuple[tuple[str, str], ...]:
    """Return the regions whose share changes, with both; if none does, all of them with theirs."""
    pairs = [
        (one["properties"], other["properties"])
        for one, other in zip(records.before["features"], records.after["features"], strict=True)
    ]
    changed = [(one, other) for one, other in pairs if one["coveredPercent"] != other["coveredPercent"]]
    return tuple(
        (
            other["name"] or said["unknown_region"],
            " → ".join(
                dict.fromkeys(known(numbers.percent, each["coveredPercent"], said, locale) for each in (one, other))
            ),
        )
        for one, other in changed or pairs
    )
