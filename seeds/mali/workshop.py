"""Real: the organisations behind GLO.ACT, and the workshop of March 2019 where Lakana comes from."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import organization, training_event, training_organizer
from geo.vocabulary import ActorKind, IncidentType
from seeds.mali.reading import stable_id
from seeds.mali.sources import source_id

ORGANIZATIONS: dict[str, tuple[str, ActorKind, str | None]] = {
    "CNCLTP": (
        "Comité national de coordination de la lutte contre la traite des personnes et les pratiques assimilées",
        ActorKind.NATIONAL_COMMITTEE,
        None,
    ),
    "ONUDC": ("Office des Nations Unies contre la drogue et le crime", ActorKind.UN_AGENCY, "https://www.unodc.org"),
    "OIM": ("Organisation internationale pour les migrations", ActorKind.UN_AGENCY, "https://www.iom.int"),
    "UNICEF": ("Fonds des Nations Unies pour l’enfance", ActorKind.UN_AGENCY, "https://www.unicef.org"),
    "UE": ("Union européenne", ActorKind.DONOR, "https://european-union.europa.eu"),
}

WORKSHOP = stable_id("training", "glo-act-2019-03")
PARTICIPANTS = (
    ActorKind.JUVENILE_JUDGE,
    ActorKind.PROSECUTOR,
    ActorKind.DEPUTY_PROSECUTOR,
    ActorKind.POLICE_BRIGADE,
    ActorKind.CHILD_PROTECTION_OFFICER,
    ActorKind.NGO,
    ActorKind.CIVIL_SOCIETY,
    ActorKind.SCHOOL,
    ActorKind.TRADITIONAL_LEADER,
    ActorKind.CHILD_RIGHTS_ASSOCIATION,
    ActorKind.WOMENS_GROUP,
    ActorKind.YOUTH_GROUP,
)


def organization_id(acronym: str) -> str:
    """Return the id of an organisation."""
    return stable_id("organization", acronym)


def load(connection: Connection) -> None:
    """Insert the organisations and the workshop. Its sources do not say where in Mali it was held."""
    insert_rows(
        connection,
        organization,
        [
            {
                "id": organization_id(acronym),
                "name": name,
                "acronym": acronym,
                "kind": kind,
                "url": url,
                "source_id": source_id("glo-act"),
            }
            for acronym, (name, kind, url) in ORGANIZATIONS.items()
        ],
    )
    insert_rows(
        connection,
        training_event,
        [
            {
                "id": WORKSHOP,
                "name": (
                    "Comprendre la traite des enfants et le trafic illicite d’enfants : rôles et défis des acteurs "
                    "de la protection de l’enfance au Mali"
                ),
                "programme": "GLO.ACT",
                "description": "Atelier de l’ONUDC et du CNCLTP ; plus de 25 participants.",
                "starts_on": dt.date(2019, 3, 19),
                "ends_on": dt.date(2019, 3, 21),
                "participant_kinds": list(PARTICIPANTS),
                "topics": [IncidentType.TRAFFICKING, IncidentType.SMUGGLING],
                "source_id": source_id("glo-act"),
            }
        ],
    )
    organizers = [
        {"training_event_id": WORKSHOP, "organization_id": organization_id(acronym)} for acronym in ("ONUDC", "CNCLTP")
    ]
    connection.execute(insert(training_organizer), organizers)
