"""Illustrative: 30 shelters, 10 of them confidential with a front gate and an exact site that no audience reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import exact_site, front_gate, shelter
from geo.vocabulary import ActorKind, ServiceCategory
from seeds.mali.directory import NGOS, Directory, capitals, ngo_id
from seeds.mali.localities import Town, towns

# Trees and birds: names that say nothing about a place.
NAMES = (
    "Baobab", "Karité", "Néré", "Caïlcédrat", "Tamarinier", "Rônier", "Kapokier", "Manguier", "Acacia", "Fromager",
    "Jujubier", "Dattier", "Palmier", "Citronnier", "Oranger", "Goyavier", "Papayer", "Moringa", "Bambou", "Flamboyant",
    "Héron", "Calao", "Tisserin", "Martin-pêcheur", "Pintade", "Cigogne", "Tourterelle", "Ibis", "Souimanga",
    "Hirondelle",
)  # fmt: skip
CONFIDENTIAL = 10


@dataclass
class Shelters:
    """The rows of shelters beside their services."""

    shelters: list[dict[str, Any]] = field(default_factory=list)
    gates: list[dict[str, Any]] = field(default_factory=list)
    sites: list[dict[str, Any]] = field(default_factory=list)


def make(made: Directory) -> Shelters:
    """Add the shelters' services to the directory and give the rest of their rows.

    A confidential one is run from an office in Bamako, so that its actor gives no place away.
    """
    chance, rows = made.chance, Shelters()
    names = list(NAMES)
    chance.shuffle(names)
    bamako = capitals()["ML20"]
    hidden_by = [made.add_actor(ActorKind.NGO, f"ONG {name} · siège", bamako, None, ngo_id(name)) for name in NGOS]
    homes = list(capitals().values()) + [town for town in towns() if town.name in ("Sikasso", "Kati", "Mopti")]
    for number, name in enumerate(names):
        hidden = number < CONFIDENTIAL
        if hidden:
            town = chance.choice([town for town in towns() if town.cercle])
            of = chance.choice(hidden_by)
        else:
            town = homes[number % len(homes)]
            of = _runner(made, town)
        _add(made, rows, name, town, of, number, hidden=hidden)
    return rows


def _runner(made: Directory, town: Town) -> dict[str, Any]:
    ngos = [row for row in made.actors if row["kind"] is ActorKind.NGO and row["locality_id"] == town.id]
    return made.chance.choice(ngos) if ngos else made.actors[-1]


def _add(
    made: Directory, rows: Shelters, name: str, town: Town, of: dict[str, Any], number: int, *, hidden: bool
) -> None:
    chance = made.chance
    capacity = chance.choice((8, 12, 16, 20, 30))
    row = made.add_service(
        of,
        ServiceCategory.SAFE_SHELTER,
        f"Foyer {name}",
        town,
        capacity=capacity,
        confidential=hidden,
        opening_hours="24/7",
    )
    if hidden:
        exact = made.near(town.place, 2_000, 9_000)
        # A separate series: a number close to an office's would reveal whose it is.
        contact = f"Permanence {number + 1}, +223 00 99 {number // 100:02} {number % 100:02}"
        rows.gates.append({"service_id": row["id"], "contact": contact})
        place = {"point": exact.wkt, "area_id": town.area_id, "locality_id": town.id}
        rows.sites.append({"service_id": row["id"], "actor_id": of["id"], **place})
    oldest = chance.choice((None, 12 * 12 + 11, 17 * 12 + 11))
    girls = number % 3 != 0
    rows.shelters.append(
        {
            "id": made.new_id(),
            "service_id": row["id"],
            "occupancy": capacity if number % 5 == 0 else chance.randrange(capacity),
            "minimum_age_months": chance.choice((None, 0, 6 * 12)),
            "maximum_age_months": oldest,
            "girls": girls,
            "boys": not girls or chance.choice((True, False)),
        }
    )


def load(connection: Connection, rows: Shelters) -> None:
    """Insert the shelters, front gates and exact sites; their services are in the directory already."""
    connection.execute(insert(shelter), rows.shelters)
    insert_rows(connection, front_gate, rows.gates)
    connection.execute(insert(exact_site), rows.sites)
