"""Changes of the directory."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.mutation.declaration import changed, writes
from api.graphql.types.directory import Organization, ProtectionActor, Service
from api.graphql.types.inputs import records
from geo.audience import Audience
from geo.writes.actors import ACTOR
from geo.writes.organizations import ORGANIZATION
from geo.writes.records import Create, Retire, Update
from geo.writes.services import SERVICE, SuspendService, VerifyService
from geo.writes.write import Write

ORGANIZATIONS, ACTORS, SERVICES = {"organization": Organization}, {"actor": ProtectionActor}, {"service": Service}


@strawberry.type
class DirectoryMutation:
    """A part of the root."""

    @writes(
        Audience.STEWARD,
        of=Create,
        new=ORGANIZATION.fields,
        gives=ORGANIZATIONS,
        record=ORGANIZATION,
    )
    def create_organization(self) -> Write:
        """Enter an organisation. It is listed while one of its actors is, or where it has held a training."""

    @writes(
        Audience.STEWARD,
        of=Update,
        takes=changed(records.OrganizationChangesInput),
        gives=ORGANIZATIONS,
        record=ORGANIZATION,
    )
    def update_organization(self) -> Write:
        """Change some fields of an organisation."""

    @writes(Audience.STEWARD, of=Retire, record=ORGANIZATION)
    def retire_organization(self) -> Write:
        """Take an organisation out of the directory; a conflict while it has actors there, or has held a training.

        Its record and its name are kept, as those of every organisation that is not listed: its id can still be given,
        and it is listed again with an actor of its own.
        """

    @writes(Audience.STEWARD, of=Create, new=ACTOR.fields, gives=ACTORS, record=ACTOR)
    def create_actor(self) -> Write:
        """Enter a protection actor.

        One of a kind that is known by its services (SOCIAL_SERVICE, NGO, CIVIL_SOCIETY, CHILD_RIGHTS_ASSOCIATION,
        WOMENS_GROUP, YOUTH_GROUP, SCHOOL, HEALTH_FACILITY, OTHER) is in the directory from its first public service to
        its last; before and after, its id can still be given to change it, to retire it, or as who runs a service.
        """

    @writes(Audience.STEWARD, of=Update, takes=changed(records.ActorChangesInput), gives=ACTORS, record=ACTOR)
    def update_actor(self) -> Write:
        """Change some fields of an actor."""

    @writes(Audience.STEWARD, of=Retire, record=ACTOR)
    def retire_actor(self) -> Write:
        """Take an actor out of the directory; a conflict while it has services. The audit log keeps it."""

    @writes(Audience.STEWARD, of=Create, new=SERVICE.fields, gives=SERVICES, record=SERVICE)
    def create_service(self) -> Write:
        """Enter a service; shelters are entered by createShelter."""

    @writes(Audience.STEWARD, of=Update, takes=changed(records.ServiceChangesInput), gives=SERVICES, record=SERVICE)
    def update_service(self) -> Write:
        """Change some fields of a service; shelters are changed by updateShelter."""

    @writes(Audience.STEWARD, of=Retire, record=SERVICE)
    def retire_service(self) -> Write:
        """Take a service out of the directory; shelters are retired by retireShelter. The audit log keeps it."""

    @writes(Audience.PARTNER, Audience.STEWARD, of=VerifyService, gives=SERVICES)
    def verify_service(self) -> Write:
        """Say when somebody last made sure of a service; partners of their own services."""

    @writes(Audience.PARTNER, Audience.STEWARD, of=SuspendService, gives=SERVICES)
    def suspend_service(self) -> Write:
        """Say from which day to which a service is closed, or that it is open again; partners of their own services.

        It is then told as closed until the end, whatever its hours say, and is no option of a referral.
        """
