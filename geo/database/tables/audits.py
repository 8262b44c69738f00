"""What was changed, and by whom: proposals, wrong numbers, the audit log, and the stored answers to writes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo.database.tables.common import (
    AUDIT,
    LINE,
    PROPOSAL_KIND,
    PROPOSAL_STATUS,
    PROSE,
    WRONG_NUMBER_OUTCOME,
    id_column,
    metadata,
)

proposal = Table(
    "proposal",
    metadata,
    id_column(),
    # Lists are ordered by (name_key, id): here the oldest first.
    Column(
        "name_key",
        Text(collation="C"),
        Computed(
            "lpad(((extract(epoch FROM (proposed_at AT TIME ZONE 'UTC')) * 1000000)::bigint)::text, 16, '0')",
            persisted=True,
        ),
        nullable=False,
    ),
    Column("kind", PROPOSAL_KIND, nullable=False),
    Column("subject_id", Uuid(as_uuid=False), nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("reason", Text, nullable=False, info=PROSE),
    Column("status", PROPOSAL_STATUS, nullable=False, server_default="OPEN"),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("reviewed_by", Text),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("review_note", Text, info=PROSE),
    # Issuer and subject; none if the key is bound to nobody.
    Column("proposed_person", Text),
    Column("reviewed_person", Text),
    Column("by_partner", Boolean, nullable=False, server_default=text("(SESSION_USER = 'lakana_partner'::name)")),
    CheckConstraint(
        "(status = 'OPEN') = (reviewed_by IS NULL) AND (status = 'OPEN') = (reviewed_at IS NULL)", name="review"
    ),
    Index("proposal_name_key_id_idx", "name_key", "id"),
    Index(
        "proposal_proposed_by_idx",
        literal_column("coalesce(proposed_person, proposed_by)"),
        postgresql_where=text("status = 'OPEN'"),
    ),
)

_TODAY = text("(now() AT TIME ZONE 'UTC')::date")

# Public phone numbers that somebody says are wrong; who said so is nowhere.
wrong_number = Table(
    "wrong_number",
    metadata,
    id_column(),
    # Lists are ordered by (name_key, id): here the oldest first, by the day.
    Column(
        "name_key",
        Text(collation="C"),
        Computed("lpad((first_reported_on - '2000-01-01'::date)::text, 6, '0')", persisted=True),
        nullable=False,
    ),
    # An actor or a service.
    Column("record_id", Uuid(as_uuid=False), nullable=False),
    Column("number", Text, nullable=False, info=LINE),
    Column("reports", Integer, nullable=False, server_default="1"),
    Column("first_reported_on", Date, nullable=False, server_default=_TODAY),
    Column("last_reported_on", Date, nullable=False, server_default=_TODAY),
    # None while it is open.
    Column("outcome", WRONG_NUMBER_OUTCOME),
    Column("settled_by", Text),
    Column("settled_person", Text),
    Column("settled_at", DateTime(timezone=True)),
    CheckConstraint(
        "(outcome IS NULL) = (settled_by IS NULL) AND (outcome IS NULL) = (settled_at IS NULL)", name="settled"
    ),
    Index("wrong_number_name_key_id_idx", "name_key", "id"),
    Index("wrong_number_open_idx", "record_id", "number", unique=True, postgresql_where=text("outcome IS NULL")),
    Index("wrong_number_record_id_idx", "record_id"),
)

# Triggers fill it and nobody changes it; each row's hash covers its contents and the hash before it.
audit_entry = Table(
    "entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid(as_uuid=False), nullable=False, unique=True, server_default=func.gen_random_uuid()),
    # Lists are ordered by (name_key, id): here the newest first.
    Column(
        "name_key",
        Text(collation="C"),
        Computed("lpad((9999999999999999 - (at_s * 1000000)::bigint)::text, 16, '0')", persisted=True),
        nullable=False,
    ),
    Column("at_s", Numeric(17, 6), nullable=False),
    Column("login", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("sealed_digest", Text),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("person", Text),
    Index("entry_name_key_id_idx", "name_key", "id"),
    Index("entry_subject_id_name_key_idx", "subject_id", "name_key"),
    Index("entry_holder_name_key_idx", "holder", "name_key"),
    Index("entry_person_name_key_idx", "person", "name_key", postgresql_where=text("action = 'LOCATE'")),
    schema=AUDIT,
)

# The part of an entry that no audience reads: places of sites, raw counts, digests of keys.
audit_sealed = Table(
    "sealed",
    metadata,
    Column("number", BigInteger, ForeignKey(f"{AUDIT}.entry.number"), primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    schema=AUDIT,
)

# Digests of the ids whose entries stewards may not read: of sites that were public before they became confidential, and
# of records that an actor leads to while it is not in the directory.
audit_withheld = Table(
    "withheld",
    metadata,
    Column("digest", Text, primary_key=True),
    # Withheld only while this actor is not in the directory.
    Column("actor_id", Uuid(as_uuid=False)),
    # The id of a confidential service or shelter, or of one that was confidential until it was retired.
    Column("confidential", Boolean, nullable=False, server_default=text("false")),
    schema=AUDIT,
)

audit_answered = Table(
    "answered",
    metadata,
    Column("holder", Text, nullable=False),
    Column("key", Text, nullable=False, info=LINE),
    Column("digest", Text, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("holder", "key"),
    Index("answered_holder_answered_at_idx", "holder", "answered_at"),
    Index("answered_answered_at_idx", "answered_at"),
    schema=AUDIT,
)
