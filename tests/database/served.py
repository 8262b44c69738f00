"""Four towns in demand, and services that come and move."""

from __future__ import annotations

from typing import Any

from tests.database.land import Land, point

TOWNS = ((-7.97, 12.61), (-5.67, 11.32), (-4.18, 14.48), (1.41, 18.44))


class Served(Land):
    """A country with demand at the four towns and one actor to run services; nobody serves it yet."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.home = self.area("A")
        self.office = self.actor(self.home)
        self.points = [self.demand(self.home, *town, under_18=number) for number, town in enumerate(TOWNS)]

    def place(self, lon: float, lat: float, category: str = "MEDICAL", **more: Any) -> str:
        return self.service(self.office, self.home, lon, lat, category=category, **more)

    def move(self, table: str, which: str, lon: float, lat: float) -> None:
        self.run(f"UPDATE lakana.{table} SET point = :point WHERE id = :id", point=point(lon, lat), id=which)
