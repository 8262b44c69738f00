"""Jobs that take longer than a request."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    Identity,
    Index,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo.database.tables.common import SITING_JOB_STATUS, id_column, metadata

# A planner's question, its progress, and the answer. seen_at is when the server that works on it last reported.
siting_job = Table(
    "siting_job",
    metadata,
    id_column(),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    # Counts the holder's own jobs: a cursor reveals nothing about other holders'.
    Column("own_number", BigInteger, nullable=False),
    # Lists are ordered by (name_key, id): here the newest first.
    Column(
        "name_key",
        Text(collation="C"),
        Computed("lpad((999999999999 - own_number)::text, 12, '0')", persisted=True),
        nullable=False,
    ),
    Column("holder", Text, nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("status", SITING_JOB_STATUS, nullable=False, server_default="QUEUED"),
    Column("progress", Double, nullable=False, server_default="0"),
    Column("best_objective", Double),
    Column("gap_percent", Double),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("problem", Text),
    Column("answer", JSONB),
    CheckConstraint("progress BETWEEN 0 AND 1", name="progress"),
    CheckConstraint("(status = 'DONE') = (answer IS NOT NULL)", name="answer"),
    Index("siting_job_holder_name_key_id_idx", "holder", "name_key", "id"),
    Index("siting_job_status_number_idx", "status", "number"),
)
