"""Opening hours: what is read, against a reading minute by minute that shares nothing with it, and what SQL answers of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from geo.database import tables
from geo.database.loading import keep_hours
from geo.notations.opening_hours import plain, read

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY, WEEK = 1440, 10_080
WEEKDAYS = [(day * DAY + 480, day * DAY + 960) for day in range(5)]


def pairs(spans):
    """Return spans as pairs, of int4multirange's text."""
    return [tuple(map(int, each.strip("[{}").split(","))) for each in spans.split("),")] if spans != "{}" else []


def parsed(hours):
    """Return when it is surely open, as pairs; None where the hours cannot be read."""
    week = read(plain(hours))
    return week and [(int(a), int(b)) for a, b in pairs(week.weekly_open.replace(")", "").replace(",[", "),"))]


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
        ("Mo\u2013Fr\u00a008:00\u201316:00", WEEKDAYS),
        ("Mo-Fr 08:00-16:00; PH off", WEEKDAYS),
        ("Mo-Th 08:00-16:00; Fr 08:00-16:00", WEEKDAYS),
        ("Mo-Th 08:00-16:00, Fr 08:00-16:00", WEEKDAYS),
        ("2026 Dec 01-2026 Dec 31 off; Mo-Fr 08:00-16:00", WEEKDAYS),
    ],
)
def test_what_is_understood(hours, spans):
    assert parsed(hours) == spans


