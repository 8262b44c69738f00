"""Shelters, open and confidential: stewards create, change and retire them; partners report their own occupancy.

The place and the operator of a confidential shelter are stored in ``exact.site``, which no audience reads; only its
zone is published. When a public shelter becomes confidential, it is replaced by one with new ids and a new name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo import texts
from geo.arguments import OLDEST_MONTHS, AreaCode, RowId, argument, check, check_id
from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database.tables import front_gate, service, shelter
from geo.errors import BadInput, Conflict, Forbidden, NotFound
from geo.queries.base.row_sets import version_of
from geo.vocabulary import ServiceCategory
from geo.writes import fields
from geo.writes.duplicates import ANOTHER, refuse_duplicate
from geo.writes.fields import MOST_PLACES, checked, number
from geo.writes.places import code, settled
from geo.writes.services import check_actor
from geo.writes.write import (
    Saved,
    WasPublic,
    Write,
    check_own,
    check_version,
    found,
    hold_category,
    hold_log,
    hold_words,
    source_of_direct_entry,
)

SETTLED = ("point", "area_id", "locality_id", "actor_id")
"""Fields of a confidential shelter that are kept in ``exact.site``."""
TOLD_BY_WORDS = {"name", "front_gate", "confidential", "point"}
"""Fields with which the words of a hidden shelter, or its zone, may change."""
OF_SHELTER = ("occupancy", "minimum_age_months", "maximum_age_months", "girls", "boys")


CROWDED = 3
"""How many children there may be for each place. More than one is common, more than three mostly a typing error."""
_OCCUPANCY = f"Places taken, 0 to 10,000; at most {CROWDED} times the capacity."
_NAME = (
    "Its public name, 1 to 200 characters. That of a confidential one holds no name of a place or a body of its zone, "
    "nor what it was called while it was public."
)


@dataclass(frozen=True, kw_only=True)
class Shelter:
    """The fields of a shelter."""

    actor_id: RowId = argument("Who runs it; of a confidential one nobody is told.", check_id)
    point: LonLat = argument(fields.POINT, fields.place)
    confidential: bool = argument(
        "True where its exact place must not be told.",
        changing="True where its exact place must not be told: then it is another shelter, with new ids of its own and "
        "of its service. False of a confidential one only by proposing its `publication`.",
    )
    capacity: int = argument("Places in all, 0 to 10,000.", number(0, MOST_PLACES))
    girls: bool = argument("Takes girls.")
    boys: bool = argument("Takes boys.")
    name: str | None = argument(
        f"{_NAME} Left out, a confidential one gets a neutral one.",
        texts.name,
        default=None,
        changing=f"{_NAME} Null gives a confidential one a neutral one.",
    )
    occupancy: int = argument(_OCCUPANCY, number(0, MOST_PLACES), default=0)
    area_code: AreaCode | None = argument(fields.AREA_CODE, code, default=None, changing=fields.AREA_CHANGING)
    area_name: str | None = argument(fields.AREA_NAME, texts.name, default=None)
    locality_id: RowId | None = argument(fields.LOCALITY, check_id, default=None)
    minimum_age_months: int | None = argument(
        f"Youngest age taken, in whole months, 0 to {OLDEST_MONTHS}; a child of just that age is taken.",
        number(0, OLDEST_MONTHS),
        default=None,
    )
    maximum_age_months: int | None = argument(
        f"Oldest age taken, in whole months, 0 to {OLDEST_MONTHS}, not below `minimum_age_months`; a child of "
        "just that age is taken: 30 takes children until they are 31 months old, 155 until they are 13 years old.",
        number(0, OLDEST_MONTHS),
        default=None,
    )
    opening_hours: str | None = argument(fields.HOURS, fields.hours, default=None)
    phone: str | None = argument(f"{fields.PUBLIC_PHONE} A confidential shelter has none.", fields.phone, default=None)
    languages: tuple[str, ...] | None = argument(
        f"{fields.LANGUAGES} Of a confidential shelter none are kept.", fields.languages, default=None
    )
    front_gate: str | None = argument(
        "Whom partners call about a confidential shelter: a telephone number with words, 1 to 200 characters.",
        texts.line,
        default=None,
    )
    verified_on: dt.date | None = argument(fields.VERIFIED, fields.past_day, default=None)
    another: bool = argument(ANOTHER, default=False)


@dataclass(frozen=True, kw_only=True)
class CreateShelter(Write):
    """Enter a shelter with its places."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields, each and together."""
        values = checked(self.values, Shelter, new=True)
        _check_together(values)
        check_crowding(values.get("occupancy"), values["capacity"])
        if values["confidential"]:
            _check_gate(values, hides=True)
        elif "name" not in values:
            raise BadInput("name", "it is missing.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Enter it as told directly."""
        return Saved(*self.enter(connection, source_of_direct_entry(connection))[1:])

    def enter(self, connection: Connection, source_id: str) -> tuple[str, str, int]:
        """Insert the service, the shelter and, where it is confidential, the exact place and the front gate.

        Returns
        -------
        tuple of str, str and int
            The ids of the service and of the shelter, and its version. A confidential one has a neutral source,
            whichever is given.

        """
        hold_words(connection, hidden=self.values["confidential"])
        values = settled(connection, checked(self.values, Shelter, new=True))
        check_actor(connection, values, confidential=values["confidential"])
        own, gate = _parted(values)
        own.setdefault("occupancy", 0)
        values["category"] = ServiceCategory.SAFE_SHELTER
        if values["confidential"]:
            values.pop("another", None)
        else:
            refuse_duplicate(connection, service, values, None, "actor_id", "category")
        values.setdefault("name", None)  # the database makes up a neutral name
        row = insert(service).values(**values, source_id=source_id)
        service_id, version = connection.execute(row.returning(service.c.id, service.c.version)).one()
        made = insert(shelter).values(**own, service_id=service_id).returning(shelter.c.id, shelter.c.version)
        shelter_id, own_version = connection.execute(made).one()
        if values["confidential"]:
            _settle(connection, service_id, values)
            _open_gate(connection, service_id, gate)
        return service_id, shelter_id, version_of(version, own_version)


@dataclass(frozen=True, kw_only=True)
class UpdateShelter(Write):
    """Change some fields of a shelter. Hiding it takes effect at once; making it public again takes a proposal."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    id: RowId = argument("The shelter.")
    expected_version: int = argument(fields.VERSION)
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        changes(self.values)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the service and the shelter, or the exact place of a confidential one."""
        if TOLD_BY_WORDS & {*self.values}:
            hold_words(connection, hidden=True)
        own, row = held_shelter(connection, self.id, self.expected_version)
        values = changes(self.values)
        _check_change(values, own, row)
        check_numbers(row.confidential, values)
        check_crowding(values.get("occupancy"), values.get("capacity", row.capacity))
        hides = bool(values.get("confidential")) and not row.confidential
        known = _was_public(connection, row.id) if hides else ()
        values = settled(connection, values, row)
        check_actor(connection, values, confidential=values.get("confidential", row.confidential))
        changed, gate = _parted(values)
        if row.confidential or hides:
            values.pop("another", None)
        else:
            refuse_duplicate(connection, service, values, row, "actor_id", "category")
        if row.confidential:
            if "front_gate" in gate:
                _open_gate(connection, row.id, gate)  # before it moves, since its new zone would refuse the former gate
            _settle(connection, row.id, values)
            values = {name: value for name, value in values.items() if name not in SETTLED}
        service_id = row.id
        if values:
            change = update(service).where(service.c.id == row.id).values(**values)
            service_id = connection.scalar(change.returning(service.c.id))  # a new id if the shelter becomes hidden
        if changed:
            connection.execute(update(shelter).where(shelter.c.service_id == service_id).values(**changed))
        if "front_gate" in gate and not row.confidential:
            _open_gate(connection, service_id, gate)
        return saved(connection, service_id, known)

    def follow_up(self, resources: Any) -> None:
        """Note outside the database that it is hidden, so that restoring an older backup does not show it again."""
        if self.values.get("confidential"):
            resources.anchor_due.set()


@dataclass(frozen=True, kw_only=True)
class RetireShelter(Write):
    """Take a shelter out of the directory; the audit log keeps it."""

    refusals = (BadInput, Conflict, NotFound)

    id: RowId = argument("The shelter.")
    expected_version: int = argument(fields.VERSION)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the service with all rows that depend on it."""
        hold_words(connection, hidden=False)
        own, row = held_shelter(connection, self.id, self.expected_version)
        hold_category(connection, ServiceCategory.SAFE_SHELTER)
        connection.execute(delete(service).where(service.c.id == row.id))
        return Saved(own.id, self.expected_version)


@dataclass(frozen=True, kw_only=True)
class UpdateShelterOccupancy(Write):
    """Record how many places of a shelter are taken and, if that has changed, how many there are."""

    refusals = (BadInput, Conflict, Forbidden, NotFound)

    id: RowId = argument("The shelter.")
    expected_version: int = argument(fields.VERSION)
    occupancy: int = argument(_OCCUPANCY, number(0, MOST_PLACES))
    capacity: int | None = argument(
        "Places in all, where that has changed: 0 to 10,000. Left out or null: as it is.",
        number(0, MOST_PLACES),
        default=None,
    )

    def __post_init__(self) -> None:
        """Check the numbers."""
        check(self)

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Update the row, where it is the caller's own."""
        of = found(connection, service, found(connection, shelter, self.id).service_id)
        check_own(connection, caller, of.id)
        if of.confidential:
            hold_log(connection)
        own, row = held_shelter(connection, self.id, self.expected_version)
        if caller.audience is Audience.STEWARD:
            check_numbers(row.confidential, {"occupancy": self.occupancy, "capacity": self.capacity})
        # A confidential shelter's own capacity is read by nobody, so that no refusal may tell it.
        known = None if row.confidential else row.capacity
        check_crowding(self.occupancy, known if self.capacity is None else self.capacity)
        connection.execute(update(shelter).where(shelter.c.id == own.id).values(occupancy=self.occupancy))
        if self.capacity is not None:
            connection.execute(update(service).where(service.c.id == row.id).values(capacity=self.capacity))
        return saved(connection, row.id)


def changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked changes of a shelter."""
    return checked(values, Shelter, new=False)


def saved(connection: Connection, service_id: str, was_public: Sequence[WasPublic] = ()) -> Saved:
    """Return the result of a write to a shelter."""
    version = version_of(service.c.version, shelter.c.version)
    rows = select(shelter.c.id, version).join_from(shelter, service, service.c.id == shelter.c.service_id)
    shelter_id, now = connection.execute(rows.where(service.c.id == service_id)).one()
    return Saved(shelter_id, now, was_public=tuple(was_public))


def _was_public(connection: Connection, service_id: str) -> list[WasPublic]:
    """Return which facts about a service have been public, and since when."""
    rows = connection.execute(
        text("SELECT fact, since FROM exact.was_public(CAST(:id AS uuid)) ORDER BY fact"), {"id": service_id}
    )
    return [WasPublic(row.fact, row.since and row.since.isoformat()) for row in rows]


def held_shelter(connection: Connection, shelter_id: str, expected_version: int) -> tuple[Any, Any]:
    """Return a shelter and its service, locked, if the caller has seen this version (see :func:`held`)."""
    for lock in (False, True):
        own = found(connection, shelter, shelter_id, lock=lock)
        row = found(connection, service, own.service_id, lock=lock)
        check_version(expected_version, version_of(row.version, own.version))
    return own, row


def _parted(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Remove the shelter's and the front gate's fields from the values, and return them."""
    own = {name: values.pop(name) for name in OF_SHELTER if name in values}
    gate = {"front_gate": values.pop("front_gate")} if "front_gate" in values else {}
    return own, gate


def _settle(connection: Connection, service_id: str, values: Mapping[str, Any]) -> None:
    if {"point", "actor_id"} & {*values}:
        place = text("SELECT exact.settle(:service, CAST(:point AS geography), :area, :locality, :actor)").bindparams(
            *(bindparam(name, type_=service.c.id.type) for name in ("service", "area", "locality", "actor"))
        )
        columns = {"point": "point", "area": "area_id", "locality": "locality_id", "actor": "actor_id"}
        known = {name: values.get(column) for name, column in columns.items()}
        connection.execute(place, {"service": service_id, **known})


def _open_gate(connection: Connection, service_id: str, gate: Mapping[str, Any]) -> None:
    contact = gate.get("front_gate")
    if contact is None:
        connection.execute(delete(front_gate).where(front_gate.c.service_id == service_id))
    else:
        told = upsert(front_gate).values(service_id=service_id, contact=contact)
        connection.execute(told.on_conflict_do_update(index_elements=["service_id"], set_={"contact": contact}))


def _check_change(values: Mapping[str, Any], own: Any, row: Any) -> None:
    if row.confidential and values.get("confidential") is False:
        raise Forbidden("A confidential shelter becomes public by a proposal that another steward approves.")
    if row.confidential and "point" not in values and {"area_code", "locality_id"} & {*values}:
        raise BadInput("point", "give the place of a confidential shelter whole: point with its area and locality.")
    former = {name: getattr(own, name) for name in OF_SHELTER} | {"confidential": row.confidential}
    _check_together(former | dict(values))
    if row.confidential or values.get("confidential"):
        _check_gate(values, hides=not row.confidential)


def check_numbers(confidential: bool, values: Mapping[str, Any]) -> None:
    """Refuse only one of a confidential shelter's numbers: whether it is full would then reveal the other."""
    for name, other in (("capacity", "occupancy"), ("occupancy", "capacity")):
        if confidential and values.get(name) is not None and values.get(other) is None:
            raise BadInput(other, f"give it with `{name}`: of a confidential shelter you change both or neither.")


def check_crowding(occupancy: int | None, capacity: int | None) -> None:
    """Refuse more than three times as many children as places, as far as both are known."""
    if occupancy is not None and capacity is not None and occupancy > CROWDED * capacity:
        raise BadInput(
            "occupancy",
            f"{occupancy:,} is more than {CROWDED} times the capacity, {capacity:,}; where it is true, give the "
            "capacity that there is now too.",
        )


def _check_gate(values: Mapping[str, Any], *, hides: bool) -> None:
    """Refuse a confidential shelter that nobody could call."""
    if values.get("front_gate") is None and (hides or "front_gate" in values):
        raise BadInput("front_gate", "say whom partners call: it is the only way to reach a confidential shelter.")


def _check_together(values: Mapping[str, Any]) -> None:
    if "occupancy" in values and values["occupancy"] is None:
        raise BadInput("occupancy", "it cannot be empty; give 0 where nobody is there.")
    if "name" in values and values["name"] is None and not values["confidential"]:
        raise BadInput("name", "it cannot be empty.")
    if values["confidential"] and values.get("opening_hours") is not None:
        raise BadInput(
            "opening_hours", "opening hours of a confidential shelter are not kept; tell them to those who call."
        )
    if not (values["girls"] or values["boys"]):
        raise BadInput("girls", "a shelter takes girls or boys or both.")
    youngest, oldest = values.get("minimum_age_months"), values.get("maximum_age_months")
    if youngest is not None and oldest is not None and youngest > oldest:
        raise BadInput("minimum_age_months", f"{youngest} is above `maximum_age_months`, {oldest}.")
    if values["confidential"] and values.get("languages"):
        raise BadInput("languages", "languages of a confidential shelter are not kept; tell them to those who call.")
    if values["confidential"] and values.get("phone") is not None:
        raise BadInput("phone", "a phone number can be looked up; give a confidential shelter a front gate instead.")
    if not values["confidential"] and values.get("front_gate") is not None:
        raise BadInput("front_gate", "only a confidential shelter has a front gate; give a phone.")
