-- Distances follow services and demand points: what is written are the blocks in which a point changes.

DROP FUNCTION lakana.refresh_access, lakana.follow_category;

-- Metres by which a service may lie farther through the earth than another and still be nearer on the spheroid: 21 m at 1,000 km,
-- 2 cm at 100 km (see 0016_spots.sql), half as much again, and a millimetre; farther away anything may be.
CREATE FUNCTION lakana.chord_margin_m(chord double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN chord > 1000000 THEN 'Infinity' ELSE 0.001 + 3e-17 * chord * chord * chord END
$$;

-- The nearest service of a category to each of these demand points, ties by id; no row where the category has none.
--
-- Points close together share the services that can be nearest to any of them: of these none is farther from their centre than
-- the nearest is, and twice the radius. By the chord all but one or two are left out, and the spheroid decides.
CREATE FUNCTION lakana.nearest_to(wanted lakana.service_category, points uuid[])
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
      SELECT ST_3DDistance(t.geocentric, centre) AS chord FROM service_spot t WHERE t.category = wanted
      ORDER BY t.geocentric <<->> centre LIMIT 1
    ) first
  ), near AS MATERIALIZED (
    SELECT reach.ids, reach.places, reach.heres, spot.*
    FROM reach CROSS JOIN LATERAL (
      SELECT array_agg(t.point) AS spots, array_agg(t.geocentric) AS chords, array_agg((
               SELECT s.id FROM service s WHERE s.category = wanted AND s.point::geometry = t.point::geometry ORDER BY s.id LIMIT 1
             )) AS services
      FROM service_spot t
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

-- Write what was found to be nearest to some points of these blocks; to the others it is what it was. Whether anything changed.
-- The points are read from demand_point and what was from demand_block, which may still have points that went.
CREATE FUNCTION lakana.keep_access(
  wanted lakana.service_category, blocks uuid[], points uuid[], services uuid[], metres double precision[]
) RETURNS boolean
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_nestloop = off AS $$
BEGIN
  WITH found AS (
    SELECT * FROM unnest(points, services, metres) AS f(id, service_id, distance_m)
  ), former AS (
    SELECT p.* FROM demand_block b JOIN block_access a ON a.category = wanted AND a.block_id = b.id AND a.block_id = ANY (blocks)
    CROSS JOIN LATERAL unnest(b.point_ids, a.service_ids, a.distances_m) AS p(id, service_id, distance_m)
    WHERE b.id = ANY (blocks)
  ), pair AS (
    SELECT d.block_id, d.id, d.under_18, coalesce(found.service_id, former.service_id) AS service_id,
           coalesce(found.distance_m, former.distance_m) AS distance_m
    FROM demand_point d LEFT JOIN found ON found.id = d.id LEFT JOIN former ON former.id = d.id
    WHERE d.block_id = ANY (blocks)
  )
  INSERT INTO block_access AS a
  SELECT wanted, block_id, array_agg(service_id ORDER BY id), array_agg(distance_m ORDER BY id),
         array_agg(distance_m ORDER BY distance_m), array_agg(children_within ORDER BY distance_m)
  FROM (SELECT *, sum(under_18) OVER (PARTITION BY block_id ORDER BY distance_m)::bigint AS children_within FROM pair) walked
  GROUP BY block_id
  ON CONFLICT (category, block_id) DO UPDATE
  SET service_ids = excluded.service_ids, distances_m = excluded.distances_m, ascending_m = excluded.ascending_m,
      children_within = excluded.children_within
  WHERE (a.service_ids, a.distances_m, a.children_within) IS DISTINCT FROM
    (excluded.service_ids, excluded.distances_m, excluded.children_within);
  RETURN FOUND;
END $$;

-- Find the nearest service of a category anew: to all demand points.
CREATE FUNCTION lakana.refresh_access(wanted lakana.service_category) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  blocks CONSTANT uuid[] := ARRAY(SELECT id FROM demand_block);
  changed boolean;
BEGIN
  IF EXISTS (SELECT FROM service_spot WHERE category = wanted) THEN
    SELECT keep_access(wanted, blocks, array_agg(n.demand_point_id), array_agg(n.service_id), array_agg(n.distance_m)) INTO changed
    FROM nearest_to(wanted, ARRAY(SELECT id FROM demand_point)) n;
  ELSE
    DELETE FROM block_access WHERE category = wanted;
    changed := FOUND;
  END IF;
  IF changed THEN
    PERFORM touch_access(wanted);
  END IF;
END $$;

-- In one category services came (their ids and where they are now) and went (their ids and where they were). Writers of a
-- category wait for each other: each must see the services that the other committed before it decides what is nearest.
--
-- Blocks are looked at in which a point may be as near to one of them as to its nearest. Their points are measured to what came;
-- where that is more than to find what is nearest anew, since many came, that is done instead.
CREATE FUNCTION lakana.follow_category(
  one lakana.service_category, came uuid[], came_to geography[], gone uuid[], gone_from geography[]
) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  near uuid[];
  pairs bigint;
  anew uuid[];
  points uuid[];
  services uuid[];
  metres double precision[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  IF cardinality(came) + cardinality(gone) > 500 OR NOT EXISTS (SELECT FROM block_access WHERE category = one)
     OR NOT EXISTS (SELECT FROM service_spot WHERE category = one) THEN
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
      IF pairs > 4 * (SELECT sum(cardinality(point_ids)) FROM demand_block WHERE id = ANY (near)) THEN
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

-- After the spots, by their names: what is nearest is looked for among these.
DROP TRIGGER follow_insert ON lakana.service;
DROP TRIGGER follow_update ON lakana.service;
DROP TRIGGER follow_delete ON lakana.service;
CREATE TRIGGER follow_to_nearest_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_to_nearest_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_to_nearest_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();

-- What was nearest under the old id goes with the triggers.
CREATE OR REPLACE FUNCTION lakana.change_confidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kept exact.site;
BEGIN
  IF NEW.confidential AND NOT OLD.confidential THEN
    IF NEW.name = OLD.name THEN
      NEW.name := NULL;
    END IF;
    -- As the triggers do that keep distances, before the names of others are held.
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(OLD.category::text));
    INSERT INTO exact.site (service_id, point, area_id, locality_id, actor_id)
    VALUES (OLD.id, NEW.point, NEW.area_id, NEW.locality_id, NEW.actor_id)
    ON CONFLICT (service_id) DO UPDATE SET point = excluded.point, area_id = excluded.area_id,
      locality_id = excluded.locality_id, actor_id = excluded.actor_id;
    INSERT INTO exact.former_phone SELECT key FROM unnest(ARRAY[phone_key(OLD.phone), phone_key(NEW.phone)]) AS key
    WHERE key IS NOT NULL ON CONFLICT DO NOTHING;
    PERFORM exact.forget(OLD.id);
    NEW.id := gen_random_uuid();
  ELSIF OLD.confidential AND NOT NEW.confidential THEN
    IF NOT EXISTS (
      SELECT FROM proposal p WHERE p.kind = 'PUBLICATION' AND p.status = 'APPROVED' AND p.reviewed_at = now()
        AND p.reviewed_by <> p.proposed_by
        AND p.subject_id = (SELECT s.id FROM shelter s WHERE s.service_id = NEW.id)
    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
        'A confidential site becomes public only by a proposal that a second steward approves.';
    END IF;
    DELETE FROM exact.site WHERE service_id = NEW.id RETURNING * INTO kept;
    IF kept.actor_id IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'proposal_id', MESSAGE =
        'nobody has recorded where the site stands and who runs it; give its place and its actor first.';
    END IF;
    NEW.point := kept.point;
    NEW.area_id := kept.area_id;
    NEW.locality_id := kept.locality_id;
    NEW.actor_id := kept.actor_id;
    PERFORM exact.list_actor(kept.actor_id);
    INSERT INTO exact.former_phone SELECT DISTINCT key FROM front_gate g, number_keys(NULL, g.contact) AS key
    WHERE g.service_id = NEW.id ON CONFLICT DO NOTHING;
    INSERT INTO exact.former_gate SELECT fold(contact) FROM front_gate WHERE service_id = NEW.id ON CONFLICT DO NOTHING;
    DELETE FROM front_gate WHERE service_id = NEW.id;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.follow_demand_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  blocks uuid[];
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
    FROM new_rows n FULL JOIN old_rows o USING (id) WHERE n.point::geometry IS DISTINCT FROM o.point::geometry AND n.id IS NOT NULL;
  END IF;
  IF blocks IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN SELECT c FROM unnest(enum_range(NULL::service_category)) AS c WHERE EXISTS (SELECT FROM service_spot WHERE category = c) LOOP
    SELECT keep_access(one, blocks, array_agg(n.demand_point_id), array_agg(n.service_id), array_agg(n.distance_m)) INTO changed
    FROM nearest_to(one, anew) n;
    IF changed AND TG_OP <> 'DELETE' THEN
      PERFORM touch_access(one);
    END IF;
  END LOOP;
  PERFORM make_blocks(blocks);
  RETURN NULL;
END $$;

DROP TRIGGER follow_update ON lakana.demand_point;
CREATE TRIGGER follow_update AFTER UPDATE ON lakana.demand_point REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_demand_change();
CREATE TRIGGER follow_delete AFTER DELETE ON lakana.demand_point REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_demand_change();

-- Foreign keys would have emptied the tables.
CREATE FUNCTION lakana.follow_truncation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  DELETE FROM block_access;
  IF TG_TABLE_NAME = 'service' THEN
    DELETE FROM service_spot;
  ELSE
    DELETE FROM demand_block;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER follow_truncate AFTER TRUNCATE ON lakana.service FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_truncation();
CREATE TRIGGER follow_truncate AFTER TRUNCATE ON lakana.demand_point FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_truncation();

REVOKE EXECUTE ON FUNCTION lakana.chord_margin_m, lakana.nearest_to, lakana.keep_access, lakana.refresh_access, lakana.follow_category,
  lakana.follow_truncation FROM PUBLIC;
