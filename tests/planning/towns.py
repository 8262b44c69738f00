"""Towns with published counts, and the ranking of those out of reach as the documentation has it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from geo.database import tables
from geo.queries.base.reach import Reach
from geo.queries.reach.gaps import CoverageGaps
from geo.queries.reach.need import Need
from geo.vocabulary import IncidentType, ServiceCategory
from tests.database.land import Land
from tests.geodesy import distance_m

CATEGORY = ServiceCategory.CIVIL_DOCUMENTATION
"""It responds to two types: trafficking and smuggling."""
YEAR = "2025"
Cells = dict[IncidentType | None, int]


@dataclass(frozen=True)
class Town:
    id: str
    lon: float
    lat: float
    under_18: int
    cells: Cells


class World:
    """Towns, services and a release; what it is asked is answered by the database, what is expected in Python."""

    def __init__(self, land: Land) -> None:
        self.land = land
        self.nation = land.area("N", 0)
        self.west, self.east = land.area("W", 1, parent_id=self.nation), land.area("E", 1, parent_id=self.nation)
        self.actor = land.actor(self.west)
        self.release = land.add(tables.release, quarter="2025-Q4", revision=0)
        self.towns: list[Town] = []
        self.services: list[tuple[str, float, float]] = []

    def town(self, lon: float, lat: float, under_18: int, cells: Cells | None = None, **more: Any) -> Town:
        area = self.west if lon < 0 else self.east
        people = {"population": 2 * under_18, "under_18": under_18, "population_year": 2022}
        locality = self.land.locality(f"L{len(self.towns)}", area, lon, lat, **people)
        self.land.demand(area, lon, lat, locality_id=locality, population=2 * under_18, under_18=under_18)
        for kind, count in (cells or {}).items():
            self.publish(locality, kind, count, **more)
        self.towns.append(Town(locality, lon, lat, under_18, cells or {}))
        return self.towns[-1]

    def publish(self, locality: str, kind: IncidentType | None, count: int, period: str = YEAR) -> None:
        cell = {"level": "LOCALITY", "locality_id": locality, "period": period, "count": count, "current": True}
        named = {"incident_type": kind.name if kind else None, "release_number": int(self.release)}
        cell |= {"localities_reporting": 1, "localities_expected": 1, "reporters": locality}
        self.land.connection.execute(insert(tables.published_count).values(**cell, **named, source_id=self.land.source))

    def service(self, lon: float, lat: float, category: ServiceCategory = CATEGORY) -> str:
        area = self.west if lon < 0 else self.east
        made = self.land.service(self.actor, area, lon, lat, category=category.name)
        if category is CATEGORY:
            self.services.append((made, lon, lat))
        return made

    def ask(self, question: CoverageGaps) -> list[dict[str, Any]]:
        found = question.rows().subquery("found")
        near = question.related()["nearest"]
        service = (
            select(near.c.service_id)
            .where(near.c.demand_point_id == found.c.demand_point_id, near.c.distance_m == found.c.nearest_distance_m)
            .scalar_subquery()
        )
        rows = select(found, service.label("service_id")).order_by(found.c.turn, found.c.id)
        told = [dict(row) for row in self.land.connection.execute(rows, question.binds()).mappings()]
        return told[: question.first]

    def gaps(self, metres: float, category: ServiceCategory = CATEGORY, **more: Any) -> list[dict[str, Any]]:
        whole: dict[str, Any] = {"need": Need.all_of([category]), "within": Reach(metres=metres), "first": 100} | more
        return self.ask(CoverageGaps(**whole))

    def expected(self, metres: float, weights: tuple[float, float, float]) -> list[tuple[str, float]]:
        """Rank by the formula of the documentation."""
        types = {IncidentType.TRAFFICKING, IncidentType.SMUGGLING}
        ranked = []
        for town in self.towns:
            far = min((distance_m(town.lon, town.lat, lon, lat) for _, lon, lat in self.services), default=None)
            if town.under_18 == 0 or (far is not None and far <= metres):
                continue
            counts = [count for kind, count in town.cells.items() if kind in types]
            count = max(counts) if counts else town.cells.get(None, 0)
            times = 10.0 if far is None else min(far / metres, 10.0)
            factors = (town.under_18, 1 + count / town.under_18 * 1_000, times)
            ranked.append((town.id, math.prod(factor**weight for factor, weight in zip(factors, weights, strict=True))))
        return sorted(ranked, key=lambda each: (-each[1], each[0]))
