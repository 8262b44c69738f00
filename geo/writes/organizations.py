"""Organisations; no two bear one name, whatever its case, accents and signs that nobody sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, exists, select

from geo.database.tables import actor, organization
from geo.errors import Conflict
from geo.texts import name, web_address
from geo.vocabulary import ActorKind
from geo.writes.fields import term
from geo.writes.records import Record


def _fitting(_connection: Connection, values: dict[str, Any], _former: Any) -> dict[str, Any]:
    return values  # the database keeps their names apart (lakana.keep_names_apart), also while two write at once


def _leaving(connection: Connection, row: Any) -> None:
    if connection.scalar(select(exists().where(actor.c.organization_id == row.id))):
        raise Conflict("Some of its actors are in the directory; retire them or give them away first.", row.version)


ORGANIZATION = Record(
    table=organization,
    required={"name": name, "kind": term(ActorKind)},
    optional={"acronym": name, "url": web_address},
    fitting=_fitting,
    leaving=_leaving,
)
