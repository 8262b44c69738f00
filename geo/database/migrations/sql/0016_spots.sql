-- Where services stand: one row for each category and spot, however many share it, so that a walk to the nearest reads
-- a spot once. Spots are kept in metres from the centre of the earth as well, and walked by the chord to them: of two
-- places within 1,000 km it says up to 21 m which is nearer, where the distance on the sphere is 5.6 km off.

-- Metres from the centre of the earth to a place on the WGS 84 spheroid (EPSG:4978).
CREATE FUNCTION lakana.geocentric(place geography) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ST_MakePoint(n * cos(lat) * cos(lon), n * cos(lat) * sin(lon), n * (1 - 0.0066943799901413165) * sin(lat))
  FROM (SELECT radians(ST_X(place::geometry)) AS lon, radians(ST_Y(place::geometry)) AS lat) AS degrees,
       LATERAL (SELECT 6378137.0 / sqrt(1 - 0.0066943799901413165 * sin(lat) ^ 2) AS n) AS normal
$$;

CREATE TABLE lakana.service_spot (
  category lakana.service_category NOT NULL,
  point geography(POINT, 4326) NOT NULL,
  geocentric geometry(POINTZ) NOT NULL
);
CREATE UNIQUE INDEX service_spot_key ON lakana.service_spot (category, (point::geometry));
CREATE INDEX service_spot_category_geocentric_idx ON lakana.service_spot
  USING gist (category, geocentric gist_geometry_ops_nd);
CREATE INDEX service_spot_geocentric_idx ON lakana.service_spot USING gist (geocentric gist_geometry_ops_nd);
CREATE INDEX service_spot_idx ON lakana.service (category, (point::geometry), id);

-- Writers of a category wait for each other, as in follow_category: each must see what the other left at a spot.
CREATE FUNCTION lakana.follow_spots() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one service_category;
  came service_spot[] := '{}';
  gone service_spot[] := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg((category, point, geocentric(point))::service_spot) INTO came FROM new_rows WHERE point IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg((category, point, geocentric(point))::service_spot) INTO gone FROM old_rows WHERE point IS NOT NULL;
  ELSE
    SELECT array_agg((n.category, n.point, geocentric(n.point))::service_spot) FILTER (WHERE n.point IS NOT NULL),
           array_agg((o.category, o.point, geocentric(o.point))::service_spot) FILTER (WHERE o.point IS NOT NULL)
    INTO came, gone
    FROM new_rows n FULL JOIN old_rows o USING (id)
    WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry;
  END IF;
  FOR one IN SELECT DISTINCT category FROM unnest(came || gone) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  END LOOP;
  INSERT INTO service_spot SELECT * FROM unnest(came) ON CONFLICT DO NOTHING;
  DELETE FROM service_spot t USING unnest(gone) AS g
  WHERE t.category = g.category AND t.point::geometry = g.point::geometry AND NOT EXISTS (
    SELECT FROM service s WHERE s.category = t.category AND s.point::geometry = t.point::geometry);
  RETURN NULL;
END $$;
CREATE TRIGGER follow_spots_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots();
CREATE TRIGGER follow_spots_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots();
CREATE TRIGGER follow_spots_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_spots();

INSERT INTO lakana.service_spot
SELECT category, point, lakana.geocentric(point) FROM lakana.service WHERE point IS NOT NULL
ON CONFLICT DO NOTHING;

