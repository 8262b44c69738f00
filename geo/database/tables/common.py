"""Common parts of the tables: the schemas, the vocabulary as enumerations, recurring columns and indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import (
    Column,
    ColumnElement,
    Computed,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    Uuid,
    func,
    literal_column,
)

from geo import vocabulary
from geo.coordinates import SRID

SCHEMA, EXACT, RAW, IDENTITY, AUDIT = "lakana", "exact", "raw", "identity", "audit"
ROAD = "road"

NAME, LINE, PROSE, PASSAGE, WEB_ADDRESS = (
    {"text": kind} for kind in ("name", "line", "prose", "passage", "web_address")
)
"""The kind of text in a column, for its ``info``: one of :data:`geo.texts.KINDS`. Texts that we generate have none."""

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


def enum(term: type[vocabulary.Term], name: str) -> Enum:
    """Return an enumeration of the vocabulary as a type of the database."""
    return Enum(term, name=name, schema=SCHEMA, metadata=metadata)


ACTOR_KIND = enum(vocabulary.ActorKind, "actor_kind")
SERVICE_CATEGORY = enum(vocabulary.ServiceCategory, "service_category")
INCIDENT_TYPE = enum(vocabulary.IncidentType, "incident_type")
AREA_LEVEL = enum(vocabulary.AreaLevel, "area_level")
# The type of the database also has GEODESIC, a straight line, which its tables refuse.
TRAVEL_MODE = enum(vocabulary.TravelMode, "travel_mode")
SEASON = enum(vocabulary.Season, "season")
FIGURE_SEX = enum(vocabulary.FigureSex, "figure_sex")
SECTOR = enum(vocabulary.Sector, "sector")
STAGE = enum(vocabulary.Stage, "stage")
GROUND_KIND = enum(vocabulary.GroundKind, "ground_kind")
PROPOSAL_KIND = enum(vocabulary.ProposalKind, "proposal_kind")
PROPOSAL_STATUS = enum(vocabulary.ProposalStatus, "proposal_status")
WRONG_NUMBER_OUTCOME = enum(vocabulary.WrongNumberOutcome, "wrong_number_outcome")
SITING_JOB_STATUS = enum(vocabulary.SitingJobStatus, "siting_job_status")


def id_column() -> Column[Any]:
    """Return the primary key: random, so that an id reveals nothing about the row."""
    return Column("id", Uuid(as_uuid=False), primary_key=True, server_default=func.gen_random_uuid())


def ref(name: str, table: str, *, nullable: bool = False, ondelete: str | None = None) -> Column[Any]:
    """Return a column that points to a row of another table."""
    return Column(name, Uuid(as_uuid=False), ForeignKey(f"{SCHEMA}.{table}", ondelete=ondelete), nullable=nullable)


def source_column(name: str = "source_id", *, nullable: bool = False) -> Column[Any]:
    """Return the column of a public row's source, by whose index it is known whether anything public names a source."""
    source_id = ForeignKey(f"{SCHEMA}.source.id")
    return Column(name, Uuid(as_uuid=False), source_id, nullable=nullable, index=True)


def point_column(*, nullable: bool = False) -> Column[Any]:
    """Return the column of a place; its indexes are declared by hand, as most serve two columns together."""
    return Column("point", Geography("POINT", SRID, spatial_index=False), nullable=nullable)


def area_set_column(*, nullable: bool = False) -> Column[Any]:
    """Return the column of the areas that a place lies in, of all editions; a trigger derives it."""
    return Column("area_set_id", Uuid(as_uuid=False), nullable=nullable)


def version_column() -> Column[Any]:
    """Return the version column; a trigger raises it with each change, so that nobody overwrites an unseen one."""
    return Column("version", Integer, nullable=False, server_default="1")


def planar_index(table: str) -> Index:
    """Return the index for boxes in degrees: on the sphere the edges of a box are great circles, not parallels."""
    return Index(f"{table}_planar_idx", literal_column("(point::geometry)"), postgresql_using="gist")


def tile_index(table: str, *columns: str, include: Sequence[str]) -> Index:
    """Return the index by tiles; it includes what a tile that gathers its points reads, so that it reads no row."""
    key: ColumnElement[int] = literal_column("lakana.tile_key(point)")
    return Index(f"{table}_tile_idx", key, *columns, postgresql_include=list(include))


def part_index(table: str, key: str) -> Index:
    """Return the index that finds a part of a folded text."""
    name = f"{table}_{key.removesuffix('_key')}_part_idx"
    return Index(name, key, postgresql_using="gin", postgresql_ops={key: "gin_trgm_ops"})


def name_key(name: str) -> Column[Any]:
    """Return the folded name (lower case, no accents, no punctuation) that lists sort by and names are found by."""
    return Column("name_key", Text(collation="C"), Computed(f"lakana.fold({name})", persisted=True), nullable=False)
