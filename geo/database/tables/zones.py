"""Zones: the parts of a country by which confidential services are published."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)

from geo.coordinates import SRID
from geo.database.tables.common import NAME, SCHEMA, id_column, metadata, name_key, point_column, ref, source_column

# The thresholds by which a country was divided; in_use from its first confidential service on, then all this is fixed.
zoning = Table(
    "zoning",
    metadata,
    Column("country_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.admin_area.id"), primary_key=True),
    Column("least_people", Integer, nullable=False),
    Column("least_localities", Integer, nullable=False),
    Column("least_radius_m", Double, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("in_use", Boolean, nullable=False, server_default="false"),
    CheckConstraint("least_people >= 50000 AND least_localities >= 20 AND least_radius_m >= 10000", name="least"),
)

zone = Table(
    "zone",
    metadata,
    id_column(),
    Column(
        "country_id",
        Uuid(as_uuid=False),
        ForeignKey(f"{SCHEMA}.zoning.country_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name_fr", Text, nullable=False, info=NAME),
    Column("name_en", Text, info=NAME),
    Column("name_bm", Text, info=NAME),
    name_key("name_fr"),
    # From the outlines of its areas when the zone was made; point and radius_m are derived from this alone.
    Column("geom", Geometry("MULTIPOLYGON", SRID, spatial_index=False), nullable=False),
    point_column(),
    Column("radius_m", Double, nullable=False),
    source_column(),
    Index("zone_geom_idx", "geom", postgresql_using="gist"),
    Index("zone_name_key_id_idx", "name_key", "id"),
)

# Areas of one edition: each lies in one zone at most.
zone_area = Table(
    "zone_area",
    metadata,
    ref("zone_id", "zone.id", ondelete="CASCADE"),
    ref("area_id", "admin_area.id"),
    PrimaryKeyConstraint("zone_id", "area_id"),
    UniqueConstraint("area_id"),
)
