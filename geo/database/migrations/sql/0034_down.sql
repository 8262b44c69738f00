-- The places of before: one area each, and the nearest town where no outline tells.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

DROP TRIGGER settle_area_set ON lakana.locality;
DROP TRIGGER settle_area_set ON lakana.actor;
DROP TRIGGER settle_area_set ON lakana.service;
DROP TRIGGER settle_area_set ON lakana.demand_point;

ALTER TABLE lakana.access RENAME COLUMN area_set_id TO area_id;
UPDATE lakana.access a SET area_id = d.area_id FROM lakana.demand_point d WHERE d.id = a.demand_point_id AND d.area_id <> a.area_id;
ALTER TABLE lakana.access ADD CONSTRAINT access_area_id_fkey FOREIGN KEY (area_id) REFERENCES lakana.admin_area (id);
DROP INDEX lakana.service_lies_in_idx;
ALTER TABLE lakana.service DROP CONSTRAINT service_area_set_check;
ALTER TABLE lakana.locality DROP COLUMN area_set_id;
ALTER TABLE lakana.actor DROP COLUMN area_set_id;
ALTER TABLE lakana.service DROP COLUMN area_set_id;
ALTER TABLE lakana.demand_point DROP COLUMN area_set_id;
CREATE INDEX service_area_id_idx ON lakana.service (area_id);
CREATE INDEX service_lies_in_idx ON lakana.service ((coalesce(area_id, zone_id)));
CREATE INDEX demand_point_area_id_idx ON lakana.demand_point (area_id);
DROP FUNCTION lakana.competent_at, lakana.known_areas;
DROP FUNCTION lakana.travel_minutes, lakana.distances_if, lakana.parts_of, lakana.settle_places, lakana.settle_area_set,
  lakana.area_set_of;

CREATE OR REPLACE FUNCTION lakana.travel_minutes(wanted lakana.service_category, by lakana.travel_mode, during lakana.season) RETURNS TABLE(demand_point_id uuid, area_id uuid, under_18 integer, service_id uuid, minutes double precision, network boolean, off_road_m double precision, beyond_roads boolean, distance_m double precision)
    LANGUAGE sql STABLE ROWS 10000 PARALLEL SAFE
    AS $$
  SELECT a.demand_point_id, a.area_id, a.under_18,
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

CREATE OR REPLACE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[]) RETURNS TABLE(area_id uuid, under_18 integer, before_m double precision, after_m double precision)
    LANGUAGE sql STABLE ROWS 15000
    SET search_path = lakana, public, pg_temp
    AS $$
  WITH site AS MATERIALIZED (
    SELECT point, ST_Y(point::geometry) AS lat FROM unnest(sites) AS point
  )
  SELECT d.area_id, d.under_18, a.distance_m,
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
    SELECT d.id, d.under_18, d.area_id, n.service_id, n.distance_m
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
    INSERT INTO access AS a (category, demand_point_id, service_id, distance_m, under_18, area_id)
    SELECT wanted, f.id, f.service_id, f.distance_m, f.under_18, f.area_id FROM fresh f WHERE f.service_id IS NOT NULL
    ON CONFLICT (category, demand_point_id) DO UPDATE
    SET service_id = excluded.service_id, distance_m = excluded.distance_m,
        under_18 = excluded.under_18, area_id = excluded.area_id
    WHERE (a.service_id, a.distance_m, a.under_18, a.area_id)
      IS DISTINCT FROM (excluded.service_id, excluded.distance_m, excluded.under_18, excluded.area_id)
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
    AND (area IS NULL OR l.area_id IN (SELECT area_id FROM area_within WHERE ancestor_id = area))
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
    AND NOT EXISTS (SELECT FROM area_crosswalk c WHERE c.to_area_id = a.id);
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
    - ARRAY['name_key', 'search_key']
$$;

CREATE OR REPLACE FUNCTION lakana.next_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = lakana, public, pg_temp
    AS $$
DECLARE
  derived CONSTANT text[] := ARRAY['version', 'name_key', 'public_capacity'];
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
      (SELECT string_agg(area_id || ' ' || ancestor_id, ',' ORDER BY area_id, ancestor_id) FROM area_within))),
    'TRAVEL', (SELECT md5(coalesce(string_agg(concat_ws(' ', mode, season, speed_km_h, detour), ',' ORDER BY mode, season), ''))
               FROM travel_estimate))
$$;

CREATE OR REPLACE FUNCTION lakana.areas_at(place geography) RETURNS TABLE(area_id uuid)
    LANGUAGE sql STABLE ROWS 5
    SET search_path = lakana, public, pg_temp
    AS $$
  WITH outlined AS MATERIALIZED (
    SELECT id, radius_m FROM admin_area
    WHERE ST_Covers(geom, place::geometry) AND daterange(valid_from, valid_to) @> current_date
  ), town AS (
    SELECT l.area_id FROM locality l
    WHERE l.area_id IN (
      SELECT w.area_id FROM area_within w
      WHERE w.ancestor_id = (SELECT id FROM outlined ORDER BY radius_m, id LIMIT 1))
    ORDER BY l.point <-> place, l.id LIMIT 1
  )
  SELECT id FROM outlined
  UNION
  SELECT w.ancestor_id FROM town JOIN area_within w USING (area_id)
  JOIN admin_area a ON a.id = w.ancestor_id
  WHERE a.geom IS NULL AND daterange(a.valid_from, a.valid_to) @> current_date
$$;

CREATE OR REPLACE FUNCTION lakana.area_of(place geography) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = lakana, public, pg_temp
    AS $$
  SELECT a.id FROM areas_at(place) at JOIN admin_area a ON a.id = at.area_id
  ORDER BY EXISTS (SELECT FROM area_crosswalk c WHERE c.to_area_id = a.id), a.level DESC, a.id LIMIT 1
$$;

CREATE OR REPLACE FUNCTION lakana.derive_area_within() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = lakana, public, pg_temp
    AS $$
BEGIN
  WITH RECURSIVE up(area_id, ancestor_id) AS (
    SELECT id, id FROM admin_area
    UNION
    SELECT up.area_id, step.ancestor_id
    FROM up JOIN (
      SELECT id AS area_id, parent_id AS ancestor_id FROM admin_area WHERE parent_id IS NOT NULL
      UNION ALL
      SELECT from_area_id, to_area_id FROM area_crosswalk WHERE share = 1
    ) step ON step.area_id = up.ancestor_id
  ), gone AS (
    DELETE FROM area_within w
    WHERE NOT EXISTS (SELECT FROM up WHERE (up.area_id, up.ancestor_id) = (w.area_id, w.ancestor_id))
  )
  INSERT INTO area_within SELECT area_id, ancestor_id FROM up ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

DROP FUNCTION lakana.has_successor, lakana.outlined_at;
DELETE FROM lakana.area_within WHERE area_id IN (SELECT id FROM lakana.area_set);
DROP TABLE lakana.area_set;
ALTER TABLE lakana.area_within
  ADD CONSTRAINT area_within_area_id_fkey FOREIGN KEY (area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE;
ALTER TABLE lakana.admin_area DROP COLUMN outline_source_id, DROP COLUMN outline_derived;
REVOKE EXECUTE ON FUNCTION lakana.travel_minutes, lakana.distances_if FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.travel_minutes
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.distances_if TO lakana_planner;
