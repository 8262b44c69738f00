"""Up to 30 shelters, up to 10 of them confidential with a front gate and an exact site that no audience reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import exact_site, front_gate, shelter
from geo.texts import fold
from geo.vocabulary import ActorKind, ServiceCategory, in_language
from seeds.illustration import words
from seeds.illustration.country import Town
from seeds.illustration.directory import Directory

MOST = 30
CONFIDENTIAL = 10


@dataclass
class Shelters:
    """The rows of shelters beside their services."""

    shelters: list[dict[str, Any]] = field(default_factory=list)
    gates: list[dict[str, Any]] = field(default_factory=list)
    sites: list[dict[str, Any]] = field(default_factory=list)


def make(made: Directory) -> Shelters:
    """Add the shelters' services to the directory and give the rest of their rows.

    A confidential one is run from an office in the capital, so that its actor gives no place away. Without zones, in
    which its place could be told, there is none.
    """
    country, chance, rows = made.country, made.chance, Shelters()
    names = _names(made)
    chance.shuffle(names)
    hidden_by = [_head_office(made, each) for each in made.organizations]
    homes = [
        *country.capitals.values(),
        *(town for town in country.towns if town.name in country.settings.shelter_towns),
    ] or [country.capital]
    apart = country.seats or list(country.towns)
    for number, name in enumerate(names):
        hidden = number < CONFIDENTIAL and country.has_zones and bool(hidden_by)
        if hidden:
            town = chance.choice(apart)
            of = chance.choice(hidden_by)
        else:
            town = homes[number % len(homes)]
            of = _runner(made, town)
        _add(made, rows, name, town, of, number, hidden=hidden)
    return rows


def _names(made: Directory) -> list[str]:
    """Return names that no town bears: of one that is hidden they would tell a place."""
    country = made.country
    names = country.settings.shelters or [in_language(each, country.locale) for each in words.SHELTERS]
    return [each for each in names if fold(each) not in country.names][:MOST]


def _head_office(made: Directory, ngo: dict[str, Any]) -> dict[str, Any]:
    country = made.country
    name = f"{ngo['name']} · {country.words(words.HEAD_OFFICE)}"
    return made.add_actor(ActorKind.NGO, name, country.capital, None, ngo["id"])


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
        made.country.words(words.SHELTER, name=name),
        town,
        capacity=capacity,
        confidential=hidden,
        opening_hours="24/7",
    )
    if hidden:
        exact = made.near(town.place, 2_000, 9_000)
        rows.gates.append({"service_id": row["id"], "contact": _contact(made, number)})
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


def _contact(made: Directory, number: int) -> str:
    """Return a contact of a series apart: a number close to an office's would reveal whose it is."""
    desk = made.country.words(words.DUTY, number=number + 1)
    code = made.country.calling_code
    return desk if code is None else f"{desk}, +{code} 00 99 {number // 100:02} {number % 100:02}"


def load(connection: Connection, rows: Shelters) -> None:
    """Insert the shelters, front gates and exact sites; their services are in the directory already."""
    connection.execute(insert(shelter), rows.shelters)
    if rows.gates:
        insert_rows(connection, front_gate, rows.gates)
        connection.execute(insert(exact_site), rows.sites)