-- Metres along the spheroid that a chord of so many metres stands for at least: no normal section is curved less than
-- a circle of 6,400 km (a² / b = 6,399,594 m). At most it is 21 m more at 1,000 km, 2 cm at 100.
CREATE FUNCTION lakana.least_m(chord double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT chord + chord * chord * chord / (24 * 6400000.0 * 6400000.0) $$;

-- The spots of a category (all where it is NULL) that may be as near to a place as reach_m on the spheroid.
CREATE FUNCTION lakana.spots_around(here geometry, wanted lakana.service_category, reach_m double precision)
RETURNS SETOF lakana.service_spot
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  walk CONSTANT text := format(
    'SELECT * FROM service_spot %s ORDER BY geocentric <<->> $1',
    CASE WHEN wanted IS NOT NULL THEN 'WHERE category = $2' END);
  one service_spot;
BEGIN
  FOR one IN EXECUTE walk USING here, wanted LOOP
    EXIT WHEN least_m(one.geocentric <<->> here) > reach_m;
    RETURN NEXT one;
  END LOOP;
END $$;

-- The services of a category (any where it is NULL) nearest to a place on the spheroid, ties by id: as many as asked for,
-- within so many metres, at most 1,000 km. A few more spots are walked than are asked for; only where the next one could be nearer
-- than what was found, since more crowd within what the chord leaves open, are those walked as well. The limit of 104 tells
-- the planner that it will be few, which it cannot see from the other one.
CREATE FUNCTION lakana.nearest_services(
  place geography, wanted lakana.service_category, most integer, within_m double precision
) RETURNS TABLE (service_id uuid, distance_m double precision)
LANGUAGE plpgsql STABLE ROWS 10 AS $$
DECLARE
  -- As lakana.geocentric, which would be started anew as a statement.
  lon CONSTANT double precision := radians(ST_X(place::geometry));
  lat CONSTANT double precision := radians(ST_Y(place::geometry));
  n CONSTANT double precision := 6378137.0 / sqrt(1 - 0.0066943799901413165 * sin(lat) * sin(lat));
  here CONSTANT geometry := ST_MakePoint(
    n * cos(lat) * cos(lon), n * cos(lat) * sin(lon), n * (1 - 0.0066943799901413165) * sin(lat));
  ids uuid[];
  metres double precision[];
  walked integer;
  chord double precision;
  reach_m double precision;
BEGIN
  IF most NOT BETWEEN 1 AND 100 THEN
    RAISE EXCEPTION 'the walk to the nearest is planned for 1 to 100 services, not for %', most;
  END IF;
  -- From afar, above all from the other side of the earth, every spot is about as near: no walk for nothing. Any spot tells
  -- whether it may be afar; looking for one that is near enough takes 0.2 ms, which is spared who asks from the country.
  SELECT t.geocentric <<->> here INTO chord FROM lakana.service_spot t LIMIT 1;
  IF chord > 3000000 AND NOT EXISTS (
    SELECT FROM lakana.service_spot t WHERE t.geocentric &&& ST_MakeLine(
      ST_Translate(here, -1000000, -1000000, -1000000), ST_Translate(here, 1000000, 1000000, 1000000))
  ) THEN
    RETURN;
  END IF;
  IF wanted IS NULL THEN
    WITH near AS MATERIALIZED (
      SELECT * FROM (
        SELECT t.category, t.point, t.geocentric <<->> here AS chord, ST_Distance(t.point, place) AS metres
        FROM lakana.service_spot t ORDER BY t.geocentric <<->> here LIMIT 104) few
      LIMIT most + 4
    )
    SELECT (SELECT count(*) FROM near), (SELECT max(near.chord) FROM near), array_agg(f.id), array_agg(f.metres)
    INTO walked, chord, ids, metres
    FROM (
      SELECT s.id, spot.metres
      FROM (SELECT * FROM near ORDER BY near.metres FETCH FIRST (most) ROWS WITH TIES) spot CROSS JOIN LATERAL (
        SELECT e.id FROM lakana.service e
        WHERE e.category = spot.category AND e.point::geometry = spot.point::geometry ORDER BY e.id LIMIT most) s
      ORDER BY spot.metres, s.id LIMIT most
    ) f;
  ELSE
    WITH near AS MATERIALIZED (
      SELECT * FROM (
        SELECT t.point, t.geocentric <<->> here AS chord, ST_Distance(t.point, place) AS metres
        FROM lakana.service_spot t WHERE t.category = wanted ORDER BY t.geocentric <<->> here LIMIT 104) few
      LIMIT most + 4
    )
    SELECT (SELECT count(*) FROM near), (SELECT max(near.chord) FROM near), array_agg(f.id), array_agg(f.metres)
    INTO walked, chord, ids, metres
    FROM (
      SELECT s.id, spot.metres
      FROM (SELECT * FROM near ORDER BY near.metres FETCH FIRST (most) ROWS WITH TIES) spot CROSS JOIN LATERAL (
        SELECT e.id FROM lakana.service e
        WHERE e.category = wanted AND e.point::geometry = spot.point::geometry ORDER BY e.id LIMIT most) s
      ORDER BY spot.metres, s.id LIMIT most
    ) f;
  END IF;
  reach_m := least(metres[most], within_m, 1000000);
  IF walked = most + 4 AND lakana.least_m(chord) <= reach_m THEN
    RETURN QUERY
    SELECT s.id, spot.metres
    FROM (
      SELECT t.category, t.point, ST_Distance(t.point, place) AS metres FROM lakana.spots_around(here, wanted, reach_m) t
    ) spot CROSS JOIN LATERAL (
      SELECT e.id FROM lakana.service e
      WHERE e.category = spot.category AND e.point::geometry = spot.point::geometry ORDER BY e.id LIMIT most) s
    WHERE spot.metres <= reach_m
    ORDER BY spot.metres, s.id LIMIT most;
    RETURN;
  END IF;
  reach_m := least(within_m, 1000000);
  FOR each IN 1 .. coalesce(cardinality(ids), 0) LOOP
    EXIT WHEN metres[each] > reach_m;
    service_id := ids[each];
    distance_m := metres[each];
    RETURN NEXT;
  END LOOP;
END $$;

DROP FUNCTION lakana.services_around;

REVOKE EXECUTE ON FUNCTION
  lakana.geocentric, lakana.follow_spots, lakana.least_m, lakana.spots_around, lakana.nearest_services FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.geocentric, lakana.least_m, lakana.spots_around, lakana.nearest_services
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.service_spot
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
