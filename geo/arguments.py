"""How an input value is declared: once, as a field of the dataclass that takes it.

A field declares its description, its bound and its default. :func:`check` refuses a value outside its bound and names
the field; :mod:`api.graphql.declarations` turns each field into an argument of the schema. Common bounds are here.

    first: int = argument("How many, 1 to 100.", between(1, 100), default=10)
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, NewType

from geo.errors import BadInput
from geo.notations.quarters import is_quarter
from geo.texts import MAX_TEXT, TOO_LONG_WRITTEN_OUT, longest_form

RowId = NewType("RowId", str)
"""The id of an object, as an earlier response returned it."""

AreaCode = NewType("AreaCode", str)
"""The code of an area: SCHEME:CODE, SCHEME@EDITION:CODE, or a bare code."""

Period = NewType("Period", str)
"""A year (2025) or a quarter (2025-Q4)."""

Check = Callable[[str, Any], object]
"""Refuses an invalid value and names its field; it is not called if no value was given."""

LEAST_DISTANCE_M = 0.001
MOST_REACH_M = 1_000_000.0
MOST_PAGE = 100
EARLIEST, LATEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
FIRST_YEAR, LAST_YEAR = 1900, LATEST.year - 1
"""The years of days and periods, both inclusive; some days begin later."""
OLDEST_MONTHS = 17 * 12 + 11
"""The age of a child in whole months on the day before it is 18."""
PERIOD = re.compile(r"\d{4}(-Q[1-4])?", re.ASCII)

LONGEST_ID = 100
"""Characters of an id. One has 36; with braces, as a URN or padded it may have some more."""

_KEY = "argument"


@dataclass(frozen=True, slots=True)
class Argument:
    """The declaration of a value: its description for the schema, its bound, and whether it goes by POST only.

    ``changing`` is its description where it is changed, if that is another.
    """

    words: str
    check: Check | None = None
    by_post: bool = False
    changing: str | None = None


def argument(
    words: str,
    check: Check | None = None,
    *,
    default: Any = MISSING,
    by_post: bool = False,
    changing: str | None = None,
) -> Any:
    """Declare an input value; one that may tell where a child is, or who, goes ``by_post``: no proxy logs it."""
    return field(default=default, metadata={_KEY: Argument(words, check, by_post, changing)})


@cache
def declared(kind: type) -> Mapping[str, Argument]:
    """Return the declared input values of a dataclass by field, in the order of the fields."""
    return MappingProxyType({each.name: each.metadata[_KEY] for each in fields(kind) if _KEY in each.metadata})


def check(given: Any, within: str = "") -> None:
    """Refuse a dataclass whose values are outside their bounds; ``within`` is the field that contains it.

    Raises
    ------
    BadInput
        Names the first field that is out of bounds.

    """
    kind: type = type(given)
    for name, refuse in _checked(kind):
        value = getattr(given, name)
        if value is not None:
            refuse(f"{within}.{name}" if within else name, value)


@cache
def _checked(kind: type) -> Sequence[tuple[str, Check]]:
    return [(name, each.check) for name, each in declared(kind).items() if each.check is not None]


@dataclass(frozen=True, slots=True)
class Between:
    """The bound of a number, both ends inclusive; a value, so that who pages through a list knows its largest page."""

    least: float
    most: float
    unit: str = ""

    def __call__(self, name: str, value: float) -> None:
        """Refuse a number outside."""
        if not self.least <= value <= self.most:
            ends = (self.least, self.most)
            bounds = " to ".join(f"{each:,.0f}" if each == int(each) else f"{each}" for each in ends)
            raise BadInput(name, f"{value} is outside {bounds}{self.unit and f' {self.unit}'}.")


def between(least: float, most: float, unit: str = "") -> Between:
    """Return the bound of a number, both ends inclusive.

    Examples
    --------
    >>> between(1, 100)("first", 100)
    >>> between(1, 100)("first", 101)
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: first: 101 is outside 1 to 100.

    """
    return Between(least, most, unit)


def largest_page(kind: type) -> int | None:
    """Return how many rows a page of a question may have; ``None`` where it does not come in pages."""
    first = declared(kind).get("first")
    return int(first.check.most) if first is not None and isinstance(first.check, Between) else None


def each_once(things: str, most: int) -> Check:
    """Return the bound of a list: 1 to ``most`` things, no one twice.

    Examples
    --------
    >>> each_once("distances", 2)("distances", (1, 2))
    >>> each_once("distances", 2)("distances", (1, 1))
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: distances: 1 is named more than once; name it once.

    """

    def refuse(name: str, values: Sequence[Any]) -> None:
        if not 1 <= len(values) <= most:
            raise BadInput(name, f"{len(values)} {things} are outside 1 to {most}; name others.")
        for each in values:
            if values.count(each) > 1:
                raise BadInput(name, f"{getattr(each, 'name', each)} is named more than once; name it once.")

    return refuse


def reach_in_metres(name: str, value: float) -> None:
    """Refuse a threshold outside 0.001 to 1,000,000 metres, both inclusive."""
    if not LEAST_DISTANCE_M <= value <= MOST_REACH_M:
        raise BadInput(
            name,
            f"{value} is outside {LEAST_DISTANCE_M} to {MOST_REACH_M:,.0f} metres; a threshold is above 0, at most "
            "1,000 km.",
        )


def age_in_months(name: str, value: int) -> None:
    """Refuse an age in whole months that is no child's, without repeating it."""
    if not 0 <= value <= OLDEST_MONTHS:
        raise BadInput(name, f"it is outside 0 to {OLDEST_MONTHS}; give whole months, or leave it out.")


