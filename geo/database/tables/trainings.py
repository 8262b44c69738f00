"""Trainings: the actors trained, and the numbers of participants, raw and as published."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, PrimaryKeyConstraint, Table

from geo.database.tables.common import ACTOR_KIND, RAW, metadata, ref, source_column

# Which bodies sent somebody to a training: a body, never a person.
trained_actor = Table(
    "trained_actor",
    metadata,
    ref("actor_id", "actor.id", ondelete="CASCADE"),
    ref("training_event_id", "training_event.id", ondelete="CASCADE"),
    source_column(),
    PrimaryKeyConstraint("actor_id", "training_event_id"),
    Index("trained_actor_training_event_id_idx", "training_event_id"),
)

# How many of a kind took part, rounded like a release and never revised: see geo.release.trainings.
training_participants = Table(
    "training_participants",
    metadata,
    ref("training_event_id", "training_event.id", ondelete="CASCADE"),
    Column("kind", ACTOR_KIND, nullable=False),
    Column("count", Integer, CheckConstraint("count >= 0 AND count % 5 = 0", name="count"), nullable=False),
    PrimaryKeyConstraint("training_event_id", "kind"),
)

raw_training_participants = Table(
    "training_participants",
    metadata,
    ref("training_event_id", "training_event.id", ondelete="CASCADE"),
    Column("kind", ACTOR_KIND, nullable=False),
    Column("count", Integer, CheckConstraint("count > 0", name="count"), nullable=False),
    PrimaryKeyConstraint("training_event_id", "kind"),
    schema=RAW,
)
