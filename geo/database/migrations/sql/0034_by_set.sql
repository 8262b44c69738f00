-- What looked at one area of a place looks at all of them.

DROP FUNCTION lakana.travel_minutes;
CREATE FUNCTION lakana.travel_minutes(wanted lakana.service_category, by lakana.travel_mode, during lakana.season) RETURNS TABLE(demand_point_id uuid, area_set_id uuid, under_18 integer, service_id uuid, minutes double precision, network boolean, off_road_m double precision, beyond_roads boolean, distance_m double precision)
    LANGUAGE sql STABLE ROWS 10000 PARALLEL SAFE
    AS $$
  SELECT a.demand_point_id, a.area_set_id, a.under_18,
    CASE WHEN t.demand_point_id IS NULL THEN a.service_id ELSE t.service_id END,
    CASE WHEN t.demand_point_id IS NULL THEN a.distance_m * e.detour / (e.speed_km_h * 1000 / 60) ELSE t.minutes END,
    t.demand_point_id IS NOT NULL, t.off_road_m, coalesce(t.beyond_roads, false), a.distance_m
  FROM lakana.access a
  JOIN lakana.travel_estimate e ON e.mode = by AND e.season = during
  LEFT JOIN lakana.travel_time t ON t.category = wanted AND t.mode = by AND t.season = during
    AND t.demand_point_id = a.demand_point_id
    AND EXISTS (SELECT FROM lakana.travel_refresh r WHERE r.category = wanted AND r.computed_at IS NOT NULL)
  WHERE a.category = wanted
$$;

DROP FUNCTION lakana.distances_if;
CREATE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[]) RETURNS TABLE(area_set_id uuid, under_18 integer, before_m double precision, after_m double precision)
    LANGUAGE sql STABLE ROWS 15000
    SET search_path = lakana, public, pg_temp
    AS $$
  WITH site AS MATERIALIZED (
    SELECT point, ST_Y(point::geometry) AS lat FROM unnest(sites) AS point
  )
  SELECT d.area_set_id, d.under_18, a.distance_m,
         least(CASE WHEN a.service_id = ANY (gone) THEN left_over.distance_m ELSE a.distance_m END, added.distance_m)
  FROM demand_point d
  LEFT JOIN access a ON a.category = wanted AND a.demand_point_id = d.id
  LEFT JOIN LATERAL (
    WITH near AS MATERIALIZED (
      SELECT ST_Distance(s.point, d.point) AS distance_m, s.point <-> d.point AS sphere_m
      FROM service s WHERE s.category = wanted AND s.point IS NOT NULL AND s.id <> ALL (gone)
      ORDER BY s.point <-> d.point FETCH FIRST 8 ROWS WITH TIES
    ), reach AS (
      SELECT min(distance_m) AS distance_m, max(sphere_m) AS sphere_m FROM near
    )
    SELECT min(found.distance_m) AS distance_m FROM (
      SELECT distance_m FROM near
      UNION ALL
      SELECT ST_Distance(s.point, d.point)
      FROM reach r JOIN service s ON ST_DWithin(s.point, d.point, r.distance_m + 0.001)
      WHERE s.category = wanted AND s.id <> ALL (gone) AND r.sphere_m < r.distance_m * 1.006
    ) AS found
    WHERE a.service_id = ANY (gone)
  ) left_over ON true
  LEFT JOIN LATERAL (
    SELECT min(ST_Distance(site.point, d.point)) AS distance_m FROM site
    WHERE (abs(site.lat - ST_Y(d.point::geometry)) * 110574 > a.distance_m) IS NOT TRUE OR a.service_id = ANY (gone)
  ) added ON true
$$;

