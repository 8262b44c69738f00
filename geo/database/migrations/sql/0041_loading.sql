-- Many demand points at a time: the areas of each are found in sets. One by one they took 0.09 ms each, most of it for statements
-- that are started anew for every row.

-- As area_set_of, where the outlines that hold the place are known.
CREATE FUNCTION lakana.area_set_among(outlined uuid[], registered uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  smallest uuid[] := ARRAY[registered];
  one uuid;
BEGIN
  IF cardinality(outlined) = 1 AND EXISTS (SELECT FROM area_within WHERE area_id = outlined[1] AND ancestor_id = registered) THEN
    RETURN outlined[1];
  END IF;
  FOREACH one IN ARRAY outlined LOOP
    -- Not if it, or what holds it, is another area of an edition and level that is known already.
    IF NOT EXISTS (
      SELECT FROM area_within w JOIN admin_area its ON its.id = w.ancestor_id
      JOIN area_within v ON v.area_id = ANY (smallest)
      JOIN admin_area ours ON ours.id = v.ancestor_id AND ours.id <> its.id
        AND (ours.scheme, ours.edition, ours.level) = (its.scheme, its.edition, its.level)
      WHERE w.area_id = one) THEN
      smallest := smallest || one;
    END IF;
  END LOOP;
  smallest := ARRAY(
    SELECT DISTINCT id FROM unnest(smallest) AS kept(id)
    WHERE NOT EXISTS (
      SELECT FROM unnest(smallest) AS other(id) JOIN area_within w ON w.area_id = other.id
      WHERE w.ancestor_id = kept.id AND other.id <> kept.id)
    ORDER BY id);
  IF cardinality(smallest) < 2 THEN
    RETURN smallest[1];
  END IF;
  one := md5(smallest::text)::uuid;  -- it follows from the areas: the same in every database
  IF NOT EXISTS (SELECT FROM area_set WHERE id = one) THEN
    INSERT INTO area_set VALUES (one, smallest) ON CONFLICT DO NOTHING;
    INSERT INTO area_within SELECT one, ancestor_id FROM area_within WHERE area_id = ANY (smallest) ON CONFLICT DO NOTHING;
  END IF;
  RETURN one;
END $$;

CREATE OR REPLACE FUNCTION lakana.area_set_of(place geography, registered uuid) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT area_set_among(outlined_at(place), registered)
$$;

-- Of areas whose outlines hold a place, from the smallest on, those that outlined_at keeps.
CREATE FUNCTION lakana.outlined_among(holding uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  smallest uuid[] := '{}';
  above text[] := '{}';
  one record;
BEGIN
  FOR one IN
    SELECT a.id, concat_ws(' ', scheme, edition, level) AS its_level FROM unnest(holding) WITH ORDINALITY AS h(id, turn)
    JOIN admin_area a USING (id) ORDER BY turn
  LOOP
    CONTINUE WHEN one.its_level = ANY (above);
    smallest := smallest || one.id;
    above := above || ARRAY(
      SELECT concat_ws(' ', a.scheme, a.edition, a.level) FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id
      WHERE w.area_id = one.id AND w.ancestor_id <> one.id);
  END LOOP;
  RETURN smallest;
END $$;

-- area_set_of for many places, by their numbers from 1. Outlines are compared with all places in turn, which PostGIS prepares
-- them for, and each combination of outlines and register is settled once.
CREATE FUNCTION lakana.area_sets_of(places geography[], registered uuid[]) RETURNS TABLE (number bigint, area_set_id uuid)
LANGUAGE plpgsql ROWS 10000 SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY
  WITH place AS MATERIALIZED (
    SELECT p.number, p.point::geometry AS point, p.area_id,
           floor(10 * ST_X(p.point::geometry)) AS x, floor(10 * ST_Y(p.point::geometry)) AS y
    FROM unnest(places, registered) WITH ORDINALITY AS p(point, area_id, number)
  ), near AS MATERIALIZED (  -- square by square: to look for each point in the index took most of the time
    SELECT s.x, s.y, a.id, a.radius_m FROM (SELECT DISTINCT place.x, place.y FROM place) s
    JOIN admin_area a ON a.geom && ST_Expand(ST_MakeEnvelope(s.x / 10, s.y / 10, (s.x + 1) / 10, (s.y + 1) / 10, 4326), 1e-6)
  ), pair AS (
    SELECT p.number, p.point, near.id, near.radius_m FROM place p JOIN near USING (x, y)
  ), held AS (
    SELECT h.number, array_agg(h.id ORDER BY h.radius_m, h.id) AS holding
    FROM (SELECT p.*, a.geom FROM pair p JOIN admin_area a USING (id) ORDER BY p.id OFFSET 0) h
    WHERE ST_Covers(h.geom, h.point) GROUP BY h.number
  ), asked AS MATERIALIZED (
    SELECT p.number, p.area_id, coalesce(h.holding, '{}') AS holding FROM place p LEFT JOIN held h USING (number)
  ), settled AS MATERIALIZED (
    SELECT c.area_id, c.holding, area_set_among(outlined_among(c.holding), c.area_id) AS area_set_id
    FROM (SELECT DISTINCT asked.area_id, asked.holding FROM asked OFFSET 0) c
  )
  SELECT asked.number, settled.area_set_id
  FROM asked LEFT JOIN settled ON settled.area_id = asked.area_id AND settled.holding = asked.holding;
END $$;

-- Demand points, which only the owner writes: what a row gives of its own was found by area_sets_of and block_of. Two triggers a
-- row took 20 µs.
CREATE FUNCTION lakana.settle_demand_point() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.area_id IS DISTINCT FROM OLD.area_id OR (NEW.point::geometry ~= OLD.point::geometry) IS NOT TRUE THEN
    NEW.area_set_id := area_set_of(NEW.point, NEW.area_id);
  END IF;
  NEW.block_id := block_of(NEW.area_set_id, NEW.point, NEW.locality_id IS NOT NULL);
  RETURN NEW;
END $$;
DROP TRIGGER settle_area_set ON lakana.demand_point;
DROP TRIGGER settle_block ON lakana.demand_point;
DROP FUNCTION lakana.settle_block;
CREATE TRIGGER settle_insert BEFORE INSERT ON lakana.demand_point
FOR EACH ROW WHEN (num_nulls(NEW.area_set_id, NEW.block_id) > 0) EXECUTE FUNCTION lakana.settle_demand_point();
CREATE TRIGGER settle_update BEFORE UPDATE ON lakana.demand_point
FOR EACH ROW EXECUTE FUNCTION lakana.settle_demand_point();

REVOKE EXECUTE ON FUNCTION lakana.area_set_among, lakana.outlined_among, lakana.area_sets_of,
  lakana.settle_demand_point FROM PUBLIC;
