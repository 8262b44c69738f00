-- Rows without an area: they name none, or none of a level that the division has.
WITH gone AS (DELETE FROM staged WHERE area_id IS NULL RETURNING file, "row", codes, names)
SELECT file, "row", NULL AS field, NULL AS value,
       CASE WHEN num_nonnulls(VARIADIC codes || names) > 0 THEN 'NO_AREA_OF_LEVEL' ELSE 'NO_AREA_GIVEN' END AS trouble, NULL::jsonb AS told
FROM gone ORDER BY file, "row"
