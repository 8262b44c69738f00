-- Who is competent at a place, never nobody where the country is known: by the outlines that hold it, by the register of the
-- town that it belongs to, or up the levels.

-- The areas that a place is known to lie in. OUTLINE: one holds it; certain unless it stands on a border, where both sides are
-- told. REGISTER: the nearest town within 10 km is registered there, and no outline says otherwise; certain within 2 km.
CREATE FUNCTION lakana.known_areas(place geography)
RETURNS TABLE (area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH drawn AS MATERIALIZED (
    SELECT a.id, a.scheme, a.edition, a.level, count(*) OVER (PARTITION BY a.scheme, a.edition, a.level) AS sides
    FROM areas_at(place) at JOIN admin_area a ON a.id = at.area_id
  ), town AS MATERIALIZED (
    SELECT area_set_id, ST_Distance(point, place) AS metres FROM locality
    WHERE ST_DWithin(point, place, 10000) ORDER BY point <-> place, id LIMIT 1
  )
  SELECT id, level, 'OUTLINE', sides = 1 FROM drawn
  UNION ALL
  SELECT a.id, a.level, 'REGISTER', town.metres <= 2000
  FROM town JOIN area_within w ON w.area_id = town.area_set_id JOIN admin_area a ON a.id = w.ancestor_id
  WHERE NOT EXISTS (
    SELECT FROM drawn d WHERE (d.scheme, d.edition, d.level) = (a.scheme, a.edition, a.level))
$$;

-- The actors of a kind (NULL: any) who are competent at a place, and by which area. Where none of a kind is that the law
-- appoints everywhere, or of the one asked for, the three nearest whose jurisdiction lies in the smallest known area that
-- holds any: LEVEL_ABOVE, or NATION. They can be called meanwhile, and know who it is.
CREATE FUNCTION lakana.competent_at(place geography, wanted lakana.actor_kind)
RETURNS TABLE (actor_id uuid, area_id uuid, level smallint, basis text, certain boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH known AS MATERIALIZED (
    SELECT * FROM known_areas(place)
  ), direct AS MATERIALIZED (
    SELECT a.id, a.kind, k.area_id, k.level, k.basis, k.certain FROM known k JOIN actor a ON a.jurisdiction_id = k.area_id
    WHERE wanted IS NULL OR a.kind = wanted
  ), missing(kind) AS (
    SELECT wanted WHERE wanted IS NOT NULL AND NOT EXISTS (SELECT FROM direct)
    UNION ALL
    SELECT kind FROM unnest('{CHILD_PROTECTION_OFFICER,JUVENILE_JUDGE,PROSECUTOR,POLICE_BRIGADE,SOCIAL_SERVICE}'::lakana.actor_kind[])
      AS appointed(kind)
    WHERE wanted IS NULL AND kind NOT IN (SELECT kind FROM direct)
  ), above AS (
    SELECT DISTINCT ON (a.id) a.id, a.kind, a.point, k.area_id, k.level
    FROM missing m JOIN actor a ON a.kind = m.kind
    JOIN area_within w ON w.area_id = a.jurisdiction_id JOIN known k ON k.area_id = w.ancestor_id
    ORDER BY a.id, k.level DESC, has_successor(k.area_id), k.area_id
  ), ranked AS (
    SELECT above.*, rank() OVER (PARTITION BY kind ORDER BY level DESC) AS depth,
           row_number() OVER (PARTITION BY kind ORDER BY level DESC, ST_Distance(point, place), id) AS number
    FROM above
  )
  SELECT id, area_id, level, basis, certain FROM direct
  UNION ALL
  SELECT id, area_id, level, CASE WHEN level = 0 THEN 'NATION' ELSE 'LEVEL_ABOVE' END, false
  FROM ranked WHERE depth = 1 AND number <= 3
$$;

REVOKE EXECUTE ON FUNCTION lakana.known_areas, lakana.competent_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.known_areas, lakana.competent_at
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
