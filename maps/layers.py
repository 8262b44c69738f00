"""Layers of Folium made from records: regions, sites, areas that hide a site, circles by number.

What a reader sees of a record is written into the properties of its feature here, in the language of the map; the page
shows it by ``textContent`` and never as markup. Importing this module imports Folium.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from folium import Circle, CircleMarker, GeoJson
from folium.plugins import FastMarkerCluster
from folium.utilities import JsCode

from geo.coordinates import LonLat
from maps import palette
from maps.geometry import latlng, outline, place
from maps.labels import name_places
from maps.records import FeatureCollection
from maps.sheet import Named
from maps.sites import Properties, Site, radius_px

Style = dict[str, Any]

CLUSTER_RADIUS_PX = 44
AREA_OPACITY = 0.07


class Sites(Named, FastMarkerCluster):
    """Points under rings that gather neighbours; the page makes the markers, which 10,000 of them need."""

    def __init__(self, sites: Iterable[Site], cluster_radius_px: int = CLUSTER_RADIUS_PX) -> None:
        self.key = "lakana_sites"
        super().__init__(  # type: ignore[no-untyped-call]
            data=[[*latlng(site.point), site.family, site.properties] for site in sites],
            callback="Lakana.marker",
            icon_create_function="Lakana.ring",
            name="sites",
            max_cluster_radius=cluster_radius_px,
            show_coverage_on_hover=False,
        )


class Shapes(Named, GeoJson):
    """Features drawn by Leaflet's GeoJSON layer, each with the style that it is given."""

    def __init__(
        self,
        name: str,
        features: Sequence[Properties],
        style: Callable[[Mapping[str, Any]], Style],
        pane: str,
        marker: Circle | CircleMarker | None = None,
        *,
        interactive: bool = True,
    ) -> None:
        self.key = f"lakana_{name}"
        numbered = [{"type": "Feature", "id": number, **feature} for number, feature in enumerate(features)]
        super().__init__(
            {"type": "FeatureCollection", "features": numbered},
            # Points take their pane from their style, outlines from the layer's options.
            style_function=lambda feature: {"pane": pane, **style(feature["properties"])},
            on_each_feature=JsCode(f"Lakana.feature('{name}')") if interactive else None,
            marker=marker,
            name=name,
            pane=pane,
            smooth_factor=0.6,
            interactive=interactive,
        )


def regions(
    records: FeatureCollection, properties: Sequence[Properties], fills: Sequence[str], sites: Iterable[LonLat]
) -> Shapes:
    """Draw regions, each in its colour, with places for its name where ``sites`` leave room; lists are in one order."""
    taken = sorted(set(sites), key=latlng)
    features = []
    for geometry, shown, fill in zip(outline(records), properties, fills, strict=True):
        at = [[spot.lon, spot.lat] for spot in name_places(geometry, taken)]
        drawn = {"fill": fill, "dark": fill in palette.DARK, "at": at}
        features.append({"geometry": geometry, "properties": shown | drawn})
    return Shapes(
        "regions",
        features,
        lambda shown: {"color": palette.BORDER, "weight": 1.2, "fillColor": shown["fill"], "fillOpacity": 1},
        pane="regions",
    )


def hatched(records: FeatureCollection) -> Shapes:
    """Draw land out of reach: hatched, without a card, so that the regions beneath keep theirs."""
    return Shapes(
        "gap_areas",
        [{"geometry": geometry, "properties": {}} for geometry in outline(records)],
        lambda _: {"color": palette.GAP, "weight": 1, "fillColor": palette.HATCH, "fillOpacity": 1},
        pane="gap_areas",
        interactive=False,
    )


def areas(
    records: Iterable[FeatureCollection],
    colour: str,
    describe: Callable[[Mapping[str, Any]], Properties],
    heading: Callable[[int, str], Properties],
) -> Shapes:
    """Draw zones that hold sites which are not shown: one dashed circle of a zone's area for all that it holds.

    Parameters
    ----------
    records
        Features of precision ``AREA``.
    colour
        The line of the circle, and its faint fill.
    describe
        Gives what a card says of one site.
    heading
        Gives what the card says above the sites, of their number and the name of their zone.

    """
    shared: dict[tuple[LonLat, float, str], list[Properties]] = {}
    for feature in records:
        told = feature["properties"]
        spot = (place(feature), float(told["radiusMetres"]), str(told["zone"]))
        shared.setdefault(spot, []).append(describe(told))
    features = [
        {
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
            "properties": {**heading(len(sites), zone), "radius_m": radius_m, "sites": sites},
        }
        # Smaller circles are drawn later and so stay within reach of the pointer.
        for (point, radius_m, zone), sites in sorted(shared.items(), key=lambda item: -item[0][1])
    ]
    return Shapes(
        "areas",
        features,
        lambda shown: {
            "radius": shown["radius_m"],
            "color": colour,
            "weight": 2,
            "fill": True,
            "dashArray": "5 5",
            "fillColor": colour,
            "fillOpacity": AREA_OPACITY,
        },
        pane="areas",
        marker=Circle(),
    )


def circles(
    name: str,
    records: Sequence[FeatureCollection],
    properties: Sequence[Properties],
    values: Sequence[float],
    *,
    colour: str,
    line: str,
    opacity: float,
) -> Shapes:
    """Draw points as circles whose area follows ``values``; lists are in one order, and the largest is drawn first.

    ``name`` is that of the layer and of its pane.
    """
    largest = max(values, default=0)
    features = [
        {
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
            "properties": shown | {"px": radius_px(value, largest)},
        }
        for value, point, shown in sorted(
            zip(values, map(place, records), properties, strict=True), key=lambda row: -row[0]
        )
    ]
    return Shapes(
        name,
        features,
        lambda shown: {
            "radius": shown["px"],
            "color": line,
            "weight": 1.2,
            "fill": True,
            "fillColor": colour,
            "fillOpacity": opacity,
        },
        pane=name,
        marker=CircleMarker(),
    )
