-- A place lies in one area of each edition that is known: by an outline that holds it, or because somebody registered it.
-- The nearest town says nothing any more of where a place lies.

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Where an outline comes from, where that is another source than that of the name and the code; and whether it was made of
-- those of other areas.
ALTER TABLE lakana.admin_area
  ADD COLUMN outline_source_id uuid REFERENCES lakana.source (id),
  ADD COLUMN outline_derived boolean NOT NULL DEFAULT false;

-- Areas of several editions that hold the same places: the smallest known of each edition, sorted. A single area is its own
-- set and has no row here.
CREATE TABLE lakana.area_set (
  id uuid NOT NULL CONSTRAINT area_set_pkey PRIMARY KEY,
  area_ids uuid[] NOT NULL CONSTRAINT area_set_area_ids_key UNIQUE,
  CONSTRAINT area_set_several_check CHECK (cardinality(area_ids) > 1)
);
REVOKE ALL ON TABLE lakana.area_set FROM PUBLIC;
GRANT SELECT ON TABLE lakana.area_set TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;

-- An area or a set lies in itself, if it is an area, and in all areas above.
ALTER TABLE lakana.area_within DROP CONSTRAINT area_within_area_id_fkey;

CREATE OR REPLACE FUNCTION lakana.derive_area_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
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
  ), every(area_id, ancestor_id) AS (
    SELECT area_id, ancestor_id FROM up
    UNION
    SELECT s.id, up.ancestor_id FROM area_set s CROSS JOIN unnest(s.area_ids) AS part(id) JOIN up ON up.area_id = part.id
  ), gone AS (
    DELETE FROM area_within w
    WHERE NOT EXISTS (SELECT FROM every WHERE (every.area_id, every.ancestor_id) = (w.area_id, w.ancestor_id))
  )
  INSERT INTO area_within SELECT area_id, ancestor_id FROM every ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- Whether a crosswalk leads to this area from one in force: then it is of an older or another division than the one in use.
CREATE FUNCTION lakana.has_successor(area uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM area_crosswalk c JOIN admin_area a ON a.id = c.from_area_id
    WHERE c.to_area_id = area AND daterange(a.valid_from, a.valid_to) @> current_date)
$$;

-- The smallest areas, of any edition, whose outlines hold a place; on a border those of both sides. From the smallest on: of
-- what holds one of them no outline is looked at, and of its level no other one.
CREATE FUNCTION lakana.outlined_at(place geography) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  smallest uuid[] := '{}';
  above text[] := '{}';
  one record;
BEGIN
  FOR one IN
    SELECT id, concat_ws(' ', scheme, edition, level) AS its_level FROM admin_area WHERE geom && place::geometry ORDER BY radius_m, id
  LOOP
    CONTINUE WHEN one.its_level = ANY (above) OR NOT (SELECT ST_Covers(geom, place::geometry) FROM admin_area WHERE id = one.id);
    smallest := smallest || one.id;
    above := above || ARRAY(
      SELECT concat_ws(' ', a.scheme, a.edition, a.level) FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id
      WHERE w.area_id = one.id AND w.ancestor_id <> one.id);
  END LOOP;
  RETURN smallest;
END $$;

-- The set of the smallest areas, one of each edition, that a place is known to lie in: the one that it is registered in, and
-- those whose outlines hold it and that contradict neither that one nor one before it.
CREATE FUNCTION lakana.area_set_of(place geography, registered uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  smallest uuid[] := ARRAY[registered];
  outlined uuid[] := outlined_at(place);
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

CREATE FUNCTION lakana.settle_area_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.area_id IS DISTINCT FROM OLD.area_id
    OR (NEW.point::geometry ~= OLD.point::geometry) IS NOT TRUE THEN
    NEW.area_set_id := CASE WHEN NEW.area_id IS NOT NULL THEN area_set_of(NEW.point, NEW.area_id) END;
  END IF;
  RETURN NEW;
END $$;

ALTER TABLE lakana.locality ADD COLUMN area_set_id uuid;
ALTER TABLE lakana.actor ADD COLUMN area_set_id uuid;
ALTER TABLE lakana.service ADD COLUMN area_set_id uuid;
ALTER TABLE lakana.demand_point ADD COLUMN area_set_id uuid;
GRANT SELECT (area_set_id) ON TABLE lakana.service TO lakana_public;

-- Find the sets anew, after outlines or editions have been loaded over places that were there before.
CREATE FUNCTION lakana.settle_places() RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE locality SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE actor SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE service SET area_set_id = area_set_of(point, area_id)
  WHERE area_id IS NOT NULL AND area_set_id IS DISTINCT FROM area_set_of(point, area_id);
  UPDATE demand_point SET area_set_id = area_set_of(point, area_id) WHERE area_set_id IS DISTINCT FROM area_set_of(point, area_id);
END $$;

ALTER TABLE lakana.locality DISABLE TRIGGER USER;
ALTER TABLE lakana.actor DISABLE TRIGGER USER;
ALTER TABLE lakana.service DISABLE TRIGGER USER;
ALTER TABLE lakana.demand_point DISABLE TRIGGER USER;
SELECT lakana.settle_places();
ALTER TABLE lakana.locality ENABLE TRIGGER USER;
ALTER TABLE lakana.actor ENABLE TRIGGER USER;
ALTER TABLE lakana.service ENABLE TRIGGER USER;
ALTER TABLE lakana.demand_point ENABLE TRIGGER USER;

ALTER TABLE lakana.locality ALTER COLUMN area_set_id SET NOT NULL;
ALTER TABLE lakana.actor ALTER COLUMN area_set_id SET NOT NULL;
ALTER TABLE lakana.demand_point ALTER COLUMN area_set_id SET NOT NULL;
ALTER TABLE lakana.service ADD CONSTRAINT service_area_set_check CHECK ((area_id IS NULL) = (area_set_id IS NULL));

CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.locality
  FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.actor
  FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.service
  FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.demand_point
  FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();

-- Whether one is in no directory, so that a part of its place is refused before anything of the rest could contradict it.
GRANT EXECUTE ON FUNCTION lakana.is_known_by_services TO lakana_steward;

-- What is asked by area is asked by set.
DROP INDEX lakana.service_area_id_idx, lakana.service_lies_in_idx, lakana.demand_point_area_id_idx;
CREATE INDEX locality_area_set_id_idx ON lakana.locality (area_set_id);
CREATE INDEX actor_area_set_id_idx ON lakana.actor (area_set_id);
CREATE INDEX service_area_set_id_idx ON lakana.service (area_set_id);
CREATE INDEX service_lies_in_idx ON lakana.service ((coalesce(area_set_id, zone_id)));
CREATE INDEX demand_point_area_set_id_idx ON lakana.demand_point (area_set_id);
CREATE INDEX demand_point_cell_idx ON lakana.demand_point (area_set_id) WHERE locality_id IS NULL;

ALTER TABLE lakana.access DROP CONSTRAINT access_area_id_fkey;
DROP INDEX lakana.access_coverage_idx;  -- or it would keep the old name of its column
ALTER TABLE lakana.access RENAME COLUMN area_id TO area_set_id;
CREATE INDEX access_coverage_idx ON lakana.access (category, area_set_id) INCLUDE (distance_m, under_18);
UPDATE lakana.access a SET area_set_id = d.area_set_id
FROM lakana.demand_point d WHERE d.id = a.demand_point_id AND d.area_set_id <> a.area_set_id;
