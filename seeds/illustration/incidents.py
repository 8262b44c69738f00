"""Raw counts of incidents by locality, quarter and type, with hotspots planted in them."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.tables import expected_reporter, raw_incident_count, raw_incident_return
from geo.notations.quarters import following
from geo.vocabulary import IncidentType
from seeds.illustration.country import Country, Town

QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4))

PER_100K_A_QUARTER: dict[IncidentType, float] = {
    IncidentType.TRAFFICKING: 6,
    IncidentType.SMUGGLING: 4,
    IncidentType.CHILD_LABOUR: 14,
    IncidentType.CHILD_SLAVERY: 1,
    IncidentType.SEXUAL_EXPLOITATION: 4,
    IncidentType.SEXUAL_ABUSE: 7,
    IncidentType.DOMESTIC_VIOLENCE: 16,
    IncidentType.RECRUITMENT_BY_ARMED_GROUPS: 3,
    IncidentType.FORCED_BEGGING: 9,
    IncidentType.OTHER: 3,
}
"""The background rate for every 100,000 children."""

USUAL = (IncidentType.TRAFFICKING, IncidentType.CHILD_LABOUR, IncidentType.FORCED_BEGGING)
"""The types of which a hotspot is planted where the pack says none: each around a large town."""
TOWNS_OF_A_HOTSPOT = 4

HOTSPOT_FACTOR = 8
UNKNOWN_CHILDREN = 5_000
"""The number of children assumed in a town of unknown population."""


def make(country: Country, chance: random.Random) -> list[dict[str, Any]]:
    """Draw every leaf, zeros included."""
    planted = country.settings.hotspots or _drawn(country)
    return [
        {
            "locality_id": town.id,
            "quarter": quarter,
            "incident_type": incident_type,
            "count": poisson(chance, _expected(town, incident_type, planted)),
        }
        for town in country.towns
        for quarter in QUARTERS
        for incident_type in IncidentType
    ]


def _drawn(country: Country) -> Mapping[IncidentType, frozenset[str]]:
    """Return hotspots around the largest towns of the first regions, each with the towns that are nearest to it."""
    found = {}
    for incident_type, (_, middle) in zip(USUAL, sorted(country.capitals.items()), strict=False):
        nearest = sorted(country.towns, key=lambda each, of=middle: _apart(each, of))  # type: ignore[misc]
        found[incident_type] = frozenset(each.name for each in nearest[:TOWNS_OF_A_HOTSPOT])
    return found


def _apart(one: Town, other: Town) -> float:
    """Return how far two towns are apart, in degrees of latitude, to compare only."""
    east = (one.place.lon - other.place.lon + 180) % 360 - 180
    return math.hypot(east * math.cos(math.radians(one.place.lat)), one.place.lat - other.place.lat)


def _expected(town: Town, incident_type: IncidentType, planted: Mapping[IncidentType, frozenset[str]]) -> float:
    children = town.under_18 or UNKNOWN_CHILDREN
    factor = HOTSPOT_FACTOR if town.name in planted.get(incident_type, ()) else 1
    return children / 100_000 * PER_100K_A_QUARTER[incident_type] * factor


def poisson(chance: random.Random, mean: float) -> int:
    """Draw from a Poisson distribution (Knuth, TAOCP 2, 3.4.1), in pieces so that the product does not vanish."""
    drawn = 0
    while mean > 0:
        piece = min(mean, 50.0)
        mean -= piece
        product, bound = chance.random(), math.exp(-piece)
        while product > bound:
            drawn += 1
            product *= chance.random()
    return drawn


def first_moment(quarter: str) -> dt.datetime:
    """Return when a quarter begins, UTC: the towns return one as soon as it is over."""
    return dt.datetime(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1, tzinfo=dt.UTC)


def load(connection: Connection, rows: list[dict[str, Any]], source_id: str) -> None:
    """Insert the raw counts, with a return of each town and quarter, and the list of who is expected to report: all."""
    made = {(row["locality_id"], row["quarter"]): None for row in rows}
    connection.execute(
        insert(raw_incident_return),
        [
            {
                "locality_id": town,
                "quarter": quarter,
                "reported_at": first_moment(following(quarter)),
                "source_id": source_id,
            }
            for town, quarter in made
        ],
    )
    connection.execute(insert(raw_incident_count), rows)
    connection.execute(
        insert(expected_reporter),
        [{"locality_id": town, "from_quarter": QUARTERS[0]} for town in dict.fromkeys(town for town, _ in made)],
    )
