-- Further services of a country, each up to 12 km from one of its demand points and of one of its actors. A hash of the number stands
-- for chance: the same number always gives the same service. Binds: nation, seed, first, last, hours, phone, source_id.
WITH places AS MATERIALIZED (
  SELECT array_agg(d.point ORDER BY d.id) AS points, array_agg(d.area_id ORDER BY d.id) AS areas
  FROM lakana.demand_point d JOIN lakana.area_within w ON w.area_id = d.area_set_id AND w.ancestor_id = CAST(:nation AS uuid)
), actors AS MATERIALIZED (
  SELECT array_agg(a.id ORDER BY a.id) AS ids
  FROM lakana.actor a JOIN lakana.area_within w ON w.area_id = a.area_id AND w.ancestor_id = CAST(:nation AS uuid)
), drawn AS (
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
       n % 50, :hours, CAST(:phone AS text), DATE '2026-01-01' + n % 150, CAST(:source_id AS uuid)
FROM drawn, places, actors WHERE cardinality(points) > 0
ON CONFLICT (id) DO NOTHING
