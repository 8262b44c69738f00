"""People, identified as (issuer, subject): by an OpenID Connect provider, or by us if they sign in by links.

Their rights are stored here and not in their token, so that revoking them takes effect at once.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from geo import texts
from geo.audience import Caller
from geo.database.owner import owner_transaction
from geo.database.statements import Job, Statement
from geo.database.tables import api_key, person
from geo.errors import BadInput
from geo.identity.scope import HELD, Scope, caller, holders

NO_PROVIDER = "lakana"
"""The issuer of people who have no provider. No provider has this name: each has an address."""

LOOKUP = Statement(
    f"SELECT json_object_agg(h.subject, json_build_object('person', h.issuer || ' ' || h.subject, {HELD}))::text"  # noqa: S608
    " FROM identity.person h WHERE h.issuer = $1 AND h.subject = ANY ($2) AND h.revoked_at IS NULL",
    ("issuer", "subjects"),
    {},
)


def lookup(issuer: str, subjects: Sequence[str]) -> Job:
    """Return the job that looks up a provider's people with the gate's login, for :meth:`Identity.caller`."""
    return Job(LOOKUP, (issuer, list(subjects)))


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as their provider identifies them, or, of issuer :data:`NO_PROVIDER`, as we do."""

    issuer: str
    subject: str

    def caller(self, row: dict[str, Any] | None) -> Caller | None:
        """Return the caller; ``None`` if the person is unknown or was revoked."""
        return None if row is None else caller(row, f"person:{self.issuer} {self.subject}")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as an operator sees them."""

    issuer: str
    subject: str
    name: str
    audience: str
    organization: str | None
    area: str | None
    revoked_at: dt.datetime | None

    def state(self) -> str:
        """Return whether the person may use the service."""
        return "revoked" if self.revoked_at else "active"


def add(owner_url: str, identity: Identity, name: str, scope: Scope) -> None:
    """Let a person in; one who was revoked comes back with the new name and scope.

    Raises
    ------
    BadInput
        If a text is empty, the scope does not exist, or the person is known already.

    """
    for field, value in (("issuer", identity.issuer), ("subject", identity.subject)):
        texts.identifier(field, value)
    name = texts.name("name", name)
    known = {"issuer": identity.issuer, "subject": identity.subject}
    with owner_transaction(owner_url) as connection:
        new = {"name": name, **scope.columns(connection)}
        done = connection.execute(
            insert(person)
            .values(**known, **new)
            .on_conflict_do_update(
                index_elements=[*known],
                set_={**new, "created_at": func.now(), "revoked_at": None},
                where=person.c.revoked_at.is_not(None),
            )
        )
        if not done.rowcount:
            raise BadInput("subject", "this person is known already; revoke them before you give them another scope.")


def new_subject() -> str:
    """Return what a person without a provider is known by: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def person_id(connection: Connection, identity: Identity) -> str:
    """Return the id of a person who was let in and not revoked.

    Raises
    ------
    BadInput
        Where there is none.

    """
    found: str | None = connection.scalar(
        select(person.c.id).where(
            person.c.issuer == identity.issuer, person.c.subject == identity.subject, person.c.revoked_at.is_(None)
        )
    )
    if found is None:
        raise BadInput("person", "no person has this issuer and subject; add them with lakana people add.")
    return found


def listed(owner_url: str) -> list[Person]:
    """Return all people, the newest first."""
    with owner_transaction(owner_url) as connection:
        rows = connection.execute(holders(person, person.c.issuer, person.c.subject, person.c.name))
        return [Person(*row) for row in rows]


def revoke(owner_url: str, identity: Identity) -> None:
    """Revoke a person, their keys, links and sessions from now on. A person revoked before keeps that date.

    If the person is let in again, these stay as they are.

    Raises
    ------
    BadInput
        Where the person is not known.

    """
    with owner_transaction(owner_url) as connection:
        revoked = connection.scalar(
            update(person)
            .where(person.c.issuer == identity.issuer, person.c.subject == identity.subject)
            .values(revoked_at=func.coalesce(person.c.revoked_at, func.now()))
            .returning(person.c.id)
        )
        if revoked is None:
            raise BadInput(
                "subject", "no person has this issuer and subject; lakana people list shows those there are."
            )
        own = update(api_key).where(api_key.c.person_id == revoked, api_key.c.revoked_at.is_(None))
        connection.execute(own.values(revoked_at=func.now()))
        connection.execute(select(func.identity.end_sessions(revoked)))
