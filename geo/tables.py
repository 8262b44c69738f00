"""The tables, in schemas that differ in who may read them.

* ``lakana``: what the public may read, and the front gates that partners may read besides.
* ``exact``: where confidential sites really stand. No audience reads it; a custodian's call does, one record at a time.
* ``raw``: incident counts as they came in. The release job reads them, nothing else.
* ``identity``: keys and people. The login that looks them up reads them, nothing else.

All points are ``geography(Point, 4326)``: distances are metres on the WGS 84 spheroid. SQL that SQLAlchemy cannot say
(triggers, functions, grants) stands in ``geo/sql`` and is run by the migrations.
"""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geography, Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint

from geo import vocabulary
from geo.coordinates import SRID

SCHEMA, EXACT, RAW, IDENTITY = "lakana", "exact", "raw", "identity"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)


def _enum(term: type[vocabulary.Term], name: str) -> Enum:
    return Enum(term, name=name, schema=SCHEMA, metadata=metadata)


ACTOR_KIND = _enum(vocabulary.ActorKind, "actor_kind")
SERVICE_CATEGORY = _enum(vocabulary.ServiceCategory, "service_category")
INCIDENT_TYPE = _enum(vocabulary.IncidentType, "incident_type")
REPORTING_LEVEL = _enum(vocabulary.ReportingLevel, "reporting_level")


def _id() -> Column[Any]:
    # Random, so that an id tells nothing about what it names.
    return Column("id", Uuid(as_uuid=False), primary_key=True, server_default=func.gen_random_uuid())


