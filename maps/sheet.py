"""The script by which Folium draws a map, made only of our own constants.

Folium and branca compile their own output as a template again, so no data may reach them: the layers are empty here,
and the page's own script fills them from its JSON. Importing this module imports Folium, which takes most of a second,
so import it only where a map is drawn.
"""

from __future__ import annotations

from functools import cache

from branca.element import Figure
from folium import GeoJson, Map
from folium.elements import JSCSSMixin
from folium.map import CustomPane, LayerControl
from folium.plugins import FastMarkerCluster
from folium.template import Template
from folium.utilities import JsCode

NAME = "lakana_map"
MIN_ZOOM = 3
MAX_ZOOM = 12
"""Any deeper, four decimals of a degree and outlines at 1:10 million show nothing more."""

PANES = {
    "neighbours": 405,
    "regions": 410,
    "water": 411,
    "gap_areas": 412,
    "areas": 415,
    "reach": 416,
    "ways": 417,
    "names": 418,
    "towns": 419,
    "labels": 420,
    "unreleased": 426,
    "unreported": 428,
    "untested": 429,
    "counts": 430,
    "hotspots": 432,
    "gaps": 610,
    "ranks": 620,
}
"""The order of the layers from the bottom, in whatever order they are switched on; markers are at 600."""
SITES = "sites"
"""The layer of points, which rings gather with their neighbours."""
SILENT = frozenset({"neighbours", "water", "towns", "gap_areas", "reach", "ways"})
"""Layers without a card, so that those beneath keep theirs."""


class Named(JSCSSMixin):
    """An element of Folium with a name of its own.

    Folium makes up random names; with a fixed name the script is the same each time, and the policy can list its hash.
    The links to scripts and styles in Folium's classes are removed: the page has its own.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  the type that Folium gives it; nothing is ever added
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    key: str

    def get_name(self) -> str:
        """Return the name of the element in the page's script."""
        return self.key


class _Pane(Named, CustomPane):
    def __init__(self, name: str, z_index: int) -> None:
        self.key = f"{NAME}_{name}"
        super().__init__(name, z_index=z_index, pointer_events=True)


class _Sites(Named, FastMarkerCluster):
    """Points for which the page's script makes markers, so that 10,000 of them need no code each."""

    def __init__(self) -> None:
        self.key = f"lakana_{SITES}"
        super().__init__(  # type: ignore[no-untyped-call]
            data=[],
            callback="Lakana.marker",
            icon_create_function="Lakana.ring",
            name=SITES,
            max_cluster_radius=JsCode("Lakana.clusterRadius"),
            show_coverage_on_hover=False,
        )


class _Shapes(Named, GeoJson):
    """Features drawn by Leaflet's GeoJSON layer, in the style that the page has for the layer."""

    def __init__(self, name: str) -> None:
        self.key = f"lakana_{name}"
        super().__init__(
            {"type": "FeatureCollection", "features": []},
            on_each_feature=JsCode(f"Lakana.feature('{name}')"),
            name=name,
            smooth_factor=0.6,
            # Points take their pane from their style, outlines from the layer's options.
            pane=name,
            style=JsCode(f"Lakana.style('{name}')"),
            point_to_layer=JsCode(f"Lakana.circle('{name}')"),
            interactive=name not in SILENT,
        )


class _Switches(LayerControl):
    """Hands the layers to the page's own switches instead of Leaflet's control, which screen readers handle badly."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            Lakana.start({{ this._parent.get_name() }}, {
                {%- for key, value in this.overlays.items() %}
                {{ key|tojson }}: {{ value }},
                {%- endfor %}
            });
        {% endmacro %}
        """
    )


class _Sheet(Named, Map):
    """An empty map without tiles: the regions' outlines are its background. The page contains its element."""

    # Folium's own header forbids zooming with two fingers, and its body wants a map as tall as the window.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map(
                {{ this.get_name()|tojson }}, {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}}
            );
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        self.key = NAME
        super().__init__(
            location=(0, 0),
            tiles=None,
            zoom_start=MIN_ZOOM,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
        )
        # Folium gives these two only to its tile layer; without the second, Leaflet.markercluster does not work.
        self.options |= {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM}


@cache
def script(*layers: str) -> str:
    """Return the script that draws an empty map with these layers, the lowest first.

    The script, and so its hash, depends only on the names of the layers, which are constants of ours.
    """
    sheet = _Sheet()
    for name, z_index in PANES.items():
        sheet.add_child(_Pane(name, z_index))
    for name in layers:
        sheet.add_child(_Sites() if name == SITES else _Shapes(name))
    sheet.add_child(_Switches())
    figure = Figure()
    figure.add_child(sheet)
    sheet.render()  # type: ignore[no-untyped-call]
    # Only the figure's script is used: the page has its own head and body.
    drawn: str = figure.script.render()
    return "\n".join(line.strip() for line in drawn.splitlines() if line.strip())
