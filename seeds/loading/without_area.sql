WITH gone AS (DELETE FROM staged WHERE area_id IS NULL RETURNING file, "row")
SELECT file, "row", NULL AS field, NULL AS value, 'NO_AREA_GIVEN' AS trouble, NULL::jsonb AS told FROM gone ORDER BY file, "row"
