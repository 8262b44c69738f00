-- How far one comes in a time, where nothing is known of the roads: distance = time × speed / detour.
CREATE TYPE lakana.travel_mode AS ENUM ('GEODESIC', 'WALK', 'MOTORCYCLE', 'CAR');
CREATE TYPE lakana.season AS ENUM ('DRY', 'RAINY');

CREATE TABLE lakana.travel_estimate (
  mode lakana.travel_mode NOT NULL,
  season lakana.season NOT NULL,
  speed_km_h double precision NOT NULL,
  detour double precision NOT NULL,  -- length of the way / length of the straight line
  source text NOT NULL,
  CONSTRAINT travel_estimate_pkey PRIMARY KEY (mode, season),
  CONSTRAINT travel_estimate_mode_check CHECK (mode <> 'GEODESIC'),
  CONSTRAINT travel_estimate_speed_check CHECK (speed_km_h > 0 AND speed_km_h <= 200),
  CONSTRAINT travel_estimate_detour_check CHECK (detour >= 1 AND detour <= 5)
);
INSERT INTO lakana.travel_estimate VALUES
  ('WALK', 'DRY', 5, 1.4, ''), ('WALK', 'RAINY', 3.5, 1.6, ''),
  ('MOTORCYCLE', 'DRY', 30, 1.4, ''), ('MOTORCYCLE', 'RAINY', 15, 1.6, ''),
  ('CAR', 'DRY', 40, 1.4, ''), ('CAR', 'RAINY', 20, 1.6, '');

-- The straight line in metres that takes :minutes by :mode in :season, the detour taken into account.
CREATE FUNCTION lakana.reach_m(by lakana.travel_mode, during lakana.season, minutes double precision)
RETURNS double precision LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT minutes / 60 * speed_km_h * 1000 / detour FROM lakana.travel_estimate WHERE mode = by AND season = during
$$;

REVOKE EXECUTE ON FUNCTION lakana.reach_m FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.reach_m
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.travel_estimate
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
