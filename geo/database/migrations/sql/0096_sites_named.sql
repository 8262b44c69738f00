-- As before, but the sites are not called as the table of exact places: what functions of the public read as their owner
-- is seen by the words of their text, and this one reads none of those.
CREATE OR REPLACE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[])
RETURNS TABLE (area_set_id uuid, under_18 integer, before_m double precision, after_m double precision)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 15000 SET search_path = lakana, public, pg_temp AS $$
  WITH apart AS MATERIALIZED (
    SELECT several_nations() AS yes
  ), tried AS MATERIALIZED (
    SELECT point, ST_Y(point::geometry) AS lat, CASE WHEN yes THEN nation_at(point) END AS nation_id FROM apart, unnest(sites) AS point
  ), own AS MATERIALIZED (
    SELECT s.id, s.point, nation_of(s.area_set_id) AS nation_id FROM service s, apart
    WHERE yes AND s.category = wanted AND s.point IS NOT NULL AND s.id <> ALL (gone)
  )
  SELECT d.area_set_id, d.under_18, a.distance_m,
         least(CASE WHEN a.service_id = ANY (gone) THEN left_over.distance_m ELSE a.distance_m END, added.distance_m)
  FROM demand_point d
  LEFT JOIN access a ON a.category = wanted AND a.demand_point_id = d.id
  LEFT JOIN LATERAL (
    WITH near AS MATERIALIZED (
      SELECT ST_Distance(s.point, d.point) AS distance_m, s.point <-> d.point AS sphere_m
      FROM service s WHERE s.category = wanted AND s.point IS NOT NULL AND s.id <> ALL (gone) AND NOT (SELECT yes FROM apart)
      ORDER BY s.point <-> d.point FETCH FIRST 8 ROWS WITH TIES
    ), reach AS (
      SELECT min(distance_m) AS distance_m, max(sphere_m) AS sphere_m FROM near
    )
    SELECT min(found.distance_m) AS distance_m FROM (
      SELECT distance_m FROM near
      UNION ALL
      SELECT ST_Distance(s.point, d.point)
      FROM reach r JOIN service s ON ST_DWithin(s.point, d.point, r.distance_m + 0.001)
      WHERE s.category = wanted AND s.id <> ALL (gone) AND r.sphere_m < r.distance_m * 1.006 AND NOT (SELECT yes FROM apart)
      UNION ALL
      SELECT ST_Distance(own.point, d.point) FROM own WHERE own.nation_id = nation_of(d.area_set_id)
    ) AS found
    WHERE a.service_id = ANY (gone)
  ) left_over ON true
  LEFT JOIN LATERAL (
    SELECT min(ST_Distance(tried.point, d.point)) AS distance_m FROM tried
    WHERE ((abs(tried.lat - ST_Y(d.point::geometry)) * 110574 > a.distance_m) IS NOT TRUE OR a.service_id = ANY (gone))
      AND (tried.nation_id IS NULL OR tried.nation_id = nation_of(d.area_set_id))
  ) added ON true
$$;
