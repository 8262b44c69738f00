"""Worlds that differ only in where confidential sites really stand, and what an attack on them knows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from geo.coordinates import LonLat
from geo.database import owner_transaction

CANARY = LonLat(lon=-7.123457, lat=11.765433)
"""A place in the region of Sikasso whose figures nothing else has."""
CANARY_CONTACT = "Guetteuse canari, +223 99 99 73 51"

TARGETS = """
SELECT s.id::text, h.id::text, s.name, s.area_id::text,
       ST_X(x.point::geometry), ST_Y(x.point::geometry), ST_X(s.point::geometry), ST_Y(s.point::geometry)
FROM exact.site x JOIN lakana.service s ON s.id = x.service_id JOIN lakana.shelter h ON h.service_id = s.id
ORDER BY s.name
"""
HIDING_PLACES = """
SELECT l.id::text, l.area_id::text, ST_X(l.point::geometry), ST_Y(l.point::geometry)
FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_id
WHERE w.ancestor_id = %s AND lakana.disclosure_area(l.area_id) = w.ancestor_id ORDER BY l.code
"""
ANSWERED = """{"model": "LSCP", "status": "OPTIMAL", "gap_percent": 0, "objective_before": 0, "objective_after": 0,
  "population_under_18": 0, "covered_before_under_18": 0, "covered_after_under_18": 0, "reach_m": 1000,
  "demand_points": 0, "candidates": 1, "excluded": 0, "sites": [], "assumptions": {"FR": []}, "sources": [],
  "data_as_of": "2026-01-01T00:00:00Z", "solver": "HiGHS"}"""
MOVE = """
UPDATE exact.site SET point = ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, area_id = %s, locality_id = %s
WHERE service_id = %s
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A confidential site: its ids, where it stands and where it is said to stand."""

    service_id: str
    shelter_id: str
    name: str
    area_id: str
    exact: LonLat
    published: LonLat


def targets(url: str) -> list[Target]:
    """Give the confidential sites, by name."""
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql(TARGETS).fetchall()
    return [
        Target(service, shelter, name, area, exact=LonLat(lon=x, lat=y), published=LonLat(lon=lon, lat=lat))
        for service, shelter, name, area, x, y, lon, lat in rows
    ]


def plant_canary(url: str) -> str:
    """Put a confidential shelter of the canary's region on the canary's place; give the organisation that runs it."""
    with quietly(url) as connection:
        [(region,)] = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.admin_area WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) "
            "AND level = 1",
            (CANARY.lon, CANARY.lat),
        ).fetchall()
        service, organization = connection.exec_driver_sql(
            "SELECT s.id::text, a.organization_id::text FROM lakana.service s "
            "JOIN exact.site x ON x.service_id = s.id JOIN lakana.actor a ON a.id = s.actor_id "
            "WHERE s.area_id = %s ORDER BY s.name LIMIT 1",
            (region,),
        ).one()
        connection.exec_driver_sql(
            "UPDATE exact.site SET point = ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography WHERE service_id = %s",
            (CANARY.lon, CANARY.lat, service),
        )
        connection.exec_driver_sql(
            "UPDATE lakana.front_gate SET contact = %s WHERE service_id = %s", (CANARY_CONTACT, service)
        )
    return str(organization)


def plant_siting_job(url: str) -> None:
    """Give every planner a job that looked for sites and is done, without a site."""
    with quietly(url) as connection:
        holders = connection.exec_driver_sql("SELECT 'key:' || prefix FROM identity.key WHERE audience = 'PLANNER'")
        for (holder,) in holders.fetchall():
            connection.exec_driver_sql("SELECT set_config('lakana.holder', %s, true)", (holder,))
            connection.exec_driver_sql(
                "INSERT INTO lakana.siting_job (asked, status, progress, answer) VALUES ('{}', 'DONE', 1, %s)",
                (ANSWERED,),
            )


def plant_scenario(url: str, organization: str) -> None:
    """Save a scenario of the organisation's planners, in which the canary's shelter is closed and another moved."""
    closed, moved = [each.service_id for each in targets(url) if each.exact == CANARY] + [targets(url)[-1].service_id]
    changes = [
        {"kind": "CLOSE", "service_id": closed},
        {"kind": "MOVE", "service_id": moved, "lon": -5.66654, "lat": 11.31755},
        {"kind": "ADD", "name": "Site", "lon": -7.97, "lat": 12.61, "places": 20},
    ]
    with quietly(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.scenario (owner, name, category, base_data, changes) "
            "VALUES (%s, 'Essai', 'SAFE_SHELTER', lakana.data_digests('SAFE_SHELTER'), %s)",
            (f"organization:{organization}", json.dumps(changes)),
        )


def move_inside_areas(url: str, seed: int = 1) -> None:
    """Move every confidential site to another locality of its disclosure area, and away from there by up to 10 km."""
    chance = random.Random(seed)
    moved = targets(url)
    with quietly(url) as connection:
        for target in moved:
            places = connection.exec_driver_sql(HIDING_PLACES, (target.area_id,)).fetchall()
            locality, area, lon, lat = chance.choice(places)
            lon, lat = lon + chance.uniform(-0.09, 0.09), lat + chance.uniform(-0.09, 0.09)
            connection.exec_driver_sql(MOVE, (lon, lat, area, locality, target.service_id))


def ids(url: str) -> str:
    """Give every id that there is in a world, in one text."""
    with owner_transaction(url) as connection:
        tables = connection.exec_driver_sql(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.columns "
            "WHERE table_schema = 'lakana' AND column_name = 'id' AND data_type = 'uuid'"
        ).scalars()
        union = " UNION ALL ".join(f"SELECT id::text FROM {table}" for table in tables.all())
        return " ".join(connection.exec_driver_sql(union).scalars())


@contextmanager
def quietly(url: str) -> Iterator[Connection]:
    """Give the owner's transaction in which the audit log keeps still: a move would be one entry more, as any change is."""
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("SET LOCAL lakana.bulk = 'on'")
        yield connection
