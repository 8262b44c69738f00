-- Who is competent at a place: what is found follows what lies around it, not how many actors or positions of outlines there are.

-- The areas that a place is known to lie in, as before, but that an outline is certain only 1 km inside of its own border: at that
-- of a nation no other side is known. Of a place abroad, the nations in force within 100 km.
CREATE OR REPLACE FUNCTION lakana.known_areas(place geography)
RETURNS TABLE (area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here CONSTANT geometry := place::geometry;
  -- A degree of longitude here, in degrees of latitude; and the narrowest within 100 km, before a pole at least.
  narrowing CONSTANT double precision := cos(radians(ST_Y(here)));
  narrowest CONSTANT double precision := cos(radians(least(abs(ST_Y(here)) + 1, 89.9)));
  -- 1 km and 100 km are less than these, in degrees of latitude.
  around CONSTANT geometry := ST_Expand(here, 0.01 / narrowest, 0.01);
  far_around CONSTANT geometry := ST_Expand(here, 1 / narrowest, 1);
  spot CONSTANT geometry := ST_Scale(here, narrowing, 1);
  -- 1,000 m, in degrees of latitude: a tenth of the time that distances between geographies take.
  border CONSTANT double precision := 1000 / 111195.0;
BEGIN
  RETURN QUERY
  WITH held AS MATERIALIZED (
    SELECT area_id AS id FROM areas_at(place)
  ), beside AS MATERIALIZED (  -- what lies around the place of each outline, which may have 40,000 positions
    SELECT id, ST_Scale(ST_CollectionExtract(ST_ClipByBox2D(geom, around::box2d), 3), narrowing, 1) AS part
    FROM admin_area WHERE geom && around AND EXISTS (SELECT FROM held)
  ), drawn AS MATERIALIZED (
    SELECT a.id, a.scheme, a.edition, a.level,
           count(*) OVER (PARTITION BY a.scheme, a.edition, a.level) = 1
             AND NOT coalesce(ST_DWithin(ST_Boundary(beside.part), spot, border), false) AS inside
    FROM (
      SELECT id FROM held
      UNION
      SELECT w.ancestor_id FROM beside JOIN area_within w ON w.area_id = beside.id WHERE ST_DWithin(beside.part, spot, border)
    ) either JOIN admin_area a USING (id) LEFT JOIN beside USING (id)
  ), town AS MATERIALIZED (
    SELECT area_set_id, ST_Distance(point, place) AS metres FROM locality
    WHERE ST_DWithin(point, place, 10000) ORDER BY point <-> place, id LIMIT 1
  ), registered AS MATERIALIZED (
    SELECT a.id, a.level, a.scheme, a.edition, town.metres
    FROM town JOIN area_within w ON w.area_id = town.area_set_id JOIN admin_area a ON a.id = w.ancestor_id
    WHERE NOT EXISTS (  -- an outline says that the place lies in another area than its town does
      SELECT FROM area_within v JOIN admin_area its ON its.id = v.ancestor_id
      JOIN drawn d ON (d.scheme, d.edition, d.level) = (its.scheme, its.edition, its.level)
      WHERE v.area_id = town.area_set_id AND its.id NOT IN (SELECT id FROM drawn))
  )
  SELECT id, level, 'OUTLINE', inside FROM drawn
  UNION ALL
  SELECT id, level, 'REGISTER', metres <= 2000 FROM registered r
  WHERE NOT EXISTS (SELECT FROM drawn d WHERE (d.scheme, d.edition, d.level) = (r.scheme, r.edition, r.level))
  UNION ALL
  -- Perhaps across the antimeridian.
  SELECT DISTINCT a.id, a.level, 'NATION', false
  FROM unnest(ARRAY[-360, 0, 360]) AS turn JOIN admin_area a ON a.geom && ST_Translate(far_around, turn, 0)
  WHERE a.level = 0 AND daterange(a.valid_from, a.valid_to) @> current_date
    AND NOT EXISTS (SELECT FROM drawn) AND NOT EXISTS (SELECT FROM registered)
    AND ST_DWithin(ST_ClipByBox2D(a.geom, ST_Translate(far_around, turn, 0)::box2d)::geography, place, 100000);
END $$;

DROP INDEX lakana.actor_jurisdiction_id_idx;
CREATE INDEX actor_jurisdiction_id_kind_idx ON lakana.actor (jurisdiction_id, kind);
CREATE INDEX actor_point_idx ON lakana.actor USING gist (point);

-- The three actors of a kind nearest to a place on the spheroid, ties by id, among those of some jurisdictions. A few are measured;
-- of many the index is walked by the distance on the sphere, which is at most 0.6 % off.
CREATE FUNCTION lakana.nearest_actors(place geography, wanted lakana.actor_kind, jurisdictions uuid[])
RETURNS TABLE (actor_id uuid)
LANGUAGE plpgsql STABLE ROWS 3 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  most CONSTANT integer := 3;
  few CONSTANT integer := 100;
  found uuid[] := ARRAY(
    SELECT own.id FROM unnest(jurisdictions) AS jurisdiction
    CROSS JOIN LATERAL (SELECT id FROM actor WHERE jurisdiction_id = jurisdiction AND kind = wanted OFFSET 0) own LIMIT few + 1);
  metres double precision[];
  reach_m double precision;
  one record;
BEGIN
  IF cardinality(found) > few THEN
    found := '{}';
    FOR one IN
      SELECT id, point <-> place AS sphere_m, ST_Distance(point, place) AS distance_m FROM actor
      WHERE kind = wanted AND jurisdiction_id = ANY (jurisdictions) ORDER BY point <-> place
    LOOP
      EXIT WHEN one.sphere_m > reach_m * 1.006;
      found := found || one.id;
      metres := metres || one.distance_m;
      IF cardinality(found) = most THEN
        reach_m := (SELECT max(each) FROM unnest(metres) AS each);
      END IF;
    END LOOP;
  END IF;
  RETURN QUERY SELECT id FROM actor WHERE id = ANY (found) ORDER BY ST_Distance(point, place), id LIMIT most;
END $$;

-- As before, but that of one level an area in force comes before one of an older division: a region of today before that of 2009,
-- which holds more regions than it.
CREATE OR REPLACE FUNCTION lakana.competent_at(place geography, wanted lakana.actor_kind)
RETURNS TABLE (actor_id uuid, area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH known AS MATERIALIZED (
    SELECT k.*, has_successor(k.area_id) AS older FROM known_areas(place) k
  ), direct AS MATERIALIZED (
    SELECT a.id, a.kind, k.area_id, k.level, k.basis, k.certain
    FROM known k CROSS JOIN LATERAL (  -- by the index, whatever the planner takes the number of areas for
      SELECT id, kind FROM actor WHERE jurisdiction_id = k.area_id AND (wanted IS NULL OR kind = wanted) OFFSET 0) a
  ), served AS MATERIALIZED (
    SELECT DISTINCT kind, area_id FROM direct
  ), missing(kind, side) AS (
    SELECT wanted, NULL::uuid WHERE wanted IS NOT NULL AND NOT EXISTS (SELECT FROM served)
    UNION ALL
    SELECT DISTINCT p.kind, NULL::uuid FROM known k JOIN appointed_kind p ON p.nation_id = k.area_id
    WHERE wanted IS NULL AND p.kind NOT IN (SELECT kind FROM served)
    UNION ALL  -- of a border the side that none of those found belongs to
    SELECT its.kind, k.area_id FROM (SELECT DISTINCT kind FROM served) its CROSS JOIN known k
    WHERE k.basis = 'OUTLINE' AND NOT k.certain AND NOT k.older AND NOT EXISTS (
      SELECT FROM served s JOIN area_within w
        ON (w.area_id, w.ancestor_id) IN ((s.area_id, k.area_id), (k.area_id, s.area_id))
      WHERE s.kind = its.kind)
  ), above AS MATERIALIZED (  -- the nearest in the smallest known area that holds any; of two sides once
    SELECT DISTINCT ON (near.actor_id) near.actor_id, smallest.level, smallest.older, m.side
    FROM missing m CROSS JOIN LATERAL (
      SELECT k.level, k.older FROM known k
      WHERE k.area_id = coalesce(m.side, k.area_id) AND EXISTS (
        SELECT FROM area_within w JOIN actor a ON a.jurisdiction_id = w.area_id WHERE w.ancestor_id = k.area_id AND a.kind = m.kind)
      ORDER BY k.level DESC, k.older LIMIT 1
    ) smallest CROSS JOIN LATERAL nearest_actors(place, m.kind, ARRAY(
      SELECT DISTINCT w.area_id FROM known k JOIN area_within w ON w.ancestor_id = k.area_id
      WHERE (k.level, k.older) = (smallest.level, smallest.older) AND k.area_id = coalesce(m.side, k.area_id))) near
    ORDER BY near.actor_id, smallest.level DESC, smallest.older, m.side
  )
  SELECT id, area_id, level, basis, certain FROM direct
  UNION ALL
  SELECT above.actor_id, its.area_id, above.level, CASE WHEN above.level = 0 THEN 'NATION' ELSE 'LEVEL_ABOVE' END, false
  FROM above JOIN actor a ON a.id = above.actor_id CROSS JOIN LATERAL (
    SELECT k.area_id FROM known k JOIN area_within w ON w.ancestor_id = k.area_id
    WHERE w.area_id = a.jurisdiction_id AND (k.level, k.older) = (above.level, above.older)
      AND k.area_id = coalesce(above.side, k.area_id)
    ORDER BY k.area_id LIMIT 1) its;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.nearest_actors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.nearest_actors TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
