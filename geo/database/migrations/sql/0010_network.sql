-- Roads (schema road, which no login reads), the speeds along them, and the travel times that follow from both.
CREATE SCHEMA road;

CREATE TABLE road.node (
  id BIGINT NOT NULL,
  point geography(POINT,4326) NOT NULL,
  CONSTRAINT node_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN road.node.id IS 'The node''s id in OpenStreetMap; below 0 where we put one between two of its nodes.';
CREATE INDEX node_point_idx ON road.node USING gist (point);

-- No foreign keys to road.node: an import writes both whole or neither, and checking millions of rows takes minutes.
CREATE TABLE road.edge (
  id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
  source BIGINT NOT NULL,
  target BIGINT NOT NULL,
  class TEXT NOT NULL,
  length_m DOUBLE PRECISION NOT NULL,
  on_foot BOOLEAN NOT NULL,
  forward BOOLEAN NOT NULL,
  backward BOOLEAN NOT NULL,
  CONSTRAINT edge_pkey PRIMARY KEY (id),
  CONSTRAINT edge_length_check CHECK (length_m >= 0),
  CONSTRAINT edge_ends_check CHECK (source <> target)
);
COMMENT ON COLUMN road.edge.on_foot IS 'One may walk along it, both ways.';
COMMENT ON COLUMN road.edge.forward IS 'One may drive from source to target; backward: the other way.';
CREATE INDEX edge_source_idx ON road.edge (source);
CREATE INDEX edge_target_idx ON road.edge (target);

CREATE TABLE lakana.road_speed (
  class TEXT NOT NULL,
  mode lakana.travel_mode NOT NULL,
  season lakana.season NOT NULL,
  speed_km_h DOUBLE PRECISION NOT NULL,
  source TEXT NOT NULL,
  CONSTRAINT road_speed_pkey PRIMARY KEY (class, mode, season),
  CONSTRAINT road_speed_mode_check CHECK (mode <> 'GEODESIC'),
  CONSTRAINT road_speed_speed_check CHECK (speed_km_h > 0 AND speed_km_h <= 200)
);
COMMENT ON TABLE lakana.road_speed IS 'Class: highway=… of OpenStreetMap, or ferry. Where there is no row, one does not travel so.';

-- In the dry season: cars as OSRM's profile for cars has them (tracks as its grade5), walkers as its profile for
-- walkers. The rest are assumptions of ours: motorcycles as cars, at most 50 km/h, and faster on tracks; in the rains
-- 80 % of that on classes that are mostly paved and 50 % on the others, where walkers keep 70 %.
INSERT INTO lakana.road_speed
SELECT class, mode, season, speed_km_h * CASE
    WHEN season = 'DRY' THEN 1
    WHEN mode = 'WALK' THEN CASE WHEN paved THEN 1 ELSE 0.7 END
    WHEN class = 'ferry' THEN 1
    ELSE CASE WHEN paved THEN 0.8 ELSE 0.5 END END,
  CASE WHEN mode = 'CAR' THEN 'OSRM, profiles/car.lua' WHEN mode = 'WALK' THEN 'OSRM, profiles/foot.lua'
    ELSE 'Assumption of Lakana: as a car, at most 50 km/h; 20 km/h on tracks, 10 on paths' END
  || CASE WHEN season = 'DRY' OR class = 'ferry' THEN ''
    ELSE '; in the rains, an assumption of Lakana: 80 % of it where mostly paved, else 50 %; walkers 100 % and 70 %' END
FROM (VALUES
  ('motorway', true, 90, 50, 5), ('motorway_link', true, 75, 50, 5), ('trunk', true, 85, 50, 5),
  ('trunk_link', true, 70, 50, 5), ('primary', true, 65, 50, 5), ('primary_link', true, 60, 50, 5),
  ('secondary', true, 55, 50, 5), ('secondary_link', true, 50, 50, 5), ('tertiary', false, 40, 40, 5),
  ('tertiary_link', false, 30, 30, 5), ('unclassified', false, 25, 25, 5), ('residential', false, 25, 25, 5),
  ('living_street', false, 10, 10, 5), ('service', false, 15, 15, 5), ('road', false, 10, 10, 5),
  ('track', false, 15, 20, 5), ('ferry', false, 5, 5, 5), ('path', false, NULL, 10, 5), ('bridleway', false, NULL, 10, 5),
  ('pedestrian', false, NULL, NULL, 5), ('footway', false, NULL, NULL, 5), ('cycleway', false, NULL, NULL, 5),
  ('steps', false, NULL, NULL, 5)
) AS known(class, paved, car, motorcycle, walk),
LATERAL (VALUES ('CAR'::lakana.travel_mode, car), ('MOTORCYCLE', motorcycle), ('WALK', walk)) AS by(mode, speed_km_h),
unnest(enum_range(NULL::lakana.season)) AS season
WHERE speed_km_h IS NOT NULL;

-- The network that was imported, one or none.
CREATE TABLE lakana.road_network (
  number SMALLINT DEFAULT '1' NOT NULL,
  file TEXT NOT NULL,
  roads_as_of TIMESTAMP WITH TIME ZONE,
  imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
  max_off_road_m DOUBLE PRECISION NOT NULL,
  nodes INTEGER NOT NULL,
  edges INTEGER NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT road_network_pkey PRIMARY KEY (number),
  CONSTRAINT road_network_number_check CHECK (number = 1),
  CONSTRAINT road_network_off_road_check CHECK (max_off_road_m > 0),
  CONSTRAINT road_network_source_id_fkey FOREIGN KEY (source_id) REFERENCES lakana.source (id)
);

-- No foreign key to service, a trigger is in its place: who deletes a service holds its row and waits for the category's
-- lock, which who writes times holds, and the key would make that one wait for the row.
CREATE TABLE lakana.travel_time (
  category lakana.service_category NOT NULL,
  mode lakana.travel_mode NOT NULL,
  season lakana.season NOT NULL,
  demand_point_id UUID NOT NULL,
  service_id UUID,
  minutes DOUBLE PRECISION,
  off_road_m DOUBLE PRECISION,
  beyond_roads BOOLEAN NOT NULL,
  CONSTRAINT travel_time_pkey PRIMARY KEY (category, mode, season, demand_point_id),
  CONSTRAINT travel_time_minutes_check CHECK ((minutes IS NULL) = (service_id IS NULL) AND minutes >= 0),
  CONSTRAINT travel_time_beyond_check CHECK (NOT (beyond_roads AND minutes IS NOT NULL)),
  CONSTRAINT travel_time_demand_point_id_fkey
    FOREIGN KEY (demand_point_id) REFERENCES lakana.demand_point (id) ON DELETE CASCADE
);
CREATE INDEX travel_time_service_id_idx ON lakana.travel_time (service_id);
CREATE INDEX travel_time_demand_point_id_idx ON lakana.travel_time (demand_point_id);

-- How fresh the times of a category are; changes counts what happened to its services and to demand points.
CREATE TABLE lakana.travel_refresh (
  category lakana.service_category NOT NULL,
  changes BIGINT DEFAULT '0' NOT NULL,
  computed_at TIMESTAMP WITH TIME ZONE,
  stale_since TIMESTAMP WITH TIME ZONE,
  CONSTRAINT travel_refresh_pkey PRIMARY KEY (category)
);
INSERT INTO lakana.travel_refresh (category) SELECT unnest(enum_range(NULL::lakana.service_category));

-- Minutes to the nearest service of a category for every demand point that has a row in access: along roads where they
-- are known (network), else estimated from the straight line: distance × detour / speed. minutes NULL: no way along
-- roads, and where beyond_roads is true because the point is too far from any.
CREATE FUNCTION lakana.travel_minutes(
  wanted lakana.service_category, by lakana.travel_mode, during lakana.season
) RETURNS TABLE (
  demand_point_id uuid, area_id uuid, under_18 integer, service_id uuid, minutes double precision, network boolean,
  off_road_m double precision, beyond_roads boolean, distance_m double precision
) LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000 AS $$
  SELECT a.demand_point_id, a.area_id, a.under_18,
    CASE WHEN t.demand_point_id IS NULL THEN a.service_id ELSE t.service_id END,
    CASE WHEN t.demand_point_id IS NULL THEN a.distance_m * e.detour / (e.speed_km_h * 1000 / 60) ELSE t.minutes END,
    t.demand_point_id IS NOT NULL, t.off_road_m, coalesce(t.beyond_roads, false), a.distance_m
  FROM lakana.access a
  JOIN lakana.travel_estimate e ON e.mode = by AND e.season = during
  LEFT JOIN lakana.travel_time t ON t.category = wanted AND t.mode = by AND t.season = during
    AND t.demand_point_id = a.demand_point_id
  WHERE a.category = wanted
$$;

-- What happened to services or demand points is counted, so that who computes sees that something came in between. The
-- triggers come after those that keep access, which let writers of one category wait for each other.
CREATE FUNCTION lakana.note_travel_change(touched lakana.service_category[]) RETURNS void
LANGUAGE sql SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO travel_refresh AS r (category, changes) SELECT one, 1 FROM unnest(touched) AS one ORDER BY one
  ON CONFLICT (category) DO UPDATE SET changes = r.changes + 1,
    stale_since = CASE WHEN r.computed_at IS NOT NULL THEN coalesce(r.stale_since, now()) END
$$;

-- A time never leads to a service that is gone or elsewhere: those rows go at once, and the estimate stands in for them.
CREATE FUNCTION lakana.note_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  touched service_category[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT category) INTO touched FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    WITH gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM old_rows)
    )
    SELECT array_agg(DISTINCT category) INTO touched FROM old_rows;
  ELSE
    WITH moved AS (
      SELECT n.id, ARRAY[o.category, n.category] AS both_of FROM new_rows n JOIN old_rows o USING (id)
      WHERE n.category <> o.category OR NOT n.point::geometry = o.point::geometry
    ), gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM moved)
    )
    SELECT array_agg(DISTINCT one) INTO touched FROM moved, unnest(both_of) AS one;
  END IF;
  PERFORM note_travel_change(touched);
  RETURN NULL;
