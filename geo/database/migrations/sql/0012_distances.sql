-- A confidential service has no distance: whatever measures, walks or sums services knows those with a place alone.


CREATE OR REPLACE FUNCTION lakana.refresh_access(wanted lakana.service_category, points uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION lakana.follow_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  change record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    FOR change IN SELECT category, array_agg(point) AS points FROM new_rows WHERE point IS NOT NULL GROUP BY category ORDER BY category LOOP
      PERFORM follow_category(change.category, change.points, '{}');
    END LOOP;
  ELSIF TG_OP = 'DELETE' THEN
    FOR change IN SELECT category, array_agg(id) AS ids FROM old_rows WHERE point IS NOT NULL GROUP BY category ORDER BY category LOOP
      PERFORM follow_category(change.category, '{}', change.ids);
    END LOOP;
  ELSE
    FOR change IN
      WITH moved AS (
        SELECT o.id, o.category AS before, o.point AS left_point, n.category AS after, n.point
        FROM new_rows n FULL JOIN old_rows o USING (id)  -- one that is hidden comes back under another id
        -- Not `~=`: it compares boxes of single precision, which do not see a move of a few centimetres.
        WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry
      ), sides AS (
        SELECT after AS category, point, NULL::uuid AS id FROM moved WHERE point IS NOT NULL
        UNION ALL
        SELECT before, NULL, id FROM moved WHERE left_point IS NOT NULL
      )
      SELECT category, coalesce(array_agg(point) FILTER (WHERE point IS NOT NULL), '{}') AS points,
             coalesce(array_agg(id) FILTER (WHERE id IS NOT NULL), '{}') AS ids
      FROM sides GROUP BY category ORDER BY category
    LOOP
      PERFORM follow_category(change.category, change.points, change.ids);
    END LOOP;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lakana.services_around(place geography, wanted lakana.service_category, reach_m double precision)
RETURNS SETOF lakana.service
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  walk CONSTANT text := format(
    'SELECT * FROM service WHERE point IS NOT NULL %s ORDER BY point <-> $1',
    CASE WHEN wanted IS NOT NULL THEN 'AND category = $2' END);
  one service;
BEGIN
  FOR one IN EXECUTE walk USING place, wanted LOOP
    EXIT WHEN one.point <-> place > reach_m * 1.006;
    RETURN NEXT one;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION lakana.note_data_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  parts text[] := ARRAY[TG_ARGV[0]];
BEGIN
  IF TG_ARGV[0] = 'SERVICES' THEN
    IF TG_OP = 'INSERT' THEN
      SELECT array_agg(DISTINCT 'SERVICES:' || category) INTO parts FROM new_rows WHERE point IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
      SELECT array_agg(DISTINCT 'SERVICES:' || category) INTO parts FROM old_rows WHERE point IS NOT NULL;
    ELSE
      SELECT array_agg(DISTINCT 'SERVICES:' || side.category) INTO parts
      FROM (SELECT * FROM new_rows WHERE point IS NOT NULL) n
      FULL JOIN (SELECT * FROM old_rows WHERE point IS NOT NULL) o USING (id),
        LATERAL (VALUES (n.category), (o.category)) AS side(category)
      WHERE side.category IS NOT NULL AND ((n.category, n.capacity) IS DISTINCT FROM (o.category, o.capacity)
        OR n.point::geometry IS DISTINCT FROM o.point::geometry);
    END IF;
  END IF;
  -- In one order, so that two writers do not wait for each other in a circle.
  INSERT INTO data_change SELECT part, now() FROM unnest(parts) AS part ORDER BY part
  ON CONFLICT (part) DO UPDATE SET changed_at = excluded.changed_at;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lakana.data_digests(wanted lakana.service_category) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[])
RETURNS TABLE (area_id uuid, under_18 integer, before_m double precision, after_m double precision)
LANGUAGE sql STABLE ROWS 15000 SET search_path = lakana, public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION lakana.places_if(wanted lakana.service_category, changes jsonb, OUT before_places bigint, OUT after_places bigint)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH change AS (
    SELECT kind, service_id, places FROM jsonb_to_recordset(changes) AS c(kind text, service_id uuid, places integer)
  )
  SELECT coalesce(sum(s.capacity), 0),
         coalesce(sum(CASE c.kind WHEN 'CLOSE' THEN 0 WHEN 'RESIZE' THEN c.places ELSE s.capacity END), 0)
           + (SELECT coalesce(sum(places), 0) FROM change WHERE kind = 'ADD')
  FROM service s LEFT JOIN change c ON c.service_id = s.id
  WHERE s.category = wanted AND s.point IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION lakana.note_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  touched service_category[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT category) INTO touched FROM new_rows WHERE point IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    WITH gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM old_rows)
    )
    SELECT array_agg(DISTINCT category) INTO touched FROM old_rows WHERE point IS NOT NULL;
  ELSE
    WITH moved AS (
      SELECT o.id, ARRAY[o.category, n.category] AS both_of
      FROM (SELECT * FROM new_rows WHERE point IS NOT NULL) n
      FULL JOIN (SELECT * FROM old_rows WHERE point IS NOT NULL) o USING (id)
      WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry
    ), gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM moved)
    )
    SELECT array_agg(DISTINCT one) INTO touched FROM moved, unnest(both_of) AS one WHERE one IS NOT NULL;
  END IF;
  PERFORM note_travel_change(touched);
  RETURN NULL;
END $$;
