"""Queries of partners, stewards and custodians."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.execution import Context
from api.graphql.compile.readings import Shape
from api.graphql.declarations import about, asks, works
from api.graphql.types.connections import Connection
from api.graphql.types.directory import Service
from api.graphql.types.scalars import GeoJSON
from api.graphql.types.stewardship import AuditEntry, ExactLocation, Import, Person, Proposal, WrongNumber
from geo.audience import Audience
from geo.queries.directory import records, stewardship
from geo.queries.stewards import imports, people
from geo.writes.custody import Locate

EXACT_LOCATION_PRICE = 3_000
"""More than half of what an operation may cost: a request can reveal only one place, however it is written."""


@strawberry.type
class StewardshipQuery:
    """A part of the root."""

    @asks(
        stewardship.Proposals,
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.PARTNER, Audience.STEWARD],
        table="proposals",
    )
    def proposals(self) -> Connection[Proposal]:
        """List proposals, the oldest first: of a partner its own, for a steward everybody's."""

    @asks(
        records.ServicesDue,
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.PARTNER],
        table="services",
    )
    def services_due(self) -> Connection[Service]:
        """List your organisation's services that nobody verified for a year: `verifyService` them.

        Until then no referral names them as an option. A confidential one is in no such list.
        """

    @asks(
        stewardship.WrongNumbers,
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.STEWARD],
        table="wrong_numbers",
    )
    def wrong_numbers(self) -> Connection[WrongNumber]:
        """List public phone numbers that somebody said are wrong, the oldest first. `settleWrongNumber` closes one."""

    @asks(
        stewardship.AuditEntries,
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.STEWARD],
        table="audit_entries",
    )
    def audit_entries(self) -> Connection[AuditEntry]:
        """List who changed what, the newest first."""

    @asks(imports.Imports, Shape.CONNECTION, work=prices.page, reserved=[Audience.STEWARD], table="imports")
    def imports(self) -> Connection[Import]:
        """List who loaded what when from files, the newest first. `undoImport` takes back what one did."""

    @asks(people.People, Shape.CONNECTION, work=prices.page, reserved=[Audience.STEWARD], table="people")
    def people(self) -> Connection[Person]:
        """List who may use the service, by name, but those of organisations that the directory does not list."""

    @works(prices.fixed(EXACT_LOCATION_PRICE), Audience.CUSTODIAN)
    async def exact_location(
        self,
        info: strawberry.Info,
        shelter_id: Annotated[strawberry.ID, about("The shelter.")],
        purpose: Annotated[str, about("What the place is needed for, 10 to 200 characters; no child's name.")],
    ) -> ExactLocation | None:
        """Tell where one confidential shelter stands; null where there is none of that id.

        By POST only. Each call is logged with its purpose, also where it finds nothing; 20 an hour are told, one in a
        request.
        """
        context: Context = info.context
        told = await context.resources.writer.run(context.caller, Locate(shelter_id=shelter_id, purpose=purpose).apply)
        if told is None:
            return None
        point = {"type": "Point", "coordinates": [told.place.lon, told.place.lat]}
        return ExactLocation(point=GeoJSON(point), audit_entry_id=strawberry.ID(told.entry_id))
