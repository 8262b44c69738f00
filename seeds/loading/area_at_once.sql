SELECT DISTINCT a.edition FROM lakana.admin_area a JOIN staged s ON s.code = a.code
WHERE a.scheme = :scheme AND a.edition <> :edition
  AND daterange(a.valid_from, a.valid_to) && daterange(s.since, s.until)
ORDER BY a.edition
