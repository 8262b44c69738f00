-- A crosswalk by its two areas. A row of it has no id: a digest of its key stands for one.
WITH compared AS MATERIALIZED (
  SELECT s.*, c.from_area_id IS NULL AS is_new, c.share IS DISTINCT FROM s.share AS differs
  FROM staged s LEFT JOIN lakana.area_crosswalk c ON (c.from_area_id, c.to_area_id) = (s.from_id, s.to_id)
), written AS (
  INSERT INTO lakana.area_crosswalk (from_area_id, to_area_id, share, source_id)
  SELECT from_id, to_id, share, CAST(:source_id AS uuid) FROM compared WHERE differs ORDER BY file, "row"
  ON CONFLICT (from_area_id, to_area_id) DO UPDATE SET share = excluded.share, source_id = excluded.source_id
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'area_crosswalk', md5(from_id || ' ' || to_id)::uuid, file, "row" FROM compared WHERE differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed, count(*) FILTER (WHERE NOT differs) AS same
FROM compared
