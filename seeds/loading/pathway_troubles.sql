-- Steps that rest on a text that is not known in their nation, and those of a stage beyond the twentieth.
WITH numbered AS (
  SELECT s.*, row_number() OVER (PARTITION BY incident_type, stage ORDER BY file, "row") AS position, g.source_id
  FROM staged s LEFT JOIN lakana.guidance g
    ON g.key = s.source AND lakana.is_told_in(g.nation_id, lakana.nation_of(CAST(:nation_id AS uuid)))
), gone AS (
  DELETE FROM staged s USING numbered n WHERE (s.file, s."row") = (n.file, n."row") AND (n.source_id IS NULL OR n.position > 20)
)
SELECT file, "row", 'source' AS field, source AS value, CASE WHEN source_id IS NULL THEN 'NO_SUCH_TEXT' ELSE 'TOO_MANY_STEPS' END AS trouble,
       jsonb_build_object('key', source) AS told
FROM numbered WHERE source_id IS NULL OR position > 20 ORDER BY file, "row"
