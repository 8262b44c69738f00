"""The coverage map: regions by covered share, localities out of reach by priority, services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geo.vocabulary import CountStatus, Locale, PopulationBasis, label
from maps import borders, land, layers, numbers, palette
from maps.controls import Controls
from maps.dated import dated
from maps.geometry import place
from maps.land import Land
from maps.legend import Entry, Group, Panel, Swatch, area, disc, hatch, swatch, unknown
from maps.page import Drawing, Page, build
from maps.records import CoverageMap, DataDates, Feature, FeatureCollection
from maps.sites import Properties, Site, contact, hidden, marked, together, with_gathered
from maps.words import words

_GAP_OPACITY = 0.9
_FEW = 300
_FEW_RADIUS_PX, _MANY_RADIUS_PX = 24, 70
"""A few services are clustered only if very close, because a ring between two towns hides how far the service is. Many
services would hide the regions."""
RANKED = 10
"""How many localities are numbered on the map and listed beside it."""


def draw(records: CoverageMap, locale: Locale, controls: Controls | None = None) -> Page:
    """Draw the coverage map as one self-contained page with its policy.

    The same records give the same page, byte for byte; localities of one priority are ranked by name.
    """
    drawing, beside = content(records, locale)
    return build(
        drawing,
        beside,
        locale,
        controls=controls,
        frame=records.frame,
        sources=records.sources,
        illustrative=made_up(records.services),
    )


def made_up(services: FeatureCollection) -> bool:
    """Return whether any service of a map is made up."""
    return any(service["properties"].get("illustrative") for service in services["features"])


def content(records: CoverageMap, locale: Locale) -> tuple[Drawing, Panel]:
    """Return what is on the coverage map, and what stands beside it."""
    said = words(locale)
    gaps = _ranked(records)
    points = [place(feature) for feature in (*gaps, *records.services["features"])]
    below = land.lay(
        records.frame,
        records.regions,
        records.others,
        points,
        said,
        describe=lambda each: region_of(each, said, locale),
        fill=lambda each: palette.share(each["coveredPercent"]),
    )
    return _drawing(records, gaps, below, said, locale), _panel(records, gaps, below, said, locale)


def _drawing(
    records: CoverageMap, gaps: list[Feature], below: Land, said: Mapping[str, str], locale: Locale
) -> Drawing:
    services = list(records.services["features"])
    public = [service for service in services if not hidden(service)]
    return Drawing(
        layers={
            **below.layers,
            "gap_areas": layers.hatched(records.gap_areas),
            "gaps": layers.circles(
                gaps,
                [_gap(gap["properties"], rank, said, locale) for rank, gap in enumerate(gaps, 1)],
                [gap["properties"]["priority"] for gap in gaps],
            ),
            "areas": layers.areas(
                filter(hidden, services),
                lambda service: service_of(service, said, locale),
                lambda n, zone: {"name": said["service_areas"].format(n=n, zone=zone), "note": said["area_note"]},
            ),
            "sites": layers.sites(
                Site("service", place(one), service_of(one["properties"], said, locale)) for one in public
            ),
        },
        styles={
            **land.STYLES,
            "gap_areas": layers.HATCHED_STYLE,
            "gaps": layers.circle_style(palette.GAP, "#ffffff", _GAP_OPACITY),
            "areas": layers.area_style(palette.SERVICE),
        },
        box=below.box,
        cluster_radius_px=_FEW_RADIUS_PX if len(public) <= _FEW else _MANY_RADIUS_PX,
    )


def _ranked(records: CoverageMap) -> list[Feature]:
    return sorted(records.gaps["features"], key=lambda gap: (-gap["properties"]["priority"], gap["properties"]["name"]))


def region_of(region: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    """Return what the card and the label of a region say of its covered share."""
    covered = known(numbers.percent, region["coveredPercent"], said, locale)
    name = region["name"] or said["unknown_region"]
    basis = region["populationBasis"]
    told = {} if basis is None else {"basis": said[f"basis_{basis.lower()}"]}
    shown = [name, covered, *([told["basis"]] if basis == PopulationBasis.TOWNS_ONLY.name else [])]
    return {
        "name": name,
        "code": region["code"],
        "label": shown,
        "spoken": ", ".join(shown),
        **told,
        "covered": covered,
        "population": known(numbers.number, region["populationUnder18"], said, locale),
        "uncovered": known(numbers.number, region["uncoveredUnder18"], said, locale),
    }


def known(shown: Callable[[float, Locale], str], value: float | None, said: Mapping[str, str], locale: Locale) -> str:
    """Return a number as it is shown, or the words for none."""
    return said["no_data"] if value is None else shown(value, locale)


def _gap(gap: Mapping[str, Any], rank: int, said: Mapping[str, str], locale: Locale) -> Properties:
    nearest = gap["nearestDistanceMetres"]
    return {
        "name": gap["name"],
        "rank": rank,
        "uncovered": numbers.number(gap["uncoveredUnder18"], locale),
        "nearest": said["no_service"] if nearest is None else numbers.distance(nearest, locale),
        **({} if gap["incidentStatus"] == CountStatus.PUBLISHED.name else {"incidents": said[gap["incidentStatus"]]}),
        **({"label": [str(rank)]} if rank <= RANKED else {}),
    }


def service_of(service: Mapping[str, Any], said: Mapping[str, str], locale: Locale) -> Properties:
    """Return what the card of a service says."""
    if "number" in service:
        return together(service, said["services"], said, locale)
    verified = service["verifiedOn"]
    return {
        "name": service["name"],
        "actorName": service["actorName"],
        "verified": _verified(service, locale) if verified else said["never_verified"],
        **({"radius": numbers.distance(service["radiusMetres"], locale)} if service["radiusMetres"] else {}),
        **contact(service),
        **marked(service),
    }


def _verified(service: Mapping[str, Any], locale: Locale) -> str:
    """Return a day in words; for a service in a zone only the quarter, since no more is published."""
    day = service["verifiedOn"]
    return numbers.period(numbers.quarter(day), locale) if service["radiusMetres"] else numbers.day(day, locale)


def _panel(records: CoverageMap, gaps: list[Feature], below: Land, said: Mapping[str, str], locale: Locale) -> Panel:
    services = (
        Entry(said["shelter_exact"], swatch(palette.SITES["service"]), family="service"),
        Entry(said["shelter_area"], area(palette.SERVICE), layer="areas"),
    )
    top = [gap["properties"] for gap in gaps[:RANKED]]
    return Panel(
        title=said["coverage_title"].format(category=label(records.category, locale)),
        lead=said["coverage_lead"].format(distance=numbers.distance(records.max_distance_m, locale)),
        dated=dated(
            said,
            **dates_of(records.dates, locale),
            incidents=records.dates.incidents and numbers.period(records.dates.incidents, locale),
        ),
        figures=(
            (known(numbers.percent, records.covered_percent, said, locale), said["figure_covered"]),
            (known(numbers.number, records.uncovered_under_18, said, locale), said["figure_uncovered"]),
            (known(numbers.number, records.population_under_18, said, locale), said["figure_population"]),
        ),
        groups=(
            Group(
                Entry(said["share"], layer="regions"),
                classes(records.regions, said, locale, unbound=below.unbound),
                borders.among(records.others, said),
            ),
            *_land(records, said, locale),
            Group(
                Entry(said["gaps"], disc(palette.GAP, 8, _GAP_OPACITY), layer="gaps"),
                note=_ranking(records, said, locale),
            ),
            Group(Entry(said["services"]), services, note=with_gathered(said["area_note"], records.services, said)),
            land.waters(said),
        ),
        regions=_listed(records, said, locale),
        ranking=tuple((gap["name"], numbers.number(gap["uncoveredUnder18"], locale)) for gap in top),
        assumptions=records.assumptions,
        words=said,
        patterns=("lakana-hatch", *below.patterns),
    )


def _ranking(records: CoverageMap, said: Mapping[str, str], locale: Locale) -> str:
    """Say what the ranking of gaps rests on, and of how many places nobody knows the incidents."""
    n, of = (numbers.number(each, locale) for each in records.reporting)
    reported = said["reported"].format(n=n, of=of) if records.reporting[1] else said["none_released"]
    return f"{said['gaps_note']} {reported}"


def _listed(records: CoverageMap, said: Mapping[str, str], locale: Locale) -> tuple[tuple[str, str], ...]:
    """Return all regions with their shares, for the list beside the map; last those whose border nobody knows."""
    outlined, others = [region["properties"] for region in records.regions["features"]], records.others
    rows = [region_of(each, said, locale)["label"] for each in (*outlined, *others)]
    unknown_border = {each["name"] for each in others if each["name"]}
    return tuple(
        (name, ", ".join([*told, *([said["unknown_border"]] if name in unknown_border else [])]))
        for name, *told in rows
    )


def dates_of(dates: DataDates, locale: Locale) -> dict[str, str | None]:
    """Return of when people and services are, as the line of dates takes them."""
    return {
        "census": dates.population and dates.population[: len("2022")],
        "services": dates.services and numbers.day(dates.services, locale),
    }


def _land(records: CoverageMap, said: Mapping[str, str], locale: Locale) -> tuple[Group, ...]:
    if records.gap_area_km2 is None:
        return ()
    note = said["gap_areas_note"].format(
        distance=numbers.distance(records.max_distance_m, locale),
        area=numbers.number(records.gap_area_km2, locale),
        tolerance=numbers.distance(records.tolerance_m, locale),
    )
    return (Group(Entry(said["gap_areas"], hatch(), layer="gap_areas"), note=note),)


def classes(regions: FeatureCollection, said: Mapping[str, str], locale: Locale, *, unbound: bool) -> tuple[Entry, ...]:
    """Return the lines of the legend for the colours of the covered share."""

    def entry(text: str, colour: str) -> Entry:
        return Entry(text, Swatch(palette.BOX, colour, palette.BORDER))

    lows = (0, *palette.SHARE_BOUNDS)
    between = [
        entry(said["class_between"].format(low=low, high=numbers.percent(high, locale)), colour)
        for low, high, colour in zip(lows, palette.SHARE_BOUNDS, palette.SHARES, strict=False)
    ]
    above = entry(said["class_above"].format(low=numbers.percent(lows[-1], locale)), palette.SHARES[-1])
    all_known = all(region["properties"]["coveredPercent"] is not None for region in regions["features"])
    nobody = () if all_known else (entry(said["no_data"], palette.NO_DATA),)
    return (*between, above, *nobody, *((Entry(said["unknown_border"], unknown()),) if unbound else ()))
