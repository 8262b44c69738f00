"""A record is withdrawn: it leaves every surface at once, with what leads to it, and the log says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from geo.arguments import RowId, argument, check_id
from geo.audience import Caller
from geo.errors import BadInput, NotFound
from geo.texts import prose
from geo.writes.write import NOTHING, Saved, WasPublic, Write

WITHDRAW = text("SELECT lakana.withdraw(CAST(:id AS uuid), :reason)")
GUIDANCE_BY_KEY = text("SELECT source_id::text FROM lakana.guidance WHERE key = :key ORDER BY 1")


@dataclass(frozen=True, kw_only=True)
class WithdrawRecord(Write):
    """Take a record out for good: of an organisation its actors, of these their services, of a shelter its service."""

    refusals = (BadInput, NotFound)

    id: RowId = argument("The organisation, actor, service, shelter, presence or training.")
    reason: str = argument("Why, 1 to 200 characters; nothing about a child or a confidential place.")

    def __post_init__(self) -> None:
        """Check the reason."""
        prose("reason", self.reason)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Take it out, and return how many records went and what had been public of it."""
        row_id = check_id("id", self.id)
        given = {"id": row_id, "reason": prose("reason", self.reason)}
        done: dict[str, Any] | None = connection.scalar(WITHDRAW, given)
        if done is None:
            raise NotFound(NOTHING)
        return Saved(row_id, None, done["records"], was_public=tuple(WasPublic(**each) for each in done["was_public"]))

    def follow_up(self, resources: Any) -> None:
        """Note outside the database that it is withdrawn, so that restoring an older backup does not bring it back."""
        resources.anchor_due.set()


def id_of(connection: Connection, named: str) -> RowId:
    """Return the id of a record that an operator names: itself, or that of the guidance text of a key.

    Raises
    ------
    BadInput
        If texts of several nations have this key; the sentence names their ids.

    """
    known = connection.scalars(GUIDANCE_BY_KEY, {"key": named}).all()
    if len(known) > 1:
        raise BadInput("id", f"several nations have a text of this key; name one of {', '.join(known)}.")
    return RowId(known[0] if known else named)
