"""Demand points: towns of known population, and hexagonal cells for everybody else.

Only totals by region are known. What a region's towns do not hold is spread evenly over the cells of the region; a cell
belongs to the region of the nearest town inside the same outline. So the points of each region add up to its census.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, text

from geo.coordinates import LonLat
from geo.database.tables import demand_point
from seeds.mali.areas import COD, CROSSWALK, ISO, area_id, region_totals
from seeds.mali.localities import Town, rough_distance_m, towns
from seeds.mali.reading import apportion, stable_id
from seeds.mali.sources import source_id

CELL_EDGE_M = 12_500
"""Edge of a hexagon in metres: 406 km² each, about 3,000 cells for Mali."""


@dataclass
class Point:
    """A demand point of a COD-AB region, at a town or at the centre of a cell."""

    id: str
    region: str
    place: LonLat
    town: Town | None = None
    population: int = 0
    under_18: int = 0


def plan(connection: Connection) -> list[Point]:
    """Return the demand points of the nation, and each town its children; needs the outlines of the regions."""
    by_region: dict[str, list[Point]] = defaultdict(list)
    for town in towns():
        if town.population:
            by_region[town.region].append(Point(stable_id("demand", town.code), town.region, town.place, town))
    for cell in _cells(connection):
        by_region[cell.region].append(cell)
    points = []
    for region, (people, children) in region_totals().items():
        _share_out(by_region[region], people, children)
        points += by_region[region]
    return points


def _share_out(points: list[Point], people: int, children: int) -> None:
    in_towns = [point for point in points if point.town]
    cells = [point for point in points if not point.town]
    known = [point.town.population or 0 for point in in_towns if point.town]
    # If the towns would hold more than the census (their figures are from other years), or there is nowhere else to
    # live, they share the census among them.
    in_towns_all = min(people, sum(known)) if cells else people
    for point, share in zip(in_towns, apportion(in_towns_all, known) if known else [], strict=True):
        point.population = share
    for point, share in zip(cells, apportion(people - in_towns_all, [1] * len(cells)) if cells else [], strict=True):
        point.population = share
    for point, share in zip(points, apportion(children, [point.population for point in points]), strict=True):
        point.under_18 = share
        if point.town:
            point.town.population = point.population
            point.town.under_18 = share


def _cells(connection: Connection) -> list[Point]:
    """Return the cells whose centre lies in an outline, on one grid in the equal-area projection EPSG:6933."""
    rows = connection.execute(
        text(
            """
            SELECT a.code, cell.i, cell.j, ST_X(centre.point) AS lon, ST_Y(centre.point) AS lat
            FROM lakana.admin_area a
            CROSS JOIN LATERAL ST_HexagonGrid(:edge, ST_Transform(a.geom, 6933)) AS cell
            CROSS JOIN LATERAL (SELECT ST_Transform(ST_Centroid(cell.geom), 4326) AS point) AS centre
            WHERE a.scheme = :scheme AND a.level = 1 AND ST_Covers(a.geom, centre.point)
            ORDER BY a.code, cell.i, cell.j
            """
        ),
        {"edge": CELL_EDGE_M, "scheme": ISO},
    )
    outlined: dict[str, list[Town]] = defaultdict(list)
    for town in towns():
        outlined[CROSSWALK[town.region]].append(town)
    cells = []
    for row in rows:
        place = LonLat(lon=row.lon, lat=row.lat)
        nearest = min(outlined[row.code], key=lambda town: rough_distance_m(town.place, place))
        cells.append(Point(stable_id("cell", row.code, str(row.i), str(row.j)), nearest.region, place))
    return cells


def load(connection: Connection, points: list[Point]) -> None:
    """Insert the demand points."""
    connection.execute(insert(demand_point), [_row(point) for point in points])


def _row(point: Point) -> dict[str, Any]:
    return {
        "id": point.id,
        "locality_id": point.town and point.town.id,
        "area_id": point.town.area_id if point.town else area_id(COD, point.region),
        "point": point.place.wkt,
        "population": point.population,
        "under_18": point.under_18,
        "source_id": source_id("instat"),
    }
