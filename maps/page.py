"""The page around a map: one file with everything in it, under a policy that names our own scripts and nothing else.

The frame of the page is a constant with slots, which are filled in one final pass: the content of a slot is never
parsed again. Data enters in two ways, as JSON that the page's script reads and as escaped text. It is never part of a
template, a script or a style.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from geo.coordinates import BBox
from geo.texts import shown
from geo.vocabulary import Locale
from maps import antimeridian, palette, panel
from maps.controls import Controls, form
from maps.geometry import latlng_box
from maps.layers import Layer
from maps.legend import Panel
from maps.markup import Markup, element, escaped, joined
from maps.policy import policy
from maps.records import Frame, SourceRecord
from maps.sites import Properties
from maps.words import CARD

LIBRARIES = ("leaflet/leaflet.js", "markercluster/leaflet.markercluster.js", "pmtiles/pmtiles.js")
SCRIPTS = ("lakana-signs.js", "lakana-names.js", "lakana-paper.js", "lakana-basemap.js", "lakana-map.js")
BESIDE_SCRIPT = "lakana-beside.js"
STYLES = ("leaflet/leaflet.css", "markercluster/MarkerCluster.css", "lakana-map.css")
SPOKEN = (
    "close",
    "zoom_in",
    "zoom_out",
    "whole",
    "north",
    "copy",
    "copied",
    "cluster",
    "illustrative",
    "basemap_refused",
)
"""The words that the script itself needs, in addition to those of the cards."""

CLUSTER_RADIUS_PX = 44
WORLD = BBox(west=-180, south=-60, east=180, north=75)
"""The view of an empty map."""

_SLOT = re.compile(r"\[\[(\w+)\]\]")

# Braces have a meaning in JSON only outside strings. Those inside strings are first replaced by two noncharacters,
# which no text contains after it was made fit to be shown.
_BRACES = {"{": "\ufdd0", "}": "\ufdd1"}
_WAITING = str.maketrans(_BRACES)
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_ESCAPES |= {ord(waiting): f"\\u{ord(brace):04x}" for brace, waiting in _BRACES.items()}


@dataclass(frozen=True, slots=True)
class Page:
    """A finished map.

    Parameters
    ----------
    html
        The whole file; it carries its policy in a ``<meta>`` as well, for the reader who opens it from a disk.
    csp
        The same policy, to be sent as the header ``Content-Security-Policy``.

    """

    html: str
    csp: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What a map shows at one of several times: how it is called, what is said of it, and the layers that change."""

    label: str
    note: str
    layers: Mapping[str, Layer]


