"""Organisations; no two bear one name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, exists, select

from geo.errors import BadInput, Conflict
from geo.tables import actor, organization
from geo.vocabulary import ActorKind
from geo.writes.fields import address, term, words
from geo.writes.records import Record


def _fitting(connection: Connection, values: dict[str, Any], former: Any) -> dict[str, Any]:
    name = values.get("name")
    if name is None or (former is not None and name == former.name):
        return values
    if connection.scalar(select(exists().where(organization.c.name == name))):
        raise BadInput("name", "an organisation of that name is in the directory already; change that one.")
    return values


def _leaving(connection: Connection, row: Any) -> None:
    if connection.scalar(select(exists().where(actor.c.organization_id == row.id))):
        raise Conflict("Some of its actors are in the directory; retire them or give them away first.", row.version)


ORGANIZATION = Record(
    table=organization,
    required={"name": words, "kind": term(ActorKind)},
    optional={"acronym": words, "url": address},
    fitting=_fitting,
    leaving=_leaving,
)
