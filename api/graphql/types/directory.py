"""Protection actors, services and shelters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from sqlalchemy import Boolean, ColumnElement, Select, Text, Uuid, exists, func, or_, select, true
from sqlalchemy import column as sql_column

from api.graphql.compile import prices, tariff
from api.graphql.compile.readings import Row
from api.graphql.compile.reserved import EVERYBODY_KNOWN
from api.graphql.types.connections import Connection, pages
from api.graphql.types.field import address, at_moment, by_id, column, localized, many, one, same, value
from api.graphql.types.places import AdminArea, Node, SiteLocation, Source, source_field
from api.graphql.types.scalars import term_label
from geo.queries.base.question import bind
from geo.queries.base.row_sets import (
    PLACES_BAND,
    actors,
    areas,
    front_gates,
    has_places,
    named_organizations,
    places_of,
    services,
    shelters,
    versions,
)
from geo.queries.directory import hours
from geo.queries.directory.presence import presence_of
from geo.vocabulary import ActorKind, CompetenceBasis, ReferralExclusion, Sector, ServiceCategory

ActorRef = Annotated["ProtectionActor", strawberry.lazy("api.graphql.types.directory")]
PresenceRef = Annotated["Presence", strawberry.lazy("api.graphql.types.directory")]
ServiceRef = Annotated["Service", strawberry.lazy("api.graphql.types.directory")]
ShelterRef = Annotated["Shelter", strawberry.lazy("api.graphql.types.directory")]


def _shelter_of(row: Row) -> Select[Any]:
    every = shelters()
    return every.where(every.selected_columns["service_id"] == row.id)


def _services_of(row: Row) -> Select[Any]:
    every = services()
    return every.where(every.selected_columns["actor_id"] == row.id)


def _actors_of(row: Row) -> Select[Any]:
    every = actors()
    return every.where(every.selected_columns["organization_id"] == row.id)


BANDED = (
    f"Of a confidential one as of the last midnight UTC, rounded down to a multiple of {PLACES_BAND}: 0 is 0 to "
    f"{PLACES_BAND - 1}, so `hasPlaces` says whether there is room."
)
NEW_ID = (
    "A shelter that becomes confidential is another one from then on, and so is its service: both get new ids, and "
    "`node` gives nothing of the former ones."
)
MORE_NOT_SEEN = (
    "True where the search ended at the 1,000th service of a category before enough were found: farther ones may do."
)
VERSION = "Rises with each change; a mutation expects the one that you saw."


@strawberry.type(description="A public phone number.")
class Phone:
    """A number."""

    number: str = column(
        "number",
        "In international form, `+41227910000`, or a short code as it is dialled; an older one as it was written.",
    )
    label: str | None = column("label", "What it is for, as it was written; null where nobody said.")


def _phones_of(row: Row) -> Select[Any]:
    each = func.lakana.phones(row.phone).table_valued("number", "label", "place", name="phone_of")
    return select(each).order_by(each.c.place)


def phones_field() -> list[Phone]:
    """Declare the field of a record's phone numbers, from the column ``phone``."""
    listed: list[Phone] = many(
        _phones_of,
        2,
        "Its public phone numbers, the first one first; empty where it has none, and where it is confidential.",
    )
    return listed


@strawberry.type(description="An organisation that works for children, with one actor or many.")
class Organization(Node):
    """An organisation."""

    name: str = column("name", "Its name; no two bear one name.")
    acronym: str | None = column("acronym", "Its acronym; null where it has none.")
    kind: ActorKind = column("kind", "What it is, by its mandate.")
    kind_label: str = localized(lambda row, locale: term_label(row.kind, ActorKind, locale), "The words for its kind.")
    url: str | None = address("url", "Its address on the web; null where none is known.")
    actors: Connection[ActorRef] = pages(_actors_of, Connection[ActorRef], "Its actors in the directory, by name.")
    presence: Connection[PresenceRef] = pages(
        lambda row: presence_of(row.id),
        Connection[PresenceRef],
        "Where lists of who does what where say that it is present, by area. No services.",
    )
    version: int = column("version", VERSION)
    source: Source = source_field()


