"""Worlds that differ only in where confidential sites really stand, and what an attack on them knows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from geo.coordinates import LonLat
from geo.database.owner import owner_transaction

CANARY = LonLat(lon=-7.123457, lat=11.765433)
"""A place in the region of Sikasso whose digits occur nowhere else."""
CANARY_CONTACT = "Guetteuse canari, +223 99 99 73 51"

TARGETS = """
SELECT s.id::text, h.id::text, s.name, s.zone_id::text,
       ST_X(x.point::geometry), ST_Y(x.point::geometry), ST_X(z.point::geometry), ST_Y(z.point::geometry)
FROM exact.site x JOIN lakana.service s ON s.id = x.service_id JOIN lakana.shelter h ON h.service_id = s.id
JOIN lakana.zone z ON z.id = s.zone_id
ORDER BY x.service_id
"""
HIDING_PLACES = """
SELECT l.id::text, l.area_id::text, ST_X(l.point::geometry), ST_Y(l.point::geometry)
FROM lakana.locality l WHERE lakana.zone_of(l.area_id) = %s ORDER BY l.code
"""
ASKED = """{"category": "SAFE_SHELTER", "within": {"metres": 1000, "mode": null, "season": "DRY", "minutes": null},
  "model": "LSCP", "sites": null, "area_code": null, "area_id": null, "candidates_area_code": null,
  "candidates_area_id": null, "points": [[-8, 12.6]], "exclude": null, "time_limit_s": 60}"""
ANSWERED = """{"model": "LSCP", "status": "OPTIMAL", "gap_percent": 0, "objective_before": 0, "objective_after": 0,
  "population_under_18": 0, "covered_before_under_18": 0, "covered_after_under_18": 0, "basis": "MEASURED",
  "reach_m": 1000, "estimate": null, "demand_points": 0, "candidates": 1, "excluded": 0, "sites": [], "assumptions": {"FR": []}, "sources": [],
  "data_as_of": "2026-01-01T00:00:00Z", "solver": "HiGHS"}"""
PROBLEM = {
    "file": "<script>alert(7*191)</script>.csv",
    "sheet": None,
    "row": 2,
    "column": "=1+1",
    "value": "Foyer {{7*191}}",
    "trouble": "NO_NUMBER",
    "weight": "row",
    "values": {},
    "what": {"FR": "Foyer ${7*191}", "EN": "Foyer ${7*191}"},
    "mend": {"FR": "<img src=x onerror=alert(7*191)>", "EN": "javascript:alert(7*191)"},
}
"""A problem of an import whose value and names are code."""
MOVE = """
UPDATE exact.site SET point = ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, area_id = %s, locality_id = %s
WHERE service_id = %s
"""


# One new site in each zone, in its smallest area: a rule that hides by area alone would have to go up one level there.
# Its office is new too and runs nothing else.
NEW = """
WITH small AS (
  SELECT DISTINCT ON (z.zone_id) z.zone_id, a.id, row_number() OVER (ORDER BY a.code) AS number
  FROM lakana.zone_area z JOIN lakana.admin_area a ON a.id = z.area_id ORDER BY z.zone_id, a.radius_m, a.code
), town AS (
  SELECT DISTINCT ON (small.zone_id) small.zone_id, small.number, l.id, l.area_id, l.point
  FROM small JOIN lakana.area_within w ON w.ancestor_id = small.id JOIN lakana.locality l ON l.area_id = w.area_id
  ORDER BY small.zone_id, l.population DESC NULLS LAST, l.id
), runner AS (
  SELECT DISTINCT ON (town.zone_id) town.*, gen_random_uuid() AS actor_id, a.organization_id, a.source_id
  FROM town CROSS JOIN lakana.actor a
  WHERE a.kind = 'NGO' ORDER BY town.zone_id, a.point <-> town.point, a.id
), office AS (
  INSERT INTO lakana.actor (id, organization_id, name, kind, point, area_id, locality_id, source_id)
  SELECT actor_id, organization_id, 'Bureau ' || number, 'NGO', ST_Project(point, 700, 2), area_id, id, source_id FROM runner
  RETURNING id, source_id
), made AS (
  INSERT INTO lakana.service (name, category, confidential, area_id, point, actor_id, capacity, verified_on, source_id)
  SELECT NULL, 'SAFE_SHELTER', true, r.area_id, r.point, r.actor_id, 12, '2026-05-17', o.source_id
  FROM runner r JOIN office o ON o.id = r.actor_id RETURNING id, zone_id
), shelter AS (
  INSERT INTO lakana.shelter (service_id, occupancy, minimum_age_months, girls, boys) SELECT id, 4, 84, true, false FROM made
), gate AS (
  INSERT INTO lakana.front_gate SELECT id, 'Permanence, +223 99 88 00 ' || 10 + row_number() OVER (ORDER BY zone_id) FROM made
)
INSERT INTO exact.site (service_id, point, area_id, locality_id, actor_id)
SELECT m.id, ST_Project(r.point, 1500, r.number), r.area_id, r.id, r.actor_id FROM made m JOIN runner r USING (zone_id)
"""
# One public shelter in each zone, in the smallest area that has one; it becomes confidential.
PUBLIC_FIRST = """
SELECT DISTINCT ON (z.zone_id) s.id::text, z.zone_id::text
FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id
JOIN LATERAL (SELECT z.zone_id, a.radius_m FROM lakana.area_within w JOIN lakana.zone_area z ON z.area_id = w.ancestor_id
              JOIN lakana.admin_area a ON a.id = z.area_id WHERE w.area_id = s.area_id) z ON true
