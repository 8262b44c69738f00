"""The mutations: each is one write of :mod:`geo.writes`, for the audiences that it names."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from api.roots import RowId, Version, about, writes
from api.types import inputs
from api.types.inputs import values_of
from geo.audience import Audience
from geo.vocabulary import ProposalKind
from geo.writes.actors import ACTOR
from geo.writes.counts import Count, RecordIncidentCounts
from geo.writes.organizations import ORGANIZATION
from geo.writes.proposals import ProposeChange, ReviewChange
from geo.writes.records import Create, Retire, Update
from geo.writes.services import SERVICE, VerifyService
from geo.writes.shelters import CreateShelter, RetireShelter, UpdateShelter, UpdateShelterOccupancy
from geo.writes.write import Write


@strawberry.type(description="What can be changed. Each write is attributed, and lands in the audit log.")
class Mutation:
    """The root."""

    @writes(Audience.STEWARD)
    def create_organization(
        self,
        organization: Annotated[inputs.NewOrganization, about("The organisation.")],
    ) -> Write:
        """Enter an organisation."""
        return Create(record=ORGANIZATION, values=values_of(organization))

    @writes(Audience.STEWARD)
    def update_organization(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.OrganizationChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of an organisation."""
        return Update(record=ORGANIZATION, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_organization(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an organisation out of the directory; a conflict while it has actors. The audit log keeps it."""
        return Retire(record=ORGANIZATION, id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_actor(
        self,
        actor: Annotated[inputs.NewActor, about("The actor.")],
    ) -> Write:
        """Enter a protection actor."""
        return Create(record=ACTOR, values=values_of(actor))

    @writes(Audience.STEWARD)
    def update_actor(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ActorChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of an actor."""
        return Update(record=ACTOR, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_actor(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an actor out of the directory; a conflict while it has services. The audit log keeps it."""
        return Retire(record=ACTOR, id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_service(
        self,
        service: Annotated[inputs.NewService, about("The service.")],
    ) -> Write:
        """Enter a service."""
        return Create(record=SERVICE, values=values_of(service))

    @writes(Audience.STEWARD)
    def update_service(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ServiceChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of a service."""
        return Update(record=SERVICE, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_service(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a service out of the directory. The audit log keeps it."""
        return Retire(record=SERVICE, id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_shelter(
        self,
        shelter: Annotated[inputs.NewShelter, about("The shelter.")],
    ) -> Write:
        """Enter a shelter, open or confidential."""
        return CreateShelter(values=values_of(shelter))

    @writes(Audience.STEWARD)
    def update_shelter(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ShelterChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of a shelter.

        To make it confidential takes effect at once, for distances, coverage and maps too. To make it public again
        takes a proposal that another steward approves.
        """
        return UpdateShelter(id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_shelter(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a shelter out of the directory, its place included. The audit log keeps it."""
        return RetireShelter(id=id, expected_version=expected_version)

    @writes(Audience.PARTNER, Audience.STEWARD)
    def update_shelter_occupancy(
        self,
        shelter_id: RowId,
        expected_version: Version,
        occupancy: Annotated[int, about("Places taken, 0 to 10,000.")],
        capacity: Annotated[int | None, about("Places in all, where that has changed: 0 to 10,000.")] = None,
    ) -> Write:
        """Say how many places of a shelter are taken; partners of their own shelters."""
        return UpdateShelterOccupancy(
            id=shelter_id, expected_version=expected_version, occupancy=occupancy, capacity=capacity
        )

    @writes(Audience.PARTNER, Audience.STEWARD)
    def verify_service(
        self,
        service_id: RowId,
        expected_version: Version,
        verified_on: Annotated[dt.date | None, about("The day; today where it is left out.")] = None,
        capacity: Annotated[
            int | None, about("How many children it can serve, where that has changed: 0 to 10,000.")
        ] = None,
    ) -> Write:
        """Say when somebody last made sure of a service; partners of their own services."""
        return VerifyService(
            id=service_id, expected_version=expected_version, verified_on=verified_on, capacity=capacity
        )

    @writes(Audience.PARTNER, Audience.STEWARD)
    def propose_change(
        self,
        proposal: Annotated[inputs.ProposedChange, about("What is proposed.")],
        expected_version: Version,
        reason: Annotated[str, about("Why, 1 to 200 characters; nothing about a child.")],
    ) -> Write:
        """Propose a change that you may not make yourself; a steward reviews it."""
        [(kind, subject)] = values_of(proposal).items()
        return ProposeChange(
            kind=ProposalKind[kind.upper()],
            subject_id=subject.id,
            expected_version=expected_version,
            values=values_of(subject.changes) if hasattr(subject, "changes") else {},
            reason=reason,
        )

    @writes(Audience.STEWARD)
    def review_change(
        self,
        proposal_id: RowId,
        approve: Annotated[bool, about("True to make the change, false to reject it.")],
        note: Annotated[str | None, about("A word to whoever proposed it, 1 to 200 characters.")] = None,
    ) -> Write:
        """Approve a proposal, which makes the change at once, or reject it.

        A conflict where the record has changed since it was proposed. What makes a confidential shelter public takes
        another steward than the one who proposed it.
        """
        return ReviewChange(id=proposal_id, approve=approve, note=note)

    @writes(Audience.STEWARD)
    def record_incident_counts(
        self,
        counts: Annotated[inputs.NewIncidentCounts, about("The counts.")],
    ) -> Write:
        """Record counts of incidents: aggregates only. They are published, rounded, when their quarter is released."""
        return RecordIncidentCounts(counts=[Count(**values_of(each)) for each in counts.counts])
