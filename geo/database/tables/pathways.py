"""Response pathways: the steps, the texts that they rest on, and what opening hours mean: time zones and holidays."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE

from geo.database.tables.common import (
    ACTOR_KIND,
    INCIDENT_TYPE,
    LINE,
    NAME,
    PASSAGE,
    SCHEMA,
    SERVICE_CATEGORY,
    STAGE,
    id_column,
    metadata,
)

# A law, a treaty (binding) or a guideline, in addition to the columns of every source. Its key is one among those of
# its nation; where it is not known whose it is, it is told only while there is one nation.
guidance = Table(
    "guidance",
    metadata,
    Column("source_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.source.id"), primary_key=True),
    Column("nation_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id")),
    Column("key", Text, nullable=False, info=LINE),
    Column("year", SmallInteger, CheckConstraint("year BETWEEN 1900 AND 2100", name="year"), nullable=False),
    Column("binding", Boolean, nullable=False),
    # A note for the reader: that it is being revised, for example.
    Column("note_fr", Text, info=PASSAGE),
    Column("note_en", Text, info=PASSAGE),
    CheckConstraint("num_nonnulls(note_fr, note_en) IN (0, 2)", name="note"),
    UniqueConstraint("nation_id", "key", postgresql_nulls_not_distinct=True),
)

# by_mandate: actors competent for the place come before near ones. nation_id: as of guidance.
pathway_step = Table(
    "pathway_step",
    metadata,
    id_column(),
    Column("nation_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id")),
    Column("incident_type", INCIDENT_TYPE, nullable=False),
    Column("stage", STAGE, nullable=False),
    Column("position", SmallInteger, CheckConstraint("position BETWEEN 1 AND 20", name="position"), nullable=False),
    Column("category", SERVICE_CATEGORY, nullable=False),
    Column("kinds", ARRAY(ACTOR_KIND), CheckConstraint("cardinality(kinds) > 0", name="kinds"), nullable=False),
    Column("by_mandate", Boolean, nullable=False),
    Column("report_to", ACTOR_KIND),
    Column("words_fr", Text, nullable=False, info=PASSAGE),
    Column("words_en", Text, nullable=False, info=PASSAGE),
    Column("words_bm", Text, info=PASSAGE),
    Column("article", Text, info=LINE),
    Column("reviewed_on", Date, nullable=False),
    Column("source_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.guidance.source_id"), nullable=False),
    UniqueConstraint("nation_id", "incident_type", "stage", "position", postgresql_nulls_not_distinct=True),
)

# The public holidays of a country. A day that may be one is not certain; a year without a row is not known.
holiday = Table(
    "holiday",
    metadata,
    Column(
        "nation_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("day", Date, primary_key=True),
    Column("certain", Boolean, nullable=False),
    Column("name_fr", Text, nullable=False, info=NAME),
    Column("name_en", Text, nullable=False, info=NAME),
    Column("name_bm", Text, info=NAME),
)

# How numbers are dialled in a country: by its ISO 3166-1 alpha-2 code, and its short codes.
dialling = Table(
    "dialling",
    metadata,
    Column(
        "nation_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("region", Text, CheckConstraint("region ~ '^[A-Z]{2}$'", name="region"), nullable=False),
    Column("short_codes", ARRAY(Text), nullable=False, server_default="{}"),
)

# The kinds of actors that the law of a country appoints everywhere.
appointed_kind = Table(
    "appointed_kind",
    metadata,
    Column(
        "nation_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("kind", ACTOR_KIND, primary_key=True),
)

# Opening hours that could be read, as minutes of the week (geo.notations.opening_hours). No audience lists them.
hours_read = Table(
    "hours_read",
    metadata,
    Column("hours", Text, primary_key=True, info=LINE),
    Column("weekly_open", INT4MULTIRANGE, nullable=False),
    Column("weekly_unsure", INT4MULTIRANGE, nullable=False),
    Column("holiday_open", INT4MULTIRANGE),
)

# The time zone of an area and of all areas in it, unless one of those has its own.
area_time_zone = Table(
    "area_time_zone",
    metadata,
    Column("area_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "name",
        Text,
        CheckConstraint("timezone(name, TIMESTAMP '2000-01-01 00:00:00') IS NOT NULL", name="name"),
        nullable=False,
    ),
)
