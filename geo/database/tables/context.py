"""Figures that others publish of areas, kept apart from our own counts and outside of the lattice of releases."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Double, Index, Integer, Table, Text, UniqueConstraint

from geo.database.tables.common import FIGURE_SEX, LINE, id_column, metadata, name_key, ref, source_column

# One series a publisher, an indicator and a breakdown of it other than by sex and age.
context_series = Table(
    "context_series",
    metadata,
    id_column(),
    Column("publisher", Text, nullable=False, info=LINE),
    Column("indicator", Text, nullable=False, info=LINE),
    # NULL: the whole.
    Column("breakdown", Text, info=LINE),
    name_key("indicator"),
    UniqueConstraint(
        "publisher", "indicator", "breakdown", name="context_series_key", postgresql_nulls_not_distinct=True
    ),
)

context_value = Table(
    "context_value",
    metadata,
    id_column(),
    ref("series_id", "context_series.id", ondelete="CASCADE"),
    ref("area_id", "admin_area.id"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    # NULL: both, and all ages.
    Column("sex", FIGURE_SEX),
    Column("age", Text, info=LINE),
    Column("value", Double),
    # If the publisher says "<5", this is 5 and the value is NULL: censored, never zero.
    Column("below", Integer, CheckConstraint("below > 0", name="below")),
    source_column(),
    CheckConstraint("num_nonnulls(value, below) = 1", name="known_or_censored"),
    CheckConstraint("starts_on <= ends_on", name="dates"),
    UniqueConstraint(
        "series_id",
        "area_id",
        "starts_on",
        "ends_on",
        "sex",
        "age",
        name="context_value_key",
        postgresql_nulls_not_distinct=True,
    ),
    Index("context_value_area_id_idx", "area_id"),
)
