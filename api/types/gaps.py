"""Where children are out of reach."""

from __future__ import annotations

import strawberry

from api.types.directory import Service
from api.types.field import by_id, column, one
from api.types.places import Locality
from geo.queries.rows import localities, services


@strawberry.type(description="A locality whose children live out of reach.")
class CoverageGap:
    """A gap."""

    locality: Locality = one(by_id(localities, "locality_id"), "The locality.")
    nearest_distance_metres: float | None = column(
        "nearest_distance_m", "Metres to the nearest service of the category; null where there is none at all."
    )
    nearest_service: Service | None = one(by_id(services, "service_id"), "The nearest service of the category.")
    uncovered_under18: int = column("uncovered_under_18", "Children under 18 of the locality, all out of reach.")
    incident_count: int = column(
        "incident_count",
        "Incidents of all types published for the locality in the latest released year; 0 where none is.",
    )
    priority: float = column(
        "priority",
        "uncoveredUnder18 × (1 + incidentCount / 100) × min(nearestDistanceMetres / maxDistanceMetres, 10); the last "
        "factor is 10 where there is no service at all.",
    )
