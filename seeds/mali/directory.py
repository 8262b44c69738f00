"""Illustrative: who does what where, made from the kinds of bodies that the law provides for, placed at towns.

Nothing here is a real office, number or shelter; each row's source says so.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from geo.coordinates import LonLat
from geo.database.loading import insert_rows
from geo.database.tables import actor, organization, service
from geo.vocabulary import ActorKind, ServiceCategory, label
from geo.writes.write import hold_category, hold_words
from seeds.loading.distances import worked_out_once
from seeds.mali.codes import COD, NATION, area_id
from seeds.mali.localities import Town, towns
from seeds.mali.sources import source_id
from seeds.mali.workshop import ORGANIZATIONS, organization_id

REGIONAL = (
    ActorKind.JUVENILE_JUDGE,
    ActorKind.PROSECUTOR,
    ActorKind.DEPUTY_PROSECUTOR,
    ActorKind.POLICE_BRIGADE,
    ActorKind.SOCIAL_SERVICE,
    ActorKind.CHILD_RIGHTS_ASSOCIATION,
    ActorKind.HEALTH_FACILITY,
)
"""Each region has one of each of these in its largest town, competent for the region."""

OF_CERCLE = (ActorKind.CHILD_PROTECTION_OFFICER, ActorKind.GENDARMERIE, ActorKind.LOCAL_AUTHORITY)
"""Each seat of a cercle has one of each of these, competent for the cercle."""

OF_TOWN = (
    ActorKind.SCHOOL,
    ActorKind.WOMENS_GROUP,
    ActorKind.TRADITIONAL_LEADER,
    ActorKind.YOUTH_GROUP,
    ActorKind.RELIGIOUS_LEADER,
    ActorKind.CIVIL_SOCIETY,
    ActorKind.OTHER,
)
"""Each town has one of these, in turn, without a jurisdiction."""

NGOS = ("Kanuya", "Sutura", "Jigiya", "Badenya", "Sigida")
"""Illustrative NGOs, named by the Bambara words for love, shelter, hope, kinship and neighbourhood."""

OFFERS: dict[ActorKind, tuple[ServiceCategory, ...]] = {
    ActorKind.CHILD_PROTECTION_OFFICER: (ServiceCategory.CASE_MANAGEMENT, ServiceCategory.IDENTIFICATION),
    ActorKind.JUVENILE_JUDGE: (ServiceCategory.POLICE_JUSTICE,),
    ActorKind.PROSECUTOR: (ServiceCategory.POLICE_JUSTICE,),
    ActorKind.POLICE_BRIGADE: (ServiceCategory.IDENTIFICATION, ServiceCategory.POLICE_JUSTICE),
    ActorKind.GENDARMERIE: (ServiceCategory.IDENTIFICATION,),
    ActorKind.SOCIAL_SERVICE: (
        ServiceCategory.CASE_MANAGEMENT,
        ServiceCategory.FAMILY_TRACING_REUNIFICATION,
        ServiceCategory.FAMILY_MEDIATION,
        ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    ),
    ActorKind.CHILD_RIGHTS_ASSOCIATION: (ServiceCategory.LEGAL_AID,),
    ActorKind.HEALTH_FACILITY: (ServiceCategory.MEDICAL, ServiceCategory.DISABILITY),
    ActorKind.LOCAL_AUTHORITY: (ServiceCategory.CIVIL_DOCUMENTATION,),
    ActorKind.SCHOOL: (ServiceCategory.EDUCATION,),
    ActorKind.WOMENS_GROUP: (ServiceCategory.FAMILY_MEDIATION,),
    ActorKind.YOUTH_GROUP: (ServiceCategory.LIVELIHOODS_CASH,),
    ActorKind.CIVIL_SOCIETY: (ServiceCategory.LEGAL_AID,),
    ActorKind.OTHER: (ServiceCategory.OTHER,),
}
NGO_OFFERS = (
    ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    ServiceCategory.ALTERNATIVE_CARE,
    ServiceCategory.FOOD_NUTRITION,
    ServiceCategory.BASIC_ITEMS_WASH,
    ServiceCategory.LIVELIHOODS_CASH,
    ServiceCategory.EDUCATION,
    ServiceCategory.MEDICAL,
)

HOURS = ("Mo-Fr 07:30-16:00", "Mo-Sa 08:00-17:00", "24/7")
LATEST_CHECK = dt.date(2026, 6, 30)
OFFICE_SPREAD_M = 900.0


@dataclass
class Directory:
    """The rows made so far, and the chance that they are drawn by."""

    chance: random.Random
    actors: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    _phones: int = 0

    def new_id(self) -> str:
        """Draw an id: random, and the same for the same seed."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def phone(self) -> str:
        """Return a number that belongs to nobody: none in Mali begins with 00."""
        self._phones += 1
        return f"+2230000{self._phones:04}"

    def checked_on(self) -> dt.date:
        """Draw the day of a last check."""
        return LATEST_CHECK - dt.timedelta(days=self.chance.randrange(500))

    def near(self, place: LonLat, least_m: float, most_m: float) -> LonLat:
        """Draw a place this far from another."""
        metres, turn = self.chance.uniform(least_m, most_m), self.chance.uniform(0, 2 * math.pi)
        lat = place.lat + metres * math.cos(turn) / 111_000
        lon = place.lon + metres * math.sin(turn) / (111_000 * math.cos(math.radians(place.lat)))
        return LonLat(lon=round(lon, 6), lat=round(lat, 6))

    def add_actor(
        self, kind: ActorKind, name: str, town: Town, jurisdiction: str | None, organization_id: str | None = None
    ) -> dict[str, Any]:
        """Add an actor with an office in a town; ``jurisdiction`` is a COD-AB code."""
        row = {
            "id": self.new_id(),
            "organization_id": organization_id,
            "name": name,
            "kind": kind,
            "point": self.near(town.place, 50, OFFICE_SPREAD_M).wkt,
            "locality_id": town.id,
            "area_id": town.area_id,
            "jurisdiction_id": jurisdiction and area_id(COD, jurisdiction),
            "phone": self.phone(),
            "verified_on": self.checked_on(),
            "source_id": source_id("illustrative"),
        }
        self.actors.append(row)
        return row

    def add_service(
        self, of: dict[str, Any], category: ServiceCategory, name: str, town: Town, **more: Any
    ) -> dict[str, Any]:
        """Add a service of an actor in a town."""
        row = {
            "id": self.new_id(),
            "actor_id": of["id"],
            "name": name,
            "category": category,
            "confidential": False,
            "point": self.near(town.place, 50, OFFICE_SPREAD_M).wkt,
            "locality_id": town.id,
            "area_id": town.area_id,
            "capacity": self.chance.choice((None, 10, 20, 40)),
            "opening_hours": self.chance.choice(HOURS),
            "phone": self.phone(),
            "verified_on": self.checked_on(),
            "source_id": source_id("illustrative"),
        } | more
        self.services.append(row)
        return row


