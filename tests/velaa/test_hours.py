"""Hours, closed days, holidays and telephone numbers are those of Velaa: its clocks are 12 hours ahead of Greenwich."""

from __future__ import annotations

import pytest

from geo.audience import ANYBODY
from tests.planning.test_open_services import HOURS, desk, service
from tests.writes.conftest import STEWARD

pytestmark = pytest.mark.database


def test_hours_and_holidays_are_by_its_clocks_and_its_law(desk):
    made = service(desk, openingHours="Mo-Sa 08:00-16:00; PH off")
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-10-08T19:59:59Z")["openingHours"]
    assert (told["open"], told["nextChange"]) == (False, "2026-10-08T20:00:00+00:00")  # Friday 8:00 there
    for at, is_open in (
        ("2026-10-08T20:00:00Z", True),
        ("2026-10-09T04:00:00Z", False),
        ("2026-10-09T21:00:00Z", False),  # Saturday 10 October there, Velaa Day
        ("2026-10-10T21:00:00Z", False),  # Sunday
        ("2026-10-11T21:00:00Z", True),
    ):
        assert desk.ask(ANYBODY, HOURS, id=made, at=at)["openingHours"]["open"] is is_open, at


def test_a_closed_day_ends_at_its_midnight(desk):
    made = service(desk, openingHours="24/7")
    desk.done(STEWARD, "suspendService", id=made, expectedVersion=1, closedFrom="2026-03-02", closedUntil="2026-03-08")
    told = desk.ask(ANYBODY, HOURS, id=made, at="2026-03-05T10:00:00Z")["openingHours"]
    assert (told["open"], told["nextChange"]) == (False, "2026-03-08T12:00:00+00:00")


def test_numbers_are_dialled_as_there(desk):
    made = service(desk, phone="332 0041 (desk) / 1325")
    told = desk.ask(ANYBODY, HOURS, id=made)
    assert told["phones"] == [{"number": "+6793320041", "label": "desk"}, {"number": "1325", "label": None}]
    refused = desk.write(STEWARD, "updateService", id=made, expectedVersion=1, changes={"phone": "116"})
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "changes.phone")
