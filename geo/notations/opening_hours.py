"""Opening hours in OpenStreetMap's form, read once as a row is written, as spans of minutes that SQL can ask.

The library reads the form. What it guesses is taken back here: it knows no holidays of most countries and takes
``PH off`` and ``SH off`` for open, lets the sun rise at seven everywhere, and ends open ends at midnight.
https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

DAY, WEEK = 1_440, 10_080
WHOLE_WEEK = (1 << WEEK) - 1
EXAMPLE = "Mo-Fr 08:00-16:00; Sa 08:00-12:00; PH off"

_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d]")
_GUESSED = re.compile(r"\|\||\+|sun(?:rise|set)|dawn|dusk", re.IGNORECASE)
_SEASONAL = re.compile(r"\d{4}|\[|week|easter|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", re.IGNORECASE)
_TIMED = re.compile(r"\d:\d\d|24/7|off|closed|unknown", re.IGNORECASE)
_PUBLIC, _SCHOOL = re.compile(r"\bPH\b"), re.compile(r"\bSH\b")
_HOLIDAYS_ONLY = re.compile(r"(?:PH|SH)(?:\s*,\s*(?:PH|SH))*\s")

# The library knows the 14th of July to be a public holiday here; it fell on each day of the week, Monday first.
_COUNTRY, _YEARS = "FR", (2025, 2026, 2027, 2022, 2023, 2018, 2024)
_SPANS_AT_MOST = 20_000
"""More in the years that are looked at, closed ones among them, are no hours of a place: three a day make 13,674."""
_A_DAY_AT_MOST = 8
"""Spans on one day: more are no hours of a place, and each is looked at where somebody asks when it opens next."""
_FIRST_MONDAY, _WEEKS = dt.datetime(2024, 1, 1), 53 * 6  # noqa: DTZ001  hours have no time zone of their own


@dataclass(frozen=True)
class Hours:
    """When a place is open, as sets of minutes of the week in int4multirange's form; Monday 00:00 is 0.

    ``weekly_open`` is when it is open in each week without holidays, ``weekly_unsure`` when it may be, and
    ``holiday_open`` when it is open where that day is a public holiday: ``None`` where the text does not say.
    """

    weekly_open: str
    weekly_unsure: str
    holiday_open: str | None


def plain(text: str) -> str:
    """Return hours with plain dashes and blanks, as the form has them.

    Examples
    --------
    >>> plain("Mo – Fr 08:00–16:00 ; ")
    'Mo-Fr 08:00-16:00'

    """
    text = re.sub(r"\s+", " ", _DASHES.sub("-", text))
    return re.sub(r" *- *", "-", text).strip(" ;")


@lru_cache(maxsize=4_096)
def read(text: str) -> Hours | None:
    """Return when a place with these plain hours is open; ``None`` where they cannot be read.

    Examples
    --------
    >>> read("Mo 08:00-16:00; PH off")
    Hours(weekly_open='{[480,960)}', weekly_unsure='{}', holiday_open='{}')
    >>> read("Mo 08:00-16:00").holiday_open is None
    True
    >>> read("8h-16h") is None
    True

    """
    rules = [rule.strip() for rule in text.split(";")]
    if _GUESSED.search(text) or not all(_TIMED.search(rule) for rule in rules):
        return None
    if all(_HOLIDAYS_ONLY.match(rule) for rule in rules):
        return None  # they say nothing of the week
    weeks = _weeks(text)
    if weeks is None:
        return None
    sure, may = weeks
    if max(map(_parts_of_a_day, (sure, may))) > _A_DAY_AT_MOST:
        return None
    if _SCHOOL.search(text):  # nobody knows when it is
        at_school_holidays = _weeks(_SCHOOL.sub("Mo-Su", text))
        if at_school_holidays is None:
            return None
        sure, may = sure & at_school_holidays[0], may | at_school_holidays[1]
    return Hours(_spans(sure), _spans(may & ~sure), _on_holidays(text, sure))


def _on_holidays(text: str, sure: int) -> str | None:
    if text == "24/7":
        return _spans(WHOLE_WEEK)
    if not _PUBLIC.search(text):
        return None
    days = [dt.datetime(year, 7, 14) for year in _YEARS]  # noqa: DTZ001
    whole = [_minutes(text, day, DAY, day.weekday() * DAY) for day in days]
    sure, may = (sum(found[kind] for found in whole) for kind in (0, 1))
    return _spans(sure) if sure == may and _parts_of_a_day(sure) <= _A_DAY_AT_MOST else None


def _weeks(text: str) -> tuple[int, int] | None:
    """Return the minutes that are open in every week, and in any, as bits; ``None`` where it cannot be read."""
    # Only who writes hours reads them; the library's stubs leave the error out.
    from opening_hours import ParserError  # type: ignore[attr-defined]  # noqa: PLC0415

    sure, may, spans = WHOLE_WEEK, 0, 0
    for number in range(_WEEKS if _SEASONAL.search(text) else 1):
        try:
            opened, perhaps, many = _minutes(text, _FIRST_MONDAY + dt.timedelta(weeks=number), WEEK, 0)
        except ParserError:
            return None
        sure, may, spans = sure & opened, may | perhaps, spans + many
        if spans > _SPANS_AT_MOST:
            return None
    return sure, may


def _minutes(text: str, start: dt.datetime, minutes: int, offset: int) -> tuple[int, int, int]:
    """Return the minutes from a moment on that are surely open, and those that may be, as bits from an offset on.

    The third number is that of the spans that they are read from.
    """
    from opening_hours import OpeningHours, State  # noqa: PLC0415

    sure = may = spans = 0
    hours = OpeningHours(text, country=_COUNTRY if minutes == DAY else None)
    end = start + dt.timedelta(minutes=minutes)
    for since, until, state, comment in hours.intervals(start, end):
        spans += 1
        first = offset + (since - start) // dt.timedelta(minutes=1)
        last = offset + (min(until or end, end) - start) // dt.timedelta(minutes=1)
        bits = (1 << last) - (1 << first)
        if state == State.OPEN and not comment:
            sure |= bits
        if state != State.CLOSED:
            may |= bits
    return sure, may, spans


def _parts_of_a_day(bits: int) -> int:
    """Return how many spans begin on the day of the week that has most."""
    begins = bits & ~(bits << 1)
    return max((begins >> day & (1 << DAY) - 1).bit_count() for day in range(0, WEEK, DAY))


def _spans(bits: int) -> str:
    """Return bits as int4multirange's text: of 0, 1 and 3 ``{[0,2),[3,4)}``."""
    spans, minute = [], 0
    while bits >> minute:
        rest = bits >> minute
        first = minute + (rest & -rest).bit_length() - 1
        run = ~(bits >> first)
        minute = first + (run & -run).bit_length() - 1
        spans.append(f"[{first},{minute})")
    return "{" + ",".join(spans) + "}"