@strawberry.type(
    description="That an organisation is present in an area, by sector and period, as a list of who does what where, a "
    "3W, says. It is no service: it has no place, and no coverage counts it."
)
class Presence(Node):
    """A presence."""

    organization_name: str = column("organization_name", "The name of the organisation, as the list has it.")
    organization: Organization | None = one(
        by_id(named_organizations, "listed_id"), "The organisation; null where the directory does not list it."
    )
    area: AdminArea = one(by_id(areas, "area_id"), "The area.")
    sector: Sector = column("sector", "The sector.")
    sector_label: str = localized(lambda row, locale: term_label(row.sector, Sector, locale), "The words for it.")
    starts_on: dt.date | None = column("starts_on", "The first day; null where the list does not say.")
    ends_on: dt.date | None = column("ends_on", "The last day; null where the list does not say.")
    reported_on: dt.date | None = column("reported_on", "The day of the list; null where it is not known.")
    source: Source = source_field()


@strawberry.type(
    description="An organisational unit with a mandate at a place and, where it has one, a jurisdiction: "
    "a court, a brigade, a social service, an NGO's office."
)
class ProtectionActor(Node):
    """A protection actor."""

    name: str = column("name", "Its name.")
    kind: ActorKind = column("kind", "What it is, by its mandate.")
    kind_label: str = localized(lambda row, locale: term_label(row.kind, ActorKind, locale), "The words for its kind.")
    organization: Organization | None = one(
        by_id(named_organizations, "organization_id"), "The organisation it belongs to; null where it belongs to none."
    )
    location: SiteLocation = same("Where it has its office.")
    jurisdiction: AdminArea | None = one(
        by_id(areas, "jurisdiction_id"), "The area that it is competent for; null where it has no jurisdiction."
    )
    phones: list[Phone] = phones_field()
    services: Connection[ServiceRef] = pages(_services_of, Connection[ServiceRef], "What it offers, by name.")
    verified_on: dt.date | None = column(
        "verified_on", "When somebody last made sure of this record; null where nobody ever did."
    )
    version: int = column("version", VERSION)
    source: Source = source_field()


def _version_of(row: Row) -> ColumnElement[Any]:
    every = versions().subquery("version_of_service")
    return select(every.c.version).where(every.c.id == row.id).scalar_subquery()


@strawberry.type(
    description="When a service is open, by the clock of its place. Public holidays are those that the country's data "
    "has; of hours that say nothing of them it is not known whether it is open on one."
)
class OpeningHours:
    """The hours of a service."""

    text: str = column("opening_hours", "As written, in the manner of OpenStreetMap: `Mo-Fr 08:00-16:00`.")
    readable: bool = value(
        lambda row: func.lakana.is_read(row.opening_hours, type_=Boolean),
        "False where nobody can tell from the text when it is open: then it is never said to be.",
    )
    open: bool | None = at_moment(
        hours.is_open,
        "Whether it is open at a moment; null where that is not known.",
        of=bool,
        price=tariff.OPEN_THEN,
    )
    next_change: dt.datetime | None = at_moment(
        hours.next_change,
        "When the answer of `open` is another next: open, closed or not known. Null where it stays for 15 days, or "
        "nobody knows what clocks show there.",
        of=dt.datetime,
        price=tariff.NEXT_CHANGE,
    )


