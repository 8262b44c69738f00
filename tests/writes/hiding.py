"""A shelter that is entered in public and then hidden, as the tests of what is left of it need it."""

from __future__ import annotations

import re
from typing import Any

from tests.writes.conftest import STEWARD, Desk

PLACE = {"lon": -5.712345, "lat": 11.387654}
GATE = {"frontGate": "Permanence, +223 76 00 11 22"}
NEUTRAL = re.compile("(Abri|Shelter) [0-9]{6}")
"""What a confidential shelter is called that nobody named: in French or English, by its country."""
HIDE = """mutation ($input: UpdateShelterInput!) {
  updateShelter(input: $input) {
    ... on ShelterUpdated { id version replayed wasPublic { fact since } shelter { name } }
    ... on ValidationError { field message } } }"""
LOG = """query ($after: String) { auditEntries(first: 100, after: $after) {
  edges { cursor node { action subjectKind subjectId subject { id } before after } } } }"""


def shelter(office: str, **more: Any) -> dict[str, Any]:
    """Return the input of a public shelter, or of another one."""
    return {
        "actorId": office, "name": "Foyer Tintinga", "point": PLACE, "confidential": False, "capacity": 10,
        "girls": True, "boys": False,
    } | more  # fmt: skip


def hide(desk: Desk, shelter_id: str, version: int = 1, key: str | None = None, **changes: Any) -> dict[str, Any]:
    """Make a shelter confidential and return what the steward is told."""
    given = {"confidential": True} | GATE | changes
    asked = {
        "id": shelter_id,
        "expectedVersion": version,
        "changes": given,
        "idempotencyKey": key or f"hide {shelter_id} {changes}",
    }
    told: dict[str, Any] = desk.ask(STEWARD, HIDE, input=asked)
    return told


def next_day(desk: Desk) -> None:
    """Let a day pass, after which stewards are shown what partners proposed about confidential shelters."""
    desk.rows(
        "ALTER TABLE lakana.proposal DISABLE TRIGGER USER; "
        "UPDATE lakana.proposal SET proposed_at = proposed_at - interval '1 day'; "
        "ALTER TABLE lakana.proposal ENABLE TRIGGER USER; SELECT 1"
    )


def whole_log(desk: Desk) -> list[dict[str, Any]]:
    """Return all that stewards read of the audit log, the newest first."""
    found: list[dict[str, Any]] = []
    after = None
    while edges := desk.ask(STEWARD, LOG, after=after)["edges"]:
        found += [edge["node"] for edge in edges]
        after = edges[-1]["cursor"]
    return found
