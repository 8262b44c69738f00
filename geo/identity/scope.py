"""What a key or a person may do: an audience and, for partners, an organisation and perhaps an area.

Planners may belong to an organisation too, and then share their scenarios with its other planners.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, select
from sqlalchemy.exc import DBAPIError

from geo.arguments import search_text
from geo.audience import Audience, Caller
from geo.database.sqlstates import blamed
from geo.database.tables import admin_area, organization
from geo.errors import BadInput

HOLDERS = tuple(each for each in Audience if each is not Audience.PUBLIC)


@dataclass(frozen=True, slots=True)
class Scope:
    """An audience with its bounds, as an operator writes them.

    Parameters
    ----------
    audience
        PARTNER, PLANNER, CUSTODIAN or STEWARD, in any case.
    organization
        For partners, who may edit its services, and for planners, who share scenarios within it: its name or its id.
    area
        For partners, where they are bound to one: SCHEME:CODE.

    Raises
    ------
    BadInput
        Where they do not fit together.

    Examples
    --------
    >>> Scope("planner")
    Scope(audience='PLANNER', organization=None, area=None)
    >>> Scope("planner", area="COD-AB:XX03")
    Traceback (most recent call last):
    geo.errors.BadInput: area: only partners are bound to an area; leave it out.

    """

    audience: str
    organization: str | None = None
    area: str | None = None

    def __post_init__(self) -> None:
        """Check that the bounds fit the audience."""
        audience = self.audience.upper()
        names = [each.name for each in HOLDERS]
        if audience not in names:
            raise BadInput("audience", f"choose one of {', '.join(names)}; the public needs no key.")
        object.__setattr__(self, "audience", audience)
        for name in ("organization", "area"):
            if getattr(self, name) is not None:
                search_text(name, getattr(self, name))
        partner = audience == Audience.PARTNER.name
        if partner and self.organization is None:
            raise BadInput("organization", "a partner changes the services of an organisation; name it.")
        if audience not in (Audience.PARTNER.name, Audience.PLANNER.name) and self.organization is not None:
            raise BadInput("organization", "only partners and planners belong to one; leave it out.")
        if not partner and self.area is not None:
            raise BadInput("area", "only partners are bound to an area; leave it out.")

    def columns(self, connection: Connection) -> dict[str, str | None]:
        """Return the values of the columns that hold the scope.

        Raises
        ------
        BadInput
            Where there is no such organisation, or no such area in force.

        """
        return {
            "audience": self.audience,
            "organization_id": self.organization and _organization(connection, self.organization),
            "area_id": self.area and _area(connection, self.area),
        }


def _organization(connection: Connection, named: str) -> str:
    try:
        matches = organization.c.id == str(uuid.UUID(named))
    except ValueError:
        matches = func.lower(organization.c.name) == func.lower(named)
    found = connection.scalars(select(organization.c.id).where(matches)).all()
    if len(found) != 1:
        count = "none" if not found else "several"
        raise BadInput("organization", f"{count} is called {named}; give its name in full, or its id.")
    return str(found[0])


def _area(connection: Connection, code: str) -> str:
    try:
        with connection.begin_nested():
            return str(connection.scalar(select(func.lakana.area_in_force(code, "area"))))
    except DBAPIError as error:
        raise blamed(error) or error from None


def holders(table: Table, *own: Column[Any]) -> Select[Any]:
    """Return the rows of ``table``, the newest first: its own columns, audience, organisation, area, end."""
    c = table.c
    area = admin_area.c.scheme + ":" + admin_area.c.code
    return (
        select(*own, c.audience, organization.c.name, area, c.revoked_at)
        .select_from(
            table.outerjoin(organization, organization.c.id == c.organization_id).outerjoin(
                admin_area, admin_area.c.id == c.area_id
            )
        )
        .order_by(c.created_at.desc(), c.id)
    )


HELD = "'audience', h.audience, 'organization_id', h.organization_id, 'area_id', h.area_id"
"""The part of a look-up's JSON that :func:`caller` reads in addition to ``person``; ``h`` is the table."""


def caller(row: dict[str, Any], holder: str) -> Caller:
    """Return the caller that a row of a look-up describes."""
    scope = (row["organization_id"], row["area_id"], row["person"])
    return Caller(Audience[row["audience"]], holder, *scope, by_steward=row.get("by_steward", False))
