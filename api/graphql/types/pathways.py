"""Response pathways, and whom a child can be referred to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Integer, Select, Text, case, exists, func, select
from sqlalchemy import column as sql_column

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.types.directory import (
    MORE_NOT_SEEN,
    PassedOver,
    ProtectionActor,
    Service,
    distance_field,
    passed_over_field,
    places_field,
)
from api.graphql.types.field import address, assumptions_field, by_id, column, localized, many, one, same, value
from api.graphql.types.places import AdminArea, Source, nation_of, sources_field
from api.graphql.types.scalars import term_label
from geo.queries.base.question import bind
from geo.queries.base.row_sets import actors, services
from geo.queries.referral.pathways import texts
from geo.queries.referral.referral import MOST_OPTIONS
from geo.vocabulary import ActorKind, CompetenceBasis, IncidentType, Locale, ReferralExclusion, ServiceCategory, Stage

MOST_LEFT_OUT = 40
MOST_APART = 40


def in_locale(row: Row, name: str, locale: ColumnElement[str]) -> ColumnElement[Any]:
    """Return ``<name>_fr``, ``<name>_en`` or ``<name>_bm`` by locale, French where there is none."""
    french, english = getattr(row, f"{name}_fr"), getattr(row, f"{name}_en")
    bambara = getattr(row, f"{name}_bm") if f"{name}_bm" in row else french
    return case(
        (locale == Locale.EN.name, func.coalesce(english, french)),
        (locale == Locale.BM.name, func.coalesce(bambara, french)),
        else_=french,
    )


def _text_of(row: Row) -> Select[Any]:
    every = texts()
    found = every.where(every.selected_columns["id"] == row.source_id)
    return found.add_columns(row.article.label("article"))


@strawberry.type(description="A law, a treaty or a guideline that a step rests on.")
class Guidance:
    """A text."""

    name: str = column("name", "Its name, for people to find it by.")
    article: str | None = column("article", "The part that is meant; null: the text as a whole.")
    url: str | None = address("url", "Where it can be read; null where no lasting address is known.")
    year: int = column("year", "The year in which it was adopted.")
    binding: bool = column("binding", "True for a law or a treaty, false for a guideline.")
    note: str | None = localized(
        lambda row, locale: in_locale(row, "note", locale),
        "What a reader should know of it; null where there is nothing.",
    )


@strawberry.type(description="A step of a pathway: what a child needs, from whom, and why.")
class PathwayStep:
    """A step."""

    stage: Stage = column("stage", "The stage that it belongs to.")
    position: int = column("position", "Its place in its stage, from 1.")
    category: ServiceCategory = column("category", "The category of service that it needs.")
    category_label: str = localized(
        lambda row, locale: term_label(row.category, ServiceCategory, locale), "The words for its category."
    )
    kinds: list[ActorKind] = column("kinds", "The kinds of actor who are to do it.")
    by_mandate: bool = column("by_mandate", "True where who is competent for the place comes before who is near.")
    report_to: ActorKind | None = column(
        "report_to", "The kind of actor to report to; null where the step asks no report."
    )
    report_to_label: str | None = localized(
        lambda row, locale: term_label(row.report_to, ActorKind, locale),
        "The words for whom to report to; null where the step asks no report.",
    )
    what_to_do: str = localized(lambda row, locale: in_locale(row, "words", locale), "What to do, in a few sentences.")
    guidance: Guidance = one(_text_of, "The text that it rests on.")


def whose() -> AdminArea | None:
    """Declare the field that says whose pathway it is, from the column ``nation_id``."""
    nation: AdminArea | None = one(
        lambda row: nation_of(row.nation_id),
        "The nation whose pathway it is, of the division in use; null where nobody has said whose.",
        prices.fixed(tariff.NATION),
    )
    return nation


def _steps_of(row: Row) -> Select[Any]:
    steps = row.related["steps"]
    return select(steps).where(steps.c.stage == row.stage).order_by(steps.c.position)


@strawberry.type(description="A stage of a pathway with its steps.")
class PathwayStage:
    """A stage."""

    stage: Stage = column("stage", "Which one.")
    stage_label: str = localized(lambda row, locale: term_label(row.stage, Stage, locale), "The words for it.")
    steps: list[PathwayStep] = many(_steps_of, prices.counted("steps"), "Its steps, in their order.")


def _stages_of(row: Row) -> Select[Any]:
    steps = row.related["steps"]
    return select(steps.c.stage).distinct().order_by(steps.c.stage)


@strawberry.type(description="What is to be done for a child after an incident of a type: identify, refer, support.")
class ResponsePathway:
    """A pathway."""

    incident_type: IncidentType = column("incident_type", "The type.")
    incident_type_label: str = localized(
        lambda row, locale: term_label(row.incident_type, IncidentType, locale), "The words for the type."
    )
    nation: AdminArea | None = whose()
    stages: list[PathwayStage] = many(_stages_of, len(Stage), "The stages in their order.")
    assumptions: list[str] = assumptions_field()
    reviewed_on: dt.date = column("reviewed_on", "When the latest of its steps was held against its text.")


@strawberry.type(description="A reason why a service is left out.")
class ReferralReason:
    """A reason."""

    exclusion: ReferralExclusion = column("exclusion", "The reason.")
    exclusion_label: str = localized(
        lambda row, locale: term_label(row.exclusion, ReferralExclusion, locale), "The words for it."
    )


def _reasons_of(row: Row) -> Select[Any]:
    return select(func.unnest(row.reasons).table_valued(sql_column("exclusion", Text)).render_derived(name="reason"))


def has_places_field() -> bool | None:
    """Declare the field that says whether a shelter has a free place, from the column of that name."""
    known: bool | None = column(
        "has_places", "Whether a place is free; null where nobody knows or the service is no shelter."
    )
    return known


@strawberry.type(description="A service that could take a child in, or that is left out for the reasons given.")
class ReferralOption:
    """A candidate."""

    service: Service = one(by_id(services, "service_id"), "The service.")
    distance_metres: float | None = distance_field()
    competent: bool = column(
        "competent", "True where its actor is of a kind that the step asks for and its jurisdiction holds the place."
    )
    open: bool | None = column("open", "Open at the moment asked for; null where nobody knows.")
    has_places: bool | None = has_places_field()
    available: int | None = places_field(
        "available", "Places free; null where that is not known or the service is no shelter."
    )
    reasons: list[ReferralReason] = many(
        _reasons_of, len(ReferralExclusion), "Why it is left out; empty for an option."
    )


@strawberry.type(
    description="A confidential service whose zone holds the place. It has no distance, and nobody goes there: "
    "partners read whom to call in `Shelter.frontGate`."
)
class ConfidentialOption:
    """A service told apart."""

    service: Service = one(by_id(services, "service_id"), "The service.")
    has_places: bool | None = has_places_field()
    reasons: list[ReferralReason] = many(
        _reasons_of,
        len(ReferralExclusion),
        "Why it would not do, by what is public of it; empty where nothing speaks against it.",
    )


def _candidates_of(row: Row, *, fit: bool) -> Select[Any]:
    found = row.related["candidates"]
    reasons = func.cardinality(found.c.reasons, type_=Integer)
    rows = select(found).where(
        found.c.step_id == row.id,
        found.c.service_id.is_not(None),
        reasons == 0 if fit else reasons > 0,
        found.c.rank <= (bind("first", Integer) if fit else MOST_LEFT_OUT),
    )
    return rows.order_by(found.c.distance_m.is_(None), found.c.rank)


def _more_not_seen(row: Row) -> ColumnElement[bool]:
    found = row.related["candidates"]
    return exists().where(found.c.step_id == row.id, found.c.service_id.is_(None))


def _apart_of(row: Row) -> Select[Any]:
    found = row.related["apart"]
    rows = select(found).where(found.c.step_id == row.id)
    return rows.order_by(found.c.name_key, found.c.service_id).limit(MOST_APART)


@strawberry.type(description="A step of the pathway with those who could take it from the place.")
class ReferralStep:
    """A step and its candidates."""

    step: PathwayStep = same("The step.")
    report_to_actor: ProtectionActor | None = one(
        by_id(actors, "report_to_id"),
        "Whom to report to at the place: of the competent actors of the kind the one of the smallest jurisdiction, "
        "then the nearest. Null where the step asks no report, or nobody is competent.",
    )
    report_to_basis: CompetenceBasis | None = column(
        "report_to_basis", "How it is known that this actor is competent at the place; null alike."
    )
    report_to_certain: bool | None = column(
        "report_to_certain",
        "False where it can be called meanwhile, but another one may be competent: see `competentActors`; null alike.",
    )
    options: list[ReferralOption] = many(
        lambda row: _candidates_of(row, fit=True),
        prices.twice_first(3, MOST_OPTIONS),
        "Who could take the child: the competent first where the step goes by mandate, then the nearest, ties by id; "
        "then helplines and teams that come to the place, without a distance, at most as many again.",
    )
    left_out: list[ReferralOption] = many(
        lambda row: _candidates_of(row, fit=False),
        2 * MOST_LEFT_OUT,
        f"The other candidates, in the same order, with reasons, the first {MOST_LEFT_OUT} of each kind.",
    )
    passed_over: list[PassedOver] = passed_over_field(
        "candidates", lambda row, rows: rows.where(row.related["candidates"].c.step_id == row.id)
    )
    more_not_seen: bool = value(_more_not_seen, MORE_NOT_SEEN)
    confidential_options: list[ConfidentialOption] = many(
        _apart_of,
        MOST_APART,
        f"Confidential services of the category whose zone holds the place, by name, the first {MOST_APART}.",
    )


@strawberry.type(description="Whom a child can be referred to, step by step.")
class ReferralOptions:
    """A referral answer."""

    steps: list[ReferralStep] = many(
        lambda row: select(row.related["steps"]).order_by(
            row.related["steps"].c.stage, row.related["steps"].c.position
        ),
        prices.counted("steps"),
        "The steps of the pathway in their order.",
    )
    nation: AdminArea | None = whose()
    assumptions: list[str] = assumptions_field()
    last_verified_on: dt.date | None = column(
        "last_verified_on",
        "The latest day on which a service that was looked at had been verified; null where none was. Places and hours "
        "are those that stand in the directory now.",
    )
    sources: list[Source] = sources_field()
