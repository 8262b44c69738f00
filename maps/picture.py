"""A map as a still picture: an SVG drawn from the layers of a map, for a page that nobody can move about on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.coordinates import BBox
from geo.vocabulary import Locale
from maps import antimeridian, numbers, palette
from maps.layers import Layer
from maps.markup import Markup, attributes, element, escaped
from maps.page import Drawing

WIDTH, TALLEST = 1000.0, 824.0
"""In units of the picture, whose area lies in the middle; what is around it fills the rest."""
MARGIN = 12.0
SIGN = 0.75
"""How large a sign is drawn, as a share of its box of 24."""
METRES_A_DEGREE = 111_320.0
NAMED = ("regions", "neighbours")
"""The layers whose names are written, with the figures that stand below them; the first go before."""
LETTER, LINE = 8.5, 17.0
"""About how wide a letter is, and how tall a line."""
LONGEST_BAR = 160.0
NORTH = "M10 13 17 32 10 27 3 32ZM6 10V1h2l4 6V1h2v9h-2L8 4v6Z"
"""An arrow with an N above it."""
_Box = tuple[float, float, float, float]
"""West, north, east, south on the picture."""


class _Sheet:
    """Where places of a box lie on the picture, in the projection of web maps."""

    def __init__(self, box: BBox) -> None:
        self._west, self._north = box.west, _northing(box.north)
        across, down = max(box.east - box.west, 1e-6), max(self._north - _northing(box.south), 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / down)
        self._left = (WIDTH - across * self.scale) / 2
        self.height = down * self.scale + 2 * MARGIN

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            round((lon - self._west) * self.scale + self._left, 1),
            round((self._north - _northing(lat)) * self.scale + MARGIN, 1),
        )

    def radius(self, metres: float, lat: float) -> float:
        return metres / (METRES_A_DEGREE * math.cos(math.radians(lat))) * self.scale

    def path(self, line: Sequence[Sequence[float]]) -> str:
        return "M" + "L".join("{:g} {:g}".format(*self.point(lon, lat)) for lon, lat, *_ in line)


def picture(drawing: Drawing, spoken: str, locale: Locale) -> Markup:
    """Return a map as an SVG, 1,000 units wide, with names, scale and north; ``spoken`` says what it shows.

    A map of no place is nothing.
    """
    box, layers = drawing.box, drawing.layers
    if box is None:
        return Markup("")
    if antimeridian.goes_across(box):
        layers = antimeridian.in_one_piece(layers)
        box = antimeridian.box_around(layers, box)
    sheet = _Sheet(box)
    drawn = [
        mark
        for name, layer in layers.items()
        if name != "towns"
        for mark in (_sites(layer, sheet) if name == "sites" else _shapes(layer, drawing.styles[name], sheet))
    ]
    taken: list[_Box] = []
    names = [mark for name in NAMED if name in layers for mark in _names(layers[name], sheet, taken)]
    ranks = _names(layers.get("gaps", []), sheet, taken)
    patterns = Markup(
        "".join(
            f'<pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({palette.TURNS[name]})">{content}</pattern>'
            for name, content in palette.PATTERNS.items()
        )
    )
    return element(
        "svg",
        element("defs", patterns),
        *drawn,
        *names,
        *ranks,
        *_scale(sheet, (box.south + box.north) / 2, locale),
        Markup(f"<path{attributes(d=NORTH, fill='#1d2733', transform=f'translate(14 {sheet.height - 96:.0f})')}/>"),
        viewBox=f"0 0 {WIDTH:g} {sheet.height:.0f}",
        role="img",
        aria_label=spoken,
        class_="picture",
    )


def _scale(sheet: _Sheet, lat: float, locale: Locale) -> Iterable[Markup]:
    """Draw a bar of a round length, right at a latitude, with its length."""
    lengths = [digit * 10.0**power for power in range(1, 7) for digit in (1, 2, 5)]
    metres = max((each for each in lengths if sheet.radius(each, lat) <= LONGEST_BAR), default=lengths[0])
    y, width = sheet.height - 12, sheet.radius(metres, lat)
    bar = f"M14 {y - 6:.0f}V{y:.0f}H{14 + width:.0f}V{y - 6:.0f}"
    yield Markup(f"<path{attributes(d=bar, fill='none', stroke='#1d2733', stroke_width=2)}/>")
    yield element("text", escaped(numbers.distance(metres, locale)), x=round(14 + width / 2), y=round(y - 10))


def _northing(lat: float) -> float:
    """Return the height of a latitude on a map in Mercator's projection, in degrees of its equator."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def _shapes(layer: Layer, style: Mapping[str, Any], sheet: _Sheet) -> Iterable[Markup]:
    for each in layer:
        geometry, told = each["geometry"], each["properties"]
        look = {
            "fill": told.get("fill") or style.get("fillColor") or "none",
            "fill_opacity": style.get("fillOpacity", 1),
            "stroke": told.get("line") or style.get("color"),
            "stroke_width": told.get("weight", style.get("weight", 1)),
            "stroke_dasharray": told.get("dash") or style.get("dashArray"),
        }
        match geometry["type"]:
            case "Point":
                lon, lat = geometry["coordinates"]
                x, y = sheet.point(lon, lat)
                radius = sheet.radius(told["radius_m"], lat) if "radius_m" in told else told.get("px", 0)
                if radius:
                    yield Markup(f"<circle{attributes(cx=x, cy=y, r=round(radius, 1), **look)}/>")
            case "LineString" | "MultiLineString" as kind:
                lines = [geometry["coordinates"]] if kind == "LineString" else geometry["coordinates"]
                path = "".join(map(sheet.path, lines))
                yield Markup(f"<path{attributes(d=path, **look | {'fill': 'none'})}/>")
            case kind:
                polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
                path = "".join(f"{sheet.path(ring)}Z" for polygon in polygons for ring in polygon)
                yield Markup(f"<path{attributes(d=path, fill_rule='evenodd', **look)}/>")


