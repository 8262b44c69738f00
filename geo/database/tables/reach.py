"""Demand points, and the nearest service of each category to each of them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from geo.database.tables.common import (
    LINE,
    SEASON,
    SERVICE_CATEGORY,
    TRAVEL_MODE,
    area_set_column,
    id_column,
    metadata,
    point_column,
    ref,
)

# A locality, or a cell of population that no locality holds.
demand_point = Table(
    "demand_point",
    metadata,
    id_column(),
    ref("locality_id", "locality.id", nullable=True),
    ref("area_id", "admin_area.id"),
    area_set_column(),
    point_column(),
    Column("population", Integer, nullable=False),
    Column("under_18", Integer, nullable=False),
    ref("source_id", "source.id"),
    CheckConstraint("under_18 BETWEEN 0 AND population", name="under_18"),
    UniqueConstraint("locality_id"),
    Index("demand_point_point_idx", "point", postgresql_using="gist"),
    Index("demand_point_area_set_id_idx", "area_set_id"),
    # Where people live in no known locality.
    Index("demand_point_cell_idx", "area_set_id", postgresql_where=text("locality_id IS NULL")),
)

# Demand point × category → nearest service. Triggers on service and demand_point keep it up to date; no row if the
# category has no service. under_18 and area_set_id repeat the demand point's, so that coverage reads one index.
access = Table(
    "access",
    metadata,
    Column("category", SERVICE_CATEGORY, nullable=False),
    ref("demand_point_id", "demand_point.id", ondelete="CASCADE"),
    ref("service_id", "service.id", ondelete="CASCADE"),
    Column("distance_m", Double, nullable=False),
    Column("under_18", Integer, nullable=False),
    area_set_column(),
    PrimaryKeyConstraint("category", "demand_point_id"),
    Index("access_coverage_idx", "category", "area_set_id", postgresql_include=["distance_m", "under_18"]),
    Index("access_service_id_idx", "service_id"),
    Index("access_demand_point_id_idx", "demand_point_id"),
)

# When the access rows of a category last changed: what a coverage answer states as the date of its data.
access_refresh = Table(
    "access_refresh",
    metadata,
    Column("category", SERVICE_CATEGORY, primary_key=True),
    Column("refreshed_at", DateTime(timezone=True), nullable=False),
)

# Travel speeds, and how much longer the way is than the straight line, for places without known roads.
travel_estimate = Table(
    "travel_estimate",
    metadata,
    Column("mode", TRAVEL_MODE, nullable=False),
    Column("season", SEASON, nullable=False),
    Column("speed_km_h", Double, nullable=False),
    Column("detour", Double, nullable=False),
    Column("source", Text, nullable=False, info=LINE),
    PrimaryKeyConstraint("mode", "season"),
    CheckConstraint("mode <> 'GEODESIC'", name="mode"),
    CheckConstraint("speed_km_h > 0 AND speed_km_h <= 200", name="speed"),
    CheckConstraint("detour >= 1 AND detour <= 5", name="detour"),
)
