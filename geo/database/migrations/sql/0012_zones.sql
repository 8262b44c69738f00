-- Zones: a partition of a country, made once (see geo/writes/zones.py); what is told of a confidential place is its zone.

-- By which thresholds a country was divided; in_use once a confidential place was said to lie in one of its zones.
CREATE TABLE lakana.zoning (
  country_id UUID NOT NULL,
  least_people INTEGER NOT NULL,
  least_localities INTEGER NOT NULL,
  least_radius_m DOUBLE PRECISION NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  in_use BOOLEAN DEFAULT 'false' NOT NULL,
  CONSTRAINT zoning_pkey PRIMARY KEY (country_id),
  CONSTRAINT zoning_country_id_fkey FOREIGN KEY(country_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT zoning_least_check CHECK (least_people >= 50000 AND least_localities >= 20 AND least_radius_m >= 10000)
);

-- The outline is kept: an area that gets another one moves no zone.
CREATE TABLE lakana.zone (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  country_id UUID NOT NULL,
  name_fr TEXT NOT NULL,
  name_en TEXT,
  name_bm TEXT,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name_fr)) STORED NOT NULL,
  geom geometry(MULTIPOLYGON,4326) NOT NULL,
  point geography(POINT,4326) NOT NULL,
  radius_m DOUBLE PRECISION NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT zone_pkey PRIMARY KEY (id),
  CONSTRAINT zone_country_id_fkey FOREIGN KEY(country_id) REFERENCES lakana.zoning (country_id) ON DELETE CASCADE,
  CONSTRAINT zone_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);
CREATE INDEX zone_geom_idx ON lakana.zone USING gist (geom);
CREATE INDEX zone_name_key_id_idx ON lakana.zone (name_key, id);

