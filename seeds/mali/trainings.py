"""Illustrative: trainings in five regional capitals, and which bodies sent somebody. The workshop of 2019 is real.

Nobody knows which bodies the participants of the real workshop came from, so it has trained nobody here.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import raw_training_participants, trained_actor, training_event, training_organizer
from geo.vocabulary import ActorKind, IncidentType
from seeds.mali.directory import NGOS, Directory, capitals, ngo_id
from seeds.mali.localities import Town, towns
from seeds.mali.reading import stable_id
from seeds.mali.sources import source_id

REGIONS = {"ML03": 2021, "ML04": 2022, "ML05": 2023, "ML01": 2024, "ML20": 2025}
"""COD-AB code of the region → the year of its training."""

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
    chance = random.Random(f"trainings {seed}")  # noqa: S311  illustration, not secrecy
    regions = {town.id: town.region for town in towns()}
    for number, (region, year) in enumerate(REGIONS.items()):
        event = _event(region, year, capitals()[region], chance)
        insert_rows(connection, training_event, [event])
        organizer = {"training_event_id": event["id"], "organization_id": ngo_id(NGOS[number % len(NGOS)])}
        connection.execute(insert(training_organizer), organizer)
        sent = [
            {"actor_id": row["id"], "training_event_id": event["id"], "source_id": source_id("illustrative")}
            for row in made.actors
            if regions.get(row["locality_id"]) == region and row["kind"] in KINDS and chance.random() < SENT
        ]
        connection.execute(insert(trained_actor), sent)
        counts = [{"training_event_id": event["id"], "kind": kind, "count": chance.randrange(1, 13)} for kind in KINDS]
        connection.execute(insert(raw_training_participants), counts)


def _event(region: str, year: int, town: Town, chance: random.Random) -> dict[str, Any]:
    begins = dt.date(year, chance.randrange(1, 12), chance.randrange(1, 26))
    return {
        "id": stable_id("training", f"illustrative {region}"),
        "name": f"Repérer et orienter un enfant victime · {town.name}",
        "programme": None,
        "description": "Formation d’illustration.",
        "starts_on": begins,
        "ends_on": begins + dt.timedelta(days=2),
        "participant_kinds": list(KINDS),
        "topics": chance.sample(TOPICS, 2),
        "locality_id": town.id,
        "source_id": source_id("illustrative"),
    }
