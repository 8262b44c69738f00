"""The page around a map: one file with everything in it, under a policy that names each of its inline blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from geo.vocabulary import Locale
from maps import numbers, palette
from maps.legend import Panel
from maps.policy import policy
from maps.records import SourceRecord
from maps.words import CARD

LIBRARIES = ("leaflet/leaflet.js", "markercluster/leaflet.markercluster.js")
SCRIPTS = ("lakana-signs.js", "lakana-names.js", "lakana-map.js")
STYLES = ("leaflet/leaflet.css", "markercluster/MarkerCluster.css", "lakana-map.css")
SPOKEN = ("close", "zoom_in", "zoom_out", "whole", "cluster", "illustrative")
"""The words that the script itself needs, beside those of the cards."""

_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


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


def embed(data: object) -> str:
    r"""Write data as JSON that may stand inside a ``<script>``: no text can close the element or open a comment.

    Examples
    --------
    >>> embed({"name": "</script><!-- & \u2028"})
    '{"name":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'

    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).translate(_ESCAPES)


def build(
    element: str,
    script: str,
    panel: Panel,
    locale: Locale,
    *,
    data_as_of: datetime,
    sources: tuple[SourceRecord, ...],
    illustrative: bool,
) -> Page:
    """Put a page around a map.

    Parameters
    ----------
    element, script
        The map, as ``maps.sheet.Sheet.parts`` gives it.
    panel
        What stands beside the map.
    locale
        The language of the page.
    data_as_of
        When the newest of the data changed.
    sources
        Where the data comes from.
    illustrative
        Whether any of the data is made up; one illustrative source is enough to show the banner.

    """
    scripts = [*map(_library, LIBRARIES), *map(_asset, SCRIPTS), script]
    styles = [_style()]
    csp = policy(scripts, styles)
    html = _template().render(
        element=element,
        scripts=scripts,
        styles=styles,
        csp=csp,
        data=embed(_spoken(panel.words)),
        panel=panel,
        gap=palette.GAP,
        words=panel.words,
        lang=locale.name.lower(),
        as_of=panel.words["as_of"].format(day=numbers.day(data_as_of, locale)),
        sources=[_source(source) for source in sources],
        illustrative=illustrative or any(source.illustrative for source in sources),
    )
    return Page(html=html, csp=csp)


def _spoken(words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "words": {name: words[name] for name in (*SPOKEN, *CARD)},
        "card": CARD,
        "signs": {name: asdict(sign) for name, sign in palette.SITES.items()},
        "ink": palette.INK,
    }


def _source(source: SourceRecord) -> dict[str, str | None]:
    # An address of another scheme, javascript: above all, is shown as no link.
    url = source.url if source.url and source.url.lower().startswith(("https://", "http://")) else None
    return {"name": source.name, "licence": source.licence, "url": url}


@cache
def _asset(name: str) -> str:
    # Line ends are made those that a browser sees: it hashes the text after turning CR LF into LF.
    text = resources.files("maps").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


@cache
def _library(name: str) -> str:
    licence = _asset(f"{name.partition('/')[0]}/LICENSE").strip()
    # The source map is not in the file, and a browser's tools would ask for it.
    code = re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", _asset(name))
    return f"/*!\n{licence}\n*/\n{code}"


@cache
def _style() -> str:
    """Join the styles, without comments and blanks, and without the pictures of controls that no map has."""
    text = "\n".join(_asset(name) for name in STYLES)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"url\([^)]*\)", "none", text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset("page.html"))
