"""What a map program reads of the tiles: TileJSON 3.0 of some layers, and a style of MapLibre over all.

The style has the colours of our maps and no glyphs: MapLibre GL JS draws its labels with a font of the reader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from api.tiles.making import Box, bounds
from geo.coordinates import turned
from geo.queries.tiles.tile import LAYERS, MOST_ZOOM
from geo.vocabulary import Locale
from maps.palette import BORDER, INK, LAND, NEIGHBOUR, SERVICE, SHELTER, WATER

NAMED = {"id": "String", "name": "String", "nameEn": "String", "nameBm": "String"}
AREA = {**NAMED, "areaCode": "String", "derived": "Boolean", "illustrative": "Boolean"}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "ground": {"kind": "String", "name": "String", "rank": "Number"},
    **{each: AREA for each, layer in LAYERS.items() if layer.file == "areas"},
    "localities": {
        **NAMED,
        "number": "Number",
        "areaCode": "String",
        "populationTotal": "Number",
        "populationUnder18": "Number",
        "illustrative": "Boolean",
    },
    "zones": {**NAMED, "number": "Number", "radiusMetres": "Number"},
    "services": {
        "number": "Number",
        "id": "String",
        "name": "String",
        "category": "String",
        "actorName": "String",
        "capacity": "Number",
        "verifiedOn": "String",
        "illustrative": "Boolean",
    },
}
"""What the features of each layer tell, by layer."""
SOURCE = "lakana"
SCREEN = 1.3
"""Tiles that a country fills at first."""


def described() -> list[dict[str, Any]]:
    """Return ``vector_layers`` of TileJSON: every layer with its fields."""
    return [{"id": name, "fields": dict(fields)} for name, fields in FIELDS.items()]


def tile_json(base: str, layers: Sequence[str], box: Box, query: str = "") -> dict[str, Any]:
    """Return TileJSON 3.0 of layers.

    Parameters
    ----------
    base
        The address of the service, with a slash at its end.
    layers
        Their names.
    box
        Where there is something, in degrees.
    query
        The query of the addresses of tiles, without its question mark.

    """
    address = f"{base}tiles/{','.join(layers)}/{{z}}/{{x}}/{{y}}.mvt"
    return {
        "tilejson": "3.0.0",
        "name": "Lakana",
        "tiles": [f"{address}?{query}" if query else address],
        "vector_layers": [each for each in described() if each["id"] in layers],
        "bounds": list(bounds(box)),
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
    }


def style(base: str, box: Box, locale: Locale) -> dict[str, Any]:
    """Return a style, version 8, that shows the country first; where a language has no names, labels are in French."""
    west, south, east, north = box
    wide = max(east - west, (north - south), 1e-6)
    return {
        "version": 8,
        "name": "Lakana",
        "center": [turned((west + east) / 2), (south + north) / 2],
        "zoom": round(max(math.log2(360 * SCREEN / wide), 0), 1),
        "sources": {SOURCE: {"type": "vector", **tile_json(base, list(LAYERS), box)}},
        "layers": [{"id": "land", "type": "background", "paint": {"background-color": LAND}}, *_drawn(_name(locale))],
    }


def _name(locale: Locale) -> list[Any]:
    own = {Locale.EN: [["get", "nameEn"]], Locale.BM: [["get", "nameBm"]]}.get(locale, [])
    return ["coalesce", *own, ["get", "name"], ""]


def _drawn(name: list[Any]) -> list[dict[str, Any]]:
    several = [">", ["get", "number"], 1]
    return [
        _layer("lakes", "ground", "fill", {"fill-color": WATER}, filter=_kind("LAKE")),
        _layer("rivers", "ground", "line", {"line-color": WATER, "line-width": 1}, filter=_kind("RIVER")),
        _layer("neighbours", "ground", "line", {"line-color": NEIGHBOUR}, filter=_kind("NEIGHBOUR")),
        _layer("zones", "zones", "fill", {"fill-color": SHELTER, "fill-opacity": 0.12}),
        *(
            _layer(f"borders {name}", name, "line", {"line-color": BORDER, "line-width": width}, minzoom=least)
            for name, width, least in (("adm3", 0.5, 8), ("adm2", 0.8, 6), ("adm1", 1.2, 0), ("adm0", 2, 0))
        ),
        _layer("localities", "localities", "circle", {"circle-color": INK, "circle-radius": 2}, minzoom=7),
        _layer(
            "services",
            "services",
            "circle",
            {
                "circle-color": ["match", ["coalesce", ["get", "category"], ""], "SAFE_SHELTER", SHELTER, SERVICE],
                "circle-stroke-color": LAND,
                "circle-stroke-width": 1,
                "circle-radius": ["min", ["+", 4, ["*", 2, ["log10", ["get", "number"]]]], 16],
            },
        ),
        _label("numbers", "services", ["to-string", ["get", "number"]], 10, LAND, SERVICE, filter=several, minzoom=0),
        _label("names of localities", "localities", name, 11, INK, LAND, minzoom=8),
        _label("names of regions", "adm1", name, 13, INK, LAND, minzoom=4, maxzoom=8),
    ]


def _kind(kind: str) -> list[Any]:
    return ["==", ["get", "kind"], kind]


def _layer(name: str, of: str, drawn_as: str, paint: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "type": drawn_as, "source": SOURCE, "source-layer": of, "paint": paint, **more}


def _label(name: str, of: str, text: Any, size: int, colour: str, halo: str, **more: Any) -> dict[str, Any]:
    paint = {"text-color": colour, "text-halo-color": halo, "text-halo-width": 1}
    return {**_layer(name, of, "symbol", paint, **more), "layout": {"text-field": text, "text-size": size}}
