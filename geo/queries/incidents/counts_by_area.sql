-- The counts of a period of all areas of a level, as one GeoJSON FeatureCollection: each at its published point or, where no outline
-- is known, at the mean of its localities. Published values only, none of them added up.
-- Binds: level, period, area_code (NULL: of every nation).
WITH scope(id) AS MATERIALIZED (
  SELECT lakana.area_in_force(CAST(:area_code AS text))
), whole(nation) AS MATERIALIZED (
  SELECT lakana.nation_of(a.id) FROM scope JOIN lakana.admin_area a USING (id) WHERE a.level = 0
), own AS MATERIALIZED (
  SELECT area_id FROM lakana.area_nation WHERE nation_id = (SELECT nation FROM whole)
  UNION ALL SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
)
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature', 'geometry', ST_AsGeoJSON(at, 5)::json, 'properties', json_build_object(
    'name', name_fr, 'illustrative', coalesce(illustrative, false), 'status', status, 'count', count,
    'countLabel', CASE WHEN count IS NULL THEN '–' WHEN count = 0 THEN '0–4' ELSE count::text END, 'period', period,
    'localitiesReporting', localities_reporting, 'localitiesExpected', localities_expected)) ORDER BY name_key, id), '[]'))::text
FROM (
  SELECT a.id, a.name_fr, a.name_key, o.illustrative, r.period,
         CASE WHEN published THEN p.count END AS count,
         CASE WHEN published THEN 'PUBLISHED' WHEN r.localities_reporting = 0 THEN 'NOT_REPORTED' ELSE 'NOT_RELEASED' END AS status,
         CASE WHEN published THEN p.localities_reporting ELSE r.localities_reporting END AS localities_reporting,
         CASE WHEN published THEN p.localities_expected ELSE r.localities_expected END AS localities_expected,
         coalesce(a.point::geometry, (
           SELECT ST_Centroid(ST_Collect(l.point::geometry)) FROM lakana.locality l
           JOIN lakana.area_within w ON w.area_id = l.area_set_id AND w.ancestor_id = a.id)) AS at
  FROM lakana.reporting r
  JOIN lakana.admin_area a ON a.id = r.area_id
  LEFT JOIN lakana.published_count p ON p.current AND p.level = r.level AND p.period = r.period AND p.incident_type IS NULL
    AND coalesce(p.area_id, p.locality_id) = coalesce(r.area_id, r.locality_id)
  CROSS JOIN LATERAL (SELECT p.id IS NOT NULL AND p.localities_reporting > 0 AS published) AS known
  LEFT JOIN lakana.source o ON o.id = p.source_id AND published
  WHERE r.level = CAST(:level AS lakana.area_level) AND r.period = CAST(:period AS text)
    AND ((SELECT id FROM scope) IS NULL OR r.area_id IN (SELECT area_id FROM own))
) AS told
WHERE at IS NOT NULL
