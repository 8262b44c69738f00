"""Trainings, and localities without a trained actor within reach."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select

from api.graphql.compile import prices
from api.graphql.compile.readings import Row
from api.graphql.types.answer_basis import CoveredChildren, WithReach
from api.graphql.types.connections import Connection, pages
from api.graphql.types.directory import Organization, ProtectionActor
from api.graphql.types.field import assumptions_field, by_id, column, localized, many, one, value
from api.graphql.types.places import AdminArea, Locality, Node, Source, source_field, sources_field
from api.graphql.types.scalars import term_label
from geo.database.tables import trained_actor, training_organizer, training_participants
from geo.queries.base.question import constant
from geo.queries.base.row_sets import actors, areas, localities, named_organizations
from geo.vocabulary import ActorKind, IncidentType

MOST_ORGANIZERS = 20


def _organizers_of(row: Row) -> Select[Any]:
    every = named_organizations()
    columns = every.selected_columns
    held = every.join(training_organizer, training_organizer.c.organization_id == columns["id"])
    held = held.where(training_organizer.c.training_event_id == row.id)
    return held.order_by(columns["name_key"], columns["id"]).limit(MOST_ORGANIZERS)


def _trained_at(row: Row) -> Select[Any]:
    every = actors()
    columns = every.selected_columns
    sent = every.join(trained_actor, trained_actor.c.actor_id == columns["id"])
    return sent.where(trained_actor.c.training_event_id == row.id)


def _participants_of(row: Row) -> Select[Any]:
    told = training_participants
    label = case((told.c.count == 0, constant("0–4")), else_=cast(told.c.count, Text)).label("count_label")
    rows = select(told.c.kind, told.c.count, label).where(told.c.training_event_id == row.id)
    return rows.order_by(told.c.kind)


@strawberry.type(description="How many people of a kind of actor took part in a training, rounded and told once.")
class TrainingParticipants:
    """A published count of participants."""

    kind: ActorKind = column("kind", "The kind of actor that they came from.")
    kind_label: str = localized(lambda row, locale: term_label(row.kind, ActorKind, locale), "The words for the kind.")
    count: int = column("count", "The published value, a multiple of 5, at most 4 off the true one.")
    count_label: str = column("count_label", "The published value for people to read: `0–4`, `25`.")


@strawberry.type(description="A workshop or a course for protection actors.")
class TrainingEvent(Node):
    """A training."""

    name: str = column("name", "Its name.")
    programme: str | None = column("programme", "The programme that it was a part of; null where none is known.")
    description: str | None = column("description", "What is known of it besides; null where nothing is.")
    starts_on: dt.date = column("starts_on", "Its first day.")
    ends_on: dt.date = column("ends_on", "Its last day.")
    locality: Locality | None = one(by_id(localities, "locality_id"), "Where it was held; null where nobody says.")
    incident_types: list[IncidentType] = column("topics", "The types of incident that it was about.")
    participant_kinds: list[ActorKind] = column("participant_kinds", "The kinds of actor that took part.")
    participants: list[TrainingParticipants] = many(
        _participants_of,
        len(ActorKind),
        "How many took part, by kind, where it was recorded and the training is over; never a total.",
    )
    organizers: list[Organization] = many(
        _organizers_of,
        prices.counted("organizers", MOST_ORGANIZERS),
        f"Who held it, by name, the first {MOST_ORGANIZERS}.",
    )
    trained_actors: Connection[ProtectionActor] = pages(
        _trained_at,
        Connection[ProtectionActor],
        "The actors that are known to have sent somebody, by name; never a person.",
    )
    source: Source = source_field()


def _to_office(row: Row) -> ColumnElement[Any]:
    return func.ST_Distance(row.related["trained"].c.point, row.point)


def _nearest_m(row: Row) -> ColumnElement[Any]:
    nearest = select(func.min(_to_office(row))).select_from(row.related["trained"])
    return nearest.scalar_subquery()


def _nearest(row: Row) -> Select[Any]:
    every, office = actors(), row.related["trained"].c.id
    nearest = select(office).order_by(_to_office(row), office).limit(1)
    return every.where(every.selected_columns["id"] == nearest.scalar_subquery())


@strawberry.type(description="A locality beyond reach of a trained actor.")
class UntrainedLocality:
    """A gap of training."""

    locality: Locality = one(by_id(localities, "locality_id"), "The locality.")
    uncovered_under18: int = column("under_18", "Its children under 18, all out of reach.")
    nearest_distance_metres: float | None = value(
        _nearest_m,
        "Metres to the office of the nearest trained actor of the kind; null where there is none at all.",
        price=prices.nearest_trained,
    )
    nearest_actor: ProtectionActor | None = one(
        _nearest, "That actor; null where there is none.", prices.nearest_trained
    )


@strawberry.type(description="How many children live within reach of a trained actor of a kind.")
class TrainingCoverage(CoveredChildren, WithReach):
    """A coverage answer."""

    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    trained_actor_count: int = column("trained_actors", "Trained actors of the kind, wherever they are.")
    uncovered_localities: Connection[UntrainedLocality] = pages(
        lambda row: select(row.related["beyond"]),
        Connection[UntrainedLocality],
        "The localities of known population out of reach, those with most children first, ties by id.",
    )
    assumptions: list[str] = assumptions_field()
    last_training_on: dt.date | None = column(
        "last_training_on", "When the latest of the trainings that count ended; null without any."
    )
    sources: list[Source] = sources_field(work=prices.training_sources)
