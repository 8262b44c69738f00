-- The nations in use, or the one of a code, written CODE or SCHEME:CODE.
SELECT a.id, a.scheme || ':' || a.code AS code FROM lakana.admin_area a
WHERE a.level = 0 AND daterange(a.valid_from, a.valid_to) @> current_date AND NOT lakana.has_successor(a.id)
  AND (CAST(:code AS text) IS NULL OR upper(CAST(:code AS text)) IN (upper(a.code), upper(a.scheme || ':' || a.code)))
ORDER BY a.scheme, a.code
