"""Opening hours as minutes of the week, against a reading minute by minute that shares nothing with the parser."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.database.owner import owner_engine

pytestmark = pytest.mark.database

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY, WEEK = 1440, 10_080


@pytest.fixture(scope="module")
def connection(empty_url):
    with owner_engine(empty_url).connect() as connection:
        yield connection


def parsed(connection, hours):
    """Return the spans of the week as pairs; None where the hours cannot be read."""
    rows = connection.exec_driver_sql(
        "SELECT lower(span), upper(span) FROM unnest(lakana.open_weekly(%(h)s)) AS span ORDER BY 1", {"h": hours}
    )
    found = [tuple(row) for row in rows]
    known = connection.exec_driver_sql("SELECT lakana.open_weekly(%(h)s) IS NOT NULL", {"h": hours}).scalar()
    return found if known else None


def at(day, hour, minute=0):
    return DAYS.index(day) * DAY + hour * 60 + minute


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ("24/7", [(0, WEEK)]),
        ("24/7; PH off", [(0, WEEK)]),
        ("08:00-16:00; Tu-Su off", [(480, 960)]),
        ("Mo 08:00-12:00,14:00-18:00", [(480, 720), (840, 1080)]),
        ("Mo,We 08:00-09:00", [(480, 540), (at("We", 8), at("We", 9))]),
        ("Sa-Mo 10:00-11:00", [(600, 660), (at("Sa", 10), at("Sa", 11)), (at("Su", 10), at("Su", 11))]),
        ("Tu 22:00-06:00", [(at("Tu", 22), at("We", 6))]),
        ("Su 22:00-06:00", [(0, 360), (at("Su", 22), WEEK)]),
        ("Tu 22:00-30:00", [(at("Tu", 22), at("We", 6))]),
        ("Mo-Tu 08:00-16:00; Tu 09:00-10:00", [(480, 960), (at("Tu", 9), at("Tu", 10))]),
        ("Mo-Su 00:00-24:00", [(0, WEEK)]),
        ("Mo 8:00 - 9:30 ;", [(480, 570)]),
        ("off", []),
    ],
)
def test_what_is_understood(connection, hours, spans):
    assert parsed(connection, hours) == spans


@pytest.mark.parametrize(
    "hours",
    [
        "", ";", "Mo-Fr", "Lu-Ve 08:00-16:00", "Mo-Fr 08:00+", "sunrise-sunset", 'Mo-Fr 08:00-16:00 "sur appel"',
        "Jan-Mar Mo 08:00-16:00", "Mo-Fr 24/7", "Mo 08:00-08:00", "Mo 25:00-26:00", "Mo 08:60-09:00", "Mo 08:00",
        "Mo 08:00-09:00-10:00", "MoTu 08:00-09:00", "PH off", "SH 08:00-09:00", "Mo[1] 08:00-09:00", "08h-16h",
        "Mo 08:00-33:00", "Mo 08:00-16:00 || Tu off", "fermé", "Mo-Fr 08:00-16:00; Sa by appointment",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unknown_and_never_closed(connection, hours):
    assert parsed(connection, hours) is None


clock = st.tuples(st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
span = st.tuples(clock, clock).filter(lambda pair: pair[0] != pair[1])
rule = st.tuples(
    st.sets(st.sampled_from(DAYS), min_size=1), st.one_of(st.just([]), st.lists(span, min_size=1, max_size=3))
)


def written(rules):
    parts = []
    for days, spans in rules:
        times = ",".join(f"{a:02}:{b:02}-{c:02}:{d:02}" for (a, b), (c, d) in spans) or "off"
        parts.append(f"{','.join(sorted(days, key=DAYS.index))} {times}")
    return "; ".join(parts)


def open_at(rules, minute):
    """Return whether it is open: by the last rule of the day, or by that of the day before where a span runs on."""
    for back in (0, 1):
        day, clock_now = (minute // DAY - back) % 7, minute % DAY + back * DAY
        last: list[Any] = next((spans for days, spans in reversed(rules) if DAYS[day] in days), [])
        for (hour, minutes), (until_hour, until_minutes) in last:
            begins, ends = hour * 60 + minutes, until_hour * 60 + until_minutes
            if begins <= clock_now < (ends if ends > begins else ends + DAY):
                return True
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rule, min_size=1, max_size=3))
def test_every_minute_of_the_week_as_by_hand(connection, rules):
    spans = parsed(connection, written(rules))
    assert spans is not None
    found = {minute for begins, ends in spans for minute in range(begins, ends)}
    # Minutes at which something can change, and their neighbours.
    edges = {m for s in spans for m in s} | {
        d * DAY + h * 60 + m for d in range(7) for h in range(24) for m in (0, 1, 30, 59)
    }
    for minute in {(edge + step) % WEEK for edge in edges for step in (-1, 0)}:
        assert (minute in found) == open_at(rules, minute), (written(rules), minute)
