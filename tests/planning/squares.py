"""A nation of two square regions, and its gap areas as they are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.geometry import shape
from sqlalchemy import func, select

from geo.arguments import AreaCode
from geo.queries.base.reach import Reach
from geo.queries.reach.gap_areas import GapAreas
from geo.vocabulary import ServiceCategory
from tests.database.land import Land, square

CATEGORY = ServiceCategory.MEDICAL
Place = tuple[float, float]


@dataclass(frozen=True)
class Answer:
    whole: dict[str, Any]
    parts: list[dict[str, Any]]

    @property
    def outline(self) -> MultiPolygon:
        made = shape(json.loads(self.whole["json"]))
        assert isinstance(made, MultiPolygon)
        return made

    @property
    def outlines(self) -> list[Polygon]:
        return [shape(json.loads(part["json"])) for part in self.parts]

    def vertices(self) -> Iterator[Place]:
        for polygon in self.outline.geoms:
            for ring in (polygon.exterior, *polygon.interiors):
                yield from ring.coords


class Country(Land):
    """A nation without an outline of two square regions, and one actor."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.nation = self.area("N", 0)
        self.west = self.area("W", 1, parent_id=self.nation, geom=square(-2, 12, 2))
        self.east = self.area("E", 1, parent_id=self.nation, geom=square(0, 12, 2))
        self.office = self.actor(self.west)

    def serve(self, *places: Place) -> None:
        for lon, lat in places:
            self.service(self.office, self.west if lon < 0 else self.east, lon, lat)

    def gaps(self, metres: float, code: str | None = "E", **more: Any) -> Answer:
        question = GapAreas(
            category=CATEGORY, within=Reach(metres=metres), area_code=None if code is None else AreaCode(code), **more
        )
        rows = question.rows().subquery("whole")
        whole = select(
            rows, func.ST_AsGeoJSON(rows.c.geom, 6).label("json"), func.ST_IsValid(rows.c.geom).label("valid")
        )
        parts = question.related()["parts"]
        listed = select(parts, func.ST_AsGeoJSON(parts.c.geom, 6).label("json")).order_by(parts.c.number)
        found = [
            [dict(row) for row in self.connection.execute(asked, question.binds()).mappings()]
            for asked in (whole, listed)
        ]
        return Answer(found[0][0], found[1])
