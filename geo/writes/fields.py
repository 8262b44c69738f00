"""Checks of a record's fields: one function for each field, used by writes and proposals alike."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any

from babel import Locale

from geo import texts
from geo.arguments import day, declared
from geo.coordinates import LonLat
from geo.errors import BadInput
from geo.notations import opening_hours, phones
from geo.notations.opening_hours import EXAMPLE
from geo.queries.base.area_codes import NO_LOCALITY

Check = Callable[[str, Any], Any]
"""Takes a field's name and a value, and returns the checked value."""

MOST_PLACES = 10_000
MOST_LANGUAGES = 20
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?", re.ASCII)
"""A language, a script and a country: no part in which anybody could write a name."""
CLDR = Locale("en")

VERSION = "The version that you saw: where it is another now, nothing is changed."


def name_with(code: str) -> str:
    """Say what the name of an area is that comes with its code."""
    return (
        f"The name of that area, 1 to 200 characters, where `{code}` comes with one: refused where the code means "
        "another, as many do in another edition."
    )


NAME = "Its name, 1 to 200 characters."
POINT = (
    "Where it stands; refused outside the hull of its country, and far outside the area or the town that it is said to "
    "be in."
)
AREA_CODE = f"The area in force that it lies in; the smallest that holds the point where it is left out. {NO_LOCALITY}"
AREA_NAME = name_with("area_code")
AREA_CHANGING = (
    f"The area in force that it lies in; with a new point and none given, the smallest that holds that. {NO_LOCALITY}"
)
LOCALITY = "The locality that it lies in."
PUBLIC_PHONE = (
    "Its public phone number: in international form, or as it is dialled in its country, a short code too. Several are "
    f"parted by ` / `, each with a label in brackets if it has one: `{phones.EXAMPLE}`."
)
LANGUAGES = (
    "The languages spoken there, tags of BCP 47 of 2 to 12 characters, each a language with a script and a country "
    "where they matter, `bm`, `fr-ML` or `ff-Adlm-ML`: at most 20, no one twice."
)
VERIFIED = "When somebody last made sure of this record; not to come."
HOURS = (
    f"When it is open, in the manner of OpenStreetMap: `{EXAMPLE}`, or `24/7`; 1 to 200 characters. What cannot "
    "be read is refused."
)


def phone(field: str, value: Any) -> str:
    """Check the form of phone numbers; :func:`geo.writes.places.settled` reads them by the country."""
    text = texts.line(field, value)
    phones.parts(field, text)
    return text


def hours(field: str, value: Any) -> str:
    """Return opening hours with plain dashes and blanks, or refuse what cannot be read."""
    text = opening_hours.plain(texts.line(field, value))
    if opening_hours.read(text) is None:
        raise BadInput(field, f"these hours cannot be read; write them like {EXAMPLE}, or 24/7.")
    return text


def languages(field: str, value: Any) -> list[str]:
    """Return the tags of languages, of none an empty list."""
    tags = [str(each) for each in value]
    for tag in tags:
        found = LANGUAGE.fullmatch(tag)
        if found is None or not {*found.groups()} <= {None, *CLDR.scripts, *CLDR.territories}:
            raise BadInput(field, f"{texts.visible(tag[:20])} is no tag of a language; write bm, fr-ML or ff-Adlm-ML.")
    if len(tags) > MOST_LANGUAGES or len({*tags}) < len(tags):
        raise BadInput(field, f"give at most {MOST_LANGUAGES}, no one twice.")
    return tags


def number(least: int, most: int) -> Check:
    """Check a whole number, bounds inclusive."""

    def check(field: str, value: Any) -> int:
        if not least <= value <= most:
            raise BadInput(field, f"{value} is outside {least} to {most:,}.")
        return int(value)

    return check


def term(kind: type[Enum]) -> Check:
    """Check a term of the vocabulary."""

    def check(_field: str, value: Any) -> str:
        name: str = value.name if isinstance(value, Enum) else kind[value].name
        return name

    return check


def past_day(field: str, value: Any) -> dt.date:
    """Check a day from 1900 on that is not in the future."""
    given: dt.date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    day()(field, given)
    if given > dt.datetime.now(dt.UTC).date():
        raise BadInput(field, f"{given} is still to come; give the day on which it was checked.")
    return given


def place(field: str, value: Any) -> LonLat:
    """Check a place in degrees."""
    return value if isinstance(value, LonLat) else LonLat(lon=value["lon"], lat=value["lat"], field=field)


def checked(given: Mapping[str, Any], kind: type, *, new: bool) -> dict[str, Any]:
    """Return a record's checked values: if it is new, all fields without a default are required, else at least one.

    ``None`` clears a field that has a default. The fields are those that a dataclass declares (:mod:`geo.arguments`).

    Raises
    ------
    BadInput
        Names the first field that is not valid.

    """
    own = declared(kind)
    required = [each.name for each in fields(kind) if each.name in own and each.default is MISSING]
    values: dict[str, Any] = {}
    for name, value in given.items():
        check = own[name].check
        if value is None and name in required:
            raise BadInput(name, "it cannot be empty.")
        values[name] = value if value is None or check is None else check(name, value)
    if not new and not values.keys() - {"another"}:
        raise BadInput("values", "it changes nothing; give at least one field.")
    for name in required if new else ():
        if name not in values:
            raise BadInput(name, "it is missing.")
    return values


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values as JSON; :func:`checked` accepts them again."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, LonLat):
        return {"lon": value.lon, "lat": value.lat}
    return value.isoformat() if isinstance(value, dt.date) else value