def moment(name: str, value: dt.datetime) -> None:
    """Refuse a moment without its offset from UTC, or outside the years 2000 to 2099."""
    if value.tzinfo is None:
        raise BadInput(name, "say which offset from UTC it has: 2026-03-02T09:00:00Z for example.")
    if not EARLIEST <= value < LATEST:
        raise BadInput(name, "give a moment of the years 2000 to 2099.")


def one_of(most: Sequence[Enum], otherwise: str) -> Check:
    """Return the bound of a term that may be only some of its enumeration; ``otherwise`` says where others go.

    Examples
    --------
    >>> Side = Enum("Side", "LEFT RIGHT MIDDLE")
    >>> one_of([Side.LEFT, Side.RIGHT], "what lies between is on neither.")("side", Side.MIDDLE)
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: side: MIDDLE is none of LEFT, RIGHT; what lies between is on neither.

    """

    def refuse(name: str, value: Enum) -> None:
        if value not in most:
            raise BadInput(name, f"{value.name} is none of {', '.join(each.name for each in most)}; {otherwise}")

    return refuse


def searched(least: int, most: int) -> Check:
    """Return the bound of a search text: from ``least`` to ``most`` characters that a database can store.

    It is compared and never stored, so it may hold what a stored text may not (see :mod:`geo.texts`). It is no longer
    than ``most`` with its signs written out either, since so it is compared.

    Examples
    --------
    >>> searched(2, 100)("search", "Ké")
    >>> searched(2, 100)("search", " K ")
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: search: give from 2 to 100 characters.

    """

    def refuse(name: str, value: str) -> None:
        if len(value) > most or len(value.strip()) < least:
            raise BadInput(name, f"give from {least} to {most} characters.")
        if "\0" in value:
            raise BadInput(name, "a NUL character cannot be part of it; remove it.")
        if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
            raise BadInput(name, "half of a surrogate pair is no character; remove it.")
        if longest_form(value) > most:
            raise BadInput(name, TOO_LONG_WRITTEN_OUT.format(most=most))

    return refuse


search_text = searched(1, MAX_TEXT)
"""Refuses a search text outside 1 to 200 characters."""


def check_id(name: str, value: str) -> RowId:
    """Return an id in its canonical form, or refuse it."""
    try:
        if len(value) <= LONGEST_ID:
            return RowId(str(uuid.UUID(value)))
    except ValueError:
        pass
    raise BadInput(name, "not an id of this service; pass an id that an earlier answer gave.")


def period(name: str, value: str) -> None:
    """Refuse a period that is neither a year nor a quarter of the years 1900 to 2099.

    Examples
    --------
    >>> period("period", "2025-Q4")
    >>> period("period", "2025-Q5")
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: period: give a year (2025) or a quarter (2025-Q4).

    """
    if not PERIOD.fullmatch(value):
        raise BadInput(name, "give a year (2025) or a quarter (2025-Q4).")
    _check_year(name, "period", int(value[:4]), FIRST_YEAR)


def quarter(name: str, value: str) -> None:
    """Refuse a period that is no quarter of the years 1900 to 2099.

    Examples
    --------
    >>> quarter("period", "2025-Q4")
    >>> quarter("period", "9999-Q4")
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: period: give a period of the years 1900 to 2099.

    """
    if not is_quarter(value):
        raise BadInput(name, "give a quarter, 2025-Q4 for example.")
    period(name, value)


def day(first_year: int = FIRST_YEAR) -> Check:
    """Return the bound of a day: from the first day of a year to the last of 2099.

    Examples
    --------
    >>> day(2000)("closed_from", dt.date(2000, 1, 1))
    >>> day(2000)("closed_until", dt.date(9999, 12, 31))
    Traceback (most recent call last):
        ...
    geo.errors.BadInput: closed_until: give a day of the years 2000 to 2099.

    """
    return lambda name, value: _check_year(name, "day", value.year, first_year)


def _check_year(name: str, thing: str, year: int, first_year: int) -> None:
    if not first_year <= year <= LAST_YEAR:
        raise BadInput(name, f"give a {thing} of the years {first_year} to {LAST_YEAR}.")
