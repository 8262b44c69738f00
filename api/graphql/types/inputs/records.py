"""Inputs of the directory's mutations: the changes of a record, proposals of changes, and parts of other inputs.

An update takes the fields of a record, each optional: one that is left out stays, ``null`` clears one that may be
empty. What a mutation takes as a whole is made where it is declared (:mod:`api.graphql.mutation.declaration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import strawberry
from strawberry import UNSET

from api.graphql.types.inputs.offered import changes, values_of, whole
from geo.vocabulary import ProposalKind
from geo.writes.actors import Actor
from geo.writes.counts import Count, Reported, Return
from geo.writes.organizations import Organization
from geo.writes.places import PLACE_FIELDS
from geo.writes.services import Service
from geo.writes.shelters import Shelter
from geo.writes.trainings import Participants

if TYPE_CHECKING:
    OrganizationChangesInput = Any
    ActorChangesInput: TypeAlias = Any
    ServiceChangesInput: TypeAlias = Any
    ShelterChangesInput: TypeAlias = Any
    ShelterProposalChangesInput: TypeAlias = Any
else:
    whole(Reported, "ReportedCountInput", "How many the source reports: one of these.", one_of=True)
    whole(
        Count,
        "NewIncidentCountInput",
        "How many incidents of a type were reported: an aggregate. Nothing here can name or describe a person, and "
        "nothing of the kind may be sent.",
    )
    whole(
        Return,
        "NewIncidentReturnInput",
        "What a locality reports for a quarter, whole: it takes the place of what it reported for it before. Without "
        "counts it says that there was nothing to report, which is not the same as saying nothing.",
    )
    whole(
        Participants,
        "NewParticipantsInput",
        "A kind of actor that took part in a training, and how many people came from it.",
    )
    MOVES = "A new point picks its area anew and has no locality, where they are not given with it."
    OrganizationChangesInput = changes(Organization, "OrganizationChangesInput", "What to change of an organisation.")
    ActorChangesInput = changes(Actor, "ActorChangesInput", f"What to change of an actor. {MOVES}")
    ServiceChangesInput = changes(Service, "ServiceChangesInput", f"What to change of a service. {MOVES}")
    ShelterChangesInput = changes(Shelter, "ShelterChangesInput", f"What to change of a shelter. {MOVES}")
    ShelterProposalChangesInput = changes(
        Shelter,
        "ShelterProposalChangesInput",
        "What to change of a shelter. Where it stands is told to a steward and cannot be proposed. Of a confidential "
        "one `capacity`, `occupancy` and `actorId` are refused.",
        without=PLACE_FIELDS,
    )


def _needed(description: str) -> Any:
    return strawberry.field(description=description)


def _optional(description: str) -> Any:
    return strawberry.field(description=description, default=UNSET)


@strawberry.input(description="Changes of an actor, proposed.")
class ActorProposalInput:
    """A proposal."""

    id: strawberry.ID = _needed("The actor.")
    changes: ActorChangesInput = _needed("What to change.")


@strawberry.input(description="Changes of a service, proposed.")
class ServiceProposalInput:
    """A proposal."""

    id: strawberry.ID = _needed("The service; not that of a shelter.")
    changes: ServiceChangesInput = _needed("What to change.")


@strawberry.input(description="Changes of a shelter, proposed.")
class ShelterProposalInput:
    """A proposal."""

    id: strawberry.ID = _needed("The shelter.")
    changes: ShelterProposalChangesInput = _needed("What to change.")


@strawberry.input(description="That a confidential shelter become public: of one steward, approved by another.")
class PublicationProposalInput:
    """A proposal."""

    id: strawberry.ID = _needed("The shelter.")


@strawberry.input(description="What is proposed: one of these.", one_of=True)
class ProposedChangeInput:
    """A proposal."""

    actor: ActorProposalInput | None = _optional("Changes of an actor.")
    service: ServiceProposalInput | None = _optional("Changes of a service.")
    shelter: ShelterProposalInput | None = _optional("Changes of a shelter.")
    publication: PublicationProposalInput | None = _optional("That a confidential shelter become public; for stewards.")


def proposed(given: ProposedChangeInput) -> Mapping[str, Any]:
    """Return what is proposed, of which record, and its changes."""
    [(kind, subject)] = values_of(given).items()
    return {
        "kind": ProposalKind[kind.upper()],
        "subject_id": subject.id,
        "values": values_of(subject.changes) if hasattr(subject, "changes") else {},
    }


def proposed_path(given: ProposedChangeInput, field: str) -> str:
    """Return the path of a field of a proposal inside it."""
    [kind] = values_of(given)
    return f"{kind}.id" if field == "id" else f"{kind}.changes.{field}".removesuffix(".values")
