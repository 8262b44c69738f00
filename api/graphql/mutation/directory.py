"""Changes of the directory."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from api.graphql.declarations import OfRow, Version, about, writes
from api.graphql.types.inputs import records
from api.graphql.types.inputs.records import values_of
from geo.audience import Audience
from geo.writes.actors import ACTOR
from geo.writes.organizations import ORGANIZATION
from geo.writes.records import Create, Retire, Update
from geo.writes.services import SERVICE, VerifyService
from geo.writes.write import Write


@strawberry.type
class DirectoryMutation:
    """A part of the root."""

    @writes(Audience.STEWARD)
    def create_organization(
        self,
        organization: Annotated[records.NewOrganization, about("The organisation.")],
    ) -> Write:
        """Enter an organisation."""
        return Create(record=ORGANIZATION, values=values_of(organization))

    @writes(Audience.STEWARD)
    def update_organization(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
        changes: Annotated[records.OrganizationChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of an organisation."""
        return Update(record=ORGANIZATION, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_organization(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an organisation out of the directory; a conflict while it has actors. The audit log keeps it."""
        return Retire(record=ORGANIZATION, id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_actor(
        self,
        actor: Annotated[records.NewActor, about("The actor.")],
    ) -> Write:
        """Enter a protection actor."""
        return Create(record=ACTOR, values=values_of(actor))

    @writes(Audience.STEWARD)
    def update_actor(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
        changes: Annotated[records.ActorChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of an actor."""
        return Update(record=ACTOR, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_actor(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an actor out of the directory; a conflict while it has services. The audit log keeps it."""
        return Retire(record=ACTOR, id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_service(
        self,
        service: Annotated[records.NewService, about("The service.")],
    ) -> Write:
        """Enter a service."""
        return Create(record=SERVICE, values=values_of(service))

    @writes(Audience.STEWARD)
    def update_service(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
        changes: Annotated[records.ServiceChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of a service."""
        return Update(record=SERVICE, id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_service(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a service out of the directory. The audit log keeps it."""
        return Retire(record=SERVICE, id=id, expected_version=expected_version)

    @writes(Audience.PARTNER, Audience.STEWARD)
    def verify_service(
        self,
        service_id: OfRow,
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
