-- Rows with what they are known by, and the first row that is known by it; whether the shelter that was made of one is still there.
SELECT s.file, s."row", s.code, s.confidential, s.given, first_value(s."row") OVER (PARTITION BY s.code ORDER BY s.file, s."row") AS first,
       f.row_id IS NOT NULL AS is_known,
       EXISTS (SELECT FROM lakana.service v WHERE v.id = f.row_id) AS is_there
FROM staged s LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('shelter', :key_scheme, s.code)
ORDER BY s.file, s."row"
