"""Numbers, shares, distances and dates as a reader of each language writes them: by babel, from the Unicode CLDR."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from babel import dates, numbers, units

from geo.vocabulary import Locale

DATES = {Locale.FR: "fr", Locale.EN: "en_GB", Locale.BM: "bm"}
NUMBERS = DATES | {Locale.BM: "fr"}
"""Bambara speakers write numbers as in French, the language of the schools; the CLDR has English ones."""
_KILOMETRE_M = 1000
_NEAR_M = 10_000


def number(value: float, locale: Locale, decimals: int = 0) -> str:
    """Write a number with its thousands apart.

    Examples
    --------
    >>> number(1234567, Locale.EN), number(61.25, Locale.FR, 1)
    ('1,234,567', '61,2')
    >>> number(12345, Locale.FR) == "12\u202f345"
    True

    """
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return numbers.format_decimal(value, pattern, NUMBERS[locale])


def percent(value: float, locale: Locale) -> str:
    """Write a share of 0 to 100 with one decimal, none where it is whole.

    Examples
    --------
    >>> percent(62.44, Locale.EN), percent(34.96, Locale.EN), percent(100.0, Locale.EN)
    ('62.4%', '35%', '100%')

    """
    share = Decimal(str(round(value, 1))) / 100
    return numbers.format_percent(share, locale=NUMBERS[locale], decimal_quantization=False)


def distance(metres: float, locale: Locale) -> str:
    r"""Write a distance given in metres: metres below 1 km, a decimal below 10 km, whole kilometres beyond.

    Examples
    --------
    >>> distance(999, Locale.EN), distance(1000, Locale.EN), distance(62_400, Locale.EN)
    ('999\xa0m', '1\xa0km', '62\xa0km')

    """
    name, value = ("meter", round(metres)) if metres < _KILOMETRE_M else ("kilometer", metres / _KILOMETRE_M)
    pattern = "#,##0.#" if metres < _NEAR_M else "#,##0"
    written = units.format_unit(value, f"length-{name}", "short", pattern, NUMBERS[locale])
    return written.replace(" ", "\u00a0")  # a non-breaking space


def day(value: date | str, locale: Locale) -> str:
    """Write a date in words. A moment is shown as its day in UTC.

    Examples
    --------
    >>> day("2025-11-24", Locale.FR), day(date(2026, 1, 1), Locale.FR), day("2026-01-01", Locale.EN)
    ('24 novembre 2025', '1er janvier 2026', '1 January 2026')

    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    first = value.day == 1 and locale is Locale.FR  # the CLDR knows no ordinals of days
    return dates.format_date(value, "d'er' MMMM y" if first else "long", DATES[locale])


def quarter(day: str) -> str:
    """Return the reference period of the quarter of a day.

    Examples
    --------
    >>> quarter("2025-07-01"), quarter("2025-12-31")
    ('2025-Q3', '2025-Q4')

    """
    at = date.fromisoformat(day)
    return f"{at.year}-Q{(at.month + 2) // 3}"


def period(value: str, locale: Locale) -> str:
    """Write a reference period; a text that is neither a year nor a quarter stays as it is.

    Examples
    --------
    >>> period("2025-Q4", Locale.FR), period("2025-Q1", Locale.FR), period("2025-Q4", Locale.EN)
    ('4e trimestre 2025', '1er trimestre 2025', '4th quarter 2025')
    >>> period("2025", Locale.FR)
    '2025'

    """
    match = re.fullmatch(r"(\d{4})-Q([1-4])", value, re.ASCII)
    if not match:
        return value
    year, number = map(int, match.groups())
    return dates.format_date(date(year, number * 3, 1), "QQQQ y", DATES[locale])
