-- The largest localities of an area, to be named on a map, as one GeoJSON FeatureCollection: most people first.
-- Binds: area_code (NULL: of every nation), most.
WITH scope(id) AS MATERIALIZED (
  SELECT lakana.area_in_force(CAST(:area_code AS text))
), whole(nation) AS MATERIALIZED (
  SELECT lakana.nation_of(a.id) FROM scope JOIN lakana.admin_area a USING (id) WHERE a.level = 0
), own AS MATERIALIZED (
  SELECT area_id FROM lakana.area_nation WHERE nation_id = (SELECT nation FROM whole)
  UNION ALL SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
)
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature', 'geometry', ST_AsGeoJSON(point, 4)::json, 'properties', json_build_object('name', name_fr))
  ORDER BY population DESC, name_key, id), '[]'))::text
FROM (
  SELECT id, name_fr, name_key, point, population FROM lakana.locality
  WHERE population IS NOT NULL AND point IS NOT NULL
    AND ((SELECT id FROM scope) IS NULL OR area_set_id IN (SELECT area_id FROM own))
  ORDER BY population DESC, name_key, id LIMIT CAST(:most AS int)
) AS largest
