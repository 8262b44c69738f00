"""A small country to test with: rows by name, outlines as squares, everything else left at its default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DatabaseError

from geo.database import tables

MADE_UP = dt.date(2020, 1, 1)


def square(lon: float, lat: float, side: float) -> str:
    """Return a square with this south-west corner, all in degrees, as EWKT."""
    ring = ((lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat))
    return f"SRID=4326;MULTIPOLYGON((({', '.join(f'{x} {y}' for x, y in ring)})))"


def point(lon: float, lat: float) -> str:
    return f"SRID=4326;POINT({lon} {lat})"


class Land:
    """Rows of one database, made by their words; ids are text."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        known = self.one("SELECT id::text FROM lakana.source WHERE key = 'test'")
        self.source = known or self.add(tables.source, key="test", name="Test", illustrative=True)

    def add(self, table: Any, **values: Any) -> str:
        returned = table.c.id if "id" in table.c else next(iter(table.primary_key))
        return str(self.connection.scalar(insert(table).values(**values).returning(returned)))

    def one(self, statement: str, **values: Any) -> Any:
        return self.connection.scalar(text(statement), values)

    def rows(self, statement: str, **values: Any) -> list[tuple]:
        return [tuple(row) for row in self.connection.execute(text(statement), values)]

    def run(self, statement: str, **values: Any) -> None:
        self.connection.execute(text(statement), values)

    def area(self, code: str, level: int = 1, *, scheme: str = "T", **more: Any) -> str:
        return self.add(
            tables.admin_area,
            **(
                {"scheme": scheme, "code": code, "level": level, "name_fr": code, "source_id": self.source}
                | {"edition": str(more.get("valid_from", "1"))}
                | more
            ),
        )

    def zoning(self, country: str) -> None:
        """Let confidential services be published by zones."""
        bounds = {"least_people": 50_000, "least_localities": 20, "least_radius_m": 10_000}
        self.connection.execute(insert(tables.zoning).values(country_id=country, **bounds))

    def zone(self, country: str, area: str, lon: float, lat: float, side: float, **more: Any) -> str:
        """Make an area a zone, drawn as a square with this south-west corner."""
        values = {"country_id": country, "name_fr": "Zone", "geom": square(lon, lat, side), "radius_m": 60_000}
        values |= {"point": point(lon + side / 2, lat + side / 2), "source_id": self.source}
        made = self.add(tables.zone, **(values | more))
        self.connection.execute(insert(tables.zone_area).values(zone_id=made, area_id=area))
        return made

    def people(self, area: str, total: int, year: int = 2022) -> None:
        values = {"area_id": area, "year": year, "total": total, "under_18": total // 2, "source_id": self.source}
        self.connection.execute(insert(tables.area_population).values(**values))

    def crosswalk(self, new: str, old: str, share: float = 1.0) -> None:
        values = {"from_area_id": new, "to_area_id": old, "share": share, "source_id": self.source}
        self.connection.execute(insert(tables.area_crosswalk).values(**values))

    def locality(self, code: str, area: str, lon: float = 0, lat: float = 0, **more: Any) -> str:
        place = {"scheme": "T", "code": code, "name_fr": code, "area_id": area, "point": point(lon, lat)}
        return self.add(tables.locality, **(place | {"source_id": self.source} | more))

    def actor(self, area: str, **more: Any) -> str:
        values = {
            "name": "Acteur",
            "kind": "POLICE_BRIGADE",
            "area_id": area,
            "point": point(0, 0),
            "source_id": self.source,
        }
        return self.add(tables.actor, **(values | more))

    def service(self, actor: str, area: str, lon: float = 0, lat: float = 0, **more: Any) -> str:
        values = {"actor_id": actor, "name": "Service", "category": "MEDICAL", "area_id": area}
        return self.add(tables.service, **(values | {"point": point(lon, lat), "source_id": self.source} | more))

    def demand(self, area: str, lon: float, lat: float, **more: Any) -> str:
        values = {"area_id": area, "point": point(lon, lat), "population": 100, "under_18": 55}
        return self.add(tables.demand_point, **(values | {"source_id": self.source} | more))

    def refused(self, act: Callable[[], Any]) -> Any:
        """Return what PostgreSQL says of an act that the database must refuse as the caller's fault."""
        with pytest.raises(DatabaseError) as caught, self.connection.begin_nested():
            act()
        error: Any = caught.value.orig
        assert error.pgcode == "LK400"
        return error.diag
