SELECT file, "row", CASE :value WHEN phone THEN 'phone' ELSE 'hours' END AS field, CAST(:value AS text) AS value,
       CAST(:trouble AS text) AS trouble, NULL::jsonb AS told
FROM staged WHERE :value IN (phone, opening_hours) ORDER BY file, "row"
