-- Keeps the leaves of the releases :numbers as they are now: of every locality that returned the quarter, each type, since a
-- type that a return does not name is zero. Keeps with them the areas of every locality that ever reported, or is expected to.
WITH known AS (
  SELECT locality_id, min(release_number) AS first_release
  FROM (
    SELECT locality_id, NULL::integer AS release_number FROM raw.incident_return
    UNION ALL
    SELECT locality_id, NULL FROM lakana.expected_reporter
    UNION ALL
    SELECT locality_id, release_number FROM raw.released_area
  ) every GROUP BY locality_id
), released AS (
  SELECT number, quarter FROM lakana.release WHERE number = ANY(:numbers)
), held AS (
  -- A locality stays in the areas that it was first counted in, whatever became of divisions since: counted in one area
  -- by its quarter and in another by its year, it would be the difference of two partitions.
  SELECT locality_id, area_id FROM known JOIN raw.released_area r USING (locality_id)
  WHERE r.release_number = first_release
  UNION
  SELECT locality_id, e.area_id FROM known
  JOIN lakana.locality l ON l.id = locality_id
  JOIN lakana.area_within w ON w.area_id = l.area_id
  JOIN raw.released_edition e ON e.area_id = w.ancestor_id
  WHERE first_release IS NULL
), placed AS (
  SELECT locality_id, area_id FROM held
  UNION ALL
  -- A locality that came after the division had changed, by the outlines of the edition.
  SELECT locality_id, a.id FROM known
  JOIN lakana.locality l ON l.id = locality_id
  JOIN lakana.admin_area a ON ST_Covers(a.geom, l.point::geometry)
  JOIN raw.released_edition e ON e.area_id = a.id
  WHERE first_release IS NULL AND NOT EXISTS (SELECT FROM held h WHERE h.locality_id = known.locality_id)
), area AS (
  INSERT INTO raw.released_area SELECT number, locality_id, area_id FROM released CROSS JOIN placed
)
INSERT INTO raw.released_count
SELECT number, locality_id, incident_type, coalesce(r.count, (r.censored_below + 1) / 2, 0)
FROM released JOIN raw.incident_return USING (quarter)
CROSS JOIN unnest(enum_range(NULL::lakana.incident_type)) AS t(incident_type)
LEFT JOIN raw.incident_count r USING (locality_id, quarter, incident_type)
