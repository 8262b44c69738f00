-- Who reported the quarters due, and the years that are whole with them, of whom it was expected: by locality, and by every
-- area of the newest release. Expected of a quarter is who is on the list for it, or where nobody is on any list who ever
-- reported up to it, and whoever reported it. Of a year, who was expected in any quarter of it. Who returned each of these
-- has reported the year.
DELETE FROM lakana.reporting WHERE period = ANY(:due) OR period IN (SELECT left(quarter, 4) FROM unnest(CAST(:due AS text[])) AS quarter);
INSERT INTO lakana.reporting (period, level, locality_id, localities_reporting, localities_expected, reporters)
SELECT quarter, 'LOCALITY', locality_id, bool_or(reported)::integer, 1, CASE WHEN bool_or(reported) THEN md5(locality_id::text) ELSE '' END
FROM (
  SELECT quarter, locality_id, true AS reported FROM raw.incident_return WHERE quarter = ANY(:due)
  UNION ALL
  SELECT quarter, locality_id, false FROM unnest(CAST(:due AS text[])) AS quarter
  JOIN lakana.expected_reporter e ON quarter BETWEEN e.from_quarter AND coalesce(e.to_quarter, quarter)
  UNION ALL
  SELECT due.quarter, r.locality_id, false FROM unnest(CAST(:due AS text[])) AS due(quarter)
  JOIN raw.incident_return r ON r.quarter <= due.quarter
  WHERE NOT EXISTS (SELECT FROM lakana.expected_reporter)
) known GROUP BY quarter, locality_id;
INSERT INTO lakana.reporting (period, level, locality_id, localities_reporting, localities_expected, reporters)
SELECT left(period, 4), 'LOCALITY', locality_id, min(localities_reporting), 1,
       CASE WHEN min(localities_reporting) = 1 THEN md5(locality_id::text) ELSE '' END
FROM lakana.reporting r
WHERE level = 'LOCALITY' AND length(period) > 4
  AND left(period, 4) IN (SELECT left(quarter, 4) FROM unnest(CAST(:due AS text[])) AS quarter)
  AND 4 = (SELECT count(DISTINCT n.quarter) FROM lakana.release n WHERE starts_with(n.quarter, left(r.period, 4)))
GROUP BY left(period, 4), locality_id;
INSERT INTO lakana.reporting (period, level, area_id, localities_reporting, localities_expected, reporters)
SELECT r.period, (enum_range(NULL::lakana.area_level))[p.level + 1], p.id, sum(localities_reporting), sum(localities_expected),
       coalesce(md5(string_agg(r.locality_id::text, ' ' ORDER BY r.locality_id) FILTER (WHERE localities_reporting > 0)), '')
FROM lakana.reporting r
JOIN raw.released_area a ON a.locality_id = r.locality_id AND a.release_number = :newest
JOIN lakana.admin_area p ON p.id = a.area_id
WHERE r.level = 'LOCALITY'
  AND (r.period = ANY(:due) OR r.period IN (SELECT left(quarter, 4) FROM unnest(CAST(:due AS text[])) AS quarter))
GROUP BY r.period, p.level, p.id
