-- People by area and year. A row of it has no id: a digest of its key stands for one.
WITH compared AS MATERIALIZED (
  SELECT s.*, p.area_id IS NULL AS is_new, (p.total, p.under_18) IS DISTINCT FROM (s.total, s.under_18) AS differs
  FROM staged s LEFT JOIN lakana.area_population p ON (p.area_id, p.year) = (s.area_id, s.year)
), written AS (
  INSERT INTO lakana.area_population (area_id, year, total, under_18, source_id)
  SELECT area_id, year, total, under_18, CAST(:source_id AS uuid) FROM compared WHERE differs ORDER BY file, "row"
  ON CONFLICT (area_id, year) DO UPDATE SET total = excluded.total, under_18 = excluded.under_18, source_id = excluded.source_id
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'area_population', md5(area_id || ' ' || year)::uuid, file, "row" FROM compared WHERE differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed,
       count(*) FILTER (WHERE NOT differs) AS same
FROM compared
