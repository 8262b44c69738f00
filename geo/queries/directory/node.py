"""The records of ids, whatever they are of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

from sqlalchemy import FromClause, Integer, Select, Text, Uuid, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from geo.arguments import RowId, argument, check_id
from geo.audience import Audience
from geo.errors import BadInput
from geo.queries.base.descriptions import KNOWN_ID
from geo.queries.base.question import Binds, Question, bind, constant
from geo.queries.base.row_sets import (
    actors,
    areas,
    audit_entries,
    localities,
    organizations,
    own_proposals,
    proposals,
    services,
    shelters,
    trainings,
    zones,
)
from geo.queries.directory.presence import presences
from geo.queries.planning.scenarios import scenarios
from geo.queries.planning.siting_jobs import own_jobs
from geo.queries.stewards.imports import imports
from geo.queries.stewards.people import people
from geo.queries.stewards.wrong_numbers import wrong_numbers

MOST_IDS = 100
NO_ID = "-"
"""Stands in a list of ids for a text that is none, and is read as NULL."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A concept whose records have an id: its rows as the caller may see them, and who may read any of them.

    ``partners`` are its rows as partners may see them, if those are others.
    """

    rows: Callable[[], Select[Any]]
    readers: frozenset[Audience] = frozenset(Audience)
    partners: Callable[[], Select[Any]] | None = None

    def rows_for(self, audience: Audience) -> Select[Any]:
        """Return its rows as an audience may see them."""
        own = self.partners if audience is Audience.PARTNER else None
        return (own or self.rows)()


PLANNERS, STEWARDS = frozenset({Audience.PLANNER}), frozenset({Audience.STEWARD})
KINDS: Mapping[str, Kind] = {
    "AdminArea": Kind(areas),
    "AuditEntry": Kind(audit_entries, STEWARDS),
    "Import": Kind(imports, STEWARDS),
    "Locality": Kind(localities),
    "Organization": Kind(organizations),
    "Person": Kind(people, STEWARDS),
    "Presence": Kind(presences),
    "Proposal": Kind(proposals, STEWARDS | {Audience.PARTNER}, own_proposals),
    "ProtectionActor": Kind(actors),
    "Scenario": Kind(scenarios, PLANNERS),
    "Service": Kind(services),
    "Shelter": Kind(shelters),
    "SitingJob": Kind(own_jobs, PLANNERS),
    "TrainingEvent": Kind(trainings),
    "WrongNumber": Kind(wrong_numbers, STEWARDS),
    "Zone": Kind(zones),
}
"""The concepts whose records have an id, by their name in the API."""


@cache
def records_for(audience: Audience) -> Mapping[str, FromClause]:
    """Return the rows of each kind that an audience may read, by its name in the API.

    They are made once, with their columns, which SQLAlchemy works out when they are first asked for: that took half of
    the 17 ms of a statement with all kinds.
    """
    rows = {
        name: kind.rows_for(audience).subquery(f"every-{name}")
        for name, kind in KINDS.items()
        if audience in kind.readers
    }
    for each in rows.values():
        _ = each.c
    return rows


@dataclass(frozen=True, kw_only=True)
class _ById(Question):
    """Ids, and the rows that they may name: those of the kinds that the audience may read, and of no other table."""

    audience: Audience = Audience.PUBLIC

    structural = frozenset({"audience"})

    def asked_by(self, audience: Audience) -> Self:
        """Return the question as this audience asks it."""
        return replace(self, audience=audience)

    def related(self) -> Mapping[str, FromClause]:
        """Return the rows of each kind that the audience may read."""
        return records_for(self.audience)


@dataclass(frozen=True, kw_only=True)
class Node(_ById):
    """The one record of an id, of whatever kind. Ids are unique over all kinds."""

    id: RowId = argument(KNOWN_ID)

    def rows(self) -> Select[Any]:
        """Return the bound id."""
        return select(bind("id", Uuid(as_uuid=False)).label("id"))

    def binds(self) -> Binds:
        """Return the id; ``None``, which no record has, for a text that is no id."""
        return {"id": _canonical(self.id)}


def _canonical(given: str) -> RowId | None:
    try:
        return check_id("id", given)
    except BadInput:
        return None


def _not_too_many(name: str, ids: Sequence[str]) -> None:
    if len(ids) > MOST_IDS:
        raise BadInput(name, f"{len(ids)} ids; give at most {MOST_IDS}.")


@dataclass(frozen=True, kw_only=True)
class Nodes(_ById):
    """The records of ids, in the order of the ids."""

    ids: tuple[RowId, ...] = argument(f"At most {MOST_IDS} ids that earlier answers gave.", _not_too_many)

    def shape(self) -> str:
        """Return the key of the SQL, which depends on the audience alone."""
        return f"nodes: {self.audience}"

    def rows(self) -> Select[Any]:
        """Return the ids with their ``number`` in the list."""
        given = func.string_to_array(bind("ids", Text), literal_column("','"), constant(NO_ID))
        ids = cast(given, ARRAY(Uuid(as_uuid=False)))
        asked = func.unnest(ids).table_valued(column("id", Uuid(as_uuid=False)), with_ordinality="number")
        each = asked.render_derived(name="asked")
        return select(each.c.id, cast(each.c.number, Integer).label("number"))

    def binds(self) -> Binds:
        """Return the ids."""
        return {"ids": ",".join(_canonical(each) or NO_ID for each in self.ids)}