END $$;

CREATE TRIGGER travel_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_service_change();
CREATE TRIGGER travel_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_service_change();
CREATE TRIGGER travel_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_service_change();

-- How many live at a point changes no time.
CREATE FUNCTION lakana.note_demand_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  moved uuid[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT array_agg(n.id) INTO moved
    FROM new_rows n JOIN old_rows o USING (id) WHERE NOT n.point::geometry = o.point::geometry;
    IF moved IS NULL THEN
      RETURN NULL;
    END IF;
    DELETE FROM travel_time WHERE demand_point_id = ANY (moved);
  END IF;
  PERFORM note_travel_change(enum_range(NULL::service_category));
  RETURN NULL;
END $$;

CREATE TRIGGER travel_insert AFTER INSERT ON lakana.demand_point
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_demand_change();
CREATE TRIGGER travel_update AFTER UPDATE ON lakana.demand_point REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_demand_change();
CREATE TRIGGER travel_delete AFTER DELETE ON lakana.demand_point
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_demand_change();

REVOKE EXECUTE ON FUNCTION
  lakana.travel_minutes, lakana.note_travel_change, lakana.note_service_change, lakana.note_demand_change FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.travel_minutes
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.road_speed, lakana.road_network, lakana.travel_time, lakana.travel_refresh
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
