"""Trainings, recorded by stewards: who held them, which actors sent somebody, and how many people came by kind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Column, Connection, cast, func, insert, select, text

from geo import texts
from geo.arguments import RowId, argument, check_id, day
from geo.audience import Caller
from geo.database.tables import actor, locality, organization, trained_actor, training_event, training_organizer
from geo.errors import BadInput
from geo.vocabulary import ActorKind, IncidentType
from geo.writes.write import Saved, Write, source_of_direct_entry

MOST_PEOPLE = 10_000
MOST_ORGANIZERS, MOST_ACTORS = 20, 500
FIRST_DAY = dt.date(1990, 1, 1)
LONGEST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Participants:
    """A kind of actor that took part, and how many people it sent, if that is known."""

    kind: ActorKind = argument("The kind; each at most once.")
    people: int | None = argument(
        "How many people, 1 to 10,000; published rounded once the training is over, never read back.", default=None
    )


@dataclass(frozen=True, kw_only=True)
class RecordTraining(Write):
    """Record a training, all or nothing."""

    name: str = argument("Its name, 1 to 200 characters.")
    starts_on: dt.date = argument("Its first day, from 1990 on.")
    ends_on: dt.date = argument("Its last day: not before the first, at most a year after it, 2099 at the latest.")
    participants: tuple[Participants, ...] = argument("Who took part: from 1 to 21 kinds of actor.")
    incident_types: tuple[IncidentType, ...] = argument(
        "The types of incident that it was about, at most 10, each once.", default=()
    )
    organizer_ids: tuple[RowId, ...] = argument("The organisations that held it, at most 20.", default=())
    trained_actor_ids: tuple[RowId, ...] = argument(
        "The actors that sent somebody, at most 500, each of a kind that took part.", default=()
    )
    programme: str | None = argument("The programme that it was a part of, 1 to 200 characters.", default=None)
    description: str | None = argument(
        "What is known of it besides, 1 to 200 characters; nothing about a person.", default=None
    )
    locality_id: RowId | None = argument("The locality where it was held.", default=None)

    def __post_init__(self) -> None:
        """Check what can be checked without the database."""
        self._texts()
        day()("ends_on", self.ends_on)
        if not FIRST_DAY <= self.starts_on <= self.ends_on:
            raise BadInput("ends_on", "a training ends on its first day or later, and begins in 1990 or later.")
        if (self.ends_on - self.starts_on).days > LONGEST_DAYS:
            raise BadInput(
                "ends_on", f"it is more than {LONGEST_DAYS} days after `starts_on`; record each part by itself."
            )
        _check_list("participants", [each.kind for each in self.participants], len(ActorKind), least=1)
        for number, each in enumerate(self.participants):
            if each.people is not None and not 1 <= each.people <= MOST_PEOPLE:
                raise BadInput(f"participants.{number}.people", f"give 1 to {MOST_PEOPLE:,}, or leave it out.")
        _check_list("incident_types", self.incident_types, len(IncidentType))
        _check_list("organizer_ids", self._ids("organizer_ids", self.organizer_ids), MOST_ORGANIZERS)
        _check_list("trained_actor_ids", self._ids("trained_actor_ids", self.trained_actor_ids), MOST_ACTORS)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Enter it as told directly."""
        return Saved(self.enter(connection, source_of_direct_entry(connection)), None)

    def enter(self, connection: Connection, source: str) -> str:
        """Insert the training with its related rows, as told by a source, and return its id."""
        organizers = self._ids("organizer_ids", self.organizer_ids)
        actors = self._ids("trained_actor_ids", self.trained_actor_ids)
        self._check_rows(connection, organizers, actors)
        row = insert(training_event).values(
            **self._texts(),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            participant_kinds=[each.kind for each in self.participants],
            topics=list(self.incident_types),
            locality_id=self.locality_id and check_id("locality_id", self.locality_id),
            source_id=source,
        )
        event: str = connection.execute(row.returning(training_event.c.id)).scalar_one()
        if organizers:
            rows = [{"training_event_id": event, "organization_id": each} for each in organizers]
            connection.execute(insert(training_organizer), rows)
        if actors:
            sent = [{"training_event_id": event, "actor_id": each, "source_id": source} for each in actors]
            connection.execute(insert(trained_actor), sent)
        self._record_people(connection, event)
        return event

    def _texts(self) -> dict[str, str | None]:
        return {
            "name": texts.name("name", self.name),
            "programme": None if self.programme is None else texts.name("programme", self.programme),
            "description": None if self.description is None else texts.prose("description", self.description),
        }

    def _record_people(self, connection: Connection, event: str) -> None:
        counts = [
            {"kind": each.kind.name, "count": each.people} for each in self.participants if each.people is not None
        ]
        connection.execute(
            text("SELECT raw.record_participants(CAST(:event AS uuid), CAST(:counts AS jsonb))"),
            {"event": event, "counts": json.dumps(counts)},
        )

    def _check_rows(self, connection: Connection, organizers: list[str], actors: list[str]) -> None:
        if self.locality_id is not None:
            wanted = [check_id("locality_id", self.locality_id)]
            if not _known(connection, wanted, locality.c.id, locality.c.id):
                raise BadInput("locality_id", "there is no locality of that id; `localities` lists them.")
        known = _known(connection, organizers, organization.c.id, organization.c.id)
        for number, each in enumerate(organizers):
            if each not in known:
                raise BadInput(
                    f"organizer_ids.{number}", "there is no organisation of that id; `organizations` lists them."
                )
        kinds = {each.kind for each in self.participants}
        # An actor without a public service is not in the directory, and may have been trained.
        trained = func.unnest(cast(sorted(actors), ARRAY(actor.c.id.type)))
        connection.execute(select(func.exact.list_actor(trained)))
        found = _known(connection, actors, actor.c.id, actor.c.kind)
        for number, each in enumerate(actors):
            if each not in found:
                raise BadInput(f"trained_actor_ids.{number}", "there is no actor of that id; `actors` lists them.")
            if found[each] not in kinds:
                raise BadInput(
                    f"trained_actor_ids.{number}", f"it is a {found[each].name}; name that in participants too."
                )

    @staticmethod
    def _ids(field: str, given: Sequence[str]) -> list[str]:
        return [check_id(f"{field}.{number}", each) for number, each in enumerate(given)]


def _check_list(field: str, given: Sequence[Any], most: int, least: int = 0) -> None:
    if not least <= len(given) <= most:
        raise BadInput(field, f"{len(given)} are outside {least} to {most}.")
    if len(set(given)) < len(given):
        raise BadInput(field, "one of them comes twice; give each once.")


def _known(connection: Connection, ids: Sequence[str], key: Column[Any], value: Column[Any]) -> Mapping[str, Any]:
    """Return the value of a column by id, for the ids that exist."""
    rows = connection.execute(select(key, value).where(key.in_(ids))) if ids else ()
    return {str(row[0]): row[1] for row in rows}
