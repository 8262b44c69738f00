"""Keys, people and how they sign in, and the documents that requests name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Table, Text, UniqueConstraint, Uuid, func, text

from geo.database.tables.common import IDENTITY, LINE, NAME, id_column, metadata, ref


def _holder(name: str, *own: Any) -> Table:
    """Return a table of holders (keys or people): audience, organisation, and perhaps an area.

    Planners of an organisation share their scenarios.
    """
    return Table(
        name,
        metadata,
        id_column(),
        *own,
        Column("name", Text, nullable=False, info=NAME),
        Column(
            "audience",
            Text,
            CheckConstraint("audience IN ('PARTNER', 'PLANNER', 'CUSTODIAN', 'STEWARD')", name="audience"),
            nullable=False,
        ),
        ref("organization_id", "organization.id", nullable=True),
        ref("area_id", "admin_area.id", nullable=True),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("revoked_at", DateTime(timezone=True)),
        CheckConstraint(
            "CASE audience WHEN 'PARTNER' THEN organization_id IS NOT NULL OR revoked_at IS NOT NULL "
            "WHEN 'PLANNER' THEN area_id IS NULL "
            "ELSE organization_id IS NULL AND area_id IS NULL END",
            name="scope",
        ),
        schema=IDENTITY,
    )


# Only a keyed hash of the secret is kept; the prefix finds the row.
api_key = _holder(
    "key",
    Column("prefix", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    # The person who owns the key. Custodians' and stewards' keys must have one; keys from before that rule have none.
    Column("person_id", Uuid(as_uuid=False), ForeignKey(f"{IDENTITY}.person.id")),
)

person = _holder(
    "person",
    Column("issuer", Text, nullable=False, info=LINE),
    Column("subject", Text, nullable=False, info=LINE),
    UniqueConstraint("issuer", "subject"),
)

# A link by which a person signs in, good once. A later one takes the place of one that is open.
invitation = Table(
    "invitation",
    metadata,
    id_column(),
    Column("person_id", Uuid(as_uuid=False), ForeignKey(f"{IDENTITY}.person.id"), nullable=False, index=True),
    Column("digest", Text, CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"), nullable=False, unique=True),
    Column(
        "invited_by",
        Text,
        nullable=False,
        server_default=text("coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner')"),
    ),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("spent_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    CheckConstraint("expires_at <= created_at + interval '7 days'", name="expires_at"),
    schema=IDENTITY,
)

# What a spent link has opened, for the pages alone.
session = Table(
    "session",
    metadata,
    id_column(),
    Column("invitation_id", Uuid(as_uuid=False), ForeignKey(f"{IDENTITY}.invitation.id"), nullable=False, unique=True),
    Column("digest", Text, CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"), nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True)),
    schema=IDENTITY,
)

# A document is found by the SHA-256 of its text, in hexadecimal digits.
document = Table(
    "document",
    metadata,
    Column("digest", Text, CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema=IDENTITY,
)
