"""Who does what where: organisations, actors, services, shelters, and the exact places of confidential sites."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.database.tables.common import (
    ACTOR_KIND,
    EXACT,
    INCIDENT_TYPE,
    LINE,
    NAME,
    PROSE,
    SCHEMA,
    SERVICE_CATEGORY,
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
    version_column,
)


def _of_service() -> Column[Any]:
    """Return the primary key of a table that extends a service; it follows when the service gets another id."""
    service_id = ForeignKey(f"{SCHEMA}.service.id", ondelete="CASCADE", onupdate="CASCADE")
    return Column("service_id", Uuid(as_uuid=False), service_id, primary_key=True)


# The public texts of a record, as lakana.public_texts gives them, and their words that its folded name does not show.
_FURTHER = "lakana.further_words(ARRAY[{}])"
_ORGANIZATION_TEXTS = "name, acronym, lakana.acronym_word(acronym), lakana.host_word(url), lakana.said_in_address(url)"
_ACTOR_TEXTS = "name, lakana.said_in_phone(phone)"
_SERVICE_TEXTS = "name, lakana.said_in_phone(phone), lakana.said_in_hours(opening_hours)"


def _words_index(table: str, texts: str, where: str | None = None) -> Index:
    """Return an index of the further words of a record's public texts, by which hidden names are compared with them."""
    return Index(
        f"{table}_words_idx",
        literal_column(_FURTHER.format(texts)),
        postgresql_using="gin",
        postgresql_where=literal_column(where, Boolean) if where is not None else None,
    )


organization = Table(
    "organization",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True, info=NAME),
    name_key("name"),
    Column("acronym", Text, info=NAME),
    # What a part of the text is looked for in: the folded name and acronym, with a sign between that neither has.
    Column(
        "search_key",
        Text(collation="C"),
        Computed("(lakana.fold(name) || coalesce(('/' || lakana.fold(acronym)), ''))", persisted=True),
        nullable=False,
    ),
    Column("kind", ACTOR_KIND, nullable=False),
    Column("url", Text, info=WEB_ADDRESS),
    source_column(),
    version_column(),
    Index("organization_name_key_id_idx", "name_key", "id"),
    part_index("organization", "search_key"),
    _words_index("organization", _ORGANIZATION_TEXTS),
    Index("organization_acronym_word_idx", literal_column("lakana.acronym_word(acronym)")),
    Index("organization_host_word_idx", literal_column("lakana.host_word(url)")),
)

actor = Table(
    "actor",
    metadata,
    id_column(),
    ref("organization_id", "organization.id", nullable=True),
    Column("name", Text, nullable=False, info=NAME),
    name_key("name"),
    Column("kind", ACTOR_KIND, nullable=False),
    point_column(),
    ref("locality_id", "locality.id", nullable=True),
    ref("area_id", "admin_area.id"),
    area_set_column(),
    ref("jurisdiction_id", "admin_area.id", nullable=True),
    Column("phone", Text, info=LINE),
    Column("verified_on", Date),
    source_column(),
    version_column(),
    planar_index("actor"),
    part_index("actor", "name_key"),
    Index("actor_name_key_id_idx", "name_key", "id"),
    Index("actor_kind_name_key_id_idx", "kind", "name_key", "id"),
    Index("actor_area_id_idx", "area_id"),
    Index("actor_stands_in_idx", literal_column("coalesce(locality_id, area_id)")),
    Index("actor_area_set_id_idx", "area_set_id"),
    Index("actor_jurisdiction_id_kind_idx", "jurisdiction_id", "kind"),
    Index("actor_point_idx", "point", postgresql_using="gist"),
    Index("actor_organization_id_idx", "organization_id"),
    Index("actor_numbers_idx", literal_column("lakana.numbers_of(phone, name)"), postgresql_using="gin"),
    _words_index("actor", _ACTOR_TEXTS, f"{_FURTHER.format(_ACTOR_TEXTS)} <> '{{}}'"),
)

