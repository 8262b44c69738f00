"""Numbers, shares, distances and dates as a reader of each language writes them.

Small enough to need no library: three languages, whole numbers or one decimal, long dates.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from geo.vocabulary import Locale

NARROW = "\u202f"
"""The narrow space that French sets between thousands and before a percent sign; lines never break there."""

# The Bambara names are those of the Unicode CLDR.
_MONTHS = {
    Locale.FR: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    Locale.EN: "January February March April May June July August September October November December",
    Locale.BM: "zanwuye feburuye marisi awirili mɛ zuwɛn zuluye uti sɛtanburu ɔkutɔburu nowanburu desanburu",
}
_KILOMETRE_M = 1000
_NEAR_M = 10_000


def number(value: float, locale: Locale, decimals: int = 0) -> str:
    """Write a number with its thousands apart.

    Examples
    --------
    >>> number(1234567, Locale.EN), number(61.25, Locale.FR, 1)
    ('1,234,567', '61,2')
    >>> number(12345, Locale.FR) == "12" + NARROW + "345"
    True

    """
    english = f"{value:,.{decimals}f}"
    if locale is Locale.EN:
        return english
    return english.replace(",", NARROW).replace(".", ",")


def percent(value: float, locale: Locale) -> str:
    """Write a share of 0 to 100 with one decimal, none where it is whole.

    Examples
    --------
    >>> percent(62.44, Locale.EN), percent(34.96, Locale.EN), percent(100.0, Locale.EN)
    ('62.4%', '35%', '100%')

    """
    decimals = 0 if round(value, 1) == round(value) else 1
    return number(value, locale, decimals) + ("%" if locale is Locale.EN else NARROW + "%")


def distance(metres: float, locale: Locale) -> str:
    """Write a distance given in metres: metres below 1 km, a decimal below 10 km, whole kilometres beyond.

    Examples
    --------
    >>> distance(999, Locale.EN), distance(1000, Locale.EN), distance(62_400, Locale.EN)
    ('999\u00a0m', '1\u00a0km', '62\u00a0km')

    """
    if metres < _KILOMETRE_M:
        return f"{number(metres, locale)}\u00a0m"
    kilometres = metres / _KILOMETRE_M
    decimals = 1 if metres < _NEAR_M and round(kilometres, 1) != int(kilometres) else 0
    return f"{number(kilometres, locale, decimals)}\u00a0km"


def day(value: date | str, locale: Locale) -> str:
    """Write a date in words. A moment is told by its day in UTC, which is Mali's own time.

    Examples
    --------
    >>> day("2025-11-24", Locale.FR), day(date(2026, 1, 1), Locale.FR), day("2026-01-01", Locale.EN)
    ('24 novembre 2025', '1er janvier 2026', '1 January 2026')

    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    month = _MONTHS[locale].split()[value.month - 1]
    first = "er" if value.day == 1 and locale is Locale.FR else ""
    return f"{value.day}{first} {month} {value.year}"


def quarter(day: str) -> str:
    """Return the reference period of the quarter that a day lies in.

    Examples
    --------
    >>> quarter("2025-07-01"), quarter("2025-12-31")
    ('2025-Q3', '2025-Q4')

    """
    at = date.fromisoformat(day)
    return f"{at.year}-Q{(at.month + 2) // 3}"


def period(value: str, locale: Locale) -> str:
    """Write a reference period; what is neither a year nor a quarter stays as it is.

    Examples
    --------
    >>> period("2025-Q4", Locale.FR), period("2025-Q1", Locale.FR), period("2025-Q4", Locale.EN)
    ('4e trimestre 2025', '1er trimestre 2025', 'Q4 2025')
    >>> period("2025", Locale.FR)
    '2025'

    """
    match = re.fullmatch(r"(\d{4})-Q([1-4])", value, re.ASCII)
    if not match:
        return value
    year, quarter = match.groups()
    if locale is Locale.EN:
        return f"Q{quarter} {year}"
    return f"{quarter}{'er' if quarter == '1' else 'e'} trimestre {year}"
