-- Distances to the nearest service of a nation's own; with one nation all is as before.

-- As nearest_to was, of the spots of one nation, or of all where it is NULL.
CREATE FUNCTION lakana.nearest_among(wanted lakana.service_category, points uuid[], nation uuid)
RETURNS TABLE (demand_point_id uuid, service_id uuid, distance_m double precision)
LANGUAGE plpgsql STABLE ROWS 10000 SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  parts double precision := 2;  -- squares to a degree
BEGIN
  IF cardinality(points) > 1000 THEN  -- about four squares to a service, or many would be compared with each point
    parts := 4 * ceil(sqrt((SELECT count(*) FROM service_spot WHERE category = wanted)
                           / greatest((SELECT count(*) FROM demand_block), 1.0)));
  END IF;
  RETURN QUERY
  WITH square AS MATERIALIZED (
    SELECT ids, places, heres, ST_MakePoint((ST_XMin(box) + ST_XMax(box)) / 2, (ST_YMin(box) + ST_YMax(box)) / 2,
             (ST_ZMin(box) + ST_ZMax(box)) / 2) AS centre,
           sqrt((ST_XMax(box) - ST_XMin(box)) ^ 2 + (ST_YMax(box) - ST_YMin(box)) ^ 2 + (ST_ZMax(box) - ST_ZMin(box)) ^ 2) / 2 AS radius_m
    FROM (
      SELECT array_agg(id) AS ids, array_agg(point) AS places, array_agg(here) AS heres, ST_3DExtent(here) AS box
      FROM (
        SELECT d.id, d.point, geocentric(d.point) AS here, floor(parts * ST_X(d.point::geometry)) AS x, floor(parts * ST_Y(d.point::geometry)) AS y
        FROM unnest(points) AS p(id) JOIN demand_point d USING (id) OFFSET 0
      ) placed
      GROUP BY x, y
    ) gathered
  ), reach AS MATERIALIZED (
    SELECT square.*, CASE WHEN chord + radius_m > 1000000 THEN 20000000 ELSE chord + 2 * radius_m + chord_margin_m(chord + radius_m) END AS metres
    FROM square CROSS JOIN LATERAL (
      -- The nation is a constant of the plan, so that one of the two is walked and the other left out.
      SELECT ST_3DDistance(t.geocentric, centre) AS chord FROM (
        SELECT category, geocentric FROM service_spot WHERE nation IS NULL
        UNION ALL
        SELECT category, geocentric FROM nation_spot WHERE nation_id = nation
      ) t WHERE t.category = wanted
      ORDER BY t.geocentric <<->> centre LIMIT 1
    ) first
  ), near AS MATERIALIZED (
    SELECT reach.ids, reach.places, reach.heres, spot.*
    FROM reach CROSS JOIN LATERAL (
      SELECT array_agg(t.point) AS spots, array_agg(t.geocentric) AS chords, array_agg((
               SELECT s.id FROM service s WHERE s.category = wanted AND s.point::geometry = t.point::geometry
                 AND (nation IS NULL OR nation_of(s.area_set_id) = nation)
               ORDER BY s.id LIMIT 1
             )) AS services
      FROM (
        SELECT category, point, geocentric FROM service_spot WHERE nation IS NULL
        UNION ALL
        SELECT category, point, geocentric FROM nation_spot WHERE nation_id = nation
      ) t
      WHERE t.category = wanted AND ST_3DDistance(t.geocentric, centre) <= metres
        AND t.geocentric &&& ST_MakeLine(ST_Translate(centre, -metres, -metres, -metres), ST_Translate(centre, metres, metres, metres))
    ) spot
  )
  SELECT p.id, best.service_id, best.metres
  FROM near CROSS JOIN LATERAL unnest(near.ids, near.places, near.heres) AS p(id, place, here)
  CROSS JOIN LATERAL (
    SELECT k.service_id, ST_Distance(k.spot, p.place) AS metres
    FROM (
      SELECT c.service_id, c.spot, c.chord, min(c.chord) OVER () AS least
      FROM (SELECT u.service_id, u.spot, ST_3DDistance(u.here, p.here) AS chord
            FROM unnest(near.services, near.spots, near.chords) AS u(service_id, spot, here) OFFSET 0) c
    ) k
    WHERE k.chord <= k.least + chord_margin_m(k.least)
    ORDER BY 2, 1 LIMIT 1
  ) best;
END $$;