service = Table(
    "service",
    metadata,
    id_column(),
    ref("actor_id", "actor.id", nullable=True),
    Column("name", Text, nullable=False, info=NAME),
    name_key("name"),
    Column("category", SERVICE_CATEGORY, nullable=False),
    # If true, a trigger replaces everything that reveals the place by a zone, whatever is written.
    Column("confidential", Boolean, nullable=False, server_default="false"),
    ref("zone_id", "zone.id", nullable=True),
    point_column(nullable=True),
    Column("radius_m", Double, nullable=False, server_default="0"),
    ref("locality_id", "locality.id", nullable=True),
    ref("area_id", "admin_area.id", nullable=True),
    area_set_column(nullable=True),
    Column("capacity", Integer, CheckConstraint("capacity >= 0", name="capacity")),
    # The columns that the public's login may read: the number of a shelter's places is only for callers with a key.
    Column(
        "public_capacity",
        Integer,
        Computed(
            "CASE WHEN category <> 'SAFE_SHELTER'::lakana.service_category THEN capacity ELSE NULL::integer END",
            persisted=True,
        ),
    ),
    Column("opening_hours", Text, info=LINE),
    Column("phone", Text, info=LINE),
    Column("verified_on", Date),
    # Days on which it is closed whatever its hours say, both included, by the clock of its place.
    Column("closed_from", Date),
    Column("closed_until", Date),
    # The area that a helpline or a mobile team serves, which may have no point.
    ref("service_area_id", "admin_area.id", nullable=True),
    Column("languages", ARRAY(Text), nullable=False, server_default="{}"),
    source_column(),
    version_column(),
    CheckConstraint(
        "num_nulls(closed_from, closed_until) IN (0, 2) AND closed_from <= closed_until",
        name="closed",
    ),
    CheckConstraint(
        "CASE WHEN confidential THEN zone_id IS NOT NULL AND radius_m = 0 AND languages = '{}' AND num_nonnulls("
        "actor_id, point, locality_id, area_id, opening_hours, phone, closed_from, closed_until, service_area_id) = 0 "
        "ELSE zone_id IS NULL AND num_nulls(actor_id, area_id) = 0 AND num_nonnulls(point, service_area_id) > 0 END",
        name="confidential",
    ),
    CheckConstraint("(area_id IS NULL) = (area_set_id IS NULL)", name="area_set"),
    Index(
        "service_without_point_idx",
        "category",
        "service_area_id",
        postgresql_where=literal_column("point IS NULL AND NOT confidential", Boolean),
    ),
    Index("service_zone_id_idx", "zone_id"),
    Index("service_lies_in_idx", literal_column("coalesce(area_set_id, zone_id)")),
    Index("service_confidential_idx", "category", "zone_id", postgresql_where=literal_column("confidential", Boolean)),
    Index("service_category_point_idx", "category", "point", postgresql_using="gist"),
    Index("service_point_idx", "point", postgresql_using="gist"),
    planar_index("service"),
    tile_index("service", "category", include=("point",)),
    part_index("service", "name_key"),
    Index("service_name_key_id_idx", "name_key", "id"),
    Index("service_category_name_key_id_idx", "category", "name_key", "id"),
    Index("service_verified_idx", literal_column("coalesce(verified_on, '-infinity'::date)"), "id"),
    Index(
        "service_category_verified_idx", "category", literal_column("coalesce(verified_on, '-infinity'::date)"), "id"
    ),
    Index("service_stands_in_idx", literal_column("coalesce(locality_id, area_id)")),
    Index("service_area_set_id_idx", "area_set_id"),
    Index("service_actor_id_idx", "actor_id"),
    Index("service_spot_idx", "category", literal_column("(point::geometry)"), "id"),
    Index(
        "service_numbers_idx",
        literal_column("lakana.numbers_of(phone, name || coalesce(', ' || opening_hours, ''))"),
        postgresql_using="gin",
        postgresql_where=literal_column("NOT confidential", Boolean),
    ),
    _words_index("service", _SERVICE_TEXTS, f"NOT confidential AND {_FURTHER.format(_SERVICE_TEXTS)} <> '{{}}'"),
)

# One row for each category and spot, however many services share it; kept by triggers, walked to find the nearest. A
# service that stands there alone is named.
service_spot = Table(
    "service_spot",
    metadata,
    Column("category", SERVICE_CATEGORY, nullable=False),
    point_column(),
    Column("geocentric", Geometry("POINTZ", srid=-1, dimension=3, spatial_index=False), nullable=False),
    Column("service_id", Uuid(as_uuid=False)),
    Index("service_spot_key", "category", literal_column("(point::geometry)"), unique=True),
    Index(
        "service_spot_category_geocentric_idx",
        "category",
        "geocentric",
        postgresql_using="gist",
        postgresql_ops={"geocentric": "gist_geometry_ops_nd"},
    ),
    Index(
        "service_spot_geocentric_idx",
        "geocentric",
        postgresql_using="gist",
        postgresql_ops={"geocentric": "gist_geometry_ops_nd"},
    ),
)

# The spots of each nation's own services, while there are several nations; empty while there is one. Kept by triggers.
nation_spot = Table(
    "nation_spot",
    metadata,
    Column("nation_id", Uuid(as_uuid=False), nullable=False),
    Column("category", SERVICE_CATEGORY, nullable=False),
    point_column(),
    Column("geocentric", Geometry("POINTZ", srid=-1, dimension=3, spatial_index=False), nullable=False),
    Index("nation_spot_key", "nation_id", "category", literal_column("(point::geometry)"), unique=True),
    Index(
        "nation_spot_nation_id_category_geocentric_idx",
        "nation_id",
        "category",
        "geocentric",
        postgresql_using="gist",
        postgresql_ops={"geocentric": "gist_geometry_ops_nd"},
    ),
)

