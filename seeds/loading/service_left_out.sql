-- Rows whose phone or opening hours are none. Binds: column, trouble.
SELECT s.file, s."row", CASE :column WHEN 'phone' THEN 'phone' ELSE 'hours' END AS field, m.former AS value,
       CAST(:trouble AS text) AS trouble, NULL::jsonb AS told
FROM staged s JOIN mended m ON m.former = CASE :column WHEN 'phone' THEN s.phone ELSE s.opening_hours END
WHERE m.later IS NULL ORDER BY s.file, s."row"