-- The nearest service of a category, of its own nation, to each of these demand points, ties by id; no row where there is none.
CREATE OR REPLACE FUNCTION lakana.nearest_to(wanted lakana.service_category, points uuid[])
RETURNS TABLE (demand_point_id uuid, service_id uuid, distance_m double precision)
LANGUAGE plpgsql STABLE ROWS 10000 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF several_nations() THEN
    RETURN QUERY
    SELECT n.* FROM (
      SELECT nation_of(d.area_set_id) AS nation_id, array_agg(d.id) AS ids
      FROM unnest(points) AS p(id) JOIN demand_point d USING (id) GROUP BY 1
    ) own CROSS JOIN LATERAL nearest_among(wanted, own.ids, own.nation_id) n
    WHERE own.nation_id IS NOT NULL;
  ELSE
    RETURN QUERY SELECT * FROM nearest_among(wanted, points, NULL);
  END IF;
END $$;

-- The blocks of demand points whose nation has a service of the category.
CREATE FUNCTION lakana.served_blocks(wanted lakana.service_category) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 10000 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF several_nations() THEN
    RETURN QUERY
    SELECT b.id FROM demand_block b JOIN area_nation n ON n.area_id = b.area_set_id
    WHERE n.nation_id IN (SELECT t.nation_id FROM nation_spot t WHERE t.category = wanted);
  ELSIF EXISTS (SELECT FROM service_spot WHERE category = wanted) THEN
    RETURN QUERY SELECT id FROM demand_block;
  END IF;
END $$;

-- Keep where the services of each nation stand. Writers of a category wait for each other, as in follow_spots.
CREATE FUNCTION lakana.follow_spots_of_nations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one service_category;
  came nation_spot[] := '{}';
  gone nation_spot[] := '{}';
BEGIN
  IF NOT several_nations() THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT array_agg((n.nation_id, s.category, s.point, geocentric(s.point))::nation_spot) INTO came
    FROM new_rows s JOIN area_nation n ON n.area_id = s.area_set_id WHERE s.point IS NOT NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    SELECT array_agg((n.nation_id, s.category, s.point, NULL)::nation_spot) INTO gone
    FROM old_rows s JOIN area_nation n ON n.area_id = s.area_set_id WHERE s.point IS NOT NULL;
  END IF;
  FOR one IN SELECT DISTINCT category FROM unnest(came || gone) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  END LOOP;
  INSERT INTO nation_spot SELECT * FROM unnest(came) ON CONFLICT DO NOTHING;
  DELETE FROM nation_spot t USING unnest(gone) AS g
  WHERE (t.nation_id, t.category) = (g.nation_id, g.category) AND t.point::geometry = g.point::geometry AND NOT EXISTS (
    SELECT FROM service s WHERE s.category = t.category AND s.point::geometry = t.point::geometry
      AND nation_of(s.area_set_id) = t.nation_id);
  RETURN NULL;
END $$;
-- After follow_spots and before follow_to_nearest, by their names.
CREATE TRIGGER follow_spots_of_nations_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots_of_nations();
CREATE TRIGGER follow_spots_of_nations_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots_of_nations();
CREATE TRIGGER follow_spots_of_nations_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots_of_nations();

-- Find the nearest service of a category anew: to all demand points.
CREATE OR REPLACE FUNCTION lakana.refresh_access(wanted lakana.service_category) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  served CONSTANT uuid[] := ARRAY(SELECT served_blocks(wanted));
  changed boolean;
  kept boolean;
BEGIN
  DELETE FROM block_access WHERE category = wanted AND block_id NOT IN (SELECT unnest(served));
  changed := FOUND;
  IF served <> '{}' THEN
    SELECT keep_access(wanted, served, array_agg(n.demand_point_id), array_agg(n.service_id), array_agg(n.distance_m)) INTO kept
    FROM nearest_to(wanted, ARRAY(SELECT id FROM demand_point)) n;
    changed := changed OR kept;
  END IF;
  IF changed THEN
    PERFORM touch_access(wanted);
  END IF;
END $$;