WHERE NOT s.confidential ORDER BY z.zone_id, z.radius_m, s.name
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A confidential site: its ids, where it stands and where it is said to stand."""

    service_id: str
    shelter_id: str
    name: str
    zone_id: str
    exact: LonLat
    published: LonLat


def targets(url: str) -> list[Target]:
    """Return the confidential sites, by id."""
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql(TARGETS).fetchall()
    return [
        Target(service, shelter, name, zone, exact=LonLat(lon=x, lat=y), published=LonLat(lon=lon, lat=lat))
        for service, shelter, name, zone, x, y, lon, lat in rows
    ]


def plant_shelters(url: str) -> None:
    """Put confidential shelters into every zone: one that was never public, and one that was until now.

    Of those that are about to be hidden planners and partners have kept something.
    """
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(NEW)
        public = [row[0] for row in connection.exec_driver_sql(PUBLIC_FIRST)]
        for service in public:
            changes = [
                {"kind": "CLOSE", "service_id": service},
                {"kind": "ADD", "name": "S", "lon": -7.97, "lat": 12.61, "places": 9},
            ]
            connection.exec_driver_sql(
                "INSERT INTO lakana.scenario (owner, name, category, base_data, changes) "
                "VALUES ('x', 'Avant', 'SAFE_SHELTER', lakana.data_digests('SAFE_SHELTER'), %s)",
                (json.dumps(changes),),
            )
            connection.exec_driver_sql(
                "INSERT INTO lakana.proposal (kind, subject_id, changes, reason) SELECT 'SHELTER', id, %s, 'Nom' "
                "FROM lakana.shelter WHERE service_id = %s",
                (json.dumps({"values": {"name": "Autre"}}), service),
            )
    with owner_transaction(url) as connection:
        for number, service in enumerate(public, 30):
            [(hidden,)] = connection.exec_driver_sql(
                "UPDATE lakana.service SET confidential = true WHERE id = %s RETURNING id", (service,)
            ).fetchall()
            connection.exec_driver_sql(
                "INSERT INTO lakana.front_gate VALUES (%s, %s)", (hidden, f"Permanence, +223 99 88 00 {number}")
            )


def plant_canary(url: str, place: LonLat) -> str:
    """Put a confidential shelter of the canary's zone on the canary's place; give the organisation that runs it."""
    with quietly(url) as connection:
        service, organization = connection.exec_driver_sql(
            "SELECT x.service_id::text, a.organization_id::text FROM exact.site x JOIN lakana.actor a ON a.id = x.actor_id "
            "WHERE x.zone_id IN (SELECT lakana.zones_at(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)) "
            "AND a.organization_id IS NOT NULL ORDER BY x.service_id LIMIT 1",
            (place.lon, place.lat),
        ).one()
        connection.exec_driver_sql(
            "UPDATE exact.site SET point = ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography WHERE service_id = %s",
            (place.lon, place.lat, service),
        )
        connection.exec_driver_sql(
            "UPDATE lakana.front_gate SET contact = %s WHERE service_id = %s", (CANARY_CONTACT, service)
        )
    return str(organization)


def plant_presence(url: str) -> None:
    """Let a list say that every organisation, listed or not, is present in the zones of all that it runs."""
    with quietly(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, reported_on, source_id) "
            "SELECT DISTINCT ON (o.id, z.area_id) o.id, upper(o.name), z.area_id, 'PROTECTION'::lakana.sector, "
            "'2025-12-31'::date, o.source_id FROM exact.site x "
            "JOIN lakana.actor a ON a.id = x.actor_id JOIN lakana.organization o ON o.id = a.organization_id "
            "JOIN lakana.zone_area z ON z.zone_id = x.zone_id"
        )
        connection.exec_driver_sql(
            "INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, reported_on, source_id) "
            "SELECT o.id, upper(o.name), a.id, 'CHILD_PROTECTION', '2025-12-31', o.source_id "
            "FROM lakana.organization o, lakana.admin_area a WHERE a.level = 0 AND a.parent_id IS NULL ON CONFLICT DO NOTHING"
        )


def plant_context(url: str) -> None:
    """Let others have published figures of every nation, and of the areas below it: one is censored."""
    with quietly(url) as connection:
        connection.exec_driver_sql(
            "WITH series AS (INSERT INTO lakana.context_series (publisher, indicator, breakdown) "
            "VALUES ('Office', 'Victimes', NULL), ('Office', 'Victimes', 'Travail'), ('Bureau', 'Besoins', 'Filles') RETURNING id) "
            "INSERT INTO lakana.context_value (series_id, area_id, starts_on, ends_on, sex, age, value, below, source_id) "
            "SELECT series.id, a.id, '2025-01-01', '2025-12-31', 'FEMALE', '0-17', "
            "CASE WHEN a.level = 0 THEN 12 END, CASE WHEN a.level > 0 THEN 5 END, (SELECT id FROM lakana.source ORDER BY key LIMIT 1) "
            "FROM series, lakana.admin_area a WHERE a.level < 2"
        )


def plant_import(url: str) -> None:
    """Let an import have been loaded, with a file and a problem whose value and names are code."""
    report = {"troubles": {"NO_NUMBER": 1}, "problems": [PROBLEM]}
    with quietly(url) as connection:
        connection.exec_driver_sql(
            "WITH made AS (INSERT INTO audit.import (kind, source_id, rows_read, rows_new, rows_changed, rows_unchanged, "
            "rows_refused, report) SELECT 'organizations', id, 1, 0, 0, 0, 1, %s FROM lakana.source ORDER BY key LIMIT 1 "
            "RETURNING id) INSERT INTO audit.import_file (import_id, number, name, sheet, sha256) "
            "SELECT id, 0, 'a.csv', 'a', repeat('0', 64) FROM made",
            (json.dumps(report),),
        )


def plant_proposals(url: str) -> None:
    """Propose changes of actors in the name of the partner, so that there is something to page through."""
    with quietly(url) as connection:
        connection.exec_driver_sql(
            "SELECT set_config('lakana.holder', 'key:' || prefix, true) FROM identity.key WHERE audience = 'PARTNER'"
        )
        connection.exec_driver_sql(
            "INSERT INTO lakana.proposal (kind, subject_id, changes, reason, by_partner) "
            "SELECT 'ACTOR', id, '{\"values\": {}, \"expected_version\": 1}', 'Parce que', true "
            "FROM lakana.actor ORDER BY id LIMIT 5"
        )


def plant_wrong_numbers(url: str) -> None:
    """Report public numbers of services and actors, so that there is something to page through; one is settled."""
    with quietly(url) as connection:
        for table in ("service", "actor"):
            connection.exec_driver_sql(
                f"SELECT lakana.report_wrong_number(r.id, p.number) FROM lakana.{table} r, lakana.phones(r.phone) p "
                "WHERE r.phone IS NOT NULL ORDER BY r.id LIMIT 3"
            )
        connection.exec_driver_sql(
            "UPDATE lakana.wrong_number SET outcome = 'RIGHT' WHERE id = (SELECT id FROM lakana.wrong_number ORDER BY id LIMIT 1)"
        )


def plant_siting_job(url: str) -> None:
    """Return every planner a job that looked for sites and is done, without a site."""
    with quietly(url) as connection:
        holders = connection.exec_driver_sql("SELECT 'key:' || prefix FROM identity.key WHERE audience = 'PLANNER'")
        for (holder,) in holders.fetchall():
            connection.exec_driver_sql("SELECT set_config('lakana.holder', %s, true)", (holder,))
            connection.exec_driver_sql(
                "INSERT INTO lakana.siting_job (asked, status, progress, answer) VALUES (%s, 'DONE', 1, %s)",
                (ASKED, ANSWERED),
            )


def plant_scenario(url: str, organization: str) -> None:
    """Save a scenario of the organisation's planners, in which a shelter is closed and another moved."""
    with quietly(url) as connection:
        closed, moved = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.service WHERE category = 'SAFE_SHELTER' AND NOT confidential ORDER BY id LIMIT 2"
        ).scalars()
        changes = [
            {"kind": "CLOSE", "service_id": closed},
            {"kind": "MOVE", "service_id": moved, "lon": -5.66654, "lat": 11.31755},
            {"kind": "ADD", "name": "Site", "lon": -7.97, "lat": 12.61, "places": 20},
        ]
        connection.exec_driver_sql(
            "INSERT INTO lakana.scenario (owner, name, category, base_data, changes) "
            "VALUES (%s, 'Essai', 'SAFE_SHELTER', lakana.data_digests('SAFE_SHELTER'), %s)",
            (f"organization:{organization}", json.dumps(changes)),
        )


