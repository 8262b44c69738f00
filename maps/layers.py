"""Layers made from records, as the page's script draws them: regions, sites, areas that hide a site, circles by number.

The text that a reader sees about a record is written here into the properties of its feature, in the language of the
map. The page gets it as JSON and shows it by ``textContent``, never as markup or script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from geo.coordinates import LonLat
from maps import palette
from maps.geometry import latlng, outline, place
from maps.labels import name_places
from maps.records import Feature, FeatureCollection, Geometry
from maps.sites import Properties, Site, gathered, number, radius_px

Layer = list[Any]
"""GeoJSON features or, for sites, rows of latitude, longitude, family and properties."""

AREA_OPACITY = 0.07
RING_PX, RING_DASH = 5.0, "2.5 2.5"


def sites(given: Iterable[Site]) -> Layer:
    """Return sites as points, which the page clusters under rings."""
    return [[*latlng(site.point), site.family, site.properties] for site in given]


def regions(
    records: FeatureCollection, properties: Sequence[Properties], fills: Sequence[str], taken: Iterable[LonLat]
) -> Layer:
    """Return regions in their colours, with places for names away from ``taken``; the lists are in the same order."""
    spots = sorted(set(taken), key=latlng)
    features: Layer = []
    for geometry, shown, fill in zip(outline(records), properties, fills, strict=True):
        at = [[spot.lon, spot.lat] for spot in name_places(geometry, spots)]
        features.append(_feature(geometry, shown | {"fill": fill, "dark": fill in palette.DARK, "at": at}))
    return features


def hatched(records: FeatureCollection) -> Layer:
    """Return land out of reach."""
    return [_feature(geometry, {}) for geometry in outline(records)]


def areas(
    records: Iterable[Feature],
    describe: Callable[[Mapping[str, Any]], Properties],
    heading: Callable[[int, str], Properties],
) -> Layer:
    """Return areas that hide the sites in them: one dashed circle for all sites of a zone.

    Parameters
    ----------
    records
        Features of precision ``AREA``.
    describe
        Returns the card's text about one site.
    heading
        Returns the card's heading, from the number of sites and the name of their zone.

    """
    shared: dict[tuple[LonLat, float, str], list[Feature]] = {}
    for feature in records:
        told = feature["properties"]
        spot = (place(feature), float(told["radiusMetres"]), str(told["zoneName"]))
        shared.setdefault(spot, []).append(feature)
    return [
        _feature(
            _point(point),
            {
                **heading(sum(map(number, hidden)), zone),
                "radius_m": radius_m,
                "sites": [] if gathered(hidden) else [describe(each["properties"]) for each in hidden],
            },
        )
        # Smaller circles are drawn later, so that the pointer can reach them.
        for (point, radius_m, zone), hidden in sorted(shared.items(), key=lambda item: -item[0][1])
    ]


def circles(records: Sequence[Feature], properties: Sequence[Properties], values: Sequence[float]) -> Layer:
    """Return points as circles with areas by ``values``, the largest first; the lists are in the same order."""
    largest = max(values, default=0)
    return [
        _feature(_point(point), shown | {"px": radius_px(value, largest, len(values))})
        for value, point, shown in sorted(
            zip(values, map(place, records), properties, strict=True), key=lambda row: -row[0]
        )
    ]


def _feature(geometry: Geometry, properties: Properties) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(at: LonLat) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [at.lon, at.lat]}


def circle_style(fill: str, line: str, opacity: float) -> Properties:
    """Return the style of circles by number."""
    return {"color": line, "weight": 1.2, "fill": True, "fillColor": fill, "fillOpacity": opacity}


def ring_style(*, dashed: bool) -> Properties:
    """Return the style of places of which no count is published: rings without a fill, dashed if nobody reported."""
    ring = {"color": palette.UNKNOWN_LINE, "weight": 1.4, "fill": True, "fillOpacity": 0}
    return ring | {"dashArray": RING_DASH} if dashed else ring


def rings(records: Sequence[Feature], properties: Sequence[Properties]) -> Layer:
    """Return points as rings of one size; the lists are in the same order."""
    return [
        _feature(_point(point), shown | {"px": RING_PX})
        for point, shown in zip(map(place, records), properties, strict=True)
    ]


def discs(records: Sequence[Feature], properties: Sequence[Properties]) -> Layer:
    """Return points as circles that have their size and colours among their properties; in the same order."""
    return [_feature(_point(point), shown) for point, shown in zip(map(place, records), properties, strict=True)]


def area_style(colour: str) -> Properties:
    """Return the style of areas that hide a site: a dashed line in this colour, and a faint fill."""
    dashed = {"color": colour, "weight": 2, "fill": True, "dashArray": "5 5"}
    return dashed | {"fillColor": colour, "fillOpacity": AREA_OPACITY}


WATER_STYLE: Properties = {"color": palette.WATER, "fillColor": palette.WATER, "fillOpacity": 1}
TOWN_STYLE: Properties = {"color": palette.INK, "weight": 1, "fill": True, "fillColor": "#ffffff", "fillOpacity": 1}
NEIGHBOUR_STYLE: Properties = {"color": palette.NEIGHBOUR, "weight": 1}
REGION_STYLE: Properties = {"color": palette.BORDER, "weight": 1.2, "fillOpacity": 1}
HATCHED_STYLE: Properties = {"color": palette.GAP, "weight": 1, "fillColor": palette.HATCH, "fillOpacity": 1}
