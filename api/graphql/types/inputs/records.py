"""Inputs of the directory's mutations: a new record, the changes of one, or a proposal of changes.

An update takes the same fields, each optional: a field left out stays, ``null`` clears a field that may be empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import strawberry
from strawberry import UNSET

from api.graphql.types.inputs.offered import changes, whole
from geo.writes.actors import Actor
from geo.writes.counts import Count
from geo.writes.organizations import Organization
from geo.writes.services import Service
from geo.writes.shelters import Shelter

if TYPE_CHECKING:
    NewOrganization = NewActor = NewService = NewShelter = OrganizationChanges = Any
    NewIncidentCount: TypeAlias = Any
    ActorChanges: TypeAlias = Any
    ServiceChanges: TypeAlias = Any
    ShelterChanges: TypeAlias = Any
else:
    NewOrganization = whole(Organization, "NewOrganization", "An organisation to enter.")
    NewActor = whole(Actor, "NewActor", "A protection actor to enter.")
    NewService = whole(Service, "NewService", "A service to enter; shelters are entered by createShelter.")
    NewShelter = whole(
        Shelter,
        "NewShelter",
        "A shelter to enter. Of a confidential one the place is kept where custodians alone may ask for it.",
        words={"maximum_age": "Oldest age taken, 0 to 17 years, not below minimumAge."},
    )
    NewIncidentCount = whole(
        Count,
        "NewIncidentCount",
        "How many incidents of a type were reported in a locality in a quarter: an aggregate. Nothing here can name or "
        "describe a person, and nothing of the kind may be sent.",
    )
    STAYS = "What to change of {}: what is left out stays."
    OrganizationChanges = changes(NewOrganization, "OrganizationChanges", STAYS.format("an organisation"))
    ActorChanges = changes(NewActor, "ActorChanges", STAYS.format("an actor"))
    ServiceChanges = changes(NewService, "ServiceChanges", STAYS.format("a service"))
    ShelterChanges = changes(NewShelter, "ShelterChanges", STAYS.format("a shelter"))


def _needed(description: str) -> Any:
    return strawberry.field(description=description)


def _optional(description: str) -> Any:
    return strawberry.field(description=description, default=UNSET)


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


@strawberry.input(description="Counts to record, all or nothing.")
class NewIncidentCounts:
    """Leaves."""

    counts: list[NewIncidentCount] = _needed("From 1 to 500 counts.")
