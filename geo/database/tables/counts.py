"""Incident counts: as they came in, and as they are released."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    literal_column,
    text,
)

from geo.database.tables.common import AREA_LEVEL, INCIDENT_TYPE, LINE, RAW, SCHEMA, metadata, ref, source_column
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


def _reporters() -> list[Column[Any]]:
    """Return the columns that say who reported: how many localities, of how many expected, and a digest of which."""
    return [
        Column("localities_reporting", Integer, nullable=False),
        Column("localities_expected", Integer, nullable=False),
        Column("reporters", Text, nullable=False),
    ]


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
    source_column(),
    # As in reporting, of the leaves that this count adds up: a revision may leave a count as it was.
    *_reporters(),
    CheckConstraint("num_nonnulls(area_id, locality_id) = 1", name="one_place"),
    CheckConstraint("(level = 'LOCALITY') = (locality_id IS NOT NULL)", name="level"),
    Index(
        "published_count_current_idx",
        "level",
        "period",
        "incident_type",
        literal_column("COALESCE(area_id, locality_id)"),  # by which it is joined to reporting
        unique=True,
        postgresql_where="current",
        postgresql_nulls_not_distinct=True,
    ),
    # Whether a source is among those of the counts of a list.
    Index(
        "published_count_source_idx",
        "level",
        "incident_type",
        "source_id",
        "period",
        postgresql_where="current AND localities_reporting > 0",
    ),
    # The releases of each period.
    Index(
        "published_count_period_idx",
        "period",
        "release_number",
        postgresql_where="level = 'ADM0' AND incident_type IS NULL",
    ),
)

# Who reported: of each place and period that was released, how many of the localities expected there did. Public, and
# what lists of counts list: a place of which nothing was reported has its row here and no count.
reporting = Table(
    "reporting",
    metadata,
    Column("period", Text, CheckConstraint(r"period ~ '^\d{4}(-Q[1-4])?$'", name="period"), nullable=False),
    Column("level", AREA_LEVEL, nullable=False),
    ref("area_id", "admin_area.id", nullable=True),
    ref("locality_id", "locality.id", nullable=True),
    *_reporters(),
    CheckConstraint("num_nonnulls(area_id, locality_id) = 1", name="one_place"),
    CheckConstraint("(level = 'LOCALITY') = (locality_id IS NOT NULL)", name="level"),
    Index(
        "reporting_place_idx",
        "level",
        "period",
        "area_id",
        "locality_id",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
)

# From and until which quarter a locality is expected to report; without an end, until a steward sets one.
expected_reporter = Table(
    "expected_reporter",
    metadata,
    ref("locality_id", "locality.id"),
    Column(
        "from_quarter", Text, CheckConstraint(r"from_quarter ~ '^\d{4}-Q[1-4]$'", name="from_quarter"), nullable=False
    ),
    Column("to_quarter", Text, CheckConstraint(r"to_quarter ~ '^\d{4}-Q[1-4]$'", name="to_quarter")),
    PrimaryKeyConstraint("locality_id", "from_quarter"),
    CheckConstraint("to_quarter >= from_quarter", name="span"),
)

# A hash of a fixed text with the release key: it shows whether a key is another one, and reveals nothing of this one.
# A spent key rounded illustrative counts, which everybody can compute: it must never round others.
release_key = Table(
    "release_key",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("spent", Boolean, nullable=False, server_default=false()),
    Index("release_key_in_use_idx", "spent", unique=True, postgresql_where=text("NOT spent")),
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

# What a locality reported for a quarter, as a whole: a type without a count is zero. No return: nothing is known.
raw_incident_return = Table(
    "incident_return",
    metadata,
    ref("locality_id", "locality.id"),
    Column("quarter", Text, CheckConstraint(r"quarter ~ '^\d{4}-Q[1-4]$'", name="quarter"), nullable=False),
    Column("reported_by", Text, info=LINE),
    Column("reported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    ref("source_id", "source.id"),
    PrimaryKeyConstraint("locality_id", "quarter"),
    schema=RAW,
)

raw_incident_count = Table(
    "incident_count",
    metadata,
    Column("locality_id", Uuid(as_uuid=False), nullable=False),
    Column("quarter", Text, nullable=False),
    Column("incident_type", INCIDENT_TYPE, nullable=False),
    Column("count", Integer, CheckConstraint("count >= 0", name="count")),
    # If a source says "<5", this is 5 and the count is NULL: censored, never zero.
    Column("censored_below", Integer, CheckConstraint("censored_below > 0", name="censored_below")),
    PrimaryKeyConstraint("locality_id", "quarter", "incident_type"),
    ForeignKeyConstraint(
        ["locality_id", "quarter"],
        [f"{RAW}.incident_return.locality_id", f"{RAW}.incident_return.quarter"],
        name="incident_count_return_fkey",
        ondelete="CASCADE",
    ),
    CheckConstraint("num_nonnulls(count, censored_below) = 1", name="counted_or_censored"),
    schema=RAW,
)
