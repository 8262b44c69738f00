"""Organisations; their names are unique, ignoring case, accents, blanks and what nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select

from geo import texts
from geo.arguments import argument
from geo.database.tables import actor, organization, training_organizer
from geo.errors import Conflict
from geo.vocabulary import ActorKind
from geo.writes.fields import term
from geo.writes.records import Record


@dataclass(frozen=True, kw_only=True)
class Organization:
    """The fields of an organisation."""

    name: str = argument("Its name, 1 to 200 characters; no two bear one name.", texts.name)
    kind: ActorKind = argument("What it is, by its mandate.", term(ActorKind))
    acronym: str | None = argument("Its acronym, 1 to 200 characters.", texts.name, default=None)
    url: str | None = argument(
        "Its address on the web, https://…, at most 200 characters.", texts.web_address, default=None
    )


def _fitting(_connection: Connection, values: dict[str, Any], _former: Any) -> dict[str, Any]:
    return values  # the database keeps names unique (lakana.keep_names_apart), also for concurrent writes


def _leaving(connection: Connection, row: Any) -> None:
    if connection.scalar(select(exists().where(actor.c.organization_id == row.id))):
        raise Conflict("Some of its actors are in the directory; retire them or give them away first.", row.version)
    if connection.scalar(select(exists().where(training_organizer.c.organization_id == row.id))):
        raise Conflict("It has held a training, which the directory tells.", row.version)


# Without an actor and a training it is in no directory. Its row is kept, whether anybody has a login in its name or
# not: were only those without one deleted, a steward would learn which have one, and may run a confidential shelter.
ORGANIZATION = Record(
    table=organization,
    called="The organisation.",
    fields=Organization,
    fitting=_fitting,
    leaving=_leaving,
    is_kept=True,
)
