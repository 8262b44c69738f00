"""The mutations: each is one write of :mod:`geo.writes`, for the audiences that it names."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from api.execution import Context
from api.projection import KEY, Worked
from api.types import inputs, written
from api.types.inputs import values_of
from api.types.reserved import ReservedFor
from api.types.written import WriteResult
from geo import errors
from geo.audience import Audience
from geo.vocabulary import ProposalKind
from geo.writes.actors import CreateActor, RetireActor, UpdateActor
from geo.writes.counts import Count, RecordIncidentCounts
from geo.writes.organizations import CreateOrganization, RetireOrganization, UpdateOrganization
from geo.writes.proposals import ProposeChange, ReviewChange
from geo.writes.services import CreateService, RetireService, UpdateService, VerifyService
from geo.writes.shelters import CreateShelter, RetireShelter, UpdateShelter, UpdateShelterOccupancy
from geo.writes.write import Write, once

PRICE = 50
"""What the guard counts for a write: a transaction with its entry in the audit log."""


def _about(description: str) -> Any:
    return strawberry.argument(description=description)


Key = Annotated[
    str,
    _about(
        "1 to 200 characters that you make up for this write alone, a UUID for example. Sent again with the same "
        "key, a write is made once and gets the same answer."
    ),
]
Version = Annotated[int, _about("The version that you saw: where it is another now, nothing is changed.")]
RowId = Annotated[strawberry.ID, _about("An id that an earlier answer gave.")]


def writes(*audiences: Audience) -> Callable[[Callable[..., Write]], Any]:
    """Declare a mutation for these audiences: its words are the docstring of the function that makes the write."""

    def declare(make: Callable[..., Write]) -> Any:
        async def resolver(self: Any, info: strawberry.Info, idempotency_key: str, **given: Any) -> Any:
            return await _written(info.context, idempotency_key, lambda: make(self, **given))

        own = list(inspect.signature(make, eval_str=True).parameters.values())[1:]
        shown = (
            inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.KEYWORD_ONLY, annotation=strawberry.Info),
            *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own),
            inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=Key),
        )
        resolver.__signature__ = inspect.Signature(shown, return_annotation=WriteResult)  # type: ignore[attr-defined]
        resolver.__annotations__ = {each.name: each.annotation for each in shown[1:]} | {"return": WriteResult}
        resolver.__name__ = make.__name__
        return strawberry.mutation(
            resolver=resolver,
            description=" ".join((make.__doc__ or "").split()),
            metadata={KEY: Worked(PRICE)},
            directives=[ReservedFor(audiences=list(audiences))],
        )

    return declare


async def _written(context: Context, key: str, make: Callable[[], Write]) -> Any:
    """Make a write and do it; whatever the caller can mend becomes a part of the answer."""
    caller = context.caller
    try:
        asked = make()
        saved = await context.pools.writer.run(caller, lambda connection: once(asked, key, connection, caller))
    except errors.BadInput as error:
        return written.ValidationError(field=error.field, message=error.problem)
    except errors.Conflict as error:
        return written.Conflict(message=str(error), current_version=error.version)
    except errors.Forbidden as error:
        return written.Forbidden(message=str(error))
    return written.Success(id=strawberry.ID(saved.id), version=saved.version, rows=saved.rows, replayed=saved.replayed)


@strawberry.type(description="What can be changed. Each write is attributed, and lands in the audit log.")
class Mutation:
    """The root."""

    @writes(Audience.STEWARD)
    def create_organization(
        self,
        organization: Annotated[inputs.NewOrganization, _about("The organisation.")],
    ) -> Write:
        """Enter an organisation."""
        return CreateOrganization(values=values_of(organization))

    @writes(Audience.STEWARD)
    def update_organization(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.OrganizationChanges, _about("What to change.")],
    ) -> Write:
        """Change some fields of an organisation."""
        return UpdateOrganization(id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_organization(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an organisation out of the directory; a conflict while it has actors. The audit log keeps it."""
        return RetireOrganization(id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_actor(
        self,
        actor: Annotated[inputs.NewActor, _about("The actor.")],
    ) -> Write:
        """Enter a protection actor."""
        return CreateActor(values=values_of(actor))

    @writes(Audience.STEWARD)
    def update_actor(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ActorChanges, _about("What to change.")],
    ) -> Write:
        """Change some fields of an actor."""
        return UpdateActor(id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_actor(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take an actor out of the directory; a conflict while it has services. The audit log keeps it."""
        return RetireActor(id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_service(
        self,
        service: Annotated[inputs.NewService, _about("The service.")],
    ) -> Write:
        """Enter a service."""
        return CreateService(values=values_of(service))

    @writes(Audience.STEWARD)
    def update_service(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ServiceChanges, _about("What to change.")],
    ) -> Write:
        """Change some fields of a service."""
        return UpdateService(id=id, expected_version=expected_version, values=values_of(changes))

    @writes(Audience.STEWARD)
    def retire_service(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a service out of the directory. The audit log keeps it."""
        return RetireService(id=id, expected_version=expected_version)

    @writes(Audience.STEWARD)
    def create_shelter(
        self,
        shelter: Annotated[inputs.NewShelter, _about("The shelter.")],
    ) -> Write:
        """Enter a shelter, open or confidential."""
        return CreateShelter(values=values_of(shelter))

    @writes(Audience.STEWARD)
    def update_shelter(
        self,
        id: RowId,  # noqa: A002
        expected_version: Version,
        changes: Annotated[inputs.ShelterChanges, _about("What to change.")],
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
        occupancy: Annotated[int, _about("Places taken, 0 to 10,000.")],
        capacity: Annotated[int | None, _about("Places in all, where that has changed: 0 to 10,000.")] = None,
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
        verified_on: Annotated[dt.date | None, _about("The day; today where it is left out.")] = None,
        capacity: Annotated[
            int | None, _about("How many children it can serve, where that has changed: 0 to 10,000.")
        ] = None,
    ) -> Write:
        """Say when somebody last made sure of a service; partners of their own services."""
        return VerifyService(
            id=service_id, expected_version=expected_version, verified_on=verified_on, capacity=capacity
        )

    @writes(Audience.PARTNER, Audience.STEWARD)
    def propose_change(
        self,
        proposal: Annotated[inputs.ProposedChange, _about("What is proposed.")],
        expected_version: Version,
        reason: Annotated[str, _about("Why, 1 to 200 characters; nothing about a child.")],
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
        approve: Annotated[bool, _about("True to make the change, false to reject it.")],
        note: Annotated[str | None, _about("A word to whoever proposed it, 1 to 200 characters.")] = None,
    ) -> Write:
        """Approve a proposal, which makes the change at once, or reject it.

        A conflict where the record has changed since it was proposed. What makes a confidential shelter public takes
        another steward than the one who proposed it.
        """
        return ReviewChange(id=proposal_id, approve=approve, note=note)

    @writes(Audience.STEWARD)
    def record_incident_counts(
        self,
        counts: Annotated[inputs.NewIncidentCounts, _about("The counts.")],
    ) -> Write:
        """Record counts of incidents: aggregates only. They are published, rounded, when their quarter is released."""
        return RecordIncidentCounts(counts=[Count(**values_of(each)) for each in counts.counts])
