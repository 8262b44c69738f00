"""A database with as many demand points as a benchmark asks for: further ones, spread around those of the seeds."""

from __future__ import annotations

from sqlalchemy import text

from geo.database import owner

_FURTHER = text(
    """
    WITH known AS MATERIALIZED (
      SELECT array_agg(point ORDER BY id) AS points, array_agg(area_id ORDER BY id) AS areas,
             (array_agg(source_id))[1] AS source_id, count(*)::int AS n
      FROM lakana.demand_point
    ), drawn AS (
      -- A hash of the number stands for chance: the same number always gives the same point.
      SELECT n, md5('demand' || n) AS digits, n % 700 AS people,
             ('x' || substr(md5('place' || n), 1, 7))::bit(28)::int AS place,
             ('x' || substr(md5('turn' || n), 1, 6))::bit(24)::int / 16777216.0 * 2 * pi() AS turn
      FROM generate_series(1, :wanted - (SELECT n FROM known)) AS n
    )
    INSERT INTO lakana.demand_point (id, area_id, point, population, under_18, source_id)
    SELECT digits::uuid, areas[1 + place % known.n], ST_Project(points[1 + place % known.n], drawn.n % 11000, turn),
           2 * people, people, source_id
    FROM drawn, known
    """
)


def crowd(url: str, wanted: int) -> None:
    """Add demand points until there are so many, and work out what is nearest to them."""
    with owner.owner_transaction(url) as connection:
        connection.execute(_FURTHER, {"wanted": wanted})
    owner.vacuum(url)
