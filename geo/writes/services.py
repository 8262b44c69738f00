"""Services at their places; partners verify their own. Shelters have a file of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, cast, func, select, update

from geo import texts
from geo.arguments import AreaCode, RowId, argument, check, check_id
from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database.tables import actor, service
from geo.errors import BadInput, Conflict, Forbidden, NotFound
from geo.vocabulary import ServiceCategory
from geo.writes import fields
from geo.writes.fields import MOST_PLACES, number, past_day
from geo.writes.places import code, settled
from geo.writes.records import Record
from geo.writes.twins import ANOTHER, refuse_twin
from geo.writes.write import Saved, Write, check_own, found, held, hold_category, hold_log


@dataclass(frozen=True, kw_only=True)
class Service:
    """The fields of a service."""

    actor_id: RowId = argument("Who offers it.", check_id)
    name: str = argument(fields.NAME, texts.name)
    category: ServiceCategory = argument("What it does; not SAFE_SHELTER.", fields.term(ServiceCategory))
    point: LonLat = argument(fields.POINT, fields.place)
    area_code: AreaCode | None = argument(fields.AREA_CODE, code, default=None, changing=fields.AREA_CHANGING)
    area_name: str | None = argument(fields.AREA_NAME, texts.name, default=None)
    locality_id: RowId | None = argument(fields.LOCALITY, check_id, default=None)
    capacity: int | None = argument(
        "How many children it can serve at a time, 0 to 10,000.", number(0, MOST_PLACES), default=None
    )
    opening_hours: str | None = argument(fields.HOURS, fields.hours, default=None)
    phone: str | None = argument(fields.PUBLIC_PHONE, fields.phone, default=None)
    verified_on: dt.date | None = argument(fields.VERIFIED, past_day, default=None)
    another: bool = argument(ANOTHER, default=False)


def check_actor(connection: Connection, values: Mapping[str, Any], *, confidential: bool = False) -> None:
    """Refuse an actor that does not exist.

    An actor without a public service may not be in the directory. It may run a confidential service, and returns to the
    directory when it gets a public one.
    """
    wanted = values.get("actor_id")
    if wanted is None:
        return
    known = func.exact.knows_actor if confidential else func.exact.list_actor
    if not connection.scalar(select(known(cast(wanted, actor.c.id.type)))):
        raise BadInput("actor_id", "there is no actor of that id; `actors` lists them.")


def _fitting(connection: Connection, values: dict[str, Any], former: Any) -> dict[str, Any]:
    if values.get("category") == ServiceCategory.SAFE_SHELTER.name:
        raise BadInput("category", "a shelter has places and ages; enter it by `create_shelter`.")
    check_actor(connection, values)
    values = settled(connection, values, former)
    if former is None:
        refuse_twin(connection, service, values, "actor_id", "category")
    return values


def _leaving(connection: Connection, row: Any) -> None:
    hold_category(connection, row.category)


def _refuse_shelter(row: Any) -> None:
    """Refuse a shelter's service, public and confidential alike, so that one write has all the rules of a shelter."""
    if row.category is ServiceCategory.SAFE_SHELTER:
        raise BadInput("id", "it is a shelter's; change it by `update_shelter`, retire it by `retire_shelter`.")


SERVICE = Record(
    table=service,
    called="The service; not that of a shelter.",
    fields=Service,
    fitting=_fitting,
    leaving=_leaving,
    refusing=_refuse_shelter,
)


@dataclass(frozen=True, kw_only=True)
class VerifyService(Write):
    """Record on which day somebody verified a service, and how many children it can serve."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    id: RowId = argument("The service.")
    expected_version: int = argument(fields.VERSION)
    verified_on: dt.date | None = argument("The day; today where it is left out.", past_day, default=None)
    capacity: int | None = argument(
        "How many children it can serve, where that has changed: 0 to 10,000. Left out or null: as it is.",
        number(0, MOST_PLACES),
        default=None,
    )

    def __post_init__(self) -> None:
        """Check the day and the capacity."""
        check(self)

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Update the row, where it is the caller's own."""
        row = found(connection, service, self.id)
        check_own(connection, caller, row.id)
        if row.confidential:
            hold_log(connection)
        row = held(connection, service, self.id, self.expected_version)
        if row.confidential and self.capacity is not None and caller.audience is Audience.STEWARD:
            raise BadInput("capacity", "say how many places a confidential shelter has by `update_shelter_occupancy`.")
        values: dict[str, Any] = {"verified_on": self.verified_on or dt.datetime.now(dt.UTC).date()}
        if self.capacity is not None:
            values["capacity"] = self.capacity
        change = update(service).where(service.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(service.c.id, service.c.version)).one())