@dataclass(frozen=True, slots=True)
class Beside:
    """A second map that stands beside the first and moves with it.

    Parameters
    ----------
    label, own
        What it shows, and what the first shows.
    layers
        Its layers, by the names of those of the first and in their styles.

    """

    label: str
    own: str
    layers: Mapping[str, Layer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is on a map.

    Parameters
    ----------
    layers
        Their features by name, the lowest layer first.
    styles
        The styles of layers of shapes, by name; constants of ours.
    box
        The initial view of the map; None for the whole world.
    cluster_radius_px
        How far apart points in one cluster may be.
    moments
        The times between which the reader chooses, the earliest first; the layers are those of the last.
    beside
        A second map; None where there is one alone.

    """

    layers: Mapping[str, Layer]
    styles: Mapping[str, Properties]
    box: BBox | None
    cluster_radius_px: int = CLUSTER_RADIUS_PX
    moments: tuple[Moment, ...] = ()
    beside: Beside | None = None


def embed(data: object) -> str:
    r"""Write data as JSON that may stand inside a ``<script>``: no text can close the element or open a comment.

    Braces inside texts are escaped as well, so that no text means anything to a template. Characters of an older text
    that a stored text may no longer contain are shown as U+FFFD.

    Examples
    --------
    >>> embed({"name": "</script><!-- {{ & }} \u2028"})
    '{"name":"\\u003c/script\\u003e\\u003c!-- \\u007b\\u007b \\u0026 \\u007d\\u007d �"}'

    """
    written = json.dumps(_shown(data), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return written.translate(_ESCAPES)


def _shown(data: Any) -> Any:
    if isinstance(data, str):
        return (data if data.isprintable() else shown(data)).translate(_WAITING)
    if isinstance(data, Mapping):
        return {key: _shown(value) for key, value in data.items()}
    return [_shown(each) for each in data] if isinstance(data, list | tuple) else data


def build(
    drawing: Drawing,
    beside: Panel,
    locale: Locale,
    *,
    controls: Controls | None = None,
    frame: Frame,
    sources: tuple[SourceRecord, ...],
    illustrative: bool,
) -> Page:
    """Put a page around a map.

    Parameters
    ----------
    drawing
        What is on the map.
    beside
        What stands beside it.
    locale
        The language of the page.
    controls
        What can be chosen; None for a file, which no server draws anew.
    frame
        What it is drawn on, to be credited.
    sources
        Where the data comes from.
    illustrative
        Whether any of the data is made up; one illustrative source is enough to show the banner.

    """
    words = beside.words
    shell = _shell(tuple(drawing.layers), served=controls is not None, paired=drawing.beside is not None)
    beneath = {each["properties"]["source"] for each in frame.ground["features"]}
    made_up = illustrative or any(source.illustrative for source in sources)
    slots: dict[str, str] = {
        "lang": escaped(locale.name.lower()),
        "policy": escaped(shell.csp),
        "title": escaped(f"{beside.title} – Lakana"),
        "styles": shell.styles,
        "head": panel.head(beside),
        "controls": form(controls, words) if controls else "",
        "actions": panel.actions(words),
        "banner": joined(panel.borrowed(words, locale), panel.banner(words, illustrative=made_up)),
        "pattern": _patterns(beside.patterns),
        "credit": panel.credit(frame.outline_sources, [each for each in sources if each.name in beneath], words),
        **{name: escaped(words[name]) for name in ("map", "map_help", "no_script")},
        "stage": "stage" if drawing.beside is None else "stage pair",
        "beside": _beside(drawing.beside),
        "moments": panel.moments(beside),
        "legend": panel.legend(beside),
        "regions": panel.regions(beside),
        "ranking": panel.ranking(beside),
        "assumptions": panel.assumptions(beside),
        "sources": panel.sources(sources, words),
        "data": embed(_data(drawing, words)),
        "scripts": shell.scripts,
    }
    return Page(html=_SLOT.sub(lambda slot: slots[slot[1]], _asset("page.html")), csp=shell.csp)


def _patterns(names: Sequence[str]) -> Markup:
    """Return the patterns that fills of the page refer to."""
    if not names:
        return Markup("")
    made = [
        f'<pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({palette.TURNS[name]})">{palette.PATTERNS[name]}</pattern>'
        for name in names
    ]
    return Markup(f'<svg class="help" width="1" height="1" aria-hidden="true"><defs>{"".join(made)}</defs></svg>')


def _beside(second: Beside | None) -> Markup:
    """Return the place of the second map, and above each what it shows."""
    if second is None:
        return Markup("")
    return joined(
        element("div", class_="map beside", id="lakana_beside", role="region", aria_label=second.label),
        element("p", escaped(second.label), class_="shows beside"),
        element("p", escaped(second.own), class_="shows"),
    )


def _data(drawing: Drawing, words: Mapping[str, str]) -> dict[str, Any]:
    drawn, box = drawing.layers, drawing.box
    if box is not None and antimeridian.goes_across(box):
        drawn = antimeridian.in_one_piece(drawn)
        box = antimeridian.box_around(drawn, box)
    return {
        "words": {name: words[name] for name in (*SPOKEN, *CARD)},
        "card": CARD,
        "signs": {name: asdict(sign) for name, sign in palette.SITES.items()},
        "ink": palette.INK,
        "layers": drawn,
        "styles": drawing.styles,
        "bounds": latlng_box(box or WORLD),
        "moments": [asdict(each) for each in drawing.moments],
        "clusterRadius": drawing.cluster_radius_px,
        **({"beside": drawing.beside.layers} if drawing.beside else {}),
    }


@dataclass(frozen=True, slots=True)
class _Shell:
    """The parts that are the same on every map with the same layers, whatever its data."""

    csp: str
    styles: Markup
    scripts: Markup


@cache
def _shell(layers: tuple[str, ...], *, served: bool, paired: bool) -> _Shell:
    from maps.sheet import script  # noqa: PLC0415  Folium is slow to import, and only drawing needs it

    own = [*SCRIPTS, BESIDE_SCRIPT] if paired else SCRIPTS
    scripts = [*map(_library, LIBRARIES), *map(_asset, own), script(*layers)]
    styles = [_style()]
    return _Shell(
        csp=policy(scripts, styles, served=served),
        styles=joined(*(element("style", Markup(each)) for each in styles)),
        scripts=joined(*(element("script", Markup(each)) for each in scripts)),
    )


@cache
def _asset(name: str) -> str:
    # Normalise line ends, because a browser hashes the text after turning CR LF into LF.
    text = resources.files("maps").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


@cache
def _library(name: str) -> str:
    licence = _asset(f"{name.partition('/')[0]}/LICENSE").strip()
    # Remove the link to the source map: it is not in the file, and a browser's developer tools would request it.
    code = re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", _asset(name))
    return f"/*!\n{licence}\n*/\n{code}"


@cache
def _style() -> str:
    """Join the styles, without comments, indentation, and images of controls that our maps do not have."""
    text = "\n".join(_asset(name) for name in STYLES)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"url\([^)]*\)", "none", text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
