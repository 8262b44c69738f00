"""Services: made, changed and retired by stewards; partners verify their own. Shelters have a file of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from geo.audience import Caller
from geo.errors import BadInput
from geo.tables import actor, service, shelter
from geo.vocabulary import ServiceCategory
from geo.writes.fields import MOST_PLACES, checked, number, past_day, phone, place, row_id, term, words
from geo.writes.places import PLACE_FIELDS, code, settled
from geo.writes.write import Saved, Write, check_own, check_version, held, hold_category, source_of_direct_entry

REQUIRED = {"actor_id": row_id, "name": words, "category": term(ServiceCategory), "point": place}
OPTIONAL = {
    "area_code": code,
    "locality_id": row_id,
    "capacity": number(0, MOST_PLACES),
    "opening_hours": words,
    "phone": phone,
    "verified_on": past_day,
}


@dataclass(frozen=True, kw_only=True)
class CreateService(Write):
    """Enter a service at its place."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        _refuse_shelters(checked(self.values, REQUIRED, OPTIONAL, new=True))

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the row; distances follow by trigger."""
        values = settled(connection, checked(self.values, REQUIRED, OPTIONAL, new=True))
        check_actor(connection, values)
        row = insert(service).values(**values, source_id=source_of_direct_entry(connection))
        return Saved(*connection.execute(row.returning(service.c.id, service.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class UpdateService(Write):
    """Change some fields of a service."""

    id: str
    expected_version: int
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        checked(self.values, REQUIRED, OPTIONAL, new=False)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the row; distances follow by trigger."""
        row = held(connection, service, self.id)
        check_version(self.expected_version, row.version)
        values = checked(self.values, REQUIRED, OPTIONAL, new=False)
        if row.category is ServiceCategory.SAFE_SHELTER:
            apart = {*values} & {"category", "phone", *PLACE_FIELDS}
            if apart:
                raise BadInput(min(apart), "it is a shelter's; change it by updateShelter.")
        else:
            _refuse_shelters(values)
        values = settled(connection, values, row)
        check_actor(connection, values)
        change = update(service).where(service.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(service.c.id, service.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class RetireService(Write):
    """Take a service out of the directory; the audit log keeps it."""

    id: str
    expected_version: int

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the row; distances follow by trigger."""
        row = held(connection, service, self.id)
        check_version(self.expected_version, row.version)
        if connection.scalar(select(exists().where(shelter.c.service_id == row.id))):
            raise BadInput("id", "it is a shelter; retire it by retireShelter.")
        hold_category(connection, row.category)
        connection.execute(delete(service).where(service.c.id == row.id))
        return Saved(row.id, row.version)


@dataclass(frozen=True, kw_only=True)
class VerifyService(Write):
    """Say on which day somebody made sure of a service, and how many children it can serve."""

    id: str
    expected_version: int
    verified_on: dt.date | None = None
    capacity: int | None = None

    def __post_init__(self) -> None:
        """Check the day and the capacity."""
        if self.verified_on is not None:
            past_day("verifiedOn", self.verified_on)
        if self.capacity is not None:
            number(0, MOST_PLACES)("capacity", self.capacity)

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Update the row, where it is the caller's own."""
        row = held(connection, service, self.id, "serviceId")
        check_own(connection, caller, row.id)
        check_version(self.expected_version, row.version)
        values: dict[str, Any] = {"verified_on": self.verified_on or dt.datetime.now(dt.UTC).date()}
        if self.capacity is not None:
            values["capacity"] = self.capacity
        change = update(service).where(service.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(service.c.id, service.c.version)).one())


def check_actor(connection: Connection, values: Mapping[str, Any]) -> None:
    """Refuse an actor that does not exist."""
    wanted = values.get("actor_id")
    if wanted is not None and not connection.scalar(select(exists().where(actor.c.id == wanted))):
        raise BadInput("actorId", "there is no actor of that id; actors lists them.")


def _refuse_shelters(values: Mapping[str, Any]) -> None:
    if values.get("category") == ServiceCategory.SAFE_SHELTER.name:
        raise BadInput("category", "a shelter has places and ages; enter it by createShelter.")
