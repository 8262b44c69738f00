-- Where demand points (category NULL) and services come upon the roads, by mode of travel; gone with the session. Node ids
-- are those of road.node; vid is a service's own node, below all others, in the order of ids; nation_id is its nation, NULL where there are not several.
DROP TABLE IF EXISTS pg_temp.leg, pg_temp.fresh_time;

CREATE TEMP TABLE leg (
  mode lakana.travel_mode NOT NULL,
  id uuid NOT NULL,
  category lakana.service_category,
  nation_id uuid,
  point geography(POINT,4326) NOT NULL,
  node bigint,
  off_road_m double precision,
  vid bigint,
  first_at_node boolean,
  PRIMARY KEY (mode, id)
);

CREATE TEMP TABLE fresh_time AS SELECT * FROM lakana.travel_time LIMIT 0
