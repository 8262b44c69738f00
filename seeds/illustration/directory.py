"""Who does what where, made from the kinds of bodies that the law of a country provides for, placed at its towns.

Nothing here is a real office, number or shelter; each row's source says so.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.coordinates import LonLat
from geo.database.loading import insert_rows
from geo.database.tables import actor, organization, service
from geo.texts import fold
from geo.vocabulary import ActorKind, ServiceCategory, in_language, label
from geo.writes.write import hold_category, hold_words
from seeds.illustration import words
from seeds.illustration.country import Country, Town
from seeds.loading.distances import worked_out_once
from seeds.loading.ids import stable_id

AREA_SETS = text(
    "SELECT area_set_id FROM lakana.area_sets_of(CAST(CAST(:points AS text[]) AS geography[]), "
    "CAST(CAST(:areas AS text[]) AS uuid[])) ORDER BY number"
)
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

OF_DISTRICT = (ActorKind.CHILD_PROTECTION_OFFICER, ActorKind.GENDARMERIE, ActorKind.LOCAL_AUTHORITY)
"""Each seat of a district has one of each of these, competent for the district."""

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

OF_THE_STATE = frozenset(
    (
        ActorKind.JUVENILE_JUDGE,
        ActorKind.PROSECUTOR,
        ActorKind.DEPUTY_PROSECUTOR,
        ActorKind.POLICE_BRIGADE,
        ActorKind.GENDARMERIE,
        ActorKind.SOCIAL_SERVICE,
        ActorKind.CHILD_PROTECTION_OFFICER,
    )
)
"""Offices that a country has only if its law appoints them, or its pack says so."""

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
HALF_TURN = 180
MOST_ORGANIZATIONS = 20


@dataclass
class Directory:
    """The rows made so far, and the chance that they are drawn by."""

    country: Country
    source_id: str
    chance: random.Random
    organizations: list[dict[str, Any]] = field(default_factory=list)
    actors: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    _phones: int = 0

    def new_id(self) -> str:
        """Draw an id: random, and the same for the same seed."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def phone(self) -> str | None:
        """Return the next number that belongs to nobody."""
        self._phones += 1
        return self.country.phone(self._phones)

    def called(self, term: ActorKind | ServiceCategory, where: str) -> str:
        """Return the name of a body or service: what it is and where."""
        return f"{label(term, self.country.locale)} · {where}"

    def checked_on(self) -> dt.date:
        """Draw the day of a last check."""
        return LATEST_CHECK - dt.timedelta(days=self.chance.randrange(500))

    def near(self, place: LonLat, least_m: float, most_m: float) -> LonLat:
        """Draw a place this far from another."""
        metres, turn = self.chance.uniform(least_m, most_m), self.chance.uniform(0, 2 * math.pi)
        lat = place.lat + metres * math.cos(turn) / 111_000
        lon = place.lon + metres * math.sin(turn) / (111_000 * math.cos(math.radians(place.lat)))
        if abs(lon) > HALF_TURN:  # beyond the antimeridian
            lon -= math.copysign(2 * HALF_TURN, lon)
        return LonLat(lon=round(lon, 6), lat=round(lat, 6))

    def add_actor(
        self, kind: ActorKind, name: str, town: Town, jurisdiction: str | None, organization_id: str | None = None
    ) -> dict[str, Any]:
        """Add an actor with an office in a town; ``jurisdiction`` is the id of the area that it is competent for."""
        row = {
            "id": self.new_id(),
            "organization_id": organization_id,
            "name": name,
            "kind": kind,
            "point": self.near(town.place, 50, OFFICE_SPREAD_M).wkt,
            "locality_id": town.id,
            "area_id": town.area_id,
            "jurisdiction_id": jurisdiction,
            "phone": self.phone(),
            "verified_on": self.checked_on(),
            "source_id": self.source_id,
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
            "source_id": self.source_id,
        } | more
        self.services.append(row)
        return row

    def add_office(self, kind: ActorKind, town: Town, jurisdiction: str | None) -> None:
        """Add a body of a kind in a town, with the services that such a body usually offers."""
        row = self.add_actor(kind, self.called(kind, town.name), town, jurisdiction)
        for category in OFFERS.get(kind, ()):
            self.add_service(row, category, self.called(category, town.name), town)


