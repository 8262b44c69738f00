"""Roads that a test draws: written as OpenStreetMap data, and the shortest ways along them found without pgRouting."""

from __future__ import annotations

import heapq
import itertools
import os
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from sqlalchemy import text

from geo.database.owner import owner_transaction
from tests.database.land import Land
from tests.geodesy import distance_m

Point = tuple[float, float]
Drawn = list[tuple[list[int], dict[str, str]]]

# A river runs along longitude 0.05: B and C are opposite each other, and the only bridge is between D and E.
A, B, C, D, E, F, G, H, J, K, L = range(101, 112)
PLACES: dict[int, Point] = {
    A: (0.0, 12.0),
    B: (0.04, 12.0),
    C: (0.06, 12.0),
    D: (0.04, 12.1),
    E: (0.06, 12.1),
    F: (0.2, 12.0),
    G: (0.22, 12.0),
    H: (0.22, 12.02),
    J: (0.2, 11.95),
    K: (1.0, 13.0),
    L: (1.02, 13.0),
}
WAYS: Drawn = [
    ([A, B], {"highway": "primary"}),
    ([B, D], {"highway": "secondary"}),
    ([D, E], {"highway": "primary", "bridge": "yes"}),
    ([E, C], {"highway": "tertiary"}),
    ([C, F], {"highway": "primary"}),
    # A one-way loop for cars: F to G to H and back to F.
    ([F, G, H, F], {"highway": "residential", "oneway": "yes"}),
    ([F, J], {"highway": "path"}),
    # No other road leads there.
    ([K, L], {"highway": "unclassified"}),
]


def osm(ways: Drawn = WAYS, places: dict[int, Point] = PLACES, header: str = "") -> str:
    """Return a drawing as OpenStreetMap's XML."""
    nodes = [f'<node id="{number}" version="1" lat="{lat}" lon="{lon}"/>' for number, (lon, lat) in places.items()]
    drawn = [
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        + "</way>"
        for number, (refs, tags) in enumerate(ways, 1)
    ]
    return "\n".join(['<?xml version="1.0"?>', f'<osm version="0.6"{header}>', *nodes, *drawn, "</osm>"])


def write(folder: Path, ways: Drawn = WAYS, places: dict[int, Point] = PLACES, header: str = "") -> Path:
    """Write a drawing to a file."""
    file = folder / "drawn.osm"
    file.write_text(osm(ways, places, header), encoding="utf-8")
    return file


def metres(*numbers: int) -> float:
    """Return the length of the line through these drawn nodes."""
    return sum(distance_m(*PLACES[one], *PLACES[other]) for one, other in itertools.pairwise(numbers))


def shortest(arcs: dict[int, list[tuple[int, float]]], start: int) -> dict[int, float]:
    """Return the least cost from a node to every node that it leads to (Dijkstra 1959)."""
    best: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node in best:
            continue
        best[node] = cost
        for other, more in arcs.get(node, ()):
            if other not in best:
                heapq.heappush(waiting, (cost + more, other))
    return best


def skip_without_pgrouting(url: str) -> None:
    """Skip where pgRouting is not installed; in continuous integration fail."""
    with owner_transaction(url) as connection:
        if Land(connection).one("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'"):
            return
    reason = "the extension pgrouting is not installed: scripts/install roads"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Roads(Land):
    """Demand and services beside the roads that are drawn."""

    def __init__(self, connection):
        super().__init__(connection)
        known = self.rows("SELECT area_id::text, id::text FROM lakana.actor ORDER BY id LIMIT 1")
        self.home, self.office = known[0] if known else self._settle()

    def _settle(self):
        home = self.area("A")
        return home, self.actor(home)

    def place(self, lon, lat, category="MEDICAL"):
        return self.service(self.office, self.home, lon, lat, category=category)


def walk_km_h(url, season="DRY"):
    """Return the speed at which one walks off the roads."""
    with owner_transaction(url) as connection:
        told = "SELECT speed_km_h FROM lakana.travel_estimate WHERE mode = 'WALK' AND season = CAST(:season AS lakana.season)"
        return Land(connection).one(told, season=season)


def minutes(url, mode="CAR", season="DRY", category="MEDICAL"):
    """Return demand point → (minutes, service, basis on roads, beyond) as other questions read them."""
    with owner_transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT demand_point_id::text, minutes, service_id::text, network, beyond_roads FROM lakana.travel_minutes("
                "CAST(:category AS lakana.service_category), CAST(:mode AS lakana.travel_mode), CAST(:season AS lakana.season))"
            ),
            {"category": category, "mode": mode, "season": season},
        )
        return {row[0]: tuple(row[1:]) for row in rows}