CREATE TABLE lakana.zone_area (
  zone_id UUID NOT NULL,
  area_id UUID NOT NULL,
  CONSTRAINT zone_area_pkey PRIMARY KEY (zone_id, area_id),
  CONSTRAINT zone_area_area_id_key UNIQUE (area_id),
  CONSTRAINT zone_area_zone_id_fkey FOREIGN KEY(zone_id) REFERENCES lakana.zone (id) ON DELETE CASCADE,
  CONSTRAINT zone_area_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

-- Made once: from the first confidential place on, nobody changes them. A second set would be a difference to the first.
CREATE FUNCTION lakana.keep_zones() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one jsonb := to_jsonb(CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END);
BEGIN
  IF EXISTS (
    SELECT FROM zoning z WHERE z.in_use AND z.country_id = CASE TG_TABLE_NAME
      WHEN 'zone_area' THEN (SELECT country_id FROM zone WHERE id = (one->>'zone_id')::uuid)
      ELSE (one->>'country_id')::uuid END
  ) THEN
    RAISE EXCEPTION 'confidential places are told by these zones, which therefore stay as they are';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_zones BEFORE UPDATE OR DELETE ON lakana.zoning FOR EACH ROW EXECUTE FUNCTION lakana.keep_zones();
CREATE TRIGGER keep_zones BEFORE INSERT OR UPDATE OR DELETE ON lakana.zone FOR EACH ROW EXECUTE FUNCTION lakana.keep_zones();
CREATE TRIGGER keep_zones BEFORE INSERT OR UPDATE OR DELETE ON lakana.zone_area FOR EACH ROW EXECUTE FUNCTION lakana.keep_zones();

-- The zones of the country that an area lies in, by whatever division of it.
CREATE FUNCTION lakana.zones_of_country(area uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  SELECT z.id FROM zone z WHERE EXISTS (
    SELECT FROM area_within mine
    JOIN area_within its ON its.ancestor_id = mine.ancestor_id AND its.area_id = z.country_id
    JOIN admin_area nation ON nation.id = mine.ancestor_id AND nation.level = 0
    WHERE mine.area_id = area)
$$;

-- The zone that holds an area, by what lies in what; NULL for an area that is larger than a zone or lies in none.
CREATE FUNCTION lakana.zone_of(area uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT z.zone_id FROM area_within w JOIN zone_area z ON z.area_id = w.ancestor_id WHERE w.area_id = area
  ORDER BY z.zone_id LIMIT 1
$$;

-- The zone that holds a place, one at most: by outline. What no outline holds lies in the nearest where the nation's does, and
-- elsewhere in the nearest within 10 km, since outlines are drawn coarsely along rivers and coasts.
CREATE FUNCTION lakana.zones_at(place geography) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 1 SET search_path = lakana, public, pg_temp AS $$
  WITH inside AS MATERIALIZED (
    SELECT id FROM zone WHERE ST_Covers(geom, place::geometry) ORDER BY id LIMIT 1
  )
  SELECT id FROM inside
  UNION ALL
  (SELECT z.id FROM zone z JOIN admin_area nation ON nation.id = z.country_id
   WHERE NOT EXISTS (SELECT FROM inside)
     AND (ST_Covers(nation.geom, place::geometry) OR ST_DWithin(z.geom::geography, place, 10000))
   ORDER BY ST_Distance(z.geom::geography, place), z.id LIMIT 1)
$$;

-- The one zone of a place of an area: by the area where that lies in one, else by the place; what no outline holds falls
-- to the nearest of its country. NULL where the country has no zones.
CREATE FUNCTION lakana.zone_for(place geography, area uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found uuid := zone_of(area);
BEGIN
  IF found IS NULL AND place IS NOT NULL THEN
    SELECT z.id INTO found FROM zone z
    WHERE ST_Covers(z.geom, place::geometry) AND (area IS NULL OR z.id IN (SELECT zones_of_country(area)))
    ORDER BY z.id LIMIT 1;
    IF found IS NULL AND area IS NOT NULL THEN
      SELECT z.id INTO found FROM zone z WHERE z.id IN (SELECT zones_of_country(area))
      ORDER BY ST_Distance(z.geom::geography, place), z.id LIMIT 1;
    END IF;
  END IF;
  RETURN found;
END $$;

-- Whether an area, of whatever edition, holds a whole zone: a nation all of its own, else by what lies in what or, where
-- that is not known of another division, by outlines, of which a hundredth may differ.
CREATE FUNCTION lakana.area_holds_zone(area uuid, zone uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce((
    SELECT (a.level = 0 AND z.id IN (SELECT zones_of_country(a.id)))
      OR NOT EXISTS (SELECT FROM zone_area part WHERE part.zone_id = z.id AND NOT EXISTS (
           SELECT FROM area_within w WHERE w.area_id = part.area_id AND w.ancestor_id = a.id))
      OR (a.geom && z.geom
          AND NOT EXISTS (SELECT FROM zone_area part JOIN admin_area own ON own.id = part.area_id
                          WHERE part.zone_id = z.id AND own.scheme = a.scheme)
          AND ST_Area(ST_Difference(z.geom, a.geom)) <= 0.01 * ST_Area(z.geom))
    FROM admin_area a, zone z WHERE a.id = area AND z.id = area_holds_zone.zone), false)
$$;

-- The zones that have a part in common with an area; those of its whole country where that is not known.
CREATE FUNCTION lakana.zones_meeting(area uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH related AS MATERIALIZED (
    SELECT part.zone_id AS id FROM area_within w JOIN zone_area part ON part.area_id = w.area_id WHERE w.ancestor_id = area
    UNION
    SELECT part.zone_id FROM area_within w JOIN zone_area part ON part.area_id = w.ancestor_id WHERE w.area_id = area
  ), drawn AS MATERIALIZED (
    SELECT z.id FROM admin_area a JOIN zone z ON z.geom && a.geom
    WHERE a.id = area AND NOT EXISTS (SELECT FROM related) AND ST_Relate(a.geom, z.geom, 'T********')
  )
  SELECT id FROM related
  UNION
  SELECT id FROM drawn
  UNION
  SELECT zones_of_country(area)
  WHERE (SELECT level FROM admin_area WHERE id = area) = 0
    OR NOT EXISTS (SELECT FROM related) AND NOT EXISTS (SELECT FROM drawn)
$$;

REVOKE EXECUTE ON FUNCTION
  lakana.keep_zones, lakana.zones_of_country, lakana.zone_of, lakana.zones_at, lakana.zone_for, lakana.area_holds_zone,
  lakana.zones_meeting FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  lakana.zones_of_country, lakana.zone_of, lakana.zones_at, lakana.zone_for, lakana.area_holds_zone, lakana.zones_meeting
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.zoning, lakana.zone, lakana.zone_area
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
