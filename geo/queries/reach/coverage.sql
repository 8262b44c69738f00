-- Children under 18 within reach, by the parts of an area: one row a part, and one for the whole; NULL where no demand
-- point is counted. What no part holds counts for the area itself. Wants scope and reached. Bind: level, the admin level of the parts (NULL: one level down).
deep AS (
  -- Of one scheme, or children would be told twice: that of the area itself where it goes so deep.
  SELECT a.id, a.scheme, first_value(a.scheme) OVER (
           ORDER BY a.scheme = (SELECT scheme FROM lakana.admin_area WHERE id = (SELECT id FROM scope)) DESC, a.scheme
         ) AS chosen
  FROM lakana.area_within w JOIN lakana.admin_area a ON a.id = w.area_id
  WHERE w.ancestor_id = (SELECT id FROM scope) AND a.level = CAST(:level AS int)
    AND daterange(a.valid_from, a.valid_to) @> current_date AND CAST(:level AS int) IS NOT NULL
), part(id, turn) AS MATERIALIZED (
  SELECT id, 1 FROM lakana.admin_area WHERE CAST(:level AS int) IS NULL AND parent_id = (SELECT id FROM scope)
  UNION ALL
  SELECT id, 1 FROM deep WHERE scheme = chosen
  UNION ALL
  SELECT id, 2 FROM scope
), place AS MATERIALIZED (
  SELECT DISTINCT ON (w.area_id) w.area_id, part.id AS part_id
  FROM part JOIN lakana.area_within w ON w.ancestor_id = part.id
  ORDER BY w.area_id, part.turn, part.id
), answer AS MATERIALIZED (
  SELECT part_id, sum(population)::bigint AS population_under_18, sum(covered)::bigint AS covered_under_18
  FROM place JOIN reached USING (area_id) GROUP BY part_id
)
SELECT part_id AS area_id, population_under_18, covered_under_18, false AS whole FROM answer
UNION ALL
SELECT scope.id, sum(population_under_18)::bigint, sum(covered_under_18)::bigint, true
FROM scope LEFT JOIN answer ON true GROUP BY scope.id
UNION ALL
SELECT part.id, NULL, NULL, false
FROM part JOIN lakana.admin_area a ON a.id = part.id AND daterange(a.valid_from, a.valid_to) @> current_date
WHERE part.turn = 1 AND part.id NOT IN (SELECT part_id FROM answer)
