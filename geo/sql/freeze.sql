-- Keeps the leaves of the releases :numbers as they are now, with the areas that count them: of every locality that
-- reports or ever was released. A locality that reports has every leaf: a cell left out would say that it is exactly zero.
WITH reporting AS (
  SELECT locality_id FROM raw.incident_count WHERE quarter < :running
  UNION
  SELECT locality_id FROM raw.released_count
), released AS (
  SELECT number, quarter FROM lakana.release WHERE number = ANY(:numbers)
), area AS (
  -- Only the division in use: a crosswalk leads from it to older and other ones.
  INSERT INTO raw.released_area
  SELECT number, l.id, a.id
  FROM released CROSS JOIN reporting
  JOIN lakana.locality l ON l.id = reporting.locality_id
  JOIN lakana.area_within w ON w.area_id = l.area_id
  JOIN lakana.admin_area a ON a.id = w.ancestor_id
  WHERE a.level <= 2 AND daterange(a.valid_from, a.valid_to) @> current_date
    AND NOT EXISTS (SELECT FROM lakana.area_crosswalk c WHERE c.to_area_id = a.id)
)
INSERT INTO raw.released_count
SELECT number, locality_id, incident_type, coalesce(r.count, (r.censored_below + 1) / 2, 0)
FROM released CROSS JOIN reporting
CROSS JOIN unnest(enum_range(NULL::lakana.incident_type)) AS t(incident_type)
LEFT JOIN raw.incident_count r USING (locality_id, quarter, incident_type)
