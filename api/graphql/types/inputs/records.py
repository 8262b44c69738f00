"""What is given to a mutation: a new record whole, or the changes of one.

The changes of a record are its fields again, each optional: what is left out stays, ``null`` empties what may be empty.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any, Optional, TypeAlias

import strawberry
from strawberry import UNSET

from api.graphql.types.scalars import PointInput
from geo.coordinates import LonLat
from geo.vocabulary import ActorKind, IncidentType, ServiceCategory


def _needed(description: str) -> Any:
    return strawberry.field(description=description)


def _optional(description: str) -> Any:
    return strawberry.field(description=description, default=UNSET)


NAME = "Its name, 1 to 200 characters."
POINT = "Where it stands; refused outside the hull of its country."
AREA_CODE = "SCHEME:CODE of the area in force that it lies in; the smallest that holds the point where it is left out."
LOCALITY = "The locality that it lies in."
PHONE = "Its public phone number, in international form."
VERIFIED = "When somebody last made sure of this record; not to come."
HOURS = "When it is open, in the manner of OpenStreetMap: `Mo-Fr 08:00-16:00`."


@strawberry.input(description="An organisation to enter.")
class NewOrganization:
    """An organisation."""

    name: str = _needed("Its name, 1 to 200 characters; no two bear one name.")
    kind: ActorKind = _needed("What it is, by its mandate.")
    acronym: str | None = _optional("Its acronym, 1 to 200 characters.")
    url: str | None = _optional("Its address on the web, https://…")


@strawberry.input(description="A protection actor to enter.")
class NewActor:
    """An actor."""

    name: str = _needed(NAME)
    kind: ActorKind = _needed("What it is, by its mandate.")
    point: PointInput = _needed(POINT)
    organization_id: strawberry.ID | None = _optional("The organisation that it belongs to.")
    area_code: str | None = _optional(AREA_CODE)
    locality_id: strawberry.ID | None = _optional(LOCALITY)
    jurisdiction_code: str | None = _optional("SCHEME:CODE of the area in force that it is competent for.")
    phone: str | None = _optional(PHONE)
    verified_on: dt.date | None = _optional(VERIFIED)


@strawberry.input(description="A service to enter; shelters are entered by createShelter.")
class NewService:
    """A service."""

    actor_id: strawberry.ID = _needed("Who offers it.")
    name: str = _needed(NAME)
    category: ServiceCategory = _needed("What it does; not SAFE_SHELTER.")
    point: PointInput = _needed(POINT)
    area_code: str | None = _optional(AREA_CODE)
    locality_id: strawberry.ID | None = _optional(LOCALITY)
    capacity: int | None = _optional("How many children it can serve at a time, 0 to 10,000.")
    opening_hours: str | None = _optional(HOURS)
    phone: str | None = _optional(PHONE)
    verified_on: dt.date | None = _optional(VERIFIED)


@strawberry.input(
    description="A shelter to enter. Of a confidential one the place is kept where custodians alone may ask for it."
)
class NewShelter:
    """A shelter."""

    actor_id: strawberry.ID = _needed("Who runs it; of a confidential one nobody is told.")
    point: PointInput = _needed(POINT)
    confidential: bool = _needed("True where its exact place must not be told; false again only by a proposal.")
    capacity: int = _needed("Places in all, 0 to 10,000.")
    girls: bool = _needed("Takes girls.")
    boys: bool = _needed("Takes boys.")
    name: str | None = _optional(
        "Its public name, 1 to 200 characters. That of a confidential one holds no name of a place or a body of its "
        "zone, nor what it was called while it was public; null or left out: a neutral one is made."
    )
    occupancy: int | None = _optional("Places taken, 0 to 10,000; a new shelter has none taken where it is left out.")
    area_code: str | None = _optional(AREA_CODE)
    locality_id: strawberry.ID | None = _optional(LOCALITY)
    minimum_age: int | None = _optional("Youngest age taken, 0 to 17 years.")
    maximum_age: int | None = _optional("Oldest age taken, 0 to 17 years, not below minimumAge.")
    opening_hours: str | None = _optional(HOURS)
    phone: str | None = _optional("Its public phone number; a confidential shelter has none.")
    front_gate: str | None = _optional("Whom partners call about a confidential shelter, 1 to 200 characters.")
    verified_on: dt.date | None = _optional(VERIFIED)


def _changes(new: type, name: str, of: str) -> Any:
    """Make the input type of the changes of a record."""
    fields = [each for each in dataclasses.fields(new) if each.init]
    annotations = {each.name: Optional[new.__annotations__[each.name]] for each in fields}  # noqa: UP045
    described = {each.name: _optional(each.description or "") for each in fields}  # type: ignore[attr-defined]
    made = type(name, (), {"__annotations__": annotations, "__module__": __name__, **described})
    return strawberry.input(made, description=f"What to change of {of}: what is left out stays.")


if TYPE_CHECKING:
    OrganizationChanges: TypeAlias = NewOrganization
    ActorChanges: TypeAlias = NewActor
    ServiceChanges: TypeAlias = NewService
    ShelterChanges: TypeAlias = NewShelter
else:
    OrganizationChanges = _changes(NewOrganization, "OrganizationChanges", "an organisation")
    ActorChanges = _changes(NewActor, "ActorChanges", "an actor")
    ServiceChanges = _changes(NewService, "ServiceChanges", "a service")
    ShelterChanges = _changes(NewShelter, "ShelterChanges", "a shelter")


@strawberry.input(description="Changes of an actor, proposed.")
class ActorProposal:
    """A proposal."""

    id: strawberry.ID = _needed("The actor.")
    changes: ActorChanges = _needed("What to change.")


@strawberry.input(description="Changes of a service, proposed.")
class ServiceProposal:
    """A proposal."""

    id: strawberry.ID = _needed("The service.")
    changes: ServiceChanges = _needed("What to change.")


@strawberry.input(description="Changes of a shelter, proposed; never where it stands.")
class ShelterProposal:
    """A proposal."""

    id: strawberry.ID = _needed("The shelter.")
    changes: ShelterChanges = _needed("What to change.")


@strawberry.input(description="That a confidential shelter become public: of one steward, approved by another.")
class PublicationProposal:
    """A proposal."""

    id: strawberry.ID = _needed("The shelter.")


@strawberry.input(description="What is proposed: one of these.", one_of=True)
class ProposedChange:
    """A proposal."""

    actor: ActorProposal | None = _optional("Changes of an actor.")
    service: ServiceProposal | None = _optional("Changes of a service.")
    shelter: ShelterProposal | None = _optional("Changes of a shelter.")
    publication: PublicationProposal | None = _optional("That a confidential shelter become public; for stewards.")


@strawberry.input(
    description="How many incidents of a type were reported in a locality in a quarter: an aggregate. Nothing here can "
    "name or describe a person, and nothing of the kind may be sent."
)
class NewIncidentCount:
    """A leaf."""

    locality_id: strawberry.ID = _needed("The locality.")
    quarter: str = _needed("The quarter, 2025-Q4 for example; not to come.")
    incident_type: IncidentType = _needed("The type.")
    count: int | None = _optional("How many, 0 to 100,000.")
    censored_below: int | None = _optional("In place of count: the bound below which the source says that it lies.")


@strawberry.input(description="Counts to record, all or nothing.")
class NewIncidentCounts:
    """Leaves."""

    counts: list[NewIncidentCount] = _needed("From 1 to 500 counts.")


def values_of(given: Any) -> dict[str, Any]:
    """Return the fields of an input that were given, places as places."""
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {
        name: LonLat(lon=value.lon, lat=value.lat, field=name) if isinstance(value, PointInput) else value
        for name, value in values.items()
        if value is not UNSET
    }
