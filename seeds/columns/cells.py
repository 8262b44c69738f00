"""Cells as values: numbers, codes, dates, places; what spreadsheet programs did to them is mended or refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from enum import Enum

from geo import texts
from geo.errors import BadInput
from seeds.readers.table import Cell, is_blank
from seeds.troubles import CellTrouble, Refused, RowTrouble


class DateOrder(Enum):
    """Which number of ``6/3/2019`` is the day."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Notation:
    """How a table writes its values."""

    decimal: str = "."
    dates: DateOrder | None = None
    """``None`` where nobody said and the table does not show it."""


@dataclass(frozen=True, slots=True)
class Censored:
    """A count that was withheld because it is small, as ``<5`` is: at least 1 and less than ``below``."""

    below: int


_ERRORS = "#n/a #na #value! #ref! #div/0! #name? #num! #null!"
NOTHING = frozenset(f"{_ERRORS} n/a na <null> null none nil nan - -- – — . ? inconnu unknown".split())
"""What people and programs write for nothing, in lower case."""
_SPACED = re.compile(r"[\s\u202f\xa0]")
_ROUNDED = re.compile(r"[-+]?\d([.,]\d+)?[eE]\+\d{2}")
_CENSORED = re.compile(r"<\s*(\d{1,3})")
_LESS = re.compile(r"(?:moins de|less than|fewer than|under)(?= *\d)", re.IGNORECASE)
_GROUPS = {sign: re.compile(rf"[-+]?\d{{1,3}}({re.escape(sign)}\d{{3}})+") for sign in ",."}
_SLASHED = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{2,4})(?:[ T]\d{1,2}:\d{2}.*)?")
_PART = r"(\d{1,2}(?:[.,]\d+)?)\s?"
_DEGREES = re.compile(
    rf"([-+]?\d{{1,3}}(?:[.,]\d+)?)\s?°?\s?(?:{_PART}['’\u2032]\s?(?:{_PART}(?:\"|”|\u2033|''))?)?\s?([NSEWO])?",
    re.IGNORECASE,
)
"""Blanks are single by then: several times as many as one likes, one after the other, took cubic time."""
LONGEST_NUMBER = 100
"""Characters of a number, a date or degrees, which patterns are matched with."""
LONGEST_YEAR, MONTHS = 4, 12
MOST_PEOPLE = 2_000_000_000
"""More are in no country."""
EARLIEST, LATEST = 1900, 2100


def is_nothing(cell: Cell) -> bool:
    """Return whether a cell says that there is no value.

    Examples
    --------
    >>> [is_nothing(each) for each in ("", "#N/A", "<Null>", "-", None, 0, "0")]
    [True, True, True, True, True, False, False]

    """
    return is_blank(cell) or (isinstance(cell, str) and cell.strip().lower() in NOTHING)


def number(cell: Cell, notation: Notation) -> float:
    """Return a number.

    Raises
    ------
    Refused
        If it is none, is censored, or was rounded by a spreadsheet program.

    Examples
    --------
    >>> number("1 282,5", Notation(decimal=",")), number("1,282.5", Notation()), number("12", Notation(decimal=","))
    (1282.5, 1282.5, 12.0)

    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _finite(cell, CellTrouble.NO_NUMBER)
    text = _SPACED.sub("", _short(cell, CellTrouble.NO_NUMBER))
    if _CENSORED.fullmatch(text):
        raise Refused(CellTrouble.CENSORED)
    if _ROUNDED.fullmatch(text):
        raise Refused(CellTrouble.ROUNDED)
    group = "." if notation.decimal == "," else ","
    whole, _, part = text.partition(notation.decimal)
    if group in whole:
        if not _GROUPS[group].fullmatch(whole):
            raise Refused(CellTrouble.NO_NUMBER)
        whole = whole.replace(group, "")
    try:
        value = float(f"{whole}.{part}" if part else whole)
    except ValueError:
        raise Refused(CellTrouble.NO_NUMBER) from None
    if not math.isfinite(value) or "_" in text:
        raise Refused(CellTrouble.NO_NUMBER)
    return value


def _finite(cell: float, trouble: CellTrouble) -> float:
    try:
        value = float(cell)
    except OverflowError:  # a whole number of 400 digits
        value = math.inf
    if not math.isfinite(value):
        raise Refused(trouble)
    return value


def _short(cell: Cell, trouble: CellTrouble) -> str:
    """Return a cell's text, blanks made single; refuse one that is longer than any number, date or degrees."""
    text = str(cell)
    if len(text) > LONGEST_NUMBER:
        raise Refused(trouble)
    return " ".join(text.split())