-- As before. With several nations blocks are measured anew in which a point may be as near to what came or went, of whichever
-- nation; and all of the category where a nation got its first service, or lost its last one.
CREATE OR REPLACE FUNCTION lakana.follow_category(
  one lakana.service_category, came uuid[], came_to geography[], gone uuid[], gone_from geography[]
) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  apart CONSTANT boolean := several_nations();
  near uuid[];
  pairs bigint;
  anew uuid[];
  points uuid[];
  services uuid[];
  metres double precision[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  IF cardinality(came) + cardinality(gone) > 500 OR NOT EXISTS (SELECT FROM block_access WHERE category = one)
     OR NOT EXISTS (SELECT FROM service_spot WHERE category = one)
     OR apart AND EXISTS (
       SELECT FROM served_blocks(one) AS s(id) FULL JOIN (SELECT block_id AS id FROM block_access WHERE category = one) a USING (id)
       WHERE s.id IS NULL OR a.id IS NULL) THEN
    PERFORM refresh_access(one);
  ELSE
    SELECT array_agg(id), sum(places * points_here) INTO near, pairs
    FROM (
      SELECT b.id, cardinality(b.point_ids) AS points_here, (
        SELECT count(*) FROM unnest(heres) AS here
        WHERE ST_3DDistance(here, b.centre) - b.radius_m <= a.ascending_m[cardinality(a.ascending_m)] + 0.001) AS places
      FROM (SELECT array_agg(geocentric(place)) AS heres FROM unnest(came_to || gone_from) AS place) every,
        block_access a JOIN demand_block b ON b.id = a.block_id
      WHERE a.category = one
    ) block
    WHERE places > 0;
    IF near IS NOT NULL THEN
      IF apart OR pairs > 4 * (SELECT sum(cardinality(point_ids)) FROM demand_block WHERE id = ANY (near)) THEN
        anew := ARRAY(SELECT unnest(point_ids) FROM demand_block WHERE id = ANY (near));
        came := '{}';
      ELSE
        anew := ARRAY(SELECT demand_point_id FROM access WHERE category = one AND block_id = ANY (near) AND service_id = ANY (gone));
      END IF;
      SELECT array_agg(n.demand_point_id), array_agg(n.service_id), array_agg(n.distance_m) INTO points, services, metres
      FROM nearest_to(one, anew) n;
      IF cardinality(came) > 0 THEN
        SELECT points || array_agg(n.id), services || array_agg(n.service_id), metres || array_agg(n.far_m) INTO points, services, metres
        FROM (
          SELECT DISTINCT ON (d.id) d.id, c.id AS service_id, c.far_m
          FROM block_access a JOIN demand_block b ON b.id = a.block_id
          CROSS JOIN LATERAL unnest(b.point_ids, b.points, a.service_ids, a.distances_m) AS d(id, point, service_id, distance_m)
          CROSS JOIN LATERAL (
            SELECT id, ST_Distance(place, d.point) AS far_m FROM unnest(came, came_to) AS u(id, place)
            WHERE (place <-> d.point) <= d.distance_m * 1.006 + 0.001  -- on the sphere, which is up to 0.56 % off
          ) c
          WHERE a.category = one AND a.block_id = ANY (near) AND d.service_id <> ALL (gone)
            AND (c.far_m, c.id) < (d.distance_m, d.service_id)
          ORDER BY d.id, c.far_m, c.id
        ) n;
      END IF;
      IF cardinality(points) > 0 AND keep_access(
           one, ARRAY(SELECT DISTINCT d.block_id FROM unnest(points) AS p(id) JOIN demand_point d USING (id)), points, services, metres) THEN
        PERFORM touch_access(one);
      END IF;
    END IF;
  END IF;
  IF cardinality(gone) > 0 THEN
    PERFORM touch_access(one);  -- nearest to nobody, it counted among the services
  END IF;
END $$;

-- As before, and what comes to another nation moves as well.
CREATE OR REPLACE FUNCTION lakana.follow_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  change record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    FOR change IN
      SELECT category, array_agg(id) AS ids, array_agg(point) AS points FROM new_rows WHERE point IS NOT NULL GROUP BY category ORDER BY category
    LOOP
      PERFORM follow_category(change.category, change.ids, change.points, '{}', '{}');
    END LOOP;
  ELSIF TG_OP = 'DELETE' THEN
    FOR change IN
      SELECT category, array_agg(id) AS ids, array_agg(point) AS points FROM old_rows WHERE point IS NOT NULL GROUP BY category ORDER BY category
    LOOP
      PERFORM follow_category(change.category, '{}', '{}', change.ids, change.points);
    END LOOP;
  ELSE
    FOR change IN
      WITH moved AS (
        SELECT id, o.category AS before, o.point AS left_point, n.category AS after, n.point
        FROM new_rows n FULL JOIN old_rows o USING (id)  -- one that is hidden comes back under another id
        -- Not `~=`: it compares boxes of single precision, which do not see a move of a few centimetres.
        WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry
          OR n.area_set_id IS DISTINCT FROM o.area_set_id AND nation_of(n.area_set_id) IS DISTINCT FROM nation_of(o.area_set_id)
      ), sides AS (
        SELECT after AS category, id, point, true AS came FROM moved WHERE point IS NOT NULL
        UNION ALL
        SELECT before, id, left_point, false FROM moved WHERE left_point IS NOT NULL
      )
      SELECT category, coalesce(array_agg(id) FILTER (WHERE came), '{}') AS came,
             coalesce(array_agg(point) FILTER (WHERE came), '{}') AS came_to,
             coalesce(array_agg(id) FILTER (WHERE NOT came), '{}') AS gone,
             coalesce(array_agg(point) FILTER (WHERE NOT came), '{}') AS gone_from
      FROM sides GROUP BY category ORDER BY category
    LOOP
      PERFORM follow_category(change.category, change.came, change.came_to, change.gone, change.gone_from);
    END LOOP;
  END IF;
  RETURN NULL;
END $$;

-- As before, of the blocks whose nation has a service of the category; a point that comes to another nation is measured anew.
CREATE OR REPLACE FUNCTION lakana.follow_demand_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  apart CONSTANT boolean := several_nations();
  blocks uuid[];
  served uuid[];
  anew uuid[];
  one service_category;
  changed boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT block_id), array_agg(id) INTO blocks, anew FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT block_id), '{}' INTO blocks, anew FROM old_rows;
  ELSE
    SELECT array_agg(DISTINCT block_id) INTO blocks FROM (SELECT block_id FROM new_rows UNION ALL SELECT block_id FROM old_rows) both_of;
    SELECT coalesce(array_agg(n.id), '{}') INTO anew
    FROM new_rows n FULL JOIN old_rows o USING (id)
    WHERE n.id IS NOT NULL AND (n.point::geometry IS DISTINCT FROM o.point::geometry
      OR n.area_set_id IS DISTINCT FROM o.area_set_id AND nation_of(n.area_set_id) IS DISTINCT FROM nation_of(o.area_set_id));
  END IF;
  IF blocks IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN SELECT c FROM unnest(enum_range(NULL::service_category)) AS c WHERE EXISTS (SELECT FROM service_spot WHERE category = c) LOOP
    served := CASE WHEN apart THEN ARRAY(
      SELECT DISTINCT d.block_id FROM demand_point d JOIN area_nation n ON n.area_id = d.area_set_id
      WHERE d.block_id = ANY (blocks) AND n.nation_id IN (SELECT nation_id FROM nation_spot WHERE category = one)) ELSE blocks END;
    SELECT keep_access(one, served, array_agg(n.demand_point_id), array_agg(n.service_id), array_agg(n.distance_m)) INTO changed
    FROM nearest_to(one, anew) n;
    IF changed AND TG_OP <> 'DELETE' THEN
      PERFORM touch_access(one);
    END IF;
  END LOOP;
  PERFORM make_blocks(blocks);
  RETURN NULL;
