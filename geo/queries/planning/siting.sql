-- What a siting model needs, in one statement, so that all of it is of one moment: one row with lists, the long ones packed (see
-- geo.queries.base.packed) in the order of demand and of candidate. Candidates have a locality or a position among the points, so one
-- of these two lists is empty.
-- Binds: category, area_code (NULL: the home nation), those of geo.queries.base.reach.REACH_M, candidate_area_code (NULL: every
-- locality of the area), candidate_points (JSON list of [lon, lat], NULL: localities), excluded (JSON list of GeoJSON polygons).
WITH reach AS MATERIALIZED (
  SELECT {reach} AS m
), scope AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area()) AS id,
         CASE WHEN CAST(:candidate_area_code AS text) IS NOT NULL
              THEN lakana.area_in_force(CAST(:candidate_area_code AS text), 'candidates.localities.areaCode') END
           AS candidates_id
), inside AS MATERIALIZED (
  SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
), demand AS MATERIALIZED (
  SELECT d.point, d.under_18, d.source_id, a.distance_m
  FROM lakana.demand_point d
  LEFT JOIN lakana.access a
    ON a.demand_point_id = d.id AND a.category = CAST(:category AS lakana.service_category)
  -- Tests of each row and no joins, of which PostgreSQL expects a few rows: it would look for 300,000 points one by one.
  WHERE d.under_18 > 0 AND (d.area_set_id IN (SELECT area_id FROM inside)) IS TRUE
  ORDER BY d.id
), offered AS (
  SELECT l.id AS locality_id, NULL::int AS position, l.point, l.source_id
  FROM lakana.locality l
  WHERE CAST(:candidate_points AS text) IS NULL AND (l.area_set_id IN (SELECT area_id FROM inside)) IS TRUE
    AND ((SELECT candidates_id FROM scope) IS NULL OR l.area_set_id IN (
      SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT candidates_id FROM scope)))
  UNION ALL
  SELECT NULL, position::int, point, NULL
  FROM json_array_elements(CAST(:candidate_points AS json)) WITH ORDINALITY AS given(pair, position),
       LATERAL (SELECT ST_SetSRID(ST_MakePoint((pair->>0)::float8, (pair->>1)::float8), 4326)::geography AS point) AS placed
  WHERE lakana.refuse_exchanged(point, 'candidates.points.' || (position - 1))
), excluded AS MATERIALIZED (
  SELECT ST_SetSRID(ST_GeomFromGeoJSON(area::text), 4326) AS geom
  FROM json_array_elements(CAST(:excluded AS json)) AS given(area)
), candidate AS MATERIALIZED (
  SELECT *
  FROM offered
  -- A border belongs to what it encloses.
  WHERE NOT EXISTS (SELECT FROM excluded WHERE ST_Intersects(offered.point::geometry, excluded.geom))
  ORDER BY position, locality_id
)
SELECT
  (SELECT m FROM reach) AS reach_m,
  (SELECT to_json(e) FROM lakana.travel_estimate e
   WHERE mode = CAST(:travel_mode AS lakana.travel_mode) AND season = CAST(:travel_season AS lakana.season)
     AND CAST(:travel_minutes AS double precision) IS NOT NULL) AS estimate,
  (SELECT count(*) FROM lakana.demand_point WHERE area_set_id IN (SELECT area_id FROM inside)) AS counted,
  (SELECT count(*) FROM offered) AS offered,
  asked.*,
  sites.*,
  (SELECT coalesce(json_agg(DISTINCT source_id), '[]') FROM (
     SELECT source_id FROM demand UNION SELECT source_id FROM candidate WHERE source_id IS NOT NULL
     UNION SELECT source_id FROM lakana.service
     WHERE category = CAST(:category AS lakana.service_category) AND point IS NOT NULL
       AND (NOT (SELECT lakana.several_nations()) OR area_set_id IN (
         SELECT area_id FROM lakana.area_nation WHERE nation_id = lakana.nation_of((SELECT id FROM scope))))
   ) AS of_rows) AS sources,
  (SELECT count(*) FROM lakana.service
   WHERE confidential AND category = CAST(:category AS lakana.service_category)
     AND zone_id IN (SELECT lakana.zones_meeting((SELECT id FROM scope)))) AS confidential_left_out
FROM (
  SELECT coalesce(encode(string_agg(int4send(under_18), ''), 'base64'), '') AS under_18,
         coalesce(encode(string_agg(float8send(coalesce(distance_m, 'infinity')), ''), 'base64'), '') AS existing_m,
         coalesce(encode(string_agg(float8send(ST_X(point::geometry)), ''), 'base64'), '') AS demand_lon,
         coalesce(encode(string_agg(float8send(ST_Y(point::geometry)), ''), 'base64'), '') AS demand_lat
  FROM demand
) AS asked, (
  SELECT coalesce(encode(string_agg(float8send(ST_X(point::geometry)), ''), 'base64'), '') AS candidates_lon,
         coalesce(encode(string_agg(float8send(ST_Y(point::geometry)), ''), 'base64'), '') AS candidates_lat,
         coalesce(encode(string_agg(uuid_send(locality_id), ''), 'base64'), '') AS localities,
         coalesce(encode(string_agg(int4send(position), ''), 'base64'), '') AS positions
  FROM candidate
) AS sites