def move_inside_zones(url: str, seed: int = 1) -> None:
    """Move every confidential site to another locality of its zone, and away from there by up to 10 km; another runs it."""
    chance = random.Random(seed)
    moved = targets(url)
    with quietly(url) as connection:
        actors = (
            connection.exec_driver_sql(
                "SELECT array_agg(id::text ORDER BY id) FROM lakana.actor WHERE organization_id IS NOT NULL GROUP BY organization_id"
            )
            .scalars()
            .all()
        )
        for target in moved:
            places = connection.exec_driver_sql(HIDING_PLACES, (target.zone_id,)).fetchall()
            locality, area, lon, lat = chance.choice(places)
            lon, lat = lon + chance.uniform(-0.09, 0.09), lat + chance.uniform(-0.09, 0.09)
            connection.exec_driver_sql(MOVE, (lon, lat, area, locality, target.service_id))
            # Choose an actor of the same organisation, because the organisation decides who may write to the site.
            [(own,)] = connection.exec_driver_sql(
                "SELECT actor_id::text FROM exact.site WHERE service_id = %s", (target.service_id,)
            )
            of = next((each for each in actors if own in each), [own])
            connection.exec_driver_sql(
                "UPDATE exact.site SET actor_id = %s WHERE service_id = %s", (chance.choice(of), target.service_id)
            )


def ids(url: str) -> str:
    """Return every id that there is in a world, in one text."""
    with owner_transaction(url) as connection:
        tables = connection.exec_driver_sql(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.columns "
            "WHERE table_schema = 'lakana' AND column_name = 'id' AND data_type = 'uuid'"
        ).scalars()
        union = " UNION ALL ".join(f"SELECT id::text FROM {table}" for table in tables.all())
        return " ".join(connection.exec_driver_sql(union).scalars())


@contextmanager
def quietly(url: str) -> Iterator[Connection]:
    """Return the owner's transaction in which the audit log keeps still: a move would be one entry more, as any change is."""
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("SET LOCAL lakana.bulk = 'on'")
        yield connection
