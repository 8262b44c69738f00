-- The areas of all divisions that each new place lies in, found together.
WITH numbered AS MATERIALIZED (
  SELECT file, "row", point, area_id, row_number() OVER (ORDER BY file, "row") AS number
  FROM staged WHERE service_id IS NULL OR actor_id IS NULL
)
UPDATE staged s SET area_set_id = found.area_set_id
FROM numbered n JOIN lakana.area_sets_of(
  ARRAY(SELECT point::geography FROM numbered ORDER BY number), ARRAY(SELECT area_id FROM numbered ORDER BY number)) found USING (number)
WHERE (s.file, s."row") = (n.file, n."row")
