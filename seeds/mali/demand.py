"""Demand points: towns of known population, and hexagonal cells for everybody else.

The census of 2022 is known by region of today. In each region, or in the regions together that no border is known
between, the people are shared out to the former cercles by COD-PS, and in each cercle to its towns and, evenly, to the
cells inside its outline. So the points of each region add up to its census.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.coordinates import LonLat
from geo.database.loading import insert_demand_points
from seeds.mali.areas import region_totals
from seeds.mali.cercles import Cercle, former_cercles
from seeds.mali.codes import CROSSWALK, FORMER, area_id
from seeds.mali.localities import Town, towns
from seeds.mali.reading import apportion, stable_id
from seeds.mali.sources import source_id

CELL_EDGE_M = 12_500
"""Edge of a hexagon in metres: 406 km² each, about 3,000 cells for Mali."""


@dataclass
class Point:
    """A demand point at a town, or at the centre of a cell of a former cercle."""

    id: str
    area_id: str
    place: LonLat
    town: Town | None = None
    population: int = 0
    under_18: int = 0


def plan(connection: Connection) -> list[Point]:
    """Return the demand points of the nation, and give each town its children; needs the outlines of the cercles."""
    cells = _cells(connection)
    points = []
    for regions, cercles in _counted_together():
        totals = [region_totals()[region] for region in regions]
        people, children = (sum(each) for each in zip(*totals, strict=True))
        inside = [town for town in towns() if town.population and _counts_in(town, regions, cercles)]
        points += _shared_out(people, children, inside, cercles, cells)
    return points


def _counted_together() -> Iterator[tuple[list[str], list[Cercle]]]:
    """Yield the regions of today whose outline is known with their cercles, and those together that share one."""
    by_region: defaultdict[str, list[Cercle]] = defaultdict(list)
    for each in former_cercles():
        by_region[each.today or each.iso].append(each)
    for region, cercles in sorted(by_region.items()):
        together = [
            new for new, iso in CROSSWALK.items() if region in (new, iso) and (new == region or new not in by_region)
        ]
        yield together, cercles


def _counts_in(town: Town, regions: Sequence[str], cercles: Sequence[Cercle]) -> bool:
    return town.former in cercles if town.region is None else town.region in regions


def _shared_out(
    people: int,
    children: int,
    inside: Sequence[Town],
    cercles: Sequence[Cercle],
    cells: dict[str, list[Point]],
) -> list[Point]:
    # A town that no outline holds counts in its region before the rest is shared out.
    outside = [town for town in inside if town.former not in cercles]
    points = _settled(sum(town.population or 0 for town in outside), outside, [])
    rest = apportion(people - sum(each.population for each in points), [each.people for each in cercles])
    for cercle, share in zip(cercles, rest, strict=True):
        points += _settled(share, [town for town in inside if town.former is cercle], cells[cercle.code])
    for point, share in zip(points, apportion(children, [each.population for each in points]), strict=True):
        point.under_18 = share
        if point.town:
            point.town.population, point.town.under_18 = point.population, share
    return points


def _settled(people: int, inside: Sequence[Town], cells: Sequence[Point]) -> list[Point]:
    """Return the points of some towns and cells with these people."""
    points = [Point(stable_id("demand", town.code), town.area_id, town.place, town) for town in inside]
    known = [town.population or 0 for town in inside]
    # If the towns would hold more than there are (their figures are from other years), or there is nowhere else to
    # live, all live there.
    in_towns = min(people, sum(known)) if cells else people
    shares = apportion(in_towns, known) if known else []
    shares += apportion(people - sum(shares), [1] * len(cells)) if cells else []
    points += cells
    if sum(shares) != people:
        raise LookupError(people, "no town and no cell is there for them to live in")
    for point, share in zip(points, shares, strict=True):
        point.population = share
    return points


def _cells(connection: Connection) -> dict[str, list[Point]]:
    """Return the cells by cercle: those whose centre lies in its outline, on one grid in the equal-area EPSG:6933."""
    rows = connection.execute(
        text(
            """
            SELECT a.code, cell.i, cell.j, ST_X(centre.point) AS lon, ST_Y(centre.point) AS lat
            FROM lakana.admin_area a
            CROSS JOIN LATERAL ST_HexagonGrid(:edge, ST_Transform(a.geom, 6933)) AS cell
            CROSS JOIN LATERAL (SELECT ST_Transform(ST_Centroid(cell.geom), 4326) AS point) AS centre
            WHERE a.id = ANY(CAST(:areas AS uuid[])) AND ST_Covers(a.geom, centre.point)
            ORDER BY a.code, cell.i, cell.j
            """
        ),
        {"edge": CELL_EDGE_M, "areas": [area_id(FORMER, each.code) for each in former_cercles()]},
    )
    cells: defaultdict[str, list[Point]] = defaultdict(list)
    for row in rows:
        place = LonLat(lon=row.lon, lat=row.lat)
        area = area_id(FORMER, row.code)
        cells[row.code].append(Point(stable_id("cell", row.code, str(row.i), str(row.j)), area, place))
    return cells


def load(connection: Connection, points: list[Point]) -> None:
    """Insert the demand points."""
    rows = [
        {
            "id": point.id,
            "locality_id": point.town and point.town.id,
            "area_id": point.area_id,
            "point": point.place.wkt,
            "population": point.population,
            "under_18": point.under_18,
            "source_id": source_id("instat" if point.town else "cod-ps"),
        }
        for point in points
    ]
    insert_demand_points(connection, rows)
