-- Children under 18 of an area within each of several distances, and in all; NULL where nobody is counted. Wants scope, edge and
-- reached.
SELECT d AS distance_m, (SELECT id FROM scope) AS area_id, whole.children::bigint AS population_under_18,
       CASE WHEN whole.children IS NOT NULL THEN coalesce(reached.children, 0) END::bigint AS covered_under_18
FROM edge CROSS JOIN unnest(distances) WITH ORDINALITY AS each(d, number)
CROSS JOIN (
  SELECT sum(under_18) AS children FROM lakana.demand_block WHERE area_set_id IN (SELECT area_id FROM inside)
) whole
LEFT JOIN reached USING (number)
ORDER BY number
