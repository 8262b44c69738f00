-- The area above each: as its row says, else as it was, else the one of the next level that holds the most of its outline, more than
-- half, else the nation.
WITH every AS MATERIALIZED (
  SELECT id, level, code, name_fr, geom FROM staged
  UNION ALL
  SELECT a.id, a.level, a.code, a.name_fr, a.geom FROM lakana.admin_area a
  WHERE (a.scheme, a.edition) = (:scheme, :edition) AND NOT EXISTS (SELECT FROM staged i WHERE i.id = a.id)
), nation AS (
  SELECT id FROM every WHERE level = 0 ORDER BY code LIMIT 1
), found AS MATERIALIZED (
  SELECT i.*, said.id AS said_id, held.id AS held_id, held.name_fr AS held_name, held.share,
         (SELECT a.parent_id FROM lakana.admin_area a WHERE a.id = i.id) AS former_id
  FROM staged i
  LEFT JOIN every said ON said.code = i.parent_code AND said.level < i.level
  LEFT JOIN LATERAL (
    SELECT e.id, e.name_fr, ST_Area(ST_Intersection(e.geom, i.geom)) / ST_Area(i.geom) AS share
    FROM every e WHERE i.parent_code IS NULL AND i.level > 1 AND e.level = i.level - 1 AND e.geom && i.geom
    ORDER BY share DESC LIMIT 1
  ) held ON held.share > 0.5
  WHERE i.level > 0
), settled AS (
  UPDATE staged s SET parent_id = coalesce(f.said_id, f.former_id, f.held_id, (SELECT id FROM nation))
  FROM found f WHERE (s.file, s."row", s.code) = (f.file, f."row", f.code) AND (f.parent_code IS NULL OR f.said_id IS NOT NULL)
), gone AS (
  DELETE FROM staged s USING found f
  WHERE (s.file, s."row", s.code) = (f.file, f."row", f.code) AND f.parent_code IS NOT NULL AND f.said_id IS NULL
)
SELECT file, "row", 'parent_code' AS field, coalesce(parent_code, name_fr) AS value,
       CASE WHEN parent_code IS NOT NULL THEN 'NO_PARENT' WHEN held_id IS NOT NULL THEN 'PARENT_BY_OUTLINE' ELSE 'PARENT_IS_NATION' END AS trouble,
       jsonb_build_object('parent', coalesce(held_name, parent_code), 'percent', round((100 * share)::numeric)) AS told
FROM found
WHERE said_id IS NULL AND (parent_code IS NOT NULL OR (level > 1 AND former_id IS NULL))
ORDER BY file, "row"
