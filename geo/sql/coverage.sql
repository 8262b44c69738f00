-- Children under 18 within reach of a category, by the parts of an area: one row a part, and one for the whole.
-- A demand point that no part holds counts for the area itself. Binds: area_code (NULL: the home nation), category,
-- max_distance_m (metres on the spheroid, inclusive).
WITH scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
), part AS (
  SELECT DISTINCT ON (w.area_id) w.area_id, coalesce(child.id, scope.id) AS part_id
  FROM scope
  JOIN lakana.area_within w ON w.ancestor_id = scope.id
  LEFT JOIN (
    SELECT c.area_id, a.id FROM lakana.area_within c JOIN lakana.admin_area a ON a.id = c.ancestor_id
    WHERE a.parent_id = (SELECT id FROM scope)
  ) child ON child.area_id = w.area_id
  ORDER BY w.area_id, child.id
), demand AS (
  SELECT area_id, sum(under_18) AS population FROM lakana.demand_point GROUP BY area_id
), reached AS (
  SELECT area_id, sum(under_18) AS covered FROM lakana.access
  WHERE category = CAST(:category AS lakana.service_category) AND distance_m <= CAST(:max_distance_m AS double precision)
  GROUP BY area_id
), answer AS (
  SELECT part_id, sum(population)::bigint AS population_under_18, coalesce(sum(covered), 0)::bigint AS covered_under_18
  FROM part JOIN demand USING (area_id) LEFT JOIN reached USING (area_id)
  GROUP BY part_id
)
SELECT part_id AS area_id, population_under_18, covered_under_18, false AS whole FROM answer
UNION ALL
SELECT scope.id, coalesce(sum(population_under_18), 0)::bigint, coalesce(sum(covered_under_18), 0)::bigint, true
FROM scope LEFT JOIN answer ON true GROUP BY scope.id
