SELECT file, "row", NULL AS field, name_fr AS value, 'OUTLINE_MENDED' AS trouble, jsonb_build_object('reason', mended) AS told
FROM staged WHERE mended IS NOT NULL ORDER BY file, "row"
