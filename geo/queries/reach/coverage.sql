-- Children under 18 within reach, by the parts of an area: one row a part, and one for the whole; NULL where no demand
-- point is counted. What no part holds counts for the area itself. population_basis says what its people rest on: TOWNS_ONLY where
-- only localities are counted, COUNTED where they add up to the area's census, else MODELLED. Wants scope and covered. Bind:
-- level, the admin level of the parts (NULL: one level down).
part(id, turn) AS MATERIALIZED (
  SELECT id, 1 FROM lakana.parts_of((SELECT id FROM scope), CAST(:level AS int)) AS below(id)
  UNION ALL
  SELECT id, 2 FROM scope
), place AS MATERIALIZED (
  SELECT DISTINCT ON (w.area_id) w.area_id AS area_set_id, part.id AS part_id
  FROM part JOIN lakana.area_within w ON w.ancestor_id = part.id
  ORDER BY w.area_id, part.turn, part.id
), answer AS MATERIALIZED (
  SELECT part_id, sum(population)::bigint AS population_under_18, sum(covered)::bigint AS covered_under_18,
         bool_or(NOT in_locality) AS cells
  FROM place JOIN covered USING (area_set_id) GROUP BY part_id
), told AS (
  SELECT part_id AS area_id, population_under_18, covered_under_18, cells, false AS whole FROM answer
  UNION ALL
  SELECT scope.id, sum(population_under_18)::bigint, sum(covered_under_18)::bigint, bool_or(cells), true
  FROM scope LEFT JOIN answer ON true GROUP BY scope.id
  UNION ALL
  SELECT id, NULL, NULL, NULL, false FROM part WHERE turn = 1 AND id NOT IN (SELECT part_id FROM answer)
)
SELECT area_id, population_under_18, covered_under_18, whole,
       CASE WHEN cells IS NOT TRUE THEN 'TOWNS_ONLY'
            WHEN population_under_18 = (SELECT p.under_18 FROM lakana.area_population p WHERE p.area_id = told.area_id
                                        ORDER BY p.year DESC LIMIT 1) THEN 'COUNTED'
            ELSE 'MODELLED' END AS population_basis
FROM told
