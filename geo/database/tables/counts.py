"""Incident counts: as they came in, and as they are released."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
)

from geo.database.tables.common import AREA_LEVEL, INCIDENT_TYPE, RAW, SCHEMA, metadata, ref
from geo.vocabulary import Grain

release = Table(
    "release",
    metadata,
    Column("number", Integer, Identity(always=True), primary_key=True),
    Column("quarter", Text, CheckConstraint(r"quarter ~ '^\d{4}-Q[1-4]$'", name="quarter"), nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("released_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # How finely the quarter is published, for ever: see geo.vocabulary.Grain.
    Column(
        "grain",
        Text,
        CheckConstraint(f"grain IN ({', '.join(repr(each.value) for each in Grain)})", name="grain"),
        nullable=False,
        server_default="types-by-year",
    ),
    # Under the former rule, sum-of-keys, u of a parent is the sum of the u of its children. Such a release stays as
    # it is; a new release is refused if counts can be inferred together with it.
    Column(
        "rounding",
        Text,
        CheckConstraint("rounding IN ('sum-of-keys', 'key-of-set')", name="rounding"),
        nullable=False,
        server_default="key-of-set",
    ),
    # Lost with the database and entered again from its record, without leaves: see geo.release.record.
    Column("given_back", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("quarter", "revision"),
)

published_count = Table(
    "published_count",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("release_number", Integer, ForeignKey(f"{SCHEMA}.release.number", ondelete="CASCADE"), nullable=False),
    # The latest release of a cell is current; earlier ones are kept.
    Column("current", Boolean, nullable=False),
    Column("level", AREA_LEVEL, nullable=False),
    ref("area_id", "admin_area.id", nullable=True),
    ref("locality_id", "locality.id", nullable=True),
    Column("period", Text, CheckConstraint(r"period ~ '^\d{4}(-Q[1-4])?$'", name="period"), nullable=False),
    # NULL: all types together.
    Column("incident_type", INCIDENT_TYPE),
    Column("count", Integer, CheckConstraint("count >= 0 AND count % 5 = 0", name="count"), nullable=False),
    ref("source_id", "source.id"),
    CheckConstraint("num_nonnulls(area_id, locality_id) = 1", name="one_place"),
    CheckConstraint("(level = 'LOCALITY') = (locality_id IS NOT NULL)", name="level"),
    Index(
        "published_count_current_idx",
        "level",
        "period",
        "incident_type",
        "area_id",
        "locality_id",
        unique=True,
        postgresql_where="current",
        postgresql_nulls_not_distinct=True,
    ),
    # The releases of each period.
    Index(
        "published_count_period_idx",
        "period",
        "release_number",
        postgresql_where="level = 'ADM0' AND incident_type IS NULL",
    ),
)

# A hash of a fixed text with the release key: it shows whether a key is another one, and reveals nothing of this one.
release_key = Table(
    "release_key",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    schema=RAW,
)

# The leaves of each release as it counted them: later data never change what was released.
released_count = Table(
    "released_count",
    metadata,
    Column("release_number", Integer, ForeignKey(f"{SCHEMA}.release.number", ondelete="CASCADE"), nullable=False),
    ref("locality_id", "locality.id"),
    Column("incident_type", INCIDENT_TYPE, nullable=False),
    Column("count", Integer, CheckConstraint("count >= 0", name="count"), nullable=False),
    PrimaryKeyConstraint("release_number", "locality_id", "incident_type"),
    schema=RAW,
)

# The areas in which each locality was counted, by release: divisions change.
released_area = Table(
    "released_area",
    metadata,
    Column("release_number", Integer, ForeignKey(f"{SCHEMA}.release.number", ondelete="CASCADE"), nullable=False),
    ref("locality_id", "locality.id"),
    ref("area_id", "admin_area.id"),
    PrimaryKeyConstraint("release_number", "locality_id", "area_id"),
    schema=RAW,
)

# The areas of published counts, fixed by the first release: overlapping partitions would allow differencing.
released_edition = Table(
    "released_edition",
    metadata,
    ref("area_id", "admin_area.id"),
    PrimaryKeyConstraint("area_id"),
    schema=RAW,
)

raw_incident_count = Table(
    "incident_count",
    metadata,
    ref("locality_id", "locality.id"),
    Column("quarter", Text, CheckConstraint(r"quarter ~ '^\d{4}-Q[1-4]$'", name="quarter"), nullable=False),
    Column("incident_type", INCIDENT_TYPE, nullable=False),
    Column("count", Integer, CheckConstraint("count >= 0", name="count")),
    # If a source says "<5", this is 5 and the count is NULL: censored, never zero.
    Column("censored_below", Integer, CheckConstraint("censored_below > 0", name="censored_below")),
    ref("source_id", "source.id"),
    PrimaryKeyConstraint("locality_id", "quarter", "incident_type"),
    CheckConstraint("num_nonnulls(count, censored_below) = 1", name="counted_or_censored"),
    schema=RAW,
)
