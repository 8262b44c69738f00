-- The areas that people are shared out in. Of each nation that division is taken of which most areas have an outline and a number of
-- people, or a share of the one of a larger area; in it an area is divided where all its parts have both. Binds: nations.
CREATE TEMPORARY TABLE demand_unit ON COMMIT DROP AS
WITH RECURSIVE latest AS MATERIALIZED (
  SELECT DISTINCT ON (area_id) area_id, total, under_18, source_id FROM lakana.area_population ORDER BY area_id, year DESC
), shared AS MATERIALIZED (  -- the smallest area with a number that holds it
  SELECT DISTINCT ON (s.area_id) s.area_id, s.weight, s.source_id, w.ancestor_id AS whole_id
  FROM lakana.population_share s JOIN lakana.area_within w ON w.area_id = s.area_id AND w.ancestor_id <> s.area_id
  JOIN latest l ON l.area_id = w.ancestor_id JOIN lakana.admin_area a ON a.id = l.area_id
  WHERE NOT EXISTS (SELECT FROM latest own WHERE own.area_id = s.area_id)
  ORDER BY s.area_id, l.total, a.level DESC, a.id
), numbered AS MATERIALIZED (
  SELECT area_id, total AS people, under_18 AS children, source_id, NULL::integer AS weight, NULL::uuid AS whole_id FROM latest
  UNION ALL
  SELECT area_id, NULL, NULL, source_id, weight, whole_id FROM shared
), top AS (
  SELECT DISTINCT ON (n.id) n.id AS nation_id, a.id
  FROM unnest(CAST(:nations AS uuid[])) AS n(id)
  JOIN lakana.admin_area a ON a.level = 0
    AND (a.id = n.id OR EXISTS (  -- of two that hold each other one leads to the other
      SELECT FROM lakana.area_within w WHERE (w.area_id, w.ancestor_id) IN ((a.id, n.id), (n.id, a.id))))
  CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM lakana.admin_area p JOIN numbered l ON l.area_id = p.id
    WHERE (p.scheme, p.edition) = (a.scheme, a.edition) AND p.geom IS NOT NULL) counted
  ORDER BY n.id, counted.many DESC, a.id <> n.id, a.edition DESC
), divided AS MATERIALIZED (
  SELECT c.parent_id AS id FROM lakana.admin_area c LEFT JOIN numbered l ON l.area_id = c.id
  WHERE c.parent_id IS NOT NULL GROUP BY c.parent_id HAVING bool_and(l.area_id IS NOT NULL AND c.geom IS NOT NULL)
), walk AS (
  SELECT id, nation_id FROM top
  UNION ALL
  SELECT c.id, w.nation_id FROM walk w JOIN divided USING (id) JOIN lakana.admin_area c ON c.parent_id = w.id
)
SELECT w.nation_id, a.id, a.geom, l.people, l.children, l.source_id, l.weight, l.whole_id
FROM walk w JOIN lakana.admin_area a USING (id) LEFT JOIN numbered l ON l.area_id = a.id
WHERE NOT EXISTS (SELECT FROM divided d WHERE d.id = w.id)