@strawberry.type(description="Something done for children at a place, in one category.")
class Service(Node):
    """A service."""

    id: strawberry.ID = column("id", f"An opaque id. {NEW_ID}")
    name: str = column("name", "Its name.")
    category: ServiceCategory = column("category", "What it does.")
    category_label: str = localized(
        lambda row, locale: term_label(row.category, ServiceCategory, locale), "The words for its category."
    )
    actor: ProtectionActor | None = one(by_id(actors, "actor_id"), "Who offers it; null where it is confidential.")
    location: SiteLocation | None = same(
        "Where it may be said to stand: in its zone where it is confidential; null for a helpline or a mobile team "
        "without a base.",
        lambda row: or_(row.point.is_not(None), row.zone_id.is_not(None)),
    )
    capacity: int | None = column(
        "capacity",
        "How many children it can serve at a time; null where it is not known. Of a shelter see `Shelter.capacity`.",
    )
    opening_hours: OpeningHours | None = same(
        "When it is open; null where nobody told, and of a confidential one.",
        lambda row: row.opening_hours.is_not(None),
    )
    closed_from: dt.date | None = column(
        "closed_from",
        "The first day on which it is closed whatever its hours say, by the clock of its place; null where it is not "
        "closed for a while, and of a confidential one.",
    )
    closed_until: dt.date | None = column("closed_until", "The last of those days; null where there are none.")
    service_area: AdminArea | None = one(
        by_id(areas, "service_area_id"),
        "The area that it serves where it is a helpline or a team that comes; null where it says none, and of a "
        "confidential one.",
    )
    languages: list[str] = column(
        "languages",
        "The languages spoken there, by BCP 47: `bm`, `ff`; empty where nobody told, and of a confidential one.",
    )
    phone: str | None = column(
        "phone",
        "Its public phone numbers as one text; null where it has none, and of a confidential one. See `phones`.",
    )
    phones: list[Phone] = phones_field()
    shelter: ShelterRef | None = one(_shelter_of, "Its places as a shelter; null for any other service.")
    verified_on: dt.date | None = column(
        "verified_on",
        "When somebody last made sure of this record; null where nobody ever did. Of a confidential one the first day "
        "of that quarter, from the next quarter on.",
    )
    version: int = value(_version_of, VERSION, EVERYBODY_KNOWN)
    source: Source = source_field()


def _front_gate_of(row: Row) -> ColumnElement[Any]:
    gates = front_gates().subquery("gate")
    limit = bind("caller_area_id", Uuid(as_uuid=False))
    within = func.lakana.area_holds_zone(limit, row.zone_id)
    return (
        select(gates.c.contact)
        .where(gates.c.service_id == row.service_id, or_(limit.is_(None), within))
        .scalar_subquery()
    )


def places_field(name: str, description: str) -> Any:
    """Declare a field about the places of a row's shelter, found by its ``service_id``; it is not for the public."""

    def told(row: Row) -> ColumnElement[Any]:
        places = places_of().subquery("places_of_shelter")
        found = select(places.c[name]).where(places.c.service_id == row.service_id)
        return found.scalar_subquery()

    return value(told, description, EVERYBODY_KNOWN)


@strawberry.type(description="A service of category SAFE_SHELTER, with places for children.")
class Shelter(Node):
    """A shelter."""

    id: strawberry.ID = column("id", f"An opaque id. {NEW_ID}")
    name: str = column("name", "Its public name.")
    service: Service = one(by_id(services, "service_id"), "The service that it is, which has an id of its own.")
    actor: ProtectionActor | None = one(by_id(actors, "actor_id"), "Who runs it; null where it is confidential.")
    location: SiteLocation = same("Where it may be said to stand: in its zone where it is confidential.")
    confidential: bool = column("confidential", "True where its place is not told: it has a zone, and no distance.")
    has_places: bool | None = value(
        lambda row: has_places(row.service_id),
        "Whether a place is free, of a confidential shelter as of the last midnight UTC; null where nobody knows. "
        "How many tells of single children: for partners and above.",
    )
    capacity: int | None = places_field("capacity", f"Places in all; null where it is not known. {BANDED}")
    occupancy: int | None = places_field("occupancy", f"Places taken; null where it is not known. {BANDED}")
    available: int | None = places_field(
        "available", f"Places free: capacity less occupancy, never below 0; null where it is not known. {BANDED}"
    )
    minimum_age_months: int | None = column(
        "minimum_age_months",
        "Youngest age taken, in whole months, itself taken; null where there is no such bound. Of a confidential one "
        "0, 72 or 144.",
    )
    maximum_age_months: int | None = column(
        "maximum_age_months",
        "Oldest age taken, in whole months, itself taken: 30 until the child is 31 months old. Null where there is no "
        "such bound; of a confidential one 71, 143 or 215.",
    )
    girls: bool = column("girls", "Takes girls.")
    boys: bool = column("boys", "Takes boys.")
    front_gate: str | None = value(
        _front_gate_of,
        "Whom to call about a confidential shelter; null for any other, and where the area that a key is limited to "
        "does not hold its whole zone.",
        EVERYBODY_KNOWN,
    )
    version: int = places_field("version", VERSION)
    source: Source = source_field()


