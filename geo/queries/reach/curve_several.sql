-- reached: the children within each distance of several categories, by its number, in one pass over measured. Wants edge,
-- inside and measured.
bucket AS MATERIALIZED (
  -- width_bucket counts the edges at or below a value. Both turned round, it counts the distances that are not below
  -- the one measured: exactly those within which the demand point lies.
  SELECT width_bucket(-distance_m, (
           SELECT array_agg(-d ORDER BY -d) FROM edge, unnest(distances) AS d)) AS edges, sum(under_18) AS children
  FROM measured WHERE area_set_id IN (SELECT area_id FROM inside) GROUP BY 1
), reached AS (
  SELECT number, sum(bucket.children) AS children
  FROM edge CROSS JOIN LATERAL unnest(distances) WITH ORDINALITY AS each(d, number)
  JOIN bucket ON bucket.edges > cardinality(distances) - number
  GROUP BY number
)