def _ref(name: str, table: str, *, nullable: bool = False, ondelete: str | None = None) -> Column[Any]:
    return Column(name, Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.{table}", ondelete=ondelete), nullable=nullable)


def _point(*, nullable: bool = False) -> Column[Any]:
    # Indexes are declared by hand: most serve (category, point) or (area, point) together.
    return Column("point", Geography("POINT", SRID, spatial_index=False), nullable=nullable)


def _planar_index(table: str) -> Index:
    # For boxes in degrees: on the sphere the edges of a box are great circles, which leave its parallels.
    return Index(f"{table}_planar_idx", literal_column("(point::geometry)"), postgresql_using="gist")


def _name_part_index(table: str) -> Index:
    return Index(
        f"{table}_name_part_idx", "name_key", postgresql_using="gin", postgresql_ops={"name_key": "gin_trgm_ops"}
    )


def _key(name: str) -> Column[Any]:
    # Lower case, no accents, no punctuation: what lists sort by and names are found by.
    return Column("name_key", Text(collation="C"), Computed(f"lakana.fold({name})", persisted=True), nullable=False)


source = Table(
    "source",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("licence", Text),
    Column("url", Text),
    Column("retrieved_on", Date),
    Column("illustrative", Boolean, nullable=False),
)

admin_area = Table(
    "admin_area",
    metadata,
    _id(),
    Column("scheme", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("level", SmallInteger, CheckConstraint("level BETWEEN 0 AND 5", name="level"), nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("name_en", Text),
    Column("name_bm", Text),
    _key("name_fr"),
    _ref("parent_id", "admin_area.id", nullable=True),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("geom", Geometry("MULTIPOLYGON", SRID, spatial_index=False)),
    # A trigger derives these two from geom and from nothing else: the published place of all that is confidential here.
    _point(nullable=True),
    Column("radius_m", Double),
    # How many inhabited places are known to lie here, which is more than the localities that have coordinates.
    Column("locality_count", Integer, CheckConstraint("locality_count >= 0", name="locality_count")),
    _ref("source_id", "source.id"),
    CheckConstraint("valid_from < valid_to", name="validity"),
    CheckConstraint("geom IS NULL OR ST_IsValid(geom)", name="geom_valid"),
    # A code names one area at a time inside its scheme; two editions may not overlap.
    ExcludeConstraint(
        (Column("scheme"), "="),
        (Column("code"), "="),
        (literal_column("daterange(valid_from, valid_to)"), "&&"),
        name="admin_area_one_in_force",
        using="gist",
    ),
    Index("admin_area_geom_idx", "geom", postgresql_using="gist"),
    Index("admin_area_code_idx", "code"),
    Index("admin_area_parent_id_idx", "parent_id"),
    Index("admin_area_name_key_id_idx", "name_key", "id"),
)

area_crosswalk = Table(
    "area_crosswalk",
    metadata,
    _ref("from_area_id", "admin_area.id", ondelete="CASCADE"),
    _ref("to_area_id", "admin_area.id", ondelete="CASCADE"),
    # The part of from_area that lies in to_area; 1 means that it lies there whole.
    Column("share", Double, CheckConstraint("share > 0 AND share <= 1", name="share"), nullable=False),
    _ref("source_id", "source.id"),
    PrimaryKeyConstraint("from_area_id", "to_area_id"),
)

# Derived by a trigger from parents and whole crosswalks: each area lies in itself and in all its ancestors.
area_within = Table(
    "area_within",
    metadata,
    _ref("area_id", "admin_area.id", ondelete="CASCADE"),
    _ref("ancestor_id", "admin_area.id", ondelete="CASCADE"),
    PrimaryKeyConstraint("area_id", "ancestor_id"),
    Index("area_within_ancestor_id_idx", "ancestor_id", "area_id"),
)

area_population = Table(
    "area_population",
    metadata,
    _ref("area_id", "admin_area.id", ondelete="CASCADE"),
    Column("year", SmallInteger, nullable=False),
    Column("total", Integer, nullable=False),
    Column("under_18", Integer, nullable=False),
    _ref("source_id", "source.id"),
    PrimaryKeyConstraint("area_id", "year"),
    CheckConstraint("under_18 BETWEEN 0 AND total", name="under_18"),
)

locality = Table(
    "locality",
    metadata,
    _id(),
    Column("scheme", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name_fr", Text, nullable=False),
    Column("name_en", Text),
    Column("name_bm", Text),
    _key("name_fr"),
    _ref("area_id", "admin_area.id"),
    _point(),
    Column("population", Integer),
    Column("under_18", Integer),
    Column("population_year", SmallInteger),
    _ref("source_id", "source.id"),
    UniqueConstraint("scheme", "code"),
    CheckConstraint("num_nulls(population, under_18, population_year) IN (0, 3)", name="population_whole"),
    CheckConstraint("under_18 BETWEEN 0 AND population", name="under_18"),
    Index("locality_point_idx", "point", postgresql_using="gist"),
    _planar_index("locality"),
    Index("locality_area_id_idx", "area_id"),
    Index("locality_name_key_id_idx", "name_key", "id"),
)

# Every known spelling, the official ones included.
locality_name = Table(
    "locality_name",
    metadata,
    _ref("locality_id", "locality.id", ondelete="CASCADE"),
    Column("name", Text, nullable=False),
    _key("name"),
    PrimaryKeyConstraint("locality_id", "name"),
    Index("locality_name_name_key_idx", "name_key"),
)

organization = Table(
    "organization",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("acronym", Text),
    Column("kind", ACTOR_KIND, nullable=False),
    Column("url", Text),
    _ref("source_id", "source.id"),
)

actor = Table(
    "actor",
    metadata,
    _id(),
    _ref("organization_id", "organization.id", nullable=True),
    Column("name", Text, nullable=False),
    _key("name"),
    Column("kind", ACTOR_KIND, nullable=False),
    _point(),
    _ref("locality_id", "locality.id", nullable=True),
    _ref("area_id", "admin_area.id"),
    _ref("jurisdiction_id", "admin_area.id", nullable=True),
    Column("phone", Text),
    Column("verified_on", Date),
    _ref("source_id", "source.id"),
    _planar_index("actor"),
    _name_part_index("actor"),
    Index("actor_name_key_id_idx", "name_key", "id"),
    Index("actor_kind_name_key_id_idx", "kind", "name_key", "id"),
    Index("actor_area_id_idx", "area_id"),
    Index("actor_jurisdiction_id_idx", "jurisdiction_id"),
    Index("actor_organization_id_idx", "organization_id"),
)

service = Table(
    "service",
    metadata,
    _id(),
    _ref("actor_id", "actor.id"),
    Column("name", Text, nullable=False),
    _key("name"),
    Column("category", SERVICE_CATEGORY, nullable=False),
    # Where true, a trigger puts area_id, point and radius_m of the disclosure area in place of what is offered.
    Column("confidential", Boolean, nullable=False, server_default="false"),
    _point(),
    Column("radius_m", Double, nullable=False, server_default="0"),
    _ref("locality_id", "locality.id", nullable=True),
    _ref("area_id", "admin_area.id"),
    Column("capacity", Integer, CheckConstraint("capacity >= 0", name="capacity")),
    Column("opening_hours", Text),
    Column("phone", Text),
    Column("verified_on", Date),
    _ref("source_id", "source.id"),
    Index("service_category_point_idx", "category", "point", postgresql_using="gist"),
    Index("service_point_idx", "point", postgresql_using="gist"),
    _planar_index("service"),
    _name_part_index("service"),
    Index("service_name_key_id_idx", "name_key", "id"),
    Index("service_category_name_key_id_idx", "category", "name_key", "id"),
    Index("service_area_id_idx", "area_id"),
    Index("service_actor_id_idx", "actor_id"),
)

# The places of a service of category SAFE_SHELTER; how many there are is the service's capacity.
shelter = Table(
    "shelter",
    metadata,
    _id(),
    Column(
        "service_id",
        Uuid(as_uuid=False),
        ForeignKey(f"{SCHEMA}.service.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("occupancy", Integer, CheckConstraint("occupancy >= 0", name="occupancy"), nullable=False),
    Column("minimum_age", SmallInteger, CheckConstraint("minimum_age BETWEEN 0 AND 17", name="minimum_age")),
    Column("maximum_age", SmallInteger, CheckConstraint("maximum_age BETWEEN 0 AND 17", name="maximum_age")),
    Column("girls", Boolean, nullable=False),
    Column("boys", Boolean, nullable=False),
    CheckConstraint("minimum_age <= maximum_age", name="ages"),
    CheckConstraint("girls OR boys", name="somebody"),
)

# Whom a partner calls about a confidential shelter. Partners read it; the public does not.
front_gate = Table(
    "front_gate",
    metadata,
    Column("service_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.service.id", ondelete="CASCADE"), primary_key=True),
    Column("contact", Text, nullable=False),
)

training_event = Table(
    "training_event",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("programme", Text),
    Column("description", Text),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("participant_kinds", ARRAY(ACTOR_KIND), nullable=False),
    _ref("locality_id", "locality.id", nullable=True),
    _ref("source_id", "source.id"),
    CheckConstraint("starts_on <= ends_on", name="dates"),
)

training_organizer = Table(
    "training_organizer",
    metadata,
    _ref("training_event_id", "training_event.id", ondelete="CASCADE"),
    _ref("organization_id", "organization.id"),
    PrimaryKeyConstraint("training_event_id", "organization_id"),
)

# A locality, or a cell of population that no locality holds.
demand_point = Table(
    "demand_point",
    metadata,
    _id(),
    _ref("locality_id", "locality.id", nullable=True),
    _ref("area_id", "admin_area.id"),
    _point(),
    Column("population", Integer, nullable=False),
    Column("under_18", Integer, nullable=False),
    _ref("source_id", "source.id"),
    CheckConstraint("under_18 BETWEEN 0 AND population", name="under_18"),
    UniqueConstraint("locality_id"),
    Index("demand_point_point_idx", "point", postgresql_using="gist"),
    Index("demand_point_area_id_idx", "area_id"),
)

# Demand point × category → nearest service. Kept right by triggers on service and demand_point; no row where the
# category has no service. under_18 and area_id repeat the demand point's, so that coverage reads one index.
access = Table(
    "access",
    metadata,
    Column("category", SERVICE_CATEGORY, nullable=False),
    _ref("demand_point_id", "demand_point.id", ondelete="CASCADE"),
    _ref("service_id", "service.id", ondelete="CASCADE"),
    Column("distance_m", Double, nullable=False),
    Column("under_18", Integer, nullable=False),
    _ref("area_id", "admin_area.id"),
    PrimaryKeyConstraint("category", "demand_point_id"),
    Index("access_coverage_idx", "category", "area_id", postgresql_include=["distance_m", "under_18"]),
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

release = Table(
    "release",
    metadata,
    Column("number", Integer, Identity(always=True), primary_key=True),
    Column("quarter", Text, CheckConstraint(r"quarter ~ '^\d{4}-Q[1-4]$'", name="quarter"), nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("released_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("quarter", "revision"),
)

published_count = Table(
    "published_count",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("release_number", Integer, ForeignKey(f"{SCHEMA}.release.number", ondelete="CASCADE"), nullable=False),
    # The latest release of a cell is current; earlier ones are kept.
    Column("current", Boolean, nullable=False),
    Column("level", REPORTING_LEVEL, nullable=False),
    _ref("area_id", "admin_area.id", nullable=True),
    _ref("locality_id", "locality.id", nullable=True),
    Column("period", Text, CheckConstraint(r"period ~ '^\d{4}(-Q[1-4])?$'", name="period"), nullable=False),
    # NULL: all types together.
    Column("incident_type", INCIDENT_TYPE),
    Column("count", Integer, CheckConstraint("count >= 0 AND count % 5 = 0", name="count"), nullable=False),
    _ref("source_id", "source.id"),
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
)

exact_site = Table(
    "site",
    metadata,
    Column("service_id", Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.service.id", ondelete="CASCADE"), primary_key=True),
    _point(),
    _ref("area_id", "admin_area.id"),
    _ref("locality_id", "locality.id", nullable=True),
    schema=EXACT,
)

# What the release key gives for a fixed text: tells another key, and nothing of this one.
release_key = Table(
    "release_key",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    schema=RAW,
)

raw_incident_count = Table(
    "incident_count",
    metadata,
    _ref("locality_id", "locality.id"),
    Column("quarter", Text, CheckConstraint(r"quarter ~ '^\d{4}-Q[1-4]$'", name="quarter"), nullable=False),
    Column("incident_type", INCIDENT_TYPE, nullable=False),
    Column("count", Integer, CheckConstraint("count >= 0", name="count")),
    # A source that says "<5" gives 5 here and no count: censored, never zero.
    Column("censored_below", Integer, CheckConstraint("censored_below > 0", name="censored_below")),
    _ref("source_id", "source.id"),
    PrimaryKeyConstraint("locality_id", "quarter", "incident_type"),
    CheckConstraint("num_nonnulls(count, censored_below) = 1", name="counted_or_censored"),
    schema=RAW,
)


def _holder(name: str, *own: Any) -> Table:
    """Describe those who may ask for more than the public: partners for an organisation, perhaps within an area."""
    return Table(
        name,
        metadata,
        _id(),
        *own,
        Column("name", Text, nullable=False),
        Column(
            "audience",
            Text,
            CheckConstraint("audience IN ('PARTNER', 'PLANNER', 'CUSTODIAN', 'STEWARD')", name="audience"),
            nullable=False,
        ),
        _ref("organization_id", "organization.id", nullable=True),
        _ref("area_id", "admin_area.id", nullable=True),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("revoked_at", DateTime(timezone=True)),
        CheckConstraint(
            "(audience = 'PARTNER') = (organization_id IS NOT NULL) AND (area_id IS NULL OR audience = 'PARTNER')",
            name="scope",
        ),
        schema=IDENTITY,
    )


# Of the secret only a keyed hash is kept; the prefix finds it.
api_key = _holder(
    "key",
    Column("prefix", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

person = _holder(
    "person",
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    UniqueConstraint("issuer", "subject"),
)