def whole(cell: Cell, notation: Notation) -> int:
    """Return a whole number, 0 or more; ``301.0`` is one.

    Raises
    ------
    Refused
        If it is none, as by :func:`number`.

    Examples
    --------
    >>> whole("301.0", Notation()), whole("1,282", Notation()), whole(12.0, Notation())
    (301, 1282, 12)

    """
    value = number(cell, notation)
    if value != int(value):
        raise Refused(CellTrouble.NOT_WHOLE)
    if value < 0:
        raise Refused(CellTrouble.BELOW_ZERO)
    if value > MOST_PEOPLE:
        raise Refused(CellTrouble.TOO_MANY, most=MOST_PEOPLE)
    return int(value)


def year(cell: Cell, notation: Notation) -> int:
    """Return a year from 1900 to 2100, both included.

    Examples
    --------
    >>> year("2022.0", Notation())
    2022

    Raises
    ------
    Refused
        If it is none.

    """
    value = whole(cell, notation)
    if not EARLIEST <= value <= LATEST:
        raise Refused(CellTrouble.NO_YEAR)
    return value


def count(cell: Cell, notation: Notation) -> int | Censored:
    """Return a count, which may be censored, in signs or in words.

    Examples
    --------
    >>> count("<5", Notation()), count("7", Notation())
    (Censored(below=5), 7)
    >>> count("moins de 5", Notation())
    Censored(below=5)

    """
    short = _short(cell, CellTrouble.NO_NUMBER)
    found = _CENSORED.fullmatch(_SPACED.sub("", _LESS.sub("<", short.strip())))
    return Censored(int(found[1])) if found else whole(cell, notation)


def code(cell: Cell, _notation: Notation) -> str:
    """Return a code or a number that is a name, as telephones have; what a spreadsheet program added is taken off.

    Raises
    ------
    Refused
        If digits were lost, or it is no text that can be stored.

    Examples
    --------
    >>> code("22376123456.0", Notation()), code(301.0, Notation()), code(" ML0402 ", Notation())
    ('22376123456', '301', 'ML0402')

    """
    text = str(cell).strip()
    if len(text) <= LONGEST_NUMBER and _ROUNDED.fullmatch(text):
        raise Refused(CellTrouble.ROUNDED)
    return line(re.sub(r"(?<=\d)\.0$", "", text), _notation)


def line(cell: Cell, _notation: Notation) -> str:
    """Return a text of one line, blanks made single.

    Raises
    ------
    Refused
        If it holds what no text may (see :mod:`geo.texts`).

    """
    return _text(cell, texts.line)


def name(cell: Cell, _notation: Notation) -> str:
    """Return a name, which has a letter; raises as :func:`line` does."""
    return _text(cell, texts.name)


def names(cell: Cell, notation: Notation) -> tuple[str, ...]:
    """Return the names of a list that is separated by commas, bars or semicolons; those that are none are left out."""
    found: dict[str, None] = {}
    for each in re.split(r"[,;|]", str(cell)):
        if not is_nothing(each):
            try:
                found[name(each, notation)] = None
            except Refused:  # airports' codes, addresses and emblems stand there too
                continue
    return tuple(found)


def passage(cell: Cell, _notation: Notation) -> str:
    """Return a text of some sentences; raises as :func:`line` does."""
    return _text(cell, texts.passage)


def web_address(cell: Cell, _notation: Notation) -> str:
    """Return a web address; raises as :func:`line` does."""
    return _text(cell, texts.web_address)


def _text(cell: Cell, check: texts.Check) -> str:
    try:
        return check("", " ".join(str(cell).split(" ")))
    except BadInput as error:
        raise Refused(CellTrouble.BAD_TEXT, reason=error.problem.rstrip(".")) from None


