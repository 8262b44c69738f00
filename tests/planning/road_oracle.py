"""Travel times without pgRouting: one search a demand point, forwards, over the network as the database holds it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import text

from geo.database.owner import owner_transaction
from tests.database.land import Land
from tests.geodesy import distance_m
from tests.planning import drawn
from tests.planning.drawn import walk_km_h


def speeds(url):
    with owner_transaction(url) as connection:
        rows = connection.execute(text("SELECT class, mode::text, season::text, speed_km_h FROM lakana.road_speed"))
        return {(row[0], row[1], row[2]): row[3] for row in rows}


def arcs_of(edges, speeds, mode, season):
    """Return node → [(node, minutes)] of the network as one travels it, not reversed."""
    arcs = defaultdict(list)
    for source, target, road_class, length_m, on_foot, forward, backward in edges:
        speed = speeds.get((road_class, mode, season))
        if speed is None:
            continue
        cost = length_m * 0.06 / speed
        if on_foot if mode == "WALK" else forward:
            arcs[source].append((target, cost))
        if on_foot if mode == "WALK" else backward:
            arcs[target].append((source, cost))
    return arcs


def nearest_node(place, nodes):
    return min((distance_m(*place, *where), node) for node, where in nodes.items())


def expected(url, mode, season, category, limit_m=3_000):
    """Return demand point → service → minutes: one search a point, forwards, to every service."""
    with owner_transaction(url) as connection:
        land = Land(connection)
        nodes = {
            row[0]: row[1:]
            for row in land.rows("SELECT id, ST_X(point::geometry), ST_Y(point::geometry) FROM road.node")
        }
        edges = land.rows("SELECT source, target, class, length_m, on_foot, forward, backward FROM road.edge")
        place = "SELECT id::text, ST_X(point::geometry), ST_Y(point::geometry) FROM lakana."
        demand = {row[0]: row[1:] for row in land.rows(place + "demand_point")}
        services = {row[0]: row[1:] for row in land.rows(place + f"service WHERE category = '{category}'")}
    arcs = arcs_of(edges, speeds(url), mode, season)
    travelled = set(arcs) | {target for found in arcs.values() for target, _ in found}
    nodes = {node: where for node, where in nodes.items() if node in travelled}
    legs = {one: nearest_node(where, nodes) for one, where in services.items()}
    least, walk = {}, walk_km_h(url, season)
    for point, where in demand.items():
        off_m, node = nearest_node(where, nodes)
        costs = {}
        if off_m <= limit_m:
            best = drawn.shortest(arcs, node)
            for one, (leg_m, other) in legs.items():
                if leg_m <= limit_m and other in best:
                    walked = off_m + leg_m if other != node else distance_m(*where, *services[one])
                    costs[one] = best[other] + walked * 0.06 / walk
        least[point] = costs
    return least