END $$;

-- After a nation came or went, or its areas changed: where the services of each stand, and what is nearest to whom.
CREATE FUNCTION lakana.settle_nations() RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  apart CONSTANT boolean := several_nations();
BEGIN
  IF NOT apart AND NOT EXISTS (SELECT FROM nation_spot) THEN
    RETURN;
  END IF;
  DELETE FROM nation_spot;
  IF apart THEN
    INSERT INTO nation_spot
    SELECT n.nation_id, s.category, s.point, geocentric(s.point) FROM service s JOIN area_nation n ON n.area_id = s.area_set_id
    WHERE s.point IS NOT NULL ON CONFLICT DO NOTHING;
  END IF;
  PERFORM refresh_access(c) FROM unnest(enum_range(NULL::service_category)) AS c;
END $$;

-- Find the sets anew, after outlines or editions have been loaded over places that were there before.
CREATE OR REPLACE FUNCTION lakana.settle_places() RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE locality SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE actor SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE service SET area_set_id = area_set_of(point, area_id)
  WHERE area_id IS NOT NULL AND area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE demand_point SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  PERFORM settle_nations();
END $$;

-- As before, and the spots of nations go with the services.
CREATE OR REPLACE FUNCTION lakana.follow_truncation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  DELETE FROM block_access;
  IF TG_TABLE_NAME = 'service' THEN
    DELETE FROM service_spot;
    DELETE FROM nation_spot;
  ELSE
    DELETE FROM demand_block;
  END IF;
  RETURN NULL;
END $$;

-- As before, by the services and the sites of a point's own nation; a site that no outline holds counts for all.
CREATE OR REPLACE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[])
RETURNS TABLE (area_set_id uuid, under_18 integer, before_m double precision, after_m double precision)
LANGUAGE sql STABLE ROWS 15000 SET search_path = lakana, public, pg_temp AS $$
  WITH apart AS MATERIALIZED (
    SELECT several_nations() AS yes
  ), site AS MATERIALIZED (
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
    SELECT min(ST_Distance(site.point, d.point)) AS distance_m FROM site
    WHERE ((abs(site.lat - ST_Y(d.point::geometry)) * 110574 > a.distance_m) IS NOT TRUE OR a.service_id = ANY (gone))
      AND (site.nation_id IS NULL OR site.nation_id = nation_of(d.area_set_id))
  ) added ON true
$$;

REVOKE EXECUTE ON FUNCTION lakana.nearest_among, lakana.served_blocks, lakana.follow_spots_of_nations, lakana.settle_nations FROM PUBLIC;

SELECT lakana.settle_places() WHERE lakana.several_nations();
