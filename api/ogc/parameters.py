"""What stands in the query of an address, read and bounded; what no page knows is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from api.languages import page_language
from api.media_types import HTML, JSON, preferred
from api.ogc.collections import MOST
from geo.errors import BadInput
from geo.vocabulary import Locale

USUAL = 10
ALWAYS = ("f", "lang")
ITEMS = ("bbox", "limit", "datetime", "cursor")
FORMS = ("json", "html")
LONGEST = 500
EDGES = ("west", "south", "east", "north")
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d"
DATETIME = re.compile(rf"({MOMENT})|({MOMENT}|\.\.)?/({MOMENT}|\.\.)?", re.ASCII)
"""A moment or an interval of RFC 3339, open at one side by ``..`` or nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: the form, the language, and of features the box, how many, and behind which cursor."""

    html: bool
    locale: Locale
    box: Mapping[str, float] | None
    limit: int
    cursor: str | None


def read(request: Request, *, items: bool = False) -> Asked:
    """Return what an address asks for; ``items`` says whether it is one of features.

    No feature has a time of its own, so each is of any ``datetime``, as the standard says.

    Raises
    ------
    BadInput
        If a parameter is not known or not good; the error names it.

    """
    known = (*ALWAYS, *ITEMS) if items else ALWAYS
    once: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadInput(name[:LONGEST], f"there is no such parameter; there is {', '.join(known)}.")
        if name in once or len(value) > LONGEST:
            raise BadInput(name, f"give it once, in {LONGEST} characters at most.")
        once.add(name)
    given = {name: str(request.query_params.get(name)) for name in known if name in once}
    if "datetime" in given and not DATETIME.fullmatch(given["datetime"]):
        raise BadInput("datetime", "give a moment or an interval of RFC 3339, as 2025-01-01T00:00:00Z/..")
    box = _box(given["bbox"]) if "bbox" in given else None
    return Asked(_is_html(request, given.get("f")), page_language(request), box, _limit(given), given.get("cursor"))


def _is_html(request: Request, form: str | None) -> bool:
    if form is None:
        return preferred(request.headers.get("accept"), (JSON, "application/geo+json", HTML)) == HTML
    if form not in FORMS:
        raise BadInput("f", "choose json or html.")
    return form == "html"


def _limit(given: Mapping[str, str]) -> int:
    text = given.get("limit", str(USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) > 0):  # noqa: PLR2004
        raise BadInput("limit", f"give how many features, 1 to {MOST:,}; of more {MOST:,} come.")
    return min(int(text), MOST)


def _box(text: str) -> Mapping[str, float]:
    """Return a box of longitudes and latitudes; of one with heights these are left out."""
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # noqa: PLR2004  with heights
        numbers = [*numbers[:2], *numbers[3:5]]
    west_to_north = dict(zip(EDGES, numbers, strict=False))
    if len(numbers) != len(EDGES) or not all(map(math.isfinite, numbers)):
        raise BadInput("bbox", "give west,south,east,north in degrees.")
    return west_to_north
