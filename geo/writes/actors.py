"""Protection actors with their offices.

An actor of a kind that is known by its services is in the directory only while it has a public one (migration 0020).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select

from geo import texts
from geo.arguments import AreaCode, RowId, argument, check_id
from geo.coordinates import LonLat
from geo.database.tables import actor, organization, service
from geo.errors import BadInput, Conflict
from geo.queries.base.area_codes import NO_LOCALITY
from geo.vocabulary import ActorKind
from geo.writes import fields
from geo.writes.duplicates import ANOTHER, refuse_duplicate
from geo.writes.places import code, other_area, settled
from geo.writes.records import Record


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The fields of a protection actor."""

    name: str = argument(fields.NAME, texts.name)
    kind: ActorKind = argument("What it is, by its mandate.", fields.term(ActorKind))
    point: LonLat = argument(fields.POINT, fields.place)
    organization_id: RowId | None = argument("The organisation that it belongs to.", check_id, default=None)
    area_code: AreaCode | None = argument(fields.AREA_CODE, code, default=None, changing=fields.AREA_CHANGING)
    area_name: str | None = argument(fields.AREA_NAME, texts.name, default=None)
    locality_id: RowId | None = argument(fields.LOCALITY, check_id, default=None)
    jurisdiction_code: AreaCode | None = argument(
        f"The area in force that it is competent for. {NO_LOCALITY}", code, default=None
    )
    jurisdiction_name: str | None = argument(fields.name_with("jurisdiction_code"), texts.name, default=None)
    phone: str | None = argument(fields.PUBLIC_PHONE, fields.phone, default=None)
    verified_on: dt.date | None = argument(fields.VERIFIED, fields.past_day, default=None)
    another: bool = argument(ANOTHER, default=False)


def _check_whole(connection: Connection, values: dict[str, Any], former: Any) -> None:
    """Refuse a part of the place of an actor that is in no directory: what contradicts it would tell the rest."""
    if former is None or "point" in values or not {"area_code", "locality_id"} & {*values}:
        return
    public = exists().where(service.c.actor_id == actor.c.id, service.c.confidential.is_(False))
    unlisted = exists().where(actor.c.id == former.id, func.lakana.is_known_by_services(actor.c.kind), ~public)
    if connection.scalar(select(unlisted)):
        raise BadInput(
            "point", "give the place of a body without a public service whole: point with area and locality."
        )


def _fitting(connection: Connection, values: dict[str, Any], former: Any) -> dict[str, Any]:
    _check_whole(connection, values, former)
    values = settled(connection, values, former)
    wanted = values.get("organization_id")
    if wanted is not None and not connection.scalar(select(exists().where(organization.c.id == wanted))):
        raise BadInput("organization_id", "there is no organisation of that id; `organizations` lists them.")
    values |= other_area(connection, values, "jurisdiction")
    refuse_duplicate(connection, actor, values, former, "kind", "organization_id")
    return values


def _leaving(connection: Connection, row: Any) -> None:
    if connection.scalar(select(exists().where(service.c.actor_id == row.id))):
        raise Conflict("Some of its services are in the directory; retire them first.", row.version)


# Without a public service it may not be in the directory; a steward can still edit it by its id.
ACTOR = Record(
    table=actor,
    called="The actor.",
    fields=Actor,
    fitting=_fitting,
    leaving=_leaving,
    bring_back=func.exact.list_actor,
)
