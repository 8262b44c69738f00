"""People whom stewards let in: partners and planners, who sign in to the pages by links."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Uuid, cast, func, select

from geo import texts
from geo.arguments import AreaCode, RowId, argument, check, check_id
from geo.audience import Audience, Caller
from geo.database.tokens import digest_of, new_token
from geo.errors import BadInput, Forbidden, NotFound
from geo.queries.base.area_codes import NO_LOCALITY
from geo.writes.fields import number
from geo.writes.places import area_id, code
from geo.writes.write import NOTHING, Saved, Write

HOURS = "How many hours the link is good, 1 to 168."
USUAL_HOURS = 72


@dataclass(frozen=True, kw_only=True)
class InvitePerson(Write):
    """Let a person in, and make the link by which they sign in."""

    refusals = (BadInput, Forbidden)

    name: str = argument("What the person is called, 1 to 200 characters.", texts.name)
    audience: Audience = argument("PARTNER or PLANNER; others are let in by whoever runs the service.")
    organization_id: RowId | None = argument(
        "For partners, whose services are those of this organisation, and planners, who share scenarios within it.",
        check_id,
        default=None,
    )
    area_code: AreaCode | None = argument(
        f"For partners, the area in force that they are limited to, where they are. {NO_LOCALITY}", code, default=None
    )
    hours: int = argument(HOURS, number(1, 168), default=USUAL_HOURS)

    def __post_init__(self) -> None:
        """Check the values, each and together."""
        check(self)
        if self.audience is Audience.PARTNER and self.organization_id is None:
            raise BadInput("organization_id", "a partner changes the services of an organisation; name it.")
        if self.audience is not Audience.PARTNER and self.area_code is not None:
            raise BadInput("area_code", "only partners are bound to an area; leave it out.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert both."""
        area = None if self.area_code is None else area_id(connection, self.area_code)
        made = func.lakana.let_in(self.name, self.audience.name, _uuid(self.organization_id), _uuid(area))
        return _linked(connection, str(connection.scalar(select(made))), self.hours)


@dataclass(frozen=True, kw_only=True)
class RenewInvitation(Write):
    """Make another link for a person, in the place of one that is open."""

    refusals = (BadInput, Forbidden, NotFound)

    id: RowId = argument("The person; a partner or a planner.")
    hours: int = argument(HOURS, number(1, 168), default=USUAL_HOURS)

    def __post_init__(self) -> None:
        """Check the time."""
        check(self)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert it."""
        return _linked(connection, check_id("id", self.id), self.hours)


@dataclass(frozen=True, kw_only=True)
class RevokePerson(Write):
    """Keep a person out from now on, with their links, sessions and keys."""

    refusals = (BadInput, Forbidden, NotFound)

    id: RowId = argument("The person; a partner or a planner.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the rows."""
        return Saved(_known(connection.scalar(select(func.lakana.keep_out(_uuid(check_id("id", self.id)))))), None)


def _linked(connection: Connection, person: str, hours: int) -> Saved:
    secret = new_token()
    made = connection.scalar(select(func.lakana.make_link(_uuid(person), digest_of(secret), hours)))
    return Saved(_known(made), None, secret=secret)


def _known(person: object) -> str:
    if person is None:
        raise NotFound(NOTHING)
    return str(person)


def _uuid(value: str | None) -> object:
    return cast(value, Uuid(as_uuid=False))
