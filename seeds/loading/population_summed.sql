-- The sums of areas of a level all of whose parts have a number, unless somebody gave them one. Sums come from no row: row 0.
WITH summed AS (
  SELECT part.parent_id AS area_id, p.year, sum(p.total) AS total, sum(p.under_18) AS under_18
  FROM lakana.admin_area part JOIN lakana.admin_area whole ON whole.id = part.parent_id
  JOIN lakana.area_population p ON p.area_id = part.id AND p.year IN (SELECT year FROM staged)
  WHERE (whole.scheme, whole.edition, whole.level) = (:scheme, :edition, :level)
  GROUP BY part.parent_id, p.year
  HAVING count(*) = (SELECT count(*) FROM lakana.admin_area every WHERE every.parent_id = part.parent_id)
), written AS (
  INSERT INTO lakana.area_population AS held (area_id, year, total, under_18, source_id)
  SELECT area_id, year, total, under_18, CAST(:source_id AS uuid) FROM summed
  ON CONFLICT (area_id, year) DO UPDATE SET total = excluded.total, under_18 = excluded.under_18, source_id = excluded.source_id
  WHERE (held.total, held.under_18) <> (excluded.total, excluded.under_18)
    AND 0 = (SELECT r.file_row FROM audit.import_row r JOIN audit.import i ON i.id = r.import_id
             WHERE r.row_id = md5(held.area_id || ' ' || held.year)::uuid ORDER BY i.imported_at DESC LIMIT 1)
  RETURNING area_id, year
)
INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
SELECT CAST(:import_id AS uuid), 'area_population', md5(area_id || ' ' || year)::uuid, 0, 0 FROM written
