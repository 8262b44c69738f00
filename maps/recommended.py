"""The map of recommended sites: where a model would build services, the best first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.vocabulary import Locale, label
from maps import land, layers, numbers, palette
from maps.controls import Controls
from maps.coverage import dates_of, known, made_up, service_of
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.legend import Entry, Group, Panel, Swatch, area, disc, swatch
from maps.page import Drawing, Page, build
from maps.planned import SitesMap
from maps.sites import Properties, Site, hidden, with_gathered
from maps.words import words

_OPACITY = 0.9
DISC_PX = 9.0
REACH_STYLE: Properties = {"color": palette.BUILT, "weight": 1.5, "fillColor": palette.BUILT, "fillOpacity": 0.12}


def draw(records: SitesMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the map of recommended sites as one self-contained page with its policy."""
    said = words(locale)
    sites, services = records.sites["features"], records.services["features"]
    public = [each for each in services if not hidden(each)]
    points = [place(each) for each in (*sites, *public)]
    below = land.lay(records.frame, records.regions, records.others, points, said)
    return build(
        Drawing(
            layers={
                **below.layers,
                "reach": layers.discs(sites, [{"radius_m": records.max_distance_m}] * len(sites)),
                "areas": layers.areas(
                    filter(hidden, services),
                    lambda one: service_of(one, said, locale),
                    lambda n, zone: {"name": said["service_areas"].format(n=n, zone=zone), "note": said["area_note"]},
                ),
                "gaps": layers.discs(
                    sites, [_site(each["properties"], rank, said, locale) for rank, each in enumerate(sites, 1)]
                ),
                "sites": layers.sites(
                    Site("service", place(one), service_of(one["properties"], said, locale)) for one in public
                ),
            },
            styles={
                **land.STYLES,
                "reach": REACH_STYLE,
                "areas": layers.area_style(palette.SERVICE),
                "gaps": layers.circle_style(palette.BUILT, "#ffffff", _OPACITY),
            },
            box=below.box,
        ),
        _panel(records, below, said, locale),
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=made_up(records.services),
    )


def _site(site: Mapping[str, Any], rank: int, said: Mapping[str, str], locale: Locale) -> Properties:
    gain = numbers.number(site["gainUnder18"], locale)
    return {"name": site["name"] or said["site"], "rank": rank, "gain": gain, "label": [str(rank)], "px": DISC_PX}


def _panel(records: SitesMap, below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    sites = [each["properties"] for each in records.sites["features"]]
    gain = None if records.covered_before is None else (records.covered_after or 0) - records.covered_before
    distance = numbers.distance(records.max_distance_m, locale)
    found = said["sites_proven" if records.proven else "sites_found"]
    return Panel(
        title=said["sites_title"].format(category=label(records.category, locale)),
        lead=said["sites_lead"].format(n=len(sites), distance=distance),
        dated=dated(said, **dates_of(records.dates, locale)),
        figures=(
            (known(numbers.number, records.covered_before, said, locale), said["figure_before"]),
            (known(numbers.number, records.covered_after, said, locale), said["figure_after"]),
            (known(numbers.number, gain, said, locale), said["figure_gain"]),
        ),
        groups=(
            Group(
                Entry(said["sites_recommended"], disc(palette.BUILT, DISC_PX, _OPACITY), layer="gaps"),
                (
                    Entry(
                        said["sites_reach"].format(distance=distance),
                        Swatch(palette.CIRCLE, palette.BUILT, stroke=palette.BUILT, width=2, opacity=0.2),
                        layer="reach",
                    ),
                ),
                note=f"{said['sites_note']} {found}",
            ),
            Group(
                Entry(said["services"]),
                (
                    Entry(said["shelter_exact"], swatch(palette.SITES["service"]), family="service"),
                    Entry(said["shelter_area"], area(palette.SERVICE), layer="areas"),
                ),
                note=with_gathered(said["area_note"], records.services, said),
            ),
            land.legend(below, records.others, said),
            land.waters(said),
        ),
        ranking=tuple((each["name"] or said["site"], numbers.number(each["gainUnder18"], locale)) for each in sites),
        ranked=("sites_ranking", "figure_gain"),
        assumptions=records.assumptions,
        words=said,
        patterns=below.patterns,
    )
