"""Planners' scenarios, and when the data that they rest on, and that the public reads, changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, Integer, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from geo.database.tables.common import NAME, SERVICE_CATEGORY, id_column, metadata, name_key, version_column

# Row-level security shows a planner's login only its own rows; queries read them by lakana.scenarios_of.
scenario = Table(
    "scenario",
    metadata,
    id_column(),
    # organization:<id>, or the holder's name in the audit log.
    Column("owner", Text, nullable=False, server_default=func.lakana.scenario_owner()),
    Column("name", Text, nullable=False, info=NAME),
    name_key("name"),
    Column("category", SERVICE_CATEGORY, nullable=False),
    # The date of the data that the planner saw, and digests of it by part (see lakana.data_digests_on).
    Column("base_date", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("base_data", JSONB, nullable=False),
    # A list of {kind, service_id, name, lon, lat, places}; fields that the kind does not use are left out.
    Column("changes", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    version_column(),
    CheckConstraint("jsonb_array_length(changes) BETWEEN 1 AND 50", name="changes"),
    Index("scenario_owner_name_key_id_idx", "owner", "name_key", "id"),
)

# By part, SERVICES:<category>, DEMAND, AREAS or TRAVEL: kept by triggers.
data_change = Table(
    "data_change",
    metadata,
    Column("part", Text, primary_key=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

# The sum of its versions rises with what the public may read: kept by triggers, read by lakana.public_version().
public_version = Table(
    "public_version",
    metadata,
    Column("slot", Integer, Identity(always=True), primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
)
