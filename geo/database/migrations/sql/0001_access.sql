-- access: demand point × category → nearest service, kept right in the transaction that changes a service.
-- The triggers run as the owner, so that whoever may write services need not write access.

-- Recompute the access rows of one category for these demand points, or for all where they are NULL. `<->` walks the
-- index by distance on the sphere, up to 0.56 % off the spheroid, so the nearest 8 are measured again; where the last of
-- them is not clearly farther on the sphere than the best on the spheroid, everything as near as the best is measured.
-- Ties break by id.
CREATE FUNCTION lakana.refresh_access(wanted lakana.service_category, points uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  changed integer;
BEGIN
  WITH fresh AS MATERIALIZED (
    SELECT d.id, d.under_18, d.area_id, n.service_id, n.distance_m
    FROM demand_point d LEFT JOIN LATERAL (
      WITH near AS MATERIALIZED (
        SELECT s.id, ST_Distance(s.point, d.point) AS distance_m, s.point <-> d.point AS sphere_m
        FROM service s WHERE s.category = wanted
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

CREATE FUNCTION lakana.touch_access(touched lakana.service_category) RETURNS void
LANGUAGE sql SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO access_refresh VALUES (touched, now())
  ON CONFLICT (category) DO UPDATE SET refreshed_at = excluded.refreshed_at
$$;

-- In one category services came to these points (gained), and these went away or were elsewhere (lost). Writers of a
-- category wait for each other: each must see the services that the other committed before it decides what is nearest.
CREATE FUNCTION lakana.follow_category(one lakana.service_category, gained geography[], lost uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  points uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  IF cardinality(gained) <= 50 THEN  -- more: walking the index for every point is cheaper than measuring each service
    SELECT coalesce(array_agg(d.id), '{}') INTO points
    FROM demand_point d LEFT JOIN access a ON a.category = one AND a.demand_point_id = d.id
    WHERE a.service_id IS NULL  -- none yet, or it went with its service
       OR a.service_id = ANY (lost)
       -- ST_Distance rounds and ST_DWithin does not, so a twin on the same spot could seem farther: a millimetre more.
       OR EXISTS (SELECT FROM unnest(gained) AS g(point) WHERE ST_DWithin(g.point, d.point, a.distance_m + 0.001));
  END IF;
  PERFORM refresh_access(one, points);
  IF cardinality(lost) > 0 THEN
    PERFORM touch_access(one);  -- rows that went with their service are not seen as changed
  END IF;
END $$;

CREATE FUNCTION lakana.follow_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  change record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    FOR change IN SELECT category, array_agg(point) AS points FROM new_rows GROUP BY category ORDER BY category LOOP
      PERFORM follow_category(change.category, change.points, '{}');
    END LOOP;
  ELSIF TG_OP = 'DELETE' THEN
    FOR change IN SELECT category, array_agg(id) AS ids FROM old_rows GROUP BY category ORDER BY category LOOP
      PERFORM follow_category(change.category, '{}', change.ids);
    END LOOP;
  ELSE
    FOR change IN
      WITH moved AS (
        SELECT o.id, o.category AS before, n.category AS after, n.point
        FROM new_rows n JOIN old_rows o USING (id)
        -- Not `~=`: it compares boxes of single precision, which do not see a move of a few centimetres.
        WHERE n.category <> o.category OR NOT n.point::geometry = o.point::geometry
      ), sides AS (
        SELECT after AS category, point, NULL::uuid AS id FROM moved
        UNION ALL
        SELECT before, NULL, id FROM moved
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

CREATE TRIGGER follow_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();

-- Who changes demand points waits for the writers of every category, of those without a service too: one may be getting
-- its first. Before the rows change, so that nobody measures to a point that is about to go.
CREATE FUNCTION lakana.hold_categories() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one service_category;
BEGIN
  FOREACH one IN ARRAY enum_range(NULL::service_category) LOOP
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER hold_categories BEFORE INSERT OR UPDATE OR DELETE ON lakana.demand_point
FOR EACH STATEMENT EXECUTE FUNCTION lakana.hold_categories();

CREATE FUNCTION lakana.follow_demand_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  points uuid[];
  one service_category;
BEGIN
  SELECT coalesce(array_agg(id), '{}') INTO points FROM new_rows;
  FOR one IN SELECT DISTINCT category FROM service ORDER BY 1 LOOP
    PERFORM refresh_access(one, points);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER follow_insert AFTER INSERT ON lakana.demand_point REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_demand_change();
CREATE TRIGGER follow_update AFTER UPDATE ON lakana.demand_point REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_demand_change();
