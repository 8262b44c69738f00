"""Quarters of a year, as ``2025-Q4``; they sort as their names do."""

from __future__ import annotations

import datetime as dt
import re

_QUARTER = re.compile(r"\d{4}-Q[1-4]", re.ASCII)


def is_quarter(text: str) -> bool:
    """Return whether a text names a quarter.

    Examples
    --------
    >>> is_quarter("2025-Q4"), is_quarter("2025-Q5"), is_quarter("2025")
    (True, False, False)

    """
    return _QUARTER.fullmatch(text) is not None


def quarter_of(day: dt.date) -> str:
    """Return the quarter of a day.

    Examples
    --------
    >>> quarter_of(dt.date(2025, 9, 30)), quarter_of(dt.date(2025, 10, 1))
    ('2025-Q3', '2025-Q4')

    """
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def running() -> str:
    """Return the quarter that it is now, UTC."""
    return quarter_of(dt.datetime.now(dt.UTC).date())


def following(quarter: str) -> str:
    """Return the next quarter.

    Examples
    --------
    >>> following("2025-Q3"), following("2025-Q4")
    ('2025-Q4', '2026-Q1')

    """
    return moved(quarter, 1)


def preceding(quarter: str) -> str:
    """Return the quarter before.

    Examples
    --------
    >>> preceding("2025-Q4"), preceding("2026-Q1")
    ('2025-Q3', '2025-Q4')

    """
    return moved(quarter, -1)


def moved(quarter: str, by: int) -> str:
    """Return the quarter that lies so many quarters later, or earlier where negative."""
    number = int(quarter[:4]) * 4 + int(quarter[-1]) - 1 + by
    return f"{number // 4:04}-Q{number % 4 + 1}"
