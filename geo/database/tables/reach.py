"""Demand points, and the nearest service of each category to each of them."""

from __future__ import annotations

from geoalchemy2 import Geography, Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
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
    Uuid,
    column,
    table,
    text,
)

from geo.coordinates import SRID
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
    source_column,
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
    source_column(),
    # Of demand_block; a trigger derives it.
    Column("block_id", Uuid(as_uuid=False), nullable=False),
    CheckConstraint("under_18 BETWEEN 0 AND population", name="under_18"),
    UniqueConstraint("locality_id"),
    Index("demand_point_point_idx", "point", postgresql_using="gist"),
    Index("demand_point_area_set_id_idx", "area_set_id"),
    Index("demand_point_block_id_idx", "block_id"),
    # Where people live in no known locality.
    Index("demand_point_cell_idx", "area_set_id", postgresql_where=text("locality_id IS NULL")),
)

# People by the cell of a grid, as an import brought it; demand points are made of it. Nobody but the owner reads it.
population_cell = Table(
    "population_cell",
    metadata,
    Column("lon", Double, primary_key=True),
    Column("lat", Double, primary_key=True),
    ref("nation_id", "admin_area.id", ondelete="CASCADE"),
    Column("people", Double, CheckConstraint("people > 0", name="people"), nullable=False),
    ref("source_id", "source.id"),
)

# By what shares the people of an area are spread over areas that it holds, as an import said. Only the owner reads it.
population_share = Table(
    "population_share",
    metadata,
    ref("area_id", "admin_area.id", ondelete="CASCADE"),
    Column("weight", Integer, CheckConstraint("weight >= 0", name="weight"), nullable=False),
    ref("source_id", "source.id"),
    PrimaryKeyConstraint("area_id"),
)

# The nations whose demand points the importer makes; those of others are their pack's.
demand_nation = Table(
    "demand_nation",
    metadata,
    ref("nation_id", "admin_area.id", ondelete="CASCADE"),
    PrimaryKeyConstraint("nation_id"),
)

# Demand points of one set of areas, in one square of half a degree, all localities or none, by ascending id. None is
# farther from the centre, through the earth, than radius_m. Triggers on demand_point keep it up to date.
demand_block = Table(
    "demand_block",
    metadata,
    Column("id", Uuid(as_uuid=False), primary_key=True),
    area_set_column(),
    Column("in_locality", Boolean, nullable=False),
    Column("point_ids", ARRAY(Uuid(as_uuid=False)), nullable=False),
    Column("points", ARRAY(Geography("POINT", SRID, spatial_index=False)), nullable=False),
    # NULLs in a block of cells.
    Column("locality_ids", ARRAY(Uuid(as_uuid=False)), nullable=False),
    # Under 18, of each point; under_18 is their sum.
    Column("children", ARRAY(Integer), nullable=False),
    Column("under_18", BigInteger, nullable=False),
    Column("centre", Geometry("POINTZ", dimension=3, srid=-1, spatial_index=False), nullable=False),
    Column("radius_m", Double, nullable=False),
    Index("demand_block_area_set_id_idx", "area_set_id"),
)

# Block × category: of each point the nearest service and the metres to it, in the order of the block; then the metres
# by themselves, ascending, with the children who live at most so far. Triggers on service and demand_point keep it up
# to date; no row if the category has no service.
block_access = Table(
    "block_access",
    metadata,
    Column("category", SERVICE_CATEGORY, nullable=False),
    Column("block_id", Uuid(as_uuid=False), nullable=False),
    Column("service_ids", ARRAY(Uuid(as_uuid=False)), nullable=False),
    Column("distances_m", ARRAY(Double), nullable=False),
    Column("ascending_m", ARRAY(Double), nullable=False),
    Column("children_within", ARRAY(BigInteger), nullable=False),
    PrimaryKeyConstraint("category", "block_id"),
)

# The view of a row for each demand point and category, for whoever needs the services; ask for one category, or a few.
access = table(
    "access",
    column("category", SERVICE_CATEGORY),
    *(column(name, Uuid(as_uuid=False)) for name in ("demand_point_id", "service_id", "area_set_id", "block_id")),
    column("distance_m", Double),
    column("under_18", Integer),
    schema=metadata.schema,
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
