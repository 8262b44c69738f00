-- Shares by area. A row of it has no id: a digest of its key stands for one.
WITH compared AS MATERIALIZED (
  SELECT s.*, p.area_id IS NULL AS is_new, p.weight IS DISTINCT FROM s.total AS differs
  FROM staged s LEFT JOIN lakana.population_share p USING (area_id)
), written AS (
  INSERT INTO lakana.population_share (area_id, weight, source_id)
  SELECT area_id, total, CAST(:source_id AS uuid) FROM compared WHERE differs ORDER BY file, "row"
  ON CONFLICT (area_id) DO UPDATE SET weight = excluded.weight, source_id = excluded.source_id
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'population_share', area_id, file, "row" FROM compared WHERE differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed,
       count(*) FILTER (WHERE NOT differs) AS same
FROM compared
