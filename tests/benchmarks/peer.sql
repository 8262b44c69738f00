-- The questions of the benchmark for a server that is made of the database's own schema: same rows, same indexes.
DROP SCHEMA IF EXISTS peer CASCADE;
CREATE SCHEMA peer;
CREATE TYPE peer.found AS (
  id uuid, name text, category lakana.service_category, phone text, opening_hours text, capacity integer, verified_on date,
  location json, distance_metres double precision
);

CREATE FUNCTION peer.nearest(lon double precision, lat double precision, wanted lakana.service_category, most integer)
RETURNS SETOF peer.found LANGUAGE sql STABLE AS $$
  SELECT near.id, near.name, near.category, near.phone, near.opening_hours, near.public_capacity, near.verified_on,
         ST_AsGeoJSON(near.point, 6)::json, near.metres
  FROM (
    SELECT s.id, s.name, s.category, s.phone, s.opening_hours, s.public_capacity, s.verified_on, s.point,
           ST_Distance(s.point, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) AS metres
    FROM lakana.service s WHERE s.category = wanted
    ORDER BY s.point <-> ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography LIMIT most
  ) near
  ORDER BY near.metres, near.id
$$;

CREATE FUNCTION peer.in_box(
  west double precision, south double precision, east double precision, north double precision, most integer
) RETURNS SETOF peer.found LANGUAGE sql STABLE AS $$
  SELECT s.id, s.name, s.category, s.phone, s.opening_hours, s.public_capacity, s.verified_on,
         ST_AsGeoJSON(s.point, 6)::json, NULL::double precision
  FROM lakana.service s WHERE s.point::geometry && ST_MakeEnvelope(west, south, east, north, 4326)
  ORDER BY s.name_key, s.id LIMIT most
$$;

GRANT USAGE ON SCHEMA peer TO lakana_public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA peer TO lakana_public;
