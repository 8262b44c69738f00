"""Proposals of changes by callers who may not make them; a steward reviews them, and approved ones become writes.

Making a confidential shelter public takes a proposal as well: by one steward, approved by another.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, update

from geo.arguments import RowId, argument
from geo.audience import Caller
from geo.database.tables import proposal, service, shelter
from geo.errors import BadInput, Conflict, Forbidden, NotFound
from geo.queries.base.row_sets import version_of
from geo.texts import prose
from geo.vocabulary import ProposalKind, ProposalStatus, ServiceCategory
from geo.writes import shelters
from geo.writes.actors import ACTOR
from geo.writes.fields import VERSION, plain
from geo.writes.places import PLACE_FIELDS
from geo.writes.records import Record, Update
from geo.writes.services import SERVICE
from geo.writes.shelters import check_crowding, held_shelter, saved
from geo.writes.write import Saved, Write, check_version, found

RECORDS: dict[ProposalKind, Record] = {ProposalKind.ACTOR: ACTOR, ProposalKind.SERVICE: SERVICE}
"""The kinds that are records of one table; the others concern shelters."""


@dataclass(frozen=True, kw_only=True)
class ProposeChange(Write):
    """Propose an update of an actor, a service or a shelter, or that a shelter become public."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    kind: ProposalKind
    subject_id: str
    expected_version: int = argument(VERSION)
    reason: str = argument("Why, 1 to 200 characters; nothing about a child.")
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the reason, and the fields as the update will."""
        prose("reason", self.reason)
        self._plain()

    def _plain(self) -> dict[str, Any]:
        if self.kind is ProposalKind.PUBLICATION:
            return {}
        record = RECORDS.get(self.kind)
        return plain(record.checked(self.values, new=False) if record else shelters.changes(self.values))

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the proposal; the database fills in its author."""
        row, confidential, version, capacity = _subject(connection, self.kind, self.subject_id)
        if self.kind is ProposalKind.SERVICE and row.category is ServiceCategory.SAFE_SHELTER:
            raise BadInput("id", "it is a shelter's; propose that of the shelter, whose id `Service.shelter` gives.")
        check_version(self.expected_version, version)
        of_shelter = self.kind is ProposalKind.SHELTER
        if of_shelter and {*self.values} & {*PLACE_FIELDS}:
            # Also for a public shelter: this change or a later one may hide it, and proposals and their log are kept.
            raise BadInput("point", "tell a steward where the shelter stands; it cannot be proposed.")
        if of_shelter and confidential and "actor_id" in self.values:
            raise BadInput("actor_id", "tell a steward who runs a confidential shelter; it cannot be proposed.")
        for field in ("capacity", "occupancy"):
            if of_shelter and confidential and field in self.values:
                # All stewards read proposals, but they may not read these numbers.
                raise BadInput(
                    field, "its places are recorded by the organisation that runs it; they cannot be proposed."
                )
        if of_shelter:
            check_crowding(self.values.get("occupancy"), self.values.get("capacity", capacity))
        if of_shelter and confidential and self.values.get("confidential") is False:
            raise BadInput("confidential", "a steward proposes that with a proposal of the kind publication.")
        if self.kind is ProposalKind.PUBLICATION and not confidential:
            raise BadInput("id", "it is public already.")
        changes = {"expected_version": self.expected_version, "values": self._plain()}
        new_id = str(uuid.uuid4())  # made here: the proposer may not read proposals, so RETURNING would fail
        made = insert(proposal).values(
            id=new_id, kind=self.kind, subject_id=row.id, changes=changes, reason=prose("reason", self.reason)
        )
        connection.execute(made)
        return Saved(new_id, None)


@dataclass(frozen=True, kw_only=True)
class ReviewChange(Write):
    """Approve a proposal, which makes the change, or reject it."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    id: RowId = argument("The proposal.")
    approve: bool = argument("True to make the change, false to reject it.")
    note: str | None = argument("A word to whoever proposed it, 1 to 200 characters.", default=None)

    def __post_init__(self) -> None:
        """Check the note."""
        self._noted()

    def _noted(self) -> str | None:
        return None if self.note is None else prose("note", self.note)

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Close the proposal and, where it is approved, make the change; both or neither."""
        row = found(connection, proposal, self.id, lock=True)
        status = ProposalStatus.APPROVED if self.approve else ProposalStatus.REJECTED
        change = update(proposal).where(proposal.c.id == row.id).values(status=status, review_note=self._noted())
        connection.execute(change)
        if not self.approve:
            return Saved(row.id, None)
        try:
            done = self._made(connection, caller, row)
        except NotFound:
            raise NotFound("What it would change is gone; reject it.") from None
        except BadInput as error:
            raise BadInput("id", f"what was proposed does not fit: `{error.field}`, {error.problem}") from None
        return replace(done, id=row.id, version=None, changed_id=done.id)

    @staticmethod
    def _made(connection: Connection, caller: Caller, row: Any) -> Saved:
        if row.kind is ProposalKind.PUBLICATION:
            _, of = held_shelter(connection, row.subject_id, row.changes["expected_version"])
            connection.execute(update(service).where(service.c.id == of.id).values(confidential=False))
            return saved(connection, of.id)
        made: Write
        if record := RECORDS.get(row.kind):
            made = Update(record=record, id=row.subject_id, **row.changes)
        else:
            made = shelters.UpdateShelter(id=row.subject_id, **row.changes)
        return made.apply(connection, caller)

    def follow_up(self, resources: Any) -> None:
        """Note outside the database which shelter it may have hidden."""
        resources.anchor_due.set()


def _subject(connection: Connection, kind: ProposalKind, subject_id: str) -> tuple[Any, bool, int, int | None]:
    """Return what a proposal is about: its row and its version; of a shelter if it is confidential, and its places."""
    if record := RECORDS.get(kind):
        row = found(connection, record.table, subject_id)
        return row, False, row.version, None
    row = found(connection, shelter, subject_id)
    of = found(connection, service, row.service_id)
    return row, of.confidential, version_of(of.version, row.version), of.capacity
