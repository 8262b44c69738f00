-- The areas in force of one edition from a nation (:nation) down, with what the division into zones needs to know.
WITH RECURSIVE tree AS (
  SELECT a.id, NULL::uuid AS parent_id, a.code, a.geom, a.locality_count
  FROM lakana.admin_area a WHERE a.id = CAST(:nation AS uuid)
  UNION ALL
  SELECT a.id, a.parent_id, a.code, a.geom, a.locality_count
  FROM tree t JOIN lakana.admin_area a ON a.parent_id = t.id
  WHERE daterange(a.valid_from, a.valid_to) @> current_date
)
SELECT t.id::text, t.parent_id::text, t.code,
  coalesce((SELECT p.total FROM lakana.area_population p WHERE p.area_id = t.id ORDER BY p.year DESC LIMIT 1), 0) AS people,
  greatest(t.locality_count, (
    SELECT count(*) FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_id WHERE w.ancestor_id = t.id
  ))::integer AS localities,
  ST_Area(t.geom::geography) AS area_m2
FROM tree t