def capitals() -> dict[str, Town]:
    """Return the largest town of each region, by COD-AB code."""
    largest: dict[str, Town] = {}
    for town in towns():
        if town.region and (
            town.region not in largest or (town.population or 0) > (largest[town.region].population or 0)
        ):
            largest[town.region] = town
    return largest


def make(chance: random.Random) -> Directory:
    """Make actors of every kind and their services."""
    made = Directory(chance)
    for region, town in sorted(capitals().items()):
        for kind in REGIONAL:
            _with_services(made, made.add_actor(kind, f"{label(kind)} · {town.name}", town, region), kind, town)
        for name in chance.sample(NGOS, 2):
            _ngo(made, name, town, region)
    for number, town in enumerate(towns()):
        if town.cercle:
            for kind in OF_CERCLE:
                _with_services(
                    made, made.add_actor(kind, f"{label(kind)} · {town.name}", town, town.cercle), kind, town
                )
        kind = OF_TOWN[number % len(OF_TOWN)]
        _with_services(made, made.add_actor(kind, f"{label(kind)} · {town.name}", town, None), kind, town)
    bamako = next(town for town in towns() if town.region == "ML20")
    for acronym, (_, kind, _url) in ORGANIZATIONS.items():
        made.add_actor(kind, f"{acronym} · Bamako", bamako, NATION, organization_id(acronym))
    return made


def _with_services(made: Directory, row: dict[str, Any], kind: ActorKind, town: Town) -> None:
    for category in OFFERS.get(kind, ()):
        made.add_service(row, category, f"{label(category)} · {town.name}", town)


def ngo_id(name: str) -> str:
    """Return the id of an illustrative NGO."""
    return organization_id(f"illustrative {name}")


def _ngo(made: Directory, name: str, town: Town, region: str) -> None:
    row = made.add_actor(ActorKind.NGO, f"ONG {name} · {town.name}", town, region, ngo_id(name))
    for category in made.chance.sample(NGO_OFFERS, 4):
        made.add_service(row, category, f"{label(category)} · ONG {name}, {town.name}", town)


def load(connection: Connection, made: Directory) -> None:
    """Insert organisations, actors and services."""
    ngos = [
        {"id": ngo_id(name), "name": f"ONG {name}", "kind": ActorKind.NGO, "source_id": source_id("illustrative")}
        for name in NGOS
    ]
    # Its shelters ask for the words of hidden names first, so what comes after these is held first too.
    hold_words(connection, hidden=True)
    for each in ServiceCategory:
        hold_category(connection, each)
    insert_rows(connection, organization, ngos)
    insert_rows(connection, actor, made.actors)
    with worked_out_once(connection):
        insert_rows(connection, service, made.services)
