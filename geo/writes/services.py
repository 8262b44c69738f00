"""Services at their places; partners verify their own. Shelters have a file of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, cast, func, select, update

from geo import texts
from geo.arguments import EARLIEST, AreaCode, RowId, argument, check, check_id, day
from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database.tables import actor, service
from geo.errors import BadInput, Conflict, Forbidden, NotFound
from geo.queries.base.area_codes import NO_LOCALITY
from geo.vocabulary import ServiceCategory
from geo.writes import fields
from geo.writes.duplicates import ANOTHER, refuse_duplicate
from geo.writes.fields import MOST_PLACES, number, past_day
from geo.writes.places import code, other_area, settled
from geo.writes.records import Record
from geo.writes.write import Saved, Write, check_own, found, held, hold_category, hold_log


@dataclass(frozen=True, kw_only=True)
class Service:
    """The fields of a service."""

    actor_id: RowId = argument("Who offers it.", check_id)
    name: str = argument(fields.NAME, texts.name)
    category: ServiceCategory = argument("What it does; not SAFE_SHELTER.", fields.term(ServiceCategory))
    point: LonLat | None = argument(
        f"{fields.POINT} Left out for a helpline or a team that comes, which has a service area.",
        fields.place,
        default=None,
        changing=f"{fields.POINT} Null for a helpline or a team that comes, which has a service area.",
    )
    service_area_code: AreaCode | None = argument(
        f"The area in force that it serves where it is a helpline or a team that comes. {NO_LOCALITY}",
        code,
        default=None,
    )
    service_area_name: str | None = argument(fields.name_with("service_area_code"), texts.name, default=None)
    languages: tuple[str, ...] | None = argument(fields.LANGUAGES, fields.languages, default=None)
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
    served = former and former.service_area_id
    values |= other_area(connection, values, "service_area")
    served = values.get("service_area_id", former and former.service_area_id)
    comes = values.get("point", former and former.point) is None
    if comes and served is None:
        raise BadInput(
            "point", "it cannot be empty but for a helpline or a team that comes; give that its `service_area_code`."
        )
    fitting = settled(connection, values | ({"area_id": served} if comes else {}), former)
    refuse_duplicate(connection, service, fitting, former, "actor_id", "category")
    if comes:  # it stands nowhere, whatever town or area is named
        fitting |= {"point": None, "locality_id": None, "area_id": served}
    return fitting


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


@dataclass(frozen=True, kw_only=True)
class SuspendService(Write):
    """Record that a service is closed from one day to another, whatever its hours say; without days it is not."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    id: RowId = argument("The service.")
    expected_version: int = argument(fields.VERSION)
    closed_from: dt.date | None = argument(
        "The first day on which it is closed, by the clock of its place, 2000 to 2099; open again where both days are "
        "left out.",
        day(EARLIEST.year),
        default=None,
    )
    closed_until: dt.date | None = argument("The last of those days, 2000 to 2099.", day(EARLIEST.year), default=None)

    def __post_init__(self) -> None:
        """Check the days, each and together."""
        check(self)
        if (self.closed_from is None) != (self.closed_until is None):
            missing = "closed_from" if self.closed_from is None else "closed_until"
            raise BadInput(missing, "give both days, or none where it is open again.")
        if self.closed_from is not None and self.closed_until is not None and self.closed_from > self.closed_until:
            raise BadInput("closed_until", f"{self.closed_until} is before {self.closed_from}, the first day.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Update the row, where it is the caller's own."""
        row = found(connection, service, self.id)
        check_own(connection, caller, row.id)
        row = held(connection, service, self.id, self.expected_version)
        if row.confidential:
            raise BadInput("id", "a confidential shelter tells no such thing; say how many of its places are taken.")
        change = update(service).where(service.c.id == row.id)
        change = change.values(closed_from=self.closed_from, closed_until=self.closed_until)
        return Saved(*connection.execute(change.returning(service.c.id, service.c.version)).one())
