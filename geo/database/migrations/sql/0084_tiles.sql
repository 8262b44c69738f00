-- Vector tiles: where a point lies in the pyramid of tiles as one number, and outlines prepared for each band of zooms.

-- The bits of x and y of the tile of zoom 20 by turns (Morton), so that each tile of any zoom is one range of numbers, and each part
-- of a tile a part of its range.
CREATE FUNCTION lakana.tile_key(place public.geography) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  flat CONSTANT public.geometry := place::public.geometry;
  -- At most 85.0511°, where the square of tiles ends.
  north CONSTANT double precision := sin(radians(least(greatest(public.ST_Y(flat), -85.0511), 85.0511)));
  x bigint := least(floor((public.ST_X(flat) + 180) / 360 * 1048576), 1048575);
  y bigint := floor((0.5 - ln((1 + north) / (1 - north)) / (4 * pi())) * 1048576);
BEGIN
  x := (x | (x << 16)) & 281470681808895;
  x := (x | (x << 8)) & 71777214294589695;
  x := (x | (x << 4)) & 1085102592571150095;
  x := (x | (x << 2)) & 3689348814741910323;
  x := (x | (x << 1)) & 6148914691236517205;
  y := (y | (y << 16)) & 281470681808895;
  y := (y | (y << 8)) & 71777214294589695;
  y := (y | (y << 4)) & 1085102592571150095;
  y := (y | (y << 2)) & 3689348814741910323;
  y := (y | (y << 1)) & 6148914691236517205;
  RETURN x | (y << 1);
END $$;

-- Every second bit of a number below 4,096, the lowest first: x of a key; of the key halved it is y.
CREATE FUNCTION lakana.every_second_bit(bits bigint) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ((bits & 1) | ((bits >> 1) & 2) | ((bits >> 2) & 4) | ((bits >> 3) & 8) | ((bits >> 4) & 16) | ((bits >> 5) & 32))::int
$$;

CREATE INDEX service_tile_idx ON lakana.service (lakana.tile_key(point), category) INCLUDE (point);
CREATE INDEX locality_tile_idx ON lakana.locality (lakana.tile_key(point)) INCLUDE (point, population, id);

-- The outline of an area for zooms up to one, in metres of EPSG:3857, simplified to half a pixel of that zoom.
CREATE TABLE lakana.area_outline (
  area_id UUID NOT NULL,
  most_zoom SMALLINT NOT NULL,
  level SMALLINT NOT NULL,
  geom geometry(MULTIPOLYGON,3857) NOT NULL,
  CONSTRAINT area_outline_pkey PRIMARY KEY (area_id, most_zoom),
  CONSTRAINT area_outline_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);
CREATE INDEX area_outline_geom_idx ON lakana.area_outline USING gist (level, most_zoom, geom);

CREATE FUNCTION lakana.prepare_outline(area uuid, level smallint, outline geometry) RETURNS void
LANGUAGE sql SET search_path = lakana, public, pg_temp AS $$
  WITH flat AS MATERIALIZED (
    -- What lies beyond the square of tiles is on none.
    SELECT ST_Transform(ST_Multi(ST_CollectionExtract(
      CASE WHEN ST_YMax(outline) > 85.0511 OR ST_YMin(outline) < -85.0511
           THEN ST_Intersection(outline, ST_MakeEnvelope(-180, -85.0511, 180, 85.0511, 4326)) ELSE outline END, 3)), 3857) AS geom
  ), simple AS (
    SELECT zoom, ST_Multi(ST_CollectionExtract(ST_SimplifyPreserveTopology(geom, 20037508 / 2 ^ zoom / 512), 3)) AS geom
    FROM flat, unnest('{4,7,10,14}'::int[]) AS zoom
  )
  INSERT INTO area_outline SELECT area, zoom, level, geom FROM simple WHERE NOT ST_IsEmpty(geom)
$$;

CREATE FUNCTION lakana.prepare_outlines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  DELETE FROM area_outline WHERE area_id = NEW.id;
  PERFORM prepare_outline(NEW.id, NEW.level, NEW.geom) WHERE NEW.geom IS NOT NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER prepare_outlines AFTER INSERT OR UPDATE OF level, geom ON lakana.admin_area
FOR EACH ROW EXECUTE FUNCTION lakana.prepare_outlines();

SELECT lakana.prepare_outline(id, level, geom) FROM lakana.admin_area WHERE geom IS NOT NULL;

REVOKE EXECUTE ON FUNCTION lakana.tile_key, lakana.every_second_bit, lakana.prepare_outline, lakana.prepare_outlines FROM PUBLIC;
GRANT SELECT ON lakana.area_outline TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.tile_key, lakana.every_second_bit TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
SELECT lakana.follow_public('lakana.area_outline');
ANALYZE lakana.service, lakana.locality, lakana.area_outline;