# The places of a service of category SAFE_SHELTER; how many there are is the service's capacity.
shelter = Table(
    "shelter",
    metadata,
    id_column(),
    Column(
        "service_id",
        Uuid(as_uuid=False),
        ForeignKey(f"{SCHEMA}.service.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("occupancy", Integer, CheckConstraint("occupancy >= 0", name="occupancy"), nullable=False),
    # Whole months, both taken: 215 is the last before a child is 18.
    Column(
        "minimum_age_months",
        SmallInteger,
        CheckConstraint("minimum_age_months BETWEEN 0 AND 215", name="minimum_age_months"),
    ),
    Column(
        "maximum_age_months",
        SmallInteger,
        CheckConstraint("maximum_age_months BETWEEN 0 AND 215", name="maximum_age_months"),
    ),
    Column("girls", Boolean, nullable=False),
    Column("boys", Boolean, nullable=False),
    version_column(),
    CheckConstraint("minimum_age_months <= maximum_age_months", name="ages"),
    CheckConstraint("girls OR boys", name="somebody"),
)

# The contact that a partner calls about a confidential shelter. Partners read it; the public does not.
front_gate = Table(
    "front_gate",
    metadata,
    _of_service(),
    Column("contact", Text, nullable=False, info=LINE),
    Index("front_gate_keys_idx", literal_column("lakana.phone_keys(contact)"), postgresql_using="gin"),
)

exact_site = Table(
    "site",
    metadata,
    _of_service(),
    point_column(),
    ref("area_id", "admin_area.id"),
    ref("locality_id", "locality.id", nullable=True),
    ref("zone_id", "zone.id"),
    # The actor that runs it, in the directory or not; None if that actor has been retired.
    Column("actor_id", Uuid(as_uuid=False)),
    Index("site_actor_id_idx", "actor_id"),
    schema=EXACT,
)

# Actors of a kind that is known by its services but that have no public service, as they were in the directory. If
# they were listed without services, an actor that runs a confidential site would be recognised by that.
exact_unlisted_actor = Table(
    "unlisted_actor",
    metadata,
    Column("id", Uuid(as_uuid=False), primary_key=True),
    Column("record", JSONB, nullable=False),
    Column("trainings", JSONB, nullable=False),
    schema=EXACT,
)

# How many places a confidential shelter has and how many are taken; lakana.service and lakana.shelter hold multiples
# of ten.
exact_places = Table(
    "places",
    metadata,
    Column(
        "service_id",
        Uuid(as_uuid=False),
        ForeignKey(
            f"{SCHEMA}.service.id", ondelete="CASCADE", onupdate="CASCADE", deferrable=True, initially="DEFERRED"
        ),
        primary_key=True,
    ),
    Column("capacity", Integer),
    Column("occupancy", Integer),
    # Whether it had places left before the first change of that day; this is published for the rest of the day.
    Column("changed_on", Date),
    Column("had_places", Boolean),
    # When it was last verified, and the day from which that is published; NULL if it already is.
    Column("verified_on", Date),
    Column("told_from", Date),
    schema=EXACT,
)

# Numbers that a public record has had, as lakana.number_keys writes them; no front gate or hidden name may have one.
exact_former_phone = Table(
    "former_phone", metadata, Column("phone_key", Text, primary_key=True, info=LINE), schema=EXACT
)

# Front gates of sites that have been published since, folded; no front gate may be one of them.
exact_former_gate = Table(
    "former_gate", metadata, Column("contact_key", Text, primary_key=True, info=LINE), schema=EXACT
)

# Words from former texts of public records; a hidden name or a front gate may not contain a rare one of them.
exact_former_word = Table("former_word", metadata, Column("word", Text, primary_key=True, info=LINE), schema=EXACT)

training_event = Table(
    "training_event",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, info=NAME),
    # The newest first, then by name.
    Column(
        "name_key",
        Text(collation="C"),
        Computed(
            "lpad(('9999-12-31'::date - starts_on)::text, 7, '0') || ' ' || lakana.fold(name)",
            persisted=True,
        ),
        nullable=False,
    ),
    Column("programme", Text, info=NAME),
    Column("description", Text, info=PROSE),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("participant_kinds", ARRAY(ACTOR_KIND), nullable=False),
    Column("topics", ARRAY(INCIDENT_TYPE), nullable=False, server_default="{}"),
    ref("locality_id", "locality.id", nullable=True),
    source_column(),
    CheckConstraint("starts_on <= ends_on", name="dates"),
    Index("training_event_name_key_id_idx", "name_key", "id"),
    _words_index("training_event", "name, programme, description"),
)

training_organizer = Table(
    "training_organizer",
    metadata,
    ref("training_event_id", "training_event.id", ondelete="CASCADE"),
    ref("organization_id", "organization.id"),
    PrimaryKeyConstraint("training_event_id", "organization_id"),
    Index("training_organizer_organization_id_idx", "organization_id"),
)
