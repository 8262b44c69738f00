"""Protection actors: made, changed and retired by stewards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from geo.audience import Caller
from geo.errors import BadInput, Conflict
from geo.tables import actor, organization, service
from geo.vocabulary import ActorKind
from geo.writes.fields import checked, past_day, phone, place, row_id, term, words
from geo.writes.places import area_id, code, settled
from geo.writes.write import Saved, Write, check_version, held, source_of_direct_entry

REQUIRED = {"name": words, "kind": term(ActorKind), "point": place}
OPTIONAL = {
    "organization_id": row_id,
    "area_code": code,
    "locality_id": row_id,
    "jurisdiction_code": code,
    "phone": phone,
    "verified_on": past_day,
}


@dataclass(frozen=True, kw_only=True)
class CreateActor(Write):
    """Enter an actor with its office."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        checked(self.values, REQUIRED, OPTIONAL, new=True)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the row."""
        values = _fitting(connection, checked(self.values, REQUIRED, OPTIONAL, new=True))
        row = insert(actor).values(**values, source_id=source_of_direct_entry(connection))
        return Saved(*connection.execute(row.returning(actor.c.id, actor.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class UpdateActor(Write):
    """Change some fields of an actor."""

    id: str
    expected_version: int
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        checked(self.values, REQUIRED, OPTIONAL, new=False)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the row."""
        row = held(connection, actor, self.id)
        check_version(self.expected_version, row.version)
        values = _fitting(connection, checked(self.values, REQUIRED, OPTIONAL, new=False), row)
        change = update(actor).where(actor.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(actor.c.id, actor.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class RetireActor(Write):
    """Take an actor out of the directory; the audit log keeps it."""

    id: str
    expected_version: int

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the row."""
        row = held(connection, actor, self.id)
        check_version(self.expected_version, row.version)
        if connection.scalar(select(exists().where(service.c.actor_id == row.id))):
            raise Conflict("Some of its services are in the directory; retire them first.", row.version)
        connection.execute(delete(actor).where(actor.c.id == row.id))
        return Saved(row.id, row.version)


def _fitting(connection: Connection, values: dict[str, Any], former: Any = None) -> dict[str, Any]:
    values = settled(connection, values, former)
    wanted = values.get("organization_id")
    if wanted is not None and not connection.scalar(select(exists().where(organization.c.id == wanted))):
        raise BadInput("organizationId", "there is no organisation of that id; organizations lists them.")
    if "jurisdiction_code" in values:
        named = values.pop("jurisdiction_code")
        values["jurisdiction_id"] = None if named is None else area_id(connection, named, "jurisdictionCode")
    return values