@pytest.mark.parametrize(
    "hours",
    [
        "", ";", "Mo-Fr", "Lu-Ve 08:00-16:00", "Lu-Ve 8h-17h", "8h-16h", "n/a", "Mo-Fr 08:00+", "sunrise-sunset",
        "Mo-Fr 24/7", "Mo 25:00-26:00", "Mo 08:60-09:00", "Mo 08:00", "Mo 08:00-09:00-10:00", "MoTu 08:00-09:00",
        "PH off", "SH 08:00-09:00", "08h-16h", "Mo 08:00-16:00 || Tu off", "fermé", "Mo-Fr 08:00-16:00; Sa by appointment",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unknown_and_never_closed(hours):
    assert read(plain(hours)) is None


@pytest.mark.parametrize(
    "hours",
    [
        "Mo 08:00-16:00; SH off", 'Mo 08:00-16:00 "sur appel"', "Jan-Mar Mo 08:00-16:00", "Mo[1] 08:00-16:00",
        "Mo 08:00-16:00 unknown", "week 1-10 Mo 08:00-16:00", "2026 Dec 01-2026 Dec 31 Mo 08:00-16:00",
    ],
)  # fmt: skip
def test_what_hangs_on_what_nobody_knows_is_open_perhaps(hours):
    week = read(plain(hours))
    assert week is not None
    assert (week.weekly_open, week.weekly_unsure) == ("{}", "{[480,960)}")


@pytest.mark.parametrize(
    ("hours", "on_holidays"),
    [
        ("24/7", "{[0,10080)}"),
        ("Mo-Fr 08:00-16:00", None),
        ("Mo-Fr 08:00-16:00; PH off", "{}"),
        ("PH off; Mo 08:00-16:00", "{[480,960)}"),  # the last rule of a day counts
        ("Mo 08:00-16:00; PH unknown", None),
    ],
)
def test_hours_of_holidays_are_those_of_the_text_or_not_known(hours, on_holidays):
    week = read(hours)
    assert week is not None
    assert week.holiday_open == on_holidays


clock = st.tuples(st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
span = st.tuples(clock, clock).filter(lambda pair: pair[0] < pair[1])
rule = st.tuples(
    st.sets(st.sampled_from(DAYS), min_size=1), st.one_of(st.just([]), st.lists(span, min_size=1, max_size=3))
)


def written(rules):
    parts = []
    for days, spans in rules:
        times = ",".join(f"{a:02}:{b:02}-{c:02}:{d:02}" for (a, b), (c, d) in spans) or "off"
        parts.append(f"{','.join(sorted(days, key=DAYS.index))} {times}")
    return "; ".join(parts)


def open_by_hand(rules, minute):
    """Return whether it is open, by the last rule of the day."""
    last: list[Any] = next((spans for days, spans in reversed(rules) if DAYS[minute // DAY] in days), [])
    return any(hour * 60 + begins <= minute % DAY < until * 60 + ends for (hour, begins), (until, ends) in last)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rule, min_size=1, max_size=3))
def test_every_minute_of_the_week_as_by_hand(rules):
    found = {minute for begins, ends in parsed(written(rules)) for minute in range(begins, ends)}
    assert found == {minute for minute in range(WEEK) if open_by_hand(rules, minute)}


@pytest.fixture
def place(country):
    """A country with a clock and a holiday on Tuesday 22 September 2026, and one that may be on the next day."""
    country.connection.execute(insert(tables.area_time_zone).values(area_id=country.nation, name="Africa/Bamako"))
    for day, certain in ((22, True), (23, False)):
        country.connection.execute(
            insert(tables.holiday).values(
                nation_id=country.nation, day=dt.date(2026, 9, day), certain=certain, name_fr="Fête", name_en="Feast"
            )
        )
    return country


def asked(place, hours, moment, closed=(None, None)):
    """Return whether it is open, and when that is another next, of hours as they are kept when they are loaded."""
    keep_hours(place.connection, [hours])
    [(is_open, change)] = place.rows(
        "SELECT lakana.is_open(:h, :a, :b, :area, :at), lakana.next_change(:h, :a, :b, :area, :at) AT TIME ZONE 'UTC'",
        h=hours, a=closed[0], b=closed[1], area=place.cercle, at=moment,
    )  # fmt: skip
    return is_open, change and change.strftime("%d %H:%M")


WEEKLY = "Mo-Fr 08:00-16:00"


@pytest.mark.database
@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (WEEKLY, "2026-09-14T07:59Z", (False, "14 08:00")),
        (WEEKLY, "2026-09-14T08:00Z", (True, "14 16:00")),
        (WEEKLY, "2026-09-14T15:59Z", (True, "14 16:00")),
        (WEEKLY, "2026-09-18T16:00Z", (False, "21 08:00")),
        ("24/7", "2026-09-14T03:00Z", (True, None)),
        ("24/7", "2026-09-22T03:00Z", (True, None)),
        ("22:00-06:00", "2026-09-14T05:59Z", (True, "14 06:00")),
        # On the holiday, and on the day that may be one, what is closed on other days is closed; the rest is not known.
        (WEEKLY, "2026-09-22T07:00Z", (False, "22 08:00")),
        (WEEKLY, "2026-09-22T10:00Z", (None, "22 16:00")),
        (WEEKLY, "2026-09-23T10:00Z", (None, "23 16:00")),
        (f"{WEEKLY}; PH off", "2026-09-22T10:00Z", (False, "23 08:00")),
        (f"{WEEKLY}; PH off", "2026-09-23T10:00Z", (None, "23 16:00")),
        (f"{WEEKLY}; PH 10:00-12:00", "2026-09-22T10:00Z", (True, "22 12:00")),
        (f"{WEEKLY}; PH 10:00-12:00", "2026-09-23T10:00Z", (True, "23 12:00")),
        # Begun in the evening of the holiday, or not.
        ("22:00-06:00; PH off", "2026-09-23T05:00Z", (None, "23 06:00")),
        ("24/7; PH off", "2026-09-25T05:00Z", (True, None)),
        # Of 2027 no holidays are known: that matters to hours which speak of them.
        (WEEKLY, "2027-09-21T10:00Z", (True, "21 16:00")),
        (f"{WEEKLY}; PH off", "2027-09-21T10:00Z", (None, "21 16:00")),
        (f"{WEEKLY}; SH off", "2026-09-14T10:00Z", (None, "14 16:00")),
        (f"{WEEKLY}; SH off", "2026-09-14T17:00Z", (False, "15 08:00")),
        ("8h-16h", "2026-09-14T10:00Z", (None, None)),
    ],
)
def test_open_and_when_that_changes(place, hours, moment, expected):
    assert asked(place, hours, moment) == expected


@pytest.mark.database
@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("24/7", "2026-09-13T23:59Z", (True, "14 00:00")),
        ("24/7", "2026-09-14T00:00Z", (False, "19 00:00")),
        ("24/7", "2026-09-18T23:59Z", (False, "19 00:00")),
        (WEEKLY, "2026-09-18T10:00Z", (False, "21 08:00")),
        ("n/a", "2026-09-18T10:00Z", (False, "19 00:00")),  # then it is not known again
    ],
)
def test_closed_for_a_while_with_both_days(place, hours, moment, expected):
    assert asked(place, hours, moment, (dt.date(2026, 9, 14), dt.date(2026, 9, 18))) == expected


@pytest.mark.database
def test_the_clock_is_that_of_the_place_and_unknown_without_one(place):
    place.run("UPDATE lakana.area_time_zone SET name = 'Pacific/Auckland'")  # 12 hours ahead in September
    assert asked(place, WEEKLY, "2026-09-13T19:59Z") == (False, "13 20:00")
    assert asked(place, WEEKLY, "2026-09-13T20:00Z") == (True, "14 04:00")
    place.run("DELETE FROM lakana.area_time_zone")
    assert asked(place, WEEKLY, "2026-09-13T20:00Z") == (None, None)


@pytest.mark.database
def test_hours_of_holidays_are_looked_at_on_holidays_alone(place):
    """With eight spans each of 16 days was looked at 17 times, 5 ms in all."""
    spans = ",".join(f"{hour:02}:00-{hour + 1:02}:00" for hour in range(0, 24, 3))
    place.rows("SELECT set_config('track_functions', 'pl', true)")
    assert asked(place, f"Mo-Su off; PH {spans}", "2026-09-01T09:30Z") == (False, None)
    [(calls,)] = place.rows("SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'is_open_then'")
    assert calls <= 20
    assert asked(place, f"Mo-Su off; PH {spans}", "2026-09-21T09:30Z") == (False, "22 00:00")
