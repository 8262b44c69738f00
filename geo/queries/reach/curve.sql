-- Children under 18 of an area within each of several distances, and in all, in one pass over measured; NULL where nobody
-- is counted. Wants scope and measured. Bind: distances_m, metres in ascending order; each is inclusive.
edge(distances) AS MATERIALIZED (
  SELECT CAST(:distances_m AS double precision[])
), inside AS MATERIALIZED (
  SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
), bucket AS MATERIALIZED (
  -- width_bucket counts the edges at or below a value. Both turned round, it counts the distances that are not below
  -- the one measured: exactly those within which the demand point lies.
  SELECT width_bucket(-distance_m, (
           SELECT array_agg(-d ORDER BY -d) FROM edge, unnest(distances) AS d)) AS reached, sum(under_18) AS children
  FROM measured WHERE area_set_id IN (SELECT area_id FROM inside) GROUP BY 1
), whole(children) AS (
  SELECT sum(children) FROM bucket HAVING count(*) > 0
  UNION ALL
  SELECT sum(under_18) FROM lakana.demand_point
  WHERE NOT EXISTS (SELECT FROM bucket) AND area_set_id IN (SELECT area_id FROM inside)
  HAVING NOT EXISTS (SELECT FROM bucket)
)
SELECT d AS distance_m, (SELECT id FROM scope) AS area_id, (SELECT children FROM whole)::bigint AS population_under_18,
       CASE WHEN (SELECT children FROM whole) IS NOT NULL THEN coalesce((
         SELECT sum(children) FROM bucket WHERE reached > cardinality(distances) - number
       ), 0) END::bigint AS covered_under_18
FROM edge, unnest(distances) WITH ORDINALITY AS each(d, number)
ORDER BY number
