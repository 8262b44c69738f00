-- The areas that a place is known to lie in, as before, but that an outline is certain only 1 km inside of its own border: at that
-- of a nation no other side is known.
CREATE OR REPLACE FUNCTION lakana.known_areas(place geography)
RETURNS TABLE (area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH beside AS MATERIALIZED (
    SELECT a.id FROM admin_area a CROSS JOIN cos(radians(ST_Y(place::geometry))) AS narrowing
    WHERE a.geom && ST_Expand(place::geometry, 0.05) AND ST_DWithin(a.geom, place::geometry, 0.05)
      -- 1,000 m, in degrees of latitude: a tenth of the time that distances between geographies take.
      AND ST_DWithin(ST_Scale(a.geom, narrowing, 1), ST_Scale(place::geometry, narrowing, 1), 1000 / 111195.0)
  ), drawn AS MATERIALIZED (
    SELECT a.id, a.scheme, a.edition, a.level,
           count(*) OVER (PARTITION BY a.scheme, a.edition, a.level) = 1 AND NOT coalesce(
             ST_DWithin(ST_Scale(ST_Boundary(a.geom), narrowing, 1), ST_Scale(place::geometry, narrowing, 1), 1000 / 111195.0),
             false) AS inside
    FROM cos(radians(ST_Y(place::geometry))) AS narrowing CROSS JOIN (
      SELECT area_id AS id FROM areas_at(place)
      UNION
      SELECT w.ancestor_id FROM beside JOIN area_within w ON w.area_id = beside.id WHERE EXISTS (SELECT FROM areas_at(place))
    ) either JOIN admin_area a USING (id)
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
  SELECT id, level, 'NATION', false FROM admin_area
  WHERE level = 0 AND NOT EXISTS (SELECT FROM drawn) AND NOT EXISTS (SELECT FROM registered)
    AND ST_DWithin(geom::geography, place, 100000)
$$;

-- As before, but that of one level an area in force comes before one of an older division: a region of today before that of 2009,
-- which holds more regions than it.
CREATE OR REPLACE FUNCTION lakana.competent_at(place geography, wanted lakana.actor_kind)
RETURNS TABLE (actor_id uuid, area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH known AS MATERIALIZED (
    SELECT * FROM known_areas(place)
  ), direct AS MATERIALIZED (
    SELECT a.id, a.kind, k.area_id, k.level, k.basis, k.certain FROM known k JOIN actor a ON a.jurisdiction_id = k.area_id
    WHERE wanted IS NULL OR a.kind = wanted
  ), missing(kind, side) AS (
    SELECT wanted, NULL::uuid WHERE wanted IS NOT NULL AND NOT EXISTS (SELECT FROM direct)
    UNION ALL
    SELECT DISTINCT p.kind, NULL::uuid FROM known k JOIN appointed_kind p ON p.nation_id = k.area_id
    WHERE wanted IS NULL AND p.kind NOT IN (SELECT kind FROM direct)
    UNION ALL  -- of a border the side that none of those found belongs to
    SELECT its.kind, k.area_id FROM (SELECT DISTINCT kind FROM direct) its CROSS JOIN known k
    WHERE k.basis = 'OUTLINE' AND NOT k.certain AND NOT has_successor(k.area_id) AND NOT EXISTS (
      SELECT FROM direct d JOIN area_within w
        ON (w.area_id, w.ancestor_id) IN ((d.area_id, k.area_id), (k.area_id, d.area_id))
      WHERE d.kind = its.kind)
  ), above AS (
    SELECT DISTINCT ON (a.id) a.id, a.kind, a.point, m.side, k.area_id, k.level
    FROM missing m JOIN actor a ON a.kind = m.kind
    JOIN area_within w ON w.area_id = a.jurisdiction_id
    JOIN known k ON k.area_id = w.ancestor_id AND k.area_id = coalesce(m.side, k.area_id)
    ORDER BY a.id, k.level DESC, has_successor(k.area_id), k.area_id
  ), ranked AS (
    SELECT above.*, rank() OVER (PARTITION BY kind, side ORDER BY level DESC, has_successor(area_id)) AS depth,
           row_number() OVER (
             PARTITION BY kind, side ORDER BY level DESC, has_successor(area_id), ST_Distance(point, place), id) AS number
    FROM above
  )
  SELECT id, area_id, level, basis, certain FROM direct
  UNION ALL
  SELECT id, area_id, level, CASE WHEN level = 0 THEN 'NATION' ELSE 'LEVEL_ABOVE' END, false
  FROM ranked WHERE depth = 1 AND number <= 3
$$;
