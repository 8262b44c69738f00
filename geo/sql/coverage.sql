-- Children under 18 within reach of a category, by the parts of an area: one row a part, and one for the whole.
-- A demand point that no part holds counts for the area itself. Binds: area_code (NULL: the home nation), category,
-- max_distance_m (metres on the spheroid, inclusive).
WITH scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
), held AS (
  SELECT DISTINCT ON (area_id) area_id, ancestor_id AS part_id
  FROM lakana.area_within
  WHERE ancestor_id = ANY (ARRAY(SELECT id FROM lakana.admin_area WHERE parent_id = (SELECT id FROM scope)))
  ORDER BY area_id, ancestor_id
), demand AS (
  SELECT area_id, under_18, distance_m FROM lakana.access WHERE category = CAST(:category AS lakana.service_category)
  UNION ALL
  -- No service at all, so no distances either.
  SELECT area_id, under_18, NULL FROM lakana.demand_point
  WHERE NOT EXISTS (SELECT FROM lakana.access WHERE category = CAST(:category AS lakana.service_category))
), reached AS (
  SELECT area_id, sum(under_18) AS population,
         coalesce(sum(under_18) FILTER (WHERE distance_m <= CAST(:max_distance_m AS double precision)), 0) AS covered
  FROM demand GROUP BY area_id
), answer AS (
  SELECT coalesce(part_id, scope.id) AS part_id, sum(population)::bigint AS population_under_18,
         sum(covered)::bigint AS covered_under_18
  FROM scope
  JOIN lakana.area_within w ON w.ancestor_id = scope.id
  JOIN reached USING (area_id)
  LEFT JOIN held USING (area_id)
  GROUP BY 1
)
SELECT part_id AS area_id, population_under_18, covered_under_18, false AS whole FROM answer
UNION ALL
SELECT scope.id, coalesce(sum(population_under_18), 0)::bigint, coalesce(sum(covered_under_18), 0)::bigint, true
FROM scope LEFT JOIN answer ON true GROUP BY scope.id