CREATE OR REPLACE FUNCTION lakana.refresh_access(wanted lakana.service_category, points uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = lakana, public, pg_temp
    AS $$
DECLARE
  changed integer;
BEGIN
  WITH fresh AS MATERIALIZED (
    SELECT d.id, d.under_18, d.area_set_id, n.service_id, n.distance_m
    FROM demand_point d LEFT JOIN LATERAL (
      WITH near AS MATERIALIZED (
        SELECT s.id, ST_Distance(s.point, d.point) AS distance_m, s.point <-> d.point AS sphere_m
        FROM service s WHERE s.category = wanted AND s.point IS NOT NULL
        ORDER BY s.point <-> d.point FETCH FIRST 8 ROWS WITH TIES
      ), reach AS (
        SELECT min(distance_m) AS distance_m, max(sphere_m) AS sphere_m FROM near
      )
      SELECT id AS service_id, distance_m FROM near
      UNION ALL
      SELECT s.id, ST_Distance(s.point, d.point)
      FROM reach r JOIN service s ON ST_DWithin(s.point, d.point, r.distance_m + 0.001)
      WHERE s.category = wanted AND r.sphere_m < r.distance_m * 1.006
      ORDER BY 2, 1 LIMIT 1
    ) n ON true
    WHERE points IS NULL OR d.id = ANY (points)
  ), gone AS (
    DELETE FROM access a USING fresh f
    WHERE a.category = wanted AND a.demand_point_id = f.id AND f.service_id IS NULL
    RETURNING 1
  ), kept AS (
    INSERT INTO access AS a (category, demand_point_id, service_id, distance_m, under_18, area_set_id)
    SELECT wanted, f.id, f.service_id, f.distance_m, f.under_18, f.area_set_id FROM fresh f WHERE f.service_id IS NOT NULL
    ON CONFLICT (category, demand_point_id) DO UPDATE
    SET service_id = excluded.service_id, distance_m = excluded.distance_m,
        under_18 = excluded.under_18, area_set_id = excluded.area_set_id
    WHERE (a.service_id, a.distance_m, a.under_18, a.area_set_id)
      IS DISTINCT FROM (excluded.service_id, excluded.distance_m, excluded.under_18, excluded.area_set_id)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept) INTO changed;
  IF changed > 0 THEN
    PERFORM touch_access(wanted);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION lakana.locality_named(wanted text, area uuid) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = lakana, public, pg_temp
    AS $$
  SELECT max(l.id::text)::uuid FROM locality l
  WHERE l.id IN (SELECT locality_id FROM locality_name WHERE name_key = fold(wanted))
    AND (area IS NULL OR l.area_set_id IN (SELECT area_id FROM area_within WHERE ancestor_id = area))
  HAVING count(*) = 1
$$;

CREATE OR REPLACE FUNCTION lakana.home_area() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path = lakana, public, pg_temp
    AS $$
DECLARE
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(id), string_agg(scheme || ':' || code || ' (' || name_fr || ')', ', ' ORDER BY scheme, code)
  INTO found, candidates
  FROM admin_area a
  WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date
    AND NOT has_successor(a.id);
  IF found IS NULL OR cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'areaCode', HINT = coalesce(candidates, 'none'), MESSAGE =
      'name the area: there are several nations here or none (%s).';
  END IF;
  RETURN found[1];
END $$;

CREATE OR REPLACE FUNCTION audit.told(given jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = audit, public, pg_temp
    AS $$
  SELECT CASE WHEN given->>'point' IS NOT NULL
    THEN jsonb_set(given, '{point}', to_jsonb(ST_AsText((given->>'point')::geography))) ELSE given END
    - ARRAY['name_key', 'search_key', 'area_set_id']
$$;

CREATE OR REPLACE FUNCTION lakana.next_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = lakana, public, pg_temp
    AS $$
DECLARE
  derived CONSTANT text[] := ARRAY['version', 'name_key', 'public_capacity', 'area_set_id'];
  hidden boolean := CASE TG_TABLE_NAME
    WHEN 'service' THEN (to_jsonb(NEW)->>'confidential')::boolean
    WHEN 'shelter' THEN (SELECT confidential FROM service WHERE id = (to_jsonb(NEW)->>'service_id')::uuid)
    ELSE false END;
BEGIN
  NEW.version := CASE
    WHEN NEW.id <> OLD.id THEN 1
    WHEN hidden AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN OLD.version
    ELSE OLD.version + 1 END;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.data_digests(wanted lakana.service_category) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = lakana, public, pg_temp
    AS $$
  SELECT jsonb_build_object(
    'SERVICES', (SELECT md5(coalesce(string_agg(concat_ws(' ', id, capacity, point::text), ',' ORDER BY id), ''))
                 FROM service WHERE category = wanted AND point IS NOT NULL),
    'DEMAND', (SELECT md5(coalesce(string_agg(concat_ws(' ', id, area_id, under_18, point::text), ',' ORDER BY id), ''))
               FROM demand_point),
    'AREAS', md5(concat_ws(';',
      (SELECT string_agg(concat_ws(' ', id, level, coalesce(parent_id::text, '-')), ',' ORDER BY id) FROM admin_area
       WHERE daterange(valid_from, valid_to) @> current_date),
      (SELECT string_agg(area_id || ' ' || ancestor_id, ',' ORDER BY area_id, ancestor_id) FROM area_within
       WHERE area_id IN (SELECT id FROM admin_area)))),
    'TRAVEL', (SELECT md5(coalesce(string_agg(concat_ws(' ', mode, season, speed_km_h, detour), ',' ORDER BY mode, season), ''))
               FROM travel_estimate))
$$;

CREATE OR REPLACE FUNCTION lakana.places_called(wanted text, area uuid, most integer)
RETURNS TABLE (place_id uuid, matched_name text, score double precision, exact boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH asked AS MATERIALIZED (
    SELECT fold(wanted) AS key, replace(fold(wanted), ' ', '') AS glued,
      -- Until the function ends. Only a superuser could restore a function that has this as a SET of its own.
      set_config('pg_trgm.word_similarity_threshold', '0.4', true)
  ), spelling AS (
    SELECT n.locality_id AS place_id, n.name, n.name_key, 5 AS level, true AS in_force FROM locality_name n
    WHERE (SELECT key FROM asked) <% n.name_key AND (area IS NULL OR n.locality_id IN (
      SELECT l.id FROM area_within w JOIN locality l ON l.area_set_id = w.area_id WHERE w.ancestor_id = area))
    UNION ALL
    SELECT a.id, one, fold(one), a.level, daterange(a.valid_from, a.valid_to) @> current_date
    FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
    WHERE (SELECT key FROM asked) <% a.search_key AND one IS NOT NULL
      AND (area IS NULL OR a.id IN (SELECT w.area_id FROM area_within w WHERE w.ancestor_id = area))
  ), likened AS MATERIALIZED (
    SELECT s.*, s.name_key = key AS exact, similarity(replace(s.name_key, ' ', ''), glued) AS alike,
           word_similarity(key, s.name_key) AS part_alike
    FROM spelling s, asked
  ), scored AS (
    SELECT *, CASE WHEN likened.exact THEN 1 ELSE least(0.99, greatest(alike, 0.9 * part_alike)) END AS score FROM likened
  ), best AS (
    SELECT * FROM (SELECT DISTINCT ON (s.place_id) s.* FROM scored s ORDER BY s.place_id, s.score DESC, s.alike DESC, s.name) each
    ORDER BY score DESC, alike DESC, level DESC, in_force DESC, name_key, place_id LIMIT most
  )
  -- Of spellings that fold alike the official one is told.
  SELECT b.place_id, CASE WHEN l.name_key = b.name_key THEN l.name_fr ELSE b.name END, round(b.score::numeric, 2)::double precision, b.exact
  FROM best b LEFT JOIN locality l ON l.id = b.place_id
  ORDER BY b.score DESC, b.alike DESC, b.level DESC, b.in_force DESC, b.name_key, b.place_id
$$;

-- The areas of every edition that are known to hold a place by their outlines, or because one that does lies in them.
CREATE OR REPLACE FUNCTION lakana.areas_at(place geography) RETURNS TABLE (area_id uuid)
LANGUAGE sql STABLE ROWS 5 SET search_path = lakana, public, pg_temp AS $$
  SELECT DISTINCT ancestor_id FROM area_within WHERE area_id = ANY (outlined_at(place))
$$;

-- The smallest area in force that is known to hold a place, of the division in use before others.
CREATE OR REPLACE FUNCTION lakana.area_of(place geography) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT a.id FROM areas_at(place) at JOIN admin_area a ON a.id = at.area_id
  WHERE daterange(a.valid_from, a.valid_to) @> current_date
  ORDER BY has_successor(a.id), a.level DESC, a.id LIMIT 1
$$;

-- The parts of an area at a level (NULL: the next one down), all of one edition: one whose outlines are known before one in
-- which only registered places are, then one in force, then the area's own.
CREATE FUNCTION lakana.parts_of(whole uuid, wanted integer) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 20 SET search_path = lakana, public, pg_temp AS $$
  WITH part AS MATERIALIZED (
    SELECT a.id, a.scheme, a.edition, a.geom IS NOT NULL AS outlined, (a.scheme, a.edition) = (own.scheme, own.edition) AS own,
           coalesce(daterange(a.valid_from, a.valid_to) @> current_date, false) AS in_force
    FROM admin_area own JOIN area_within w ON w.ancestor_id = own.id
    JOIN admin_area a ON a.id = w.area_id AND a.level = coalesce(wanted, own.level + 1) AND a.level > own.level
    WHERE own.id = whole
  ), chosen AS (
    SELECT scheme, edition, in_force FROM part GROUP BY scheme, edition, in_force
    ORDER BY bool_or(outlined) DESC, in_force DESC, bool_or(own) DESC, scheme, edition LIMIT 1
  )
  SELECT id FROM part JOIN chosen USING (scheme, edition, in_force)
$$;

REVOKE EXECUTE ON FUNCTION lakana.has_successor, lakana.outlined_at, lakana.area_set_of, lakana.settle_area_set, lakana.settle_places,
  lakana.travel_minutes, lakana.distances_if, lakana.parts_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.has_successor, lakana.outlined_at, lakana.travel_minutes, lakana.parts_of
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.distances_if TO lakana_planner;
