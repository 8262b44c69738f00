"""Roads, the speeds along them, and the travel times that follow from both."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from geo.database.tables.common import LINE, ROAD, SEASON, SERVICE_CATEGORY, TRAVEL_MODE, metadata, point_column, ref

# Junctions, ends of roads, and further points along long ones.
road_node = Table(
    "node",
    metadata,
    Column(
        "id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="The node's id in OpenStreetMap; below 0 where we put one between two of its nodes.",
    ),
    point_column(),
    Index("node_point_idx", "point", postgresql_using="gist"),
    schema=ROAD,
)

# A piece of road between two nodes.
road_edge = Table(
    "edge",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", BigInteger, nullable=False),
    Column("target", BigInteger, nullable=False),
    Column("class", Text, nullable=False),
    Column("length_m", Double, nullable=False),
    Column("on_foot", Boolean, nullable=False, comment="One may walk along it, both ways."),
    Column("forward", Boolean, nullable=False, comment="One may drive from source to target; backward: the other way."),
    Column("backward", Boolean, nullable=False),
    CheckConstraint("length_m >= 0", name="length"),
    CheckConstraint("source <> target", name="ends"),
    Index("edge_source_idx", "source"),
    Index("edge_target_idx", "target"),
    schema=ROAD,
)

# The speed of a mode and season on a class of road; no row means that one cannot travel so.
road_speed = Table(
    "road_speed",
    metadata,
    Column("class", Text, nullable=False),
    Column("mode", TRAVEL_MODE, nullable=False),
    Column("season", SEASON, nullable=False),
    Column("speed_km_h", Double, nullable=False),
    Column("source", Text, nullable=False, info=LINE),
    PrimaryKeyConstraint("class", "mode", "season"),
    CheckConstraint("mode <> 'GEODESIC'", name="mode"),
    CheckConstraint("speed_km_h > 0 AND speed_km_h <= 200", name="speed"),
    comment="Class: highway=… of OpenStreetMap, or ferry. Where there is no row, one does not travel so.",
)

# The imported network: one row or none.
road_network = Table(
    "road_network",
    metadata,
    Column("number", SmallInteger, primary_key=True, autoincrement=False, server_default="1"),
    Column("file", Text, nullable=False, info=LINE),
    Column("roads_as_of", DateTime(timezone=True)),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("max_off_road_m", Double, nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("edges", Integer, nullable=False),
    ref("source_id", "source.id"),
    CheckConstraint("number = 1", name="number"),
    CheckConstraint("max_off_road_m > 0", name="off_road"),
)

# Category × mode × season × demand point → the service that is nearest in time along roads. minutes and service_id are
# NULL if no road leads to one, or if beyond_roads says that the point is too far from any road. A trigger replaces a
# foreign key to service.
travel_time = Table(
    "travel_time",
    metadata,
    Column("category", SERVICE_CATEGORY, nullable=False),
    Column("mode", TRAVEL_MODE, nullable=False),
    Column("season", SEASON, nullable=False),
    ref("demand_point_id", "demand_point.id", ondelete="CASCADE"),
    Column("service_id", Uuid(as_uuid=False)),
    Column("minutes", Double),
    Column("off_road_m", Double),
    Column("beyond_roads", Boolean, nullable=False),
    PrimaryKeyConstraint("category", "mode", "season", "demand_point_id"),
    CheckConstraint("(minutes IS NULL) = (service_id IS NULL) AND minutes >= 0", name="minutes"),
    CheckConstraint("NOT (beyond_roads AND minutes IS NOT NULL)", name="beyond"),
    Index("travel_time_service_id_idx", "service_id"),
    Index("travel_time_demand_point_id_idx", "demand_point_id"),
)

# Whether the times of a category are fresh. A change of services or demand points makes them stale until recomputed.
travel_refresh = Table(
    "travel_refresh",
    metadata,
    Column("category", SERVICE_CATEGORY, primary_key=True),
    Column("changes", BigInteger, nullable=False, server_default="0"),
    Column("computed_at", DateTime(timezone=True)),
    Column("stale_since", DateTime(timezone=True)),
)
