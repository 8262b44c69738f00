"""Trainings in regional capitals, and which bodies of the region sent somebody."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import raw_training_participants, trained_actor, training_event, training_organizer
from geo.vocabulary import ActorKind, IncidentType
from seeds.illustration import words
from seeds.illustration.country import Country, Town
from seeds.illustration.directory import Directory
from seeds.loading.ids import stable_id

YEARS = range(2021, 2026)
"""The years of the trainings of the largest regions, where the pack names none."""

KINDS = (
    ActorKind.CHILD_PROTECTION_OFFICER,
    ActorKind.POLICE_BRIGADE,
    ActorKind.GENDARMERIE,
    ActorKind.SOCIAL_SERVICE,
    ActorKind.SCHOOL,
    ActorKind.TRADITIONAL_LEADER,
    ActorKind.NGO,
)
SENT = 0.7
"""The share of a region's bodies that send somebody."""

TOPICS = (IncidentType.TRAFFICKING, IncidentType.SMUGGLING, IncidentType.FORCED_BEGGING, IncidentType.CHILD_LABOUR)


def load(connection: Connection, made: Directory, seed: int) -> None:
    """Insert the trainings, who held them and which actors of the region took part, drawn by a number of their own."""
    country = made.country
    chance = random.Random(f"trainings {seed}")  # noqa: S311  illustration, not secrecy
    regions = {town.id: town.region for town in country.towns}
    for number, (region, year) in enumerate(_regions(country).items()):
        event = _event(made, region, year, country.capitals[region], chance)
        insert_rows(connection, training_event, [event])
        if made.organizations:
            holder = made.organizations[number % len(made.organizations)]["id"]
            connection.execute(
                insert(training_organizer), {"training_event_id": event["id"], "organization_id": holder}
            )
        sent = [
            {"actor_id": row["id"], "training_event_id": event["id"], "source_id": made.source_id}
            for row in made.actors
            if regions.get(row["locality_id"]) == region and row["kind"] in KINDS and chance.random() < SENT
        ]
        if sent:
            connection.execute(insert(trained_actor), sent)
        counts = [{"training_event_id": event["id"], "kind": kind, "count": chance.randrange(1, 13)} for kind in KINDS]
        connection.execute(insert(raw_training_participants), counts)


def _regions(country: Country) -> dict[str, int]:
    """Return the year of the training of each region that has one, by its code."""
    if country.settings.trainings:
        return {region: year for region, year in country.settings.trainings.items() if region in country.capitals}
    largest = sorted(country.capitals, key=lambda code: (-country.capitals[code].population, code))
    return dict(zip(largest, YEARS, strict=False))


def _event(made: Directory, region: str, year: int, town: Town, chance: random.Random) -> dict[str, Any]:
    begins = dt.date(year, chance.randrange(1, 12), chance.randrange(1, 26))
    return {
        "id": stable_id("training", made.country.code, region, str(year)),
        "name": f"{made.country.words(words.TRAINING)} · {town.name}",
        "programme": None,
        "description": made.country.words(words.TRAINING_TOLD),
        "starts_on": begins,
        "ends_on": begins + dt.timedelta(days=2),
        "participant_kinds": list(KINDS),
        "topics": chance.sample(TOPICS, 2),
        "locality_id": town.id,
        "source_id": made.source_id,
    }
