-- The sites of a map, gathered: public ones in squares of a grid and by group, where they are more than so many, confidential ones
-- by zone, as ever. One GeoJSON FeatureCollection whose features say how many sites they stand for; nothing where the sites are
-- few enough to be drawn one by one.
-- Binds: area_code (NULL: of every nation), layer (ACTORS, SERVICES, SHELTERS), category (of services), groups (JSON, kind of actor → group), most.
WITH scope(id) AS MATERIALIZED (
  SELECT lakana.area_in_force(CAST(:area_code AS text))
), whole(nation) AS MATERIALIZED (
  SELECT lakana.nation_of(a.id) FROM scope JOIN lakana.admin_area a USING (id) WHERE a.level = 0
), own AS MATERIALIZED (
  SELECT area_id FROM lakana.area_nation WHERE nation_id = (SELECT nation FROM whole)
  UNION ALL SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
), kept(zone_id) AS MATERIALIZED (
  SELECT lakana.zones_meeting((SELECT nation FROM whole)) WHERE EXISTS (SELECT FROM whole)
  UNION ALL SELECT z.id FROM lakana.zone z, scope WHERE scope.id IS NOT NULL AND lakana.area_holds_zone(scope.id, z.id)
), site AS MATERIALIZED (
  SELECT point, kind::text AS kind, verified_on, source_id, NULL::uuid AS zone_id FROM lakana.actor WHERE CAST(:layer AS text) = 'ACTORS'
    AND ((SELECT id FROM scope) IS NULL OR area_set_id IN (SELECT area_id FROM own))
  UNION ALL
  SELECT point, NULL, verified_on, source_id, zone_id FROM lakana.service
  WHERE CAST(:layer AS text) = 'SERVICES' AND category = CAST(:category AS lakana.service_category)
    AND (point IS NOT NULL OR zone_id IS NOT NULL)
    AND ((SELECT id FROM scope) IS NULL OR area_set_id IN (SELECT area_id FROM own) OR zone_id IN (SELECT zone_id FROM kept))
  UNION ALL
  SELECT s.point, NULL, s.verified_on, s.source_id, s.zone_id FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id
  WHERE CAST(:layer AS text) = 'SHELTERS'
    AND ((SELECT id FROM scope) IS NULL OR s.area_set_id IN (SELECT area_id FROM own) OR s.zone_id IN (SELECT zone_id FROM kept))
), box AS (
  -- Across the antimeridian where that is narrower.
  SELECT least(ST_XMax(plain) - ST_XMin(plain), ST_XMax(turned) - ST_XMin(turned)) AS width, ST_YMax(plain) - ST_YMin(plain) AS height
  FROM (
    SELECT ST_Extent(point::geometry) AS plain, ST_Extent(ST_ShiftLongitude(point::geometry)) AS turned FROM site WHERE point IS NOT NULL
  ) AS around
), grid AS (
  -- The smallest of these sides, in degrees, of which at most 400 squares cover the box.
  SELECT side FROM box, unnest('{0.01,0.02,0.05,0.1,0.2,0.25,0.5,1,2,5,10}'::float8[]) AS side
  WHERE width * height / side ^ 2 <= 400 ORDER BY side LIMIT 1
), square AS (
  SELECT count(*) AS number, g.value AS kind, max(verified_on) AS verified_on, bool_or(o.illustrative) AS illustrative,
         avg(ST_X(point::geometry)) AS lon, avg(ST_Y(point::geometry)) AS lat
  FROM grid, site JOIN lakana.source o ON o.id = source_id LEFT JOIN json_each_text(CAST(:groups AS json)) g ON g.key = kind
  WHERE point IS NOT NULL
  GROUP BY floor(ST_X(point::geometry) / side), floor(ST_Y(point::geometry) / side), g.value
), hidden AS (
  SELECT count(*) AS number, z.name_fr, z.radius_m, bool_or(o.illustrative) AS illustrative, z.point
  FROM site JOIN lakana.zone z ON z.id = zone_id JOIN lakana.source o ON o.id = site.source_id
  WHERE site.point IS NULL GROUP BY z.id
), feature AS (
  SELECT lon, lat, json_build_object(
    'number', number, 'group', kind, 'verifiedOn', verified_on, 'precision', 'EXACT', 'radiusMetres', 0, 'zoneName', NULL,
    'illustrative', illustrative) AS properties
  FROM square
  UNION ALL
  SELECT ST_X(point::geometry), ST_Y(point::geometry), json_build_object(
    'number', number, 'precision', 'AREA', 'radiusMetres', radius_m, 'zoneName', name_fr, 'illustrative', illustrative)
  FROM hidden
)
SELECT json_build_object(
  'type', 'FeatureCollection', 'sideDegrees', (SELECT side FROM grid),
  'features', coalesce((SELECT json_agg(json_build_object(
    'type', 'Feature', 'geometry', json_build_object('type', 'Point', 'coordinates', json_build_array(round(lon::numeric, 4), round(lat::numeric, 4))),
    'properties', properties) ORDER BY lon, lat, properties::text) FROM feature), '[]'))::text
WHERE (SELECT count(*) FROM (SELECT FROM site LIMIT CAST(:most AS int) + 1) AS few) > CAST(:most AS int)
