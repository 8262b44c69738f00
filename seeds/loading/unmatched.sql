-- The areas that were found, by combinations of codes and names (in arrays NULL is equal to NULL); rows of which none is sure are
-- told, and are staged no more.
WITH known AS (
  UPDATE staged s SET area_id = m.area_id FROM matched m
  WHERE m.area_id IS NOT NULL AND m.codes = s.codes AND m.names = s.names
), unsure AS (
  DELETE FROM staged s USING matched m
  WHERE m.trouble IS NOT NULL AND m.codes = s.codes AND m.names = s.names
  RETURNING s.file, s.row, s.names, s.codes, m.trouble, m.told
)
SELECT file, "row", trouble, told, CAST(NULL AS text) AS field,
       coalesce(told->>'name', told->>'code', told->>'inner') AS value
FROM unsure ORDER BY file, "row"
