"""The sheet of Folium that the layers are laid on, without anything that Folium would load from elsewhere.

Importing this module imports Folium, which takes most of a second: import it where a map is drawn.
"""

from __future__ import annotations

from branca.element import Figure
from folium import Map
from folium.elements import JSCSSMixin
from folium.map import CustomPane, FitBounds, LayerControl
from folium.template import Template

from geo.coordinates import BBox, LonLat
from maps.geometry import latlng

NAME = "lakana_map"
MIN_ZOOM = 3
MAX_ZOOM = 12
"""Deeper than this, four decimals of a degree and outlines at 1:10 million say nothing more."""

PANES = {"regions": 410, "gap_areas": 412, "areas": 415, "labels": 420, "counts": 430, "gaps": 610, "ranks": 620}
"""The order of the layers from below, whatever the order in which they are switched on; markers stand at 600."""


class Named(JSCSSMixin):
    """An element of Folium with a name of its own.

    Folium draws names by lot; a fixed name makes the same records give the same page, byte for byte. The links to
    scripts and styles that Folium's classes carry are replaced by none: the page brings its own.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  the type that Folium gives it; nothing is ever added
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    key: str

    def get_name(self) -> str:
        """Give the name of the element in the page's script."""
        return self.key


class _Pane(Named, CustomPane):
    def __init__(self, name: str, z_index: int) -> None:
        self.key = f"{NAME}_{name}"
        super().__init__(name, z_index=z_index, pointer_events=True)


class _Switches(LayerControl):
    """Hands the layers to the page's own switches in place of Leaflet's control, which no screen reader likes."""

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


class Sheet(Named, Map):
    """An empty map without tiles: the outlines of the regions are its ground.

    Parameters
    ----------
    label
        What a screen reader calls the map.
    box
        What the map shows at first; the whole world where it is None.

    """

    # Folium's own header forbids zooming with two fingers, and its body wants a map as tall as the window.
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="map" id="{{ this.get_name() }}" role="region" aria-label="{{ this.label|e }}"
                aria-describedby="map-help"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map(
                {{ this.get_name()|tojson }}, {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}}
            );
        {% endmacro %}
        """
    )

    def __init__(self, label: str, box: BBox | None) -> None:
        self.key = NAME
        self.label = label
        box = box or BBox(west=-180, south=-60, east=180, north=75)
        southwest = latlng(LonLat(lon=box.west, lat=box.south))
        northeast = latlng(LonLat(lon=box.east, lat=box.north))
        super().__init__(
            location=((southwest[0] + northeast[0]) / 2, (southwest[1] + northeast[1]) / 2),
            tiles=None,
            zoom_start=MIN_ZOOM,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
        )
        # Folium hands these two to its tile layer only; without the second Leaflet.markercluster refuses to work.
        self.options |= {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM}
        for name, z_index in PANES.items():
            self.add_child(_Pane(name, z_index))
        fit = FitBounds((southwest, northeast), padding=(12, 12))
        # A map that still moves when its layers arrive lays them out twice, and swallows the reader's first click.
        fit.options["animate"] = False
        self.add_child(fit)

    def parts(self) -> tuple[str, str]:
        """Give the element of the map and the script that draws it; call it once, after the last layer."""
        self.add_child(_Switches())
        figure = Figure()
        figure.add_child(self)
        self.render()  # type: ignore[no-untyped-call]
        # The figure's header is left out: it holds a meta element that the page has already.
        script: str = figure.script.render()
        # JSON holds no raw line ends, so no text is touched here.
        return figure.html.render().strip(), "\n".join(line.strip() for line in script.splitlines() if line.strip())
