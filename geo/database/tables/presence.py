"""Where organisations are present, as a 3W says: by area, sector and period, without a place."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, UniqueConstraint

from geo.database.tables.common import NAME, SECTOR, id_column, metadata, name_key, ref, source_column

presence = Table(
    "presence",
    metadata,
    id_column(),
    ref("organization_id", "organization.id", ondelete="CASCADE"),
    # As the list has it, which is told whether the organisation is in the directory or not.
    Column("organization_name", Text, nullable=False, info=NAME),
    name_key("organization_name"),
    ref("area_id", "admin_area.id"),
    Column("sector", SECTOR, nullable=False),
    # NULL: the 3W does not say since when, or until when.
    Column("starts_on", Date),
    Column("ends_on", Date),
    # The day of the 3W.
    Column("reported_on", Date),
    source_column(),
    CheckConstraint("starts_on <= ends_on", name="dates"),
    UniqueConstraint(
        "organization_id",
        "area_id",
        "sector",
        "starts_on",
        "ends_on",
        name="presence_key",
        postgresql_nulls_not_distinct=True,
    ),
    Index("presence_area_id_sector_idx", "area_id", "sector"),
    Index("presence_name_key_id_idx", "name_key", "id"),
)
