-- The share of an area of a level all of whose parts have one is their sum, unless a table gave it one. Sums come from no row: row 0.
WITH summed AS (
  SELECT part.parent_id AS area_id, sum(p.weight) AS weight
  FROM lakana.admin_area part JOIN lakana.admin_area whole ON whole.id = part.parent_id LEFT JOIN lakana.population_share p ON p.area_id = part.id
  WHERE (whole.scheme, whole.edition, whole.level) = (:scheme, :edition, :level)
  GROUP BY part.parent_id HAVING bool_and(p.area_id IS NOT NULL)
), written AS (
  INSERT INTO lakana.population_share AS held (area_id, weight, source_id)
  SELECT area_id, weight, CAST(:source_id AS uuid) FROM summed
  ON CONFLICT (area_id) DO UPDATE SET weight = excluded.weight, source_id = excluded.source_id
  WHERE held.weight <> excluded.weight AND NOT EXISTS (SELECT FROM staged s WHERE s.area_id = held.area_id)
  RETURNING area_id
)
INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
SELECT CAST(:import_id AS uuid), 'population_share', area_id, 0, 0 FROM written
