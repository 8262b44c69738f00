-- Rows with a column for each type, and nothing in some of them.
WITH gone AS (
  DELETE FROM staged s
  WHERE s.file = :number AND NOT s.types @> CAST(CAST(:columns AS text[]) AS lakana.incident_type[])
  RETURNING s.file, s."row", s.types
)
SELECT file, "row", NULL AS field, NULL AS value, 'NO_COUNT_OF_TYPE' AS trouble,
       jsonb_build_object('types', (SELECT string_agg(one, ', ') FROM unnest(CAST(:columns AS text[])) AS one
                                    WHERE one <> ALL (types::text[]))) AS told
FROM gone ORDER BY file, "row"
