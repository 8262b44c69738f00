"""Any number of further services, for measuring: made inside the database, spread around the demand points."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.database.loading import keep_hours
from geo.progress import Progress
from seeds.loading.distances import worked_out_once
from seeds.mali.sources import source_id

BATCH = 100_000
HOURS = "Mo-Fr 08:00-16:00"

_INSERT = text(
    """
    WITH places AS MATERIALIZED (
      SELECT array_agg(point ORDER BY id) AS points, array_agg(area_id ORDER BY id) AS areas FROM lakana.demand_point
    ), actors AS MATERIALIZED (
      SELECT array_agg(id ORDER BY id) AS ids FROM lakana.actor
    ), drawn AS (
      -- A hash of the number stands for chance: the same number always gives the same service.
      SELECT n, md5(:seed || ':' || n) AS digits,
             ('x' || substr(md5('place' || :seed || n), 1, 7))::bit(28)::int AS place,
             ('x' || substr(md5('turn' || :seed || n), 1, 6))::bit(24)::int / 16777216.0 * 2 * pi() AS turn,
             ('x' || substr(md5('step' || :seed || n), 1, 6))::bit(24)::int / 16777216.0 * 12000 AS step
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    )
    INSERT INTO lakana.service
      (id, actor_id, name, category, point, area_id, capacity, opening_hours, phone, verified_on, source_id)
    SELECT digits::uuid, ids[1 + n % cardinality(ids)], 'Service ' || n,
           (enum_range(NULL::lakana.service_category))[1 + n % 17],
           ST_Project(points[1 + place % cardinality(points)], step, turn), areas[1 + place % cardinality(points)],
           n % 50, :hours, '+22300000000', DATE '2026-01-01' + n % 150, :source_id
    FROM drawn, places, actors
    ON CONFLICT (id) DO NOTHING
    """
)


def load(connection: Connection, seed: int, services: int, progress: Progress) -> None:
    """Insert what is missing of this many services, then work out what is nearest to whom once."""
    keep_hours(connection, [HOURS])
    with worked_out_once(connection, progress):
        for first in range(1, services + 1, BATCH):
            last = min(first + BATCH - 1, services)
            values = {"seed": str(seed), "first": first, "last": last, "source_id": source_id("illustrative")}
            values["hours"] = HOURS
            connection.execute(_INSERT, values)
            progress("services", last, services)