def distance_field() -> float | None:
    """Declare the field of the distance to a service, from the column ``distance_m``."""
    metres: float | None = column(
        "distance_m",
        "Metres on the WGS 84 spheroid, in a straight line, to the service's place; null where it has none to go to.",
    )
    return metres


@strawberry.type(description="An actor who is competent at a place, and how that is known.")
class CompetentActor:
    """An actor of a place."""

    actor: ProtectionActor = one(by_id(actors, "actor_id"), "The actor.")
    basis: CompetenceBasis = column("basis", "How it is known.")
    area: AdminArea = one(
        by_id(areas, "area_id"), "The area by which it is competent; where no jurisdiction is known, the area above."
    )
    certain: bool = column(
        "certain",
        "False on a border, more than 2 km from the town whose register tells, and where no jurisdiction is known: "
        "then it can be called meanwhile, and asked who is competent.",
    )


@strawberry.type(description="How many services were passed over for a reason.")
class PassedOver:
    """A reason and how often it spoke against one."""

    exclusion: ReferralExclusion = column("exclusion", "The reason.")
    exclusion_label: str = localized(
        lambda row, locale: term_label(row.exclusion, ReferralExclusion, locale), "The words for it."
    )
    count: int = column("number", "How many services of those looked at.")


def passed_over_field(seen: str, of: Callable[[Row, Select[Any]], Select[Any]]) -> list[PassedOver]:
    """Declare the field that counts the reasons in the related rows of a name, those that ``of`` chooses."""

    def counted(row: Row) -> Select[Any]:
        found = row.related[seen]
        reason = func.unnest(found.c.reasons).table_valued(sql_column("exclusion", Text)).render_derived(name="reason")
        rows = select(reason.c.exclusion, func.count().label("number")).join_from(found, reason, true())
        return of(row, rows).group_by(reason.c.exclusion).order_by(reason.c.exclusion)

    listed: list[PassedOver] = many(
        counted, len(ReferralExclusion), "How many were passed over, by each reason; one may have several."
    )
    return listed


@strawberry.type(description="A service and how far away it is.")
class NearestService:
    """A service found by distance."""

    distance_metres: float | None = distance_field()
    service: Service = same("The service.")


def _more_not_seen(row: Row) -> ColumnElement[bool]:
    seen = row.related["seen"]
    return exists().where(seen.c.service_id.is_(None))


@strawberry.type(description="The nearest services that are open at a moment, and what was passed over for them.")
class NearestSearch:
    """A search for what is open."""

    services: list[NearestService] = many(
        lambda row: select(row.related["services"]).order_by(
            row.related["services"].c.distance_m, row.related["services"].c.id
        ),
        prices.twice_first(10),
        "Those known to be open then, nearest first, ties by id; after them those that come to the place.",
    )
    passed_over: list[PassedOver] = passed_over_field("seen", lambda _, rows: rows)
    more_not_seen: bool = value(_more_not_seen, MORE_NOT_SEEN)
