"""Protection actors with their offices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, exists, select

from geo.database.tables import actor, organization, service
from geo.errors import BadInput, Conflict
from geo.texts import name
from geo.vocabulary import ActorKind
from geo.writes.fields import past_day, phone, place, row_id, term
from geo.writes.places import area_id, code, settled
from geo.writes.records import Record


def _fitting(connection: Connection, values: dict[str, Any], former: Any) -> dict[str, Any]:
    values = settled(connection, values, former)
    wanted = values.get("organization_id")
    if wanted is not None and not connection.scalar(select(exists().where(organization.c.id == wanted))):
        raise BadInput("organization_id", "there is no organisation of that id; organizations lists them.")
    if "jurisdiction_code" in values:
        named = values.pop("jurisdiction_code")
        values["jurisdiction_id"] = None if named is None else area_id(connection, named, "jurisdiction_code")
    return values


def _leaving(connection: Connection, row: Any) -> None:
    if connection.scalar(select(exists().where(service.c.actor_id == row.id))):
        raise Conflict("Some of its services are in the directory; retire them first.", row.version)


ACTOR = Record(
    table=actor,
    required={"name": name, "kind": term(ActorKind), "point": place},
    optional={
        "organization_id": row_id,
        "area_code": code,
        "locality_id": row_id,
        "jurisdiction_code": code,
        "phone": phone,
        "verified_on": past_day,
    },
    fitting=_fitting,
    leaving=_leaving,
)