def make(country: Country, chance: random.Random, source_id: str, real: Sequence[Row[Any]]) -> Directory:
    """Make actors of every kind that the country has, and their services.

    ``real`` are organisations that no actor belongs to yet, with ``id``, ``called`` and ``kind``: each gets an office.
    """
    made = Directory(country, source_id, chance)
    made.organizations = [_ngo(country, source_id, name) for name in _ngo_names(country)]
    has = country.appointed | set(country.settings.offices)
    offices = [each for each in REGIONAL if each in has or each not in OF_THE_STATE]
    of_district = [each for each in OF_DISTRICT if each in has or each not in OF_THE_STATE]
    for _, town in sorted(country.capitals.items()):
        for kind in offices:
            made.add_office(kind, town, town.region_id)
        for each in chance.sample(made.organizations, min(2, len(made.organizations))):
            _add_ngo(made, each, town)
    seats = {each.id for each in country.seats}
    for number, town in enumerate(country.towns):
        for kind in of_district if town.id in seats else ():
            made.add_office(kind, town, town.district_id)
        made.add_office(OF_TOWN[number % len(OF_TOWN)], town, None)
    for row in real:
        name = f"{row.called} · {country.capital.name}"
        made.add_actor(ActorKind[row.kind], name, country.capital, country.nation_id, row.id)
    return made


def _ngo_names(country: Country) -> list[str]:
    names = country.settings.organizations or [in_language(each, country.locale) for each in words.ORGANIZATIONS]
    return [each for each in names if fold(each) not in country.names]


def _ngo(country: Country, source_id: str, name: str) -> dict[str, Any]:
    return {
        "id": stable_id("illustrative", country.code, name),
        "name": country.words(words.NGO, name=name),
        "kind": ActorKind.NGO,
        "source_id": source_id,
    }


def _add_ngo(made: Directory, ngo: dict[str, Any], town: Town) -> None:
    row = made.add_actor(ActorKind.NGO, f"{ngo['name']} · {town.name}", town, town.region_id, ngo["id"])
    for category in made.chance.sample(NGO_OFFERS, 4):
        made.add_service(row, category, made.called(category, f"{ngo['name']}, {town.name}"), town)


def organizations_without_actors(connection: Connection) -> Sequence[Row[Any]]:
    """Return the organisations that no actor belongs to, by name, with ``id``, ``called`` and ``kind``."""
    wanted = (
        "SELECT o.id::text, coalesce(o.acronym, o.name) AS called, o.kind::text FROM lakana.organization o "
        "WHERE NOT EXISTS (SELECT FROM lakana.actor a WHERE a.organization_id = o.id) "
        "ORDER BY o.name_key, o.id LIMIT :most"
    )
    return connection.execute(text(wanted), {"most": MOST_ORGANIZATIONS}).all()


def load(connection: Connection, made: Directory) -> None:
    """Insert organisations, actors and services."""
    # Its shelters ask for the words of hidden names first, so what comes after these is held first too.
    hold_words(connection, hidden=True)
    for each in ServiceCategory:
        hold_category(connection, each)
    insert_rows(connection, organization, made.organizations)
    insert_rows(connection, actor, _settled(connection, made.actors))
    with worked_out_once(connection):
        insert_rows(connection, service, _settled(connection, made.services))


def _settled(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the areas of all divisions that each lies in, found together: one by one they take 2 ms each.

    Those of a confidential place follow from its zone, as it is written.
    """
    told = [row for row in rows if not row.get("confidential")]
    asked = {"points": [row["point"] for row in told], "areas": [row["area_id"] for row in told]}
    found = dict(zip((row["id"] for row in told), connection.scalars(AREA_SETS, asked), strict=True))
    return [{**row, "area_set_id": found.get(row["id"])} for row in rows]