def date(cell: Cell, notation: Notation) -> dt.date:
    """Return a day.

    Raises
    ------
    Refused
        If it is none, or day and month cannot be told apart.

    Examples
    --------
    >>> date("2019-03-06", Notation()), date("13/3/2019", Notation())
    (datetime.date(2019, 3, 6), datetime.date(2019, 3, 13))
    >>> date("6/3/2019", Notation())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    seeds.troubles.trouble.Refused: Day and month of the date cannot be told apart. Say ...

    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = _SLASHED.fullmatch(_short(cell, CellTrouble.NO_DATE))
    if found is None:
        raise Refused(CellTrouble.NO_DATE)
    first, second, third = (int(each) for each in found.groups())
    try:
        if len(found[1]) == LONGEST_YEAR:
            return dt.date(first, second, third)
        if len(found[3]) != LONGEST_YEAR:
            raise Refused(CellTrouble.SHORT_YEAR)
        order = _order(first, second) or notation.dates
        if order is None and first != second:
            raise Refused(CellTrouble.AMBIGUOUS_DATE)
        return dt.date(third, first, second) if order is DateOrder.MONTH_FIRST else dt.date(third, second, first)
    except ValueError:
        raise Refused(CellTrouble.NO_DATE) from None


def date_order(cell: Cell) -> DateOrder | None:
    """Return which number of a date is the day, if the date itself shows it.

    Examples
    --------
    >>> date_order("13/3/2019"), date_order("3/13/2019"), date_order("6/3/2019")
    (<DateOrder.DAY_FIRST: 'day-first'>, <DateOrder.MONTH_FIRST: 'month-first'>, None)

    """
    is_short = isinstance(cell, str) and len(cell) <= LONGEST_NUMBER
    found = _SLASHED.fullmatch(str(cell).strip()) if is_short else None
    return _order(int(found[1]), int(found[2])) if found and len(found[1]) < LONGEST_YEAR else None


def _order(first: int, second: int) -> DateOrder | None:
    if first > MONTHS:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if second > MONTHS else None


def degrees(cell: Cell, _notation: Notation) -> float:
    r"""Return degrees, whichever decimal sign they have; south and west are negative.

    Raises
    ------
    Refused
        If it is no number of degrees.

    Examples
    --------
    >>> degrees("13,4317", Notation()), degrees("7°58'48\"W", Notation()), degrees("8 O", Notation())
    (13.4317, -7.98, -8.0)

    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _finite(cell, CellTrouble.NO_DEGREES)
    found = _DEGREES.fullmatch(_short(cell, CellTrouble.NO_DEGREES))
    if found is None:
        raise Refused(CellTrouble.NO_DEGREES)
    whole_degrees, minutes, seconds = (float((each or "0").replace(",", ".")) for each in found.groups()[:3])
    away = abs(whole_degrees) + minutes / 60 + seconds / 3600
    is_negative = found[1].startswith("-") or (found[4] or "").upper() in {"S", "W", "O"}
    return -away if is_negative else away


def latitude(cell: Cell, notation: Notation) -> float:
    """Return degrees of latitude, -90 to 90; raises as :func:`degrees` does, and for others."""
    return _within(degrees(cell, notation), 90)


def longitude(cell: Cell, notation: Notation) -> float:
    """Return degrees of longitude, -180 to 180; raises as :func:`degrees` does, and for others."""
    return _within(degrees(cell, notation), 180)


def _within(value: float, most: float) -> float:
    if not abs(value) <= most:
        raise Refused(RowTrouble.NOT_ON_EARTH)
    return value


def kobo_place(cell: Cell, notation: Notation) -> tuple[float, float]:
    """Return the longitude and latitude of a cell of KoboToolbox: latitude, longitude, altitude, accuracy.

    Raises
    ------
    Refused
        If it has fewer than two numbers or more than four.

    Examples
    --------
    >>> kobo_place("12.65 -8.0 332.1 4.9", Notation())
    (-8.0, 12.65)

    """
    parts = str(cell).replace(";", " ").split()
    if not 2 <= len(parts) <= 4:  # noqa: PLR2004  two to four, as its form says
        raise Refused(CellTrouble.NO_PLACE)
    lat, lon = (degrees(each.rstrip(","), notation) for each in parts[:2])
    return lon, lat


YES, NO = (frozenset(re.split(" ", each)) for each in ("oui yes true vrai 1 x o y", "non no false faux 0 n"))


def yes_or_no(cell: Cell, _notation: Notation) -> bool:
    """Return whether a cell says yes.

    Examples
    --------
    >>> yes_or_no("Oui", Notation()), yes_or_no(0, Notation())
    (True, False)

    Raises
    ------
    Refused
        If it says neither.

    """
    text = str(cell).strip().lower().removesuffix(".0")
    if text in YES | NO:
        return text in YES
    raise Refused(CellTrouble.NO_YES_OR_NO)
