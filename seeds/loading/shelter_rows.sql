-- Rows with what they are known by, the other row that is known by it, and what became of the shelter that was made of one. A row is
-- disputed where another of its code is confidential and it is not, or the other way round; it is gone where the shelter that it, or an
-- open row of its name and place in whatever list, made is there no more or is hidden now.
SELECT s.file, s."row", s.code, s.mark, s.confidential, s.unsaid, s.given, first_value(s."row") OVER w AS first,
       bool_or(s.confidential) OVER w AND NOT bool_and(s.confidential) OVER w AS is_disputed,
       CASE WHEN first_value(s."row") OVER w = s."row" THEN last_value(s."row") OVER w ELSE first_value(s."row") OVER w END AS other,
       f.row_id IS NOT NULL AS is_known, coalesce(NOT v.confidential, false) AS is_open,
       (f.row_id IS NOT NULL AND v.id IS NULL) OR (m.row_id IS NOT NULL AND NOT EXISTS (
         SELECT FROM lakana.service o WHERE o.id = m.row_id AND NOT o.confidential)) AS is_gone
FROM staged s
LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('shelter', :key_scheme, s.code)
LEFT JOIN lakana.service v ON v.id = f.row_id
LEFT JOIN audit.foreign_id m ON (m.subject, m.scheme, m.code) = ('shelter', :key_scheme, s.mark)
WINDOW w AS (PARTITION BY s.code ORDER BY s.file, s."row" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
ORDER BY s.file, s."row"
