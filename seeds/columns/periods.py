"""Quarters and months of a year as people write them: ``2025-Q4``, ``T4 2025``, ``oct.-déc. 2025``; ``2025-10``."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from itertools import product

from geo.texts import fold
from seeds.columns.cells import Notation
from seeds.readers.table import Cell
from seeds.troubles import CellTrouble, Refused

_ORDINALS = (
    "1|1er|1st|i|premier|first",
    "2|2e|2eme|2nd|ii|deuxieme|second",
    "3|3e|3eme|3rd|iii|troisieme|third",
    "4|4e|4eme|4th|iv|quatrieme|fourth",
)
_MONTHS = (
    ("jan", "janv", "janvier", "january"),
    ("mar", "mars", "march"),
    ("avr", "avril", "apr", "april"),
    ("jun", "juin", "june"),
    ("jul", "juil", "juillet", "july"),
    ("sep", "sept", "septembre", "september"),
    ("oct", "octobre", "october"),
    ("dec", "decembre", "december"),
)
"""What the first and the last month of each quarter are called, without accents."""
_NAMED = {each: number for number, words in enumerate(_ORDINALS, 1) for each in words.split("|")}
_SPANNED = {
    f"{first} {last}": number
    for number in (1, 2, 3, 4)
    for first, last in product(_MONTHS[2 * number - 2], _MONTHS[2 * number - 1])
}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = re.compile(r"((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]((?:19|20)\d\d)")
_QUARTER = re.compile(r"(?:(?:q|t|tr|trim|trimestre|quarter) ?([1-4])|(\w+) ?(?:q|t|tr|trim|trimestre|quarter))")


def quarter(cell: Cell, _notation: Notation) -> tuple[int | None, int]:
    """Return the year of a quarter, ``None`` where another column tells it, and which of the four it is.

    Raises
    ------
    Refused
        If it is none; a month is none, for nobody says whether the others of its quarter follow.

    Examples
    --------
    >>> written = ["2025-Q4", "T4 2025", "4e trimestre 2025", "oct.-déc. 2025", "4.0", "2025-10"]
    >>> [quarter(each, Notation()) for each in written[:5]]
    [(2025, 4), (2025, 4), (2025, 4), (2025, 4), (None, 4)]
    >>> quarter(written[5], Notation())
    Traceback (most recent call last):
    seeds.troubles.trouble.Refused: It is no quarter of a year. Write it as 2025-Q4; counts by month are to be added up.

    """
    text = " ".join(fold(str(cell).strip().removesuffix(".0")).split())
    years = _YEAR.findall(text)
    rest = " ".join(re.sub(r"\b(?:du|de|of|a|au|to)\b", " ", _YEAR.sub(" ", text)).split())
    found = _QUARTER.fullmatch(rest)
    if found is not None:
        number = int(found[1]) if found[1] else _NAMED.get(found[2])
    else:
        number = _SPANNED.get(rest) or (int(rest) if not years and rest in {"1", "2", "3", "4"} else None)
    if number is None or len(years) > 1:
        raise Refused(CellTrouble.NO_QUARTER)
    return (int(years[0]) if years else None), number


def month(cell: Cell, _notation: Notation) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month.

    Raises
    ------
    Refused
        If it is none.

    Examples
    --------
    >>> month("2025-02", Notation()) == month("02/2025", Notation()) == (dt.date(2025, 2, 1), dt.date(2025, 2, 28))
    True

    """
    found = _MONTH.fullmatch(str(cell).strip())
    if found is None:
        raise Refused(CellTrouble.NO_MONTH)
    year, number = int(found[1] or found[4]), int(found[2] or found[3])
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])
