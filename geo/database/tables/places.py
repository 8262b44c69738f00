"""Where things are: sources, admin areas of several editions, localities."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint

from geo.coordinates import MERCATOR, SRID
from geo.database.tables.common import (
    GROUND_KIND,
    LINE,
    NAME,
    WEB_ADDRESS,
    area_set_column,
    id_column,
    metadata,
    name_key,
    part_index,
    planar_index,
    point_column,
    ref,
    source_column,
    tile_index,
)

source = Table(
    "source",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True, info=LINE),
    Column("name", Text, nullable=False, info=NAME),
    Column("licence", Text, info=LINE),
    Column("url", Text, info=WEB_ADDRESS),
    Column("retrieved_on", Date),
    Column("illustrative", Boolean, nullable=False),
)

admin_area = Table(
    "admin_area",
    metadata,
    id_column(),
    Column("scheme", Text, nullable=False, info=LINE),
    Column("edition", Text, nullable=False, info=LINE),
    Column("code", Text, nullable=False, info=LINE),
    # The number of its level, 0 for the nation: see geo.queries.base.levels.
    Column("level", SmallInteger, CheckConstraint("level BETWEEN 0 AND 4", name="level"), nullable=False),
    Column("name_fr", Text, nullable=False, info=NAME),
    Column("name_en", Text, info=NAME),
    Column("name_bm", Text, info=NAME),
    name_key("name_fr"),
    # What places are looked for in: the folded names, with a sign between that none has.
    Column(
        "search_key",
        Text(collation="C"),
        Computed(
            "((lakana.fold(name_fr) || coalesce(('/' || lakana.fold(name_en)), '')) || "
            "coalesce(('/' || lakana.fold(name_bm)), ''))",
            persisted=True,
        ),
        nullable=False,
    ),
    ref("parent_id", "admin_area.id", nullable=True),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("geom", Geometry("MULTIPOLYGON", SRID, spatial_index=False)),
    # Whether it was made of the outlines of other areas.
    Column("outline_derived", Boolean, nullable=False, server_default=text("false")),
    # NULL: the outline is of the same source as name and code.
    source_column("outline_source_id", nullable=True),
    # A trigger derives these two from geom alone: the published place of everything confidential here.
    point_column(nullable=True),
    Column("radius_m", Double),
    # How many inhabited places are known to lie here, which is more than the localities that have coordinates.
    Column("locality_count", Integer, CheckConstraint("locality_count >= 0", name="locality_count")),
    source_column(),
    CheckConstraint("valid_from < valid_to", name="validity"),
    CheckConstraint("geom IS NULL OR ST_IsValid(geom)", name="geom_valid"),
    # SCHEME@EDITION:CODE is read by its signs, whatever blanks it has.
    CheckConstraint("scheme || edition !~ '[[:space:]:@]' AND code !~ '[[:space:]:]'", name="written"),
    UniqueConstraint("scheme", "edition", "code"),
    # A code names one area at a time inside its scheme; two editions may not overlap.
    ExcludeConstraint(
        (Column("scheme"), "="),
        (Column("code"), "="),
        (literal_column("daterange(valid_from, valid_to)"), "&&"),
        name="admin_area_one_in_force",
        using="gist",
    ),
    Index("admin_area_geom_idx", "geom", postgresql_using="gist"),
    Index("admin_area_code_idx", text("upper(code)")),
    Index("admin_area_parent_id_idx", "parent_id"),
    Index("admin_area_name_key_id_idx", "name_key", "id"),
    part_index("admin_area", "search_key"),
)

# What a country calls its levels: region, district.
level_name = Table(
    "level_name",
    metadata,
    ref("nation_id", "admin_area.id", ondelete="CASCADE"),
    Column("level", SmallInteger, CheckConstraint("level BETWEEN 0 AND 4", name="level"), nullable=False),
    Column("name_fr", Text, nullable=False, info=NAME),
    Column("name_en", Text, info=NAME),
    Column("name_bm", Text, info=NAME),
    PrimaryKeyConstraint("nation_id", "level"),
)

# The languages of a country by BCP 47, the first one first.
nation_language = Table(
    "nation_language",
    metadata,
    ref("nation_id", "admin_area.id", ondelete="CASCADE"),
    Column("position", SmallInteger, CheckConstraint("position BETWEEN 1 AND 20", name="position"), nullable=False),
    Column(
        "language",
        Text,
        CheckConstraint("language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'", name="language"),
        nullable=False,
    ),
    PrimaryKeyConstraint("nation_id", "position"),
)

area_crosswalk = Table(
    "area_crosswalk",
    metadata,
    ref("from_area_id", "admin_area.id", ondelete="CASCADE"),
    ref("to_area_id", "admin_area.id", ondelete="CASCADE"),
    # The share of from_area that lies in to_area; 1 means all of it.
    Column("share", Double, CheckConstraint("share > 0 AND share <= 1", name="share"), nullable=False),
    source_column(),
    PrimaryKeyConstraint("from_area_id", "to_area_id"),
)

# The smallest areas, of one edition each, that hold the same places. A trigger keeps for each place the set of those
# that it is known to lie in, by outline or by register; a single area is its own set, without a row here.
area_set = Table(
    "area_set",
    metadata,
    Column("id", Uuid(as_uuid=False), primary_key=True),
    Column("area_ids", ARRAY(Uuid(as_uuid=False)), nullable=False, unique=True),
    CheckConstraint("cardinality(area_ids) > 1", name="several"),
)

# Derived by triggers from parents and crosswalks of share 1: each area lies in itself and in all its ancestors, and
# each set in those of its areas.
area_within = Table(
    "area_within",
    metadata,
    Column("area_id", Uuid(as_uuid=False), nullable=False),
    ref("ancestor_id", "admin_area.id", ondelete="CASCADE"),
    PrimaryKeyConstraint("area_id", "ancestor_id"),
    Index("area_within_ancestor_id_idx", "ancestor_id", "area_id"),
)

# The nation of each area and set of areas, whichever edition it is of: one area of level 0 stands for all of a country.
# Derived with area_within; what lies in no nation has no row.
area_nation = Table(
    "area_nation",
    metadata,
    Column("area_id", Uuid(as_uuid=False), primary_key=True),
    Column("nation_id", Uuid(as_uuid=False), nullable=False),
    Index("area_nation_nation_id_idx", "nation_id"),
    Index("area_nation_itself_idx", "area_id", postgresql_where=text("area_id = nation_id")),
)

# The outline of an area for zooms up to one, simplified to half a pixel of that zoom; a trigger prepares it for tiles.
area_outline = Table(
    "area_outline",
    metadata,
    ref("area_id", "admin_area.id", ondelete="CASCADE"),
    Column("most_zoom", SmallInteger, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("geom", Geometry("MULTIPOLYGON", MERCATOR, spatial_index=False), nullable=False),
    PrimaryKeyConstraint("area_id", "most_zoom"),
    Index("area_outline_geom_idx", "level", "most_zoom", "geom", postgresql_using="gist"),
)

area_population = Table(
    "area_population",
    metadata,
    ref("area_id", "admin_area.id", ondelete="CASCADE"),
    Column("year", SmallInteger, nullable=False),
    Column("total", Integer, nullable=False),
    Column("under_18", Integer, nullable=False),
    source_column(),
    PrimaryKeyConstraint("area_id", "year"),
    CheckConstraint("under_18 BETWEEN 0 AND total", name="under_18"),
)

# What a map shows beneath its data, so that a reader knows where they are; nothing is measured or counted by it.
ground = Table(
    "ground",
    metadata,
    id_column(),
    Column("kind", GROUND_KIND, nullable=False),
    Column("name_fr", Text, nullable=False, info=NAME),
    name_key("name_fr"),
    # How much it matters, 0 the most: Natural Earth's scalerank. Rivers of a low number are drawn wider.
    Column("rank", SmallInteger, CheckConstraint("rank BETWEEN 0 AND 20", name="rank"), nullable=False),
    Column("geom", Geometry("GEOMETRY", SRID, spatial_index=False), nullable=False),
    source_column(),
    CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
    Index("ground_geom_idx", "geom", postgresql_using="gist"),
)

locality = Table(
    "locality",
    metadata,
    id_column(),
    Column("scheme", Text, nullable=False, info=LINE),
    Column("code", Text, nullable=False, info=LINE),
    Column("name_fr", Text, nullable=False, info=NAME),
    Column("name_en", Text, info=NAME),
    Column("name_bm", Text, info=NAME),
    name_key("name_fr"),
    ref("area_id", "admin_area.id"),
    area_set_column(),
    point_column(),
    Column("population", Integer),
    Column("under_18", Integer),
    Column("population_year", SmallInteger),
    source_column(),
    UniqueConstraint("scheme", "code"),
    CheckConstraint("num_nulls(population, under_18, population_year) IN (0, 3)", name="population_whole"),
    CheckConstraint("under_18 BETWEEN 0 AND population", name="under_18"),
    Index("locality_point_idx", "point", postgresql_using="gist"),
    planar_index("locality"),
    Index("locality_area_id_idx", "area_id"),
    Index("locality_area_set_id_idx", "area_set_id"),
    Index("locality_code_idx", text("upper(code)")),
    Index("locality_name_key_id_idx", "name_key", "id"),
    tile_index("locality", include=("point", "population", "id")),
)

# Every known spelling, the official ones included.
locality_name = Table(
    "locality_name",
    metadata,
    ref("locality_id", "locality.id", ondelete="CASCADE"),
    Column("name", Text, nullable=False, info=NAME),
    name_key("name"),
    PrimaryKeyConstraint("locality_id", "name"),
    Index("locality_name_name_key_idx", "name_key"),
    part_index("locality_name", "name_key"),
)
