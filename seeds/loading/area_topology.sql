-- Parts that overlap, parts that stand out of the whole, and what of a whole lies in no part; from a thousandth on.
WITH part AS MATERIALIZED (
  SELECT a.id, a.parent_id, a.level, a.name_fr, a.geom, ST_Area(a.geom::geography) / 1e6 AS km2
  FROM lakana.admin_area a WHERE (a.scheme, a.edition) = (:scheme, :edition) AND a.geom IS NOT NULL
), overlap AS (
  SELECT one.id, one.name_fr AS one, other.name_fr AS other, least(one.km2, other.km2) AS smaller_km2,
         ST_Area(ST_Intersection(one.geom, other.geom)::geography) / 1e6 AS km2
  FROM part one JOIN part other ON one.level = other.level AND one.id < other.id AND one.geom && other.geom
  WHERE ST_Overlaps(one.geom, other.geom) OR ST_Contains(one.geom, other.geom) OR ST_Within(one.geom, other.geom)
), whole AS (
  SELECT w.id, w.name_fr, w.geom, w.km2, ST_Union(p.geom) AS parts
  FROM part w JOIN part p ON p.parent_id = w.id JOIN lakana.admin_area a ON a.id = w.id AND NOT a.outline_derived
  GROUP BY w.id, w.name_fr, w.geom, w.km2
), gap AS (
  SELECT id, name_fr AS area, km2 AS whole_km2, ST_Area(ST_Difference(geom, parts)::geography) / 1e6 AS km2 FROM whole
), outside AS (
  SELECT p.id, p.name_fr AS area, w.name_fr AS parent, p.km2 AS own_km2, ST_Area(ST_Difference(p.geom, w.geom)::geography) / 1e6 AS km2
  FROM part p JOIN part w ON w.id = p.parent_id JOIN lakana.admin_area a ON a.id = w.id AND NOT a.outline_derived
), told AS (
  SELECT id, one AS value, 'OVERLAP' AS trouble, jsonb_build_object(
    'one', one, 'other', other, 'km2', round(km2::numeric, 1), 'percent', round((100 * km2 / smaller_km2)::numeric, 1)) AS told
  FROM overlap WHERE km2 >= smaller_km2 / 1000
  UNION ALL
  SELECT id, area, 'GAP', jsonb_build_object(
    'area', area, 'km2', round(km2::numeric, 1), 'percent', round((100 * km2 / whole_km2)::numeric, 1))
  FROM gap WHERE km2 >= whole_km2 / 1000
  UNION ALL
  SELECT id, area, 'OUTSIDE_PARENT', jsonb_build_object(
    'area', area, 'parent', parent, 'percent', round((100 * km2 / own_km2)::numeric, 1))
  FROM outside WHERE km2 >= own_km2 / 1000
)
SELECT coalesce(s.file, 0::smallint) AS file, CASE WHEN s.is_own THEN s."row" END AS "row", NULL AS field, t.value, t.trouble, t.told
FROM told t LEFT JOIN staged s ON s.id = t.id
ORDER BY t.trouble, t.value