def _sites(layer: Layer, sheet: _Sheet) -> Iterable[Markup]:
    for lat, lon, family, _ in layer:
        x, y = sheet.point(lon, lat)
        sign, half = palette.SITES[family], 12 * SIGN
        move = f"translate({x - half:g} {y - half:g}) scale({SIGN})"
        yield Markup(f"<path{attributes(d=sign.path, fill=sign.colour, stroke='#ffffff', transform=move)}/>")


def _names(layer: Layer, sheet: _Sheet, taken: list[_Box]) -> Iterable[Markup]:
    """Write the names of a layer, each at the first of its places that is free; without one it is left out."""
    for each in layer:
        told, geometry = each["properties"], each["geometry"]
        if "label" not in told:
            continue
        lines, ranked = told["label"], "at" not in told
        spots = [sheet.point(lon, lat) for lon, lat in ([geometry["coordinates"]] if ranked else told["at"])]
        spot = next((spot for spot in spots if ranked or _free(_around(spot, lines), taken)), None)
        if spot is None:
            continue
        if not ranked:
            taken.append(_around(spot, lines))
        x, y = spot
        rows = [element("tspan", escaped(line), x=x, dy="1.15em" if at else "0") for at, line in enumerate(lines)]
        kind = "rank" if ranked else "dark" if told.get("dark") else None
        yield element("text", *rows, x=x, y=round(y - LINE / 2 * (len(lines) - 1) + 4, 1), class_=kind)


def _around(spot: tuple[float, float], lines: Sequence[str]) -> _Box:
    width, height = LETTER * max(map(len, lines)), LINE * len(lines)
    return spot[0] - width / 2, spot[1] - height / 2, spot[0] + width / 2, spot[1] + height / 2


def _free(box: _Box, taken: Iterable[_Box]) -> bool:
    west, north, east, south = box
    inside = west > 0 and east < WIDTH and north > 0
    return inside and not any(west < e and east > w and north < s and south > n for w, n, e, s in taken)
