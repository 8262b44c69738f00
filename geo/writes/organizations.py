"""Organisations: made, changed and retired by stewards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from geo.audience import Caller
from geo.errors import BadInput, Conflict
from geo.tables import actor, organization
from geo.vocabulary import ActorKind
from geo.writes.fields import address, checked, term, words
from geo.writes.write import Saved, Write, check_version, held, source_of_direct_entry

REQUIRED = {"name": words, "kind": term(ActorKind)}
OPTIONAL = {"acronym": words, "url": address}


@dataclass(frozen=True, kw_only=True)
class CreateOrganization(Write):
    """Enter an organisation; no two bear one name."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        checked(self.values, REQUIRED, OPTIONAL, new=True)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the row."""
        values = checked(self.values, REQUIRED, OPTIONAL, new=True)
        _check_name(connection, values["name"])
        row = insert(organization).values(**values, source_id=source_of_direct_entry(connection))
        return Saved(*connection.execute(row.returning(organization.c.id, organization.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class UpdateOrganization(Write):
    """Change some fields of an organisation."""

    id: str
    expected_version: int
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        checked(self.values, REQUIRED, OPTIONAL, new=False)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the row."""
        row = held(connection, organization, self.id)
        check_version(self.expected_version, row.version)
        values = checked(self.values, REQUIRED, OPTIONAL, new=False)
        if values.get("name", row.name) != row.name:
            _check_name(connection, values["name"])
        change = update(organization).where(organization.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(organization.c.id, organization.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class RetireOrganization(Write):
    """Take an organisation out of the directory; the audit log keeps it."""

    id: str
    expected_version: int

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the row."""
        row = held(connection, organization, self.id)
        check_version(self.expected_version, row.version)
        if connection.scalar(select(exists().where(actor.c.organization_id == row.id))):
            raise Conflict("Some of its actors are in the directory; retire them or give them away first.", row.version)
        try:
            with connection.begin_nested():
                connection.execute(delete(organization).where(organization.c.id == row.id))
        except IntegrityError:  # stewards may not read whose keys there are; the database knows
            raise Conflict("Keys, people or trainings refer to it; it stays in the directory.", row.version) from None
        return Saved(row.id, row.version)


def _check_name(connection: Connection, name: str) -> None:
    if connection.scalar(select(exists().where(organization.c.name == name))):
        raise BadInput("name", "an organisation of that name is in the directory already; change that one.")
