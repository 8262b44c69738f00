-- Areas: their published place, what lies in what, codes and points resolved.

CREATE FUNCTION lakana.derive_area_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.geom IS NULL THEN
    NEW.point := NULL;
    NEW.radius_m := NULL;
  ELSE
    NEW.point := ST_PointOnSurface(NEW.geom)::geography;
    NEW.radius_m := sqrt(ST_Area(NEW.geom::geography) / pi());  -- the circle of equal area
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER derive_area_place BEFORE INSERT OR UPDATE ON lakana.admin_area
FOR EACH ROW EXECUTE FUNCTION lakana.derive_area_place();

CREATE FUNCTION lakana.derive_area_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  WITH RECURSIVE up(area_id, ancestor_id) AS (
    SELECT id, id FROM admin_area
    UNION
    SELECT up.area_id, step.ancestor_id
    FROM up JOIN (
      SELECT id AS area_id, parent_id AS ancestor_id FROM admin_area WHERE parent_id IS NOT NULL
      UNION ALL
      SELECT from_area_id, to_area_id FROM area_crosswalk WHERE share = 1
    ) step ON step.area_id = up.ancestor_id
  ), gone AS (
    DELETE FROM area_within w
    WHERE NOT EXISTS (SELECT FROM up WHERE (up.area_id, up.ancestor_id) = (w.area_id, w.ancestor_id))
  )
  INSERT INTO area_within SELECT area_id, ancestor_id FROM up ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER derive_area_within AFTER INSERT OR DELETE OR UPDATE OF parent_id ON lakana.admin_area
FOR EACH STATEMENT EXECUTE FUNCTION lakana.derive_area_within();
CREATE TRIGGER derive_area_within AFTER INSERT OR DELETE OR UPDATE ON lakana.area_crosswalk
FOR EACH STATEMENT EXECUTE FUNCTION lakana.derive_area_within();

-- SCHEME:CODE, or a bare code where one area in force bears it. NULL for NULL.
-- Raises LK400 (the caller's fault; the argument's name in DETAIL) where none or several do.
CREATE FUNCTION lakana.area_in_force(area_code text, argument text DEFAULT 'areaCode') RETURNS uuid
LANGUAGE plpgsql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(id), string_agg(scheme || ':' || code || ' (' || name_fr || ')', ', ' ORDER BY scheme)
  INTO found, candidates
  FROM admin_area
  WHERE code = substr(area_code, position(':' IN area_code) + 1)
    AND (position(':' IN area_code) = 0 OR scheme = split_part(area_code, ':', 1))
    AND daterange(valid_from, valid_to) @> current_date;
  IF found IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument, MESSAGE = format(
      'no area in force bears the code %s; adminAreas lists the codes, written SCHEME:CODE or CODE.', area_code);
  ELSIF cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument, MESSAGE = format(
      'several areas in force bear the code %s; choose one of %s.', area_code, candidates);
  END IF;
  RETURN found[1];
END $$;

-- The one locality of that name, by any known spelling, inside an area where one is given. NULL where there is none.
-- Raises LK400 where there are several.
CREATE FUNCTION lakana.locality_named(wanted text, area uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(l.id), string_agg(l.name_fr || ' (' || a.scheme || ':' || a.code || ' ' || a.name_fr || ')', ', ' ORDER BY l.code)
  INTO found, candidates
  FROM locality l JOIN admin_area a ON a.id = l.area_id
  WHERE l.id IN (SELECT locality_id FROM locality_name WHERE name_key = fold(wanted))
    AND (area IS NULL OR l.area_id IN (SELECT area_id FROM area_within WHERE ancestor_id = area));
  IF cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE = format(
      'several localities are called %s: %s; add areaCode to choose one.', wanted, candidates);
  END IF;
  RETURN found[1];
END $$;

-- Every area in force that holds a point: by its outline where it has one; an area without an outline holds the
-- point where it holds the nearest locality of the smallest outline. Empty outside all outlines.
CREATE FUNCTION lakana.areas_at(place geography) RETURNS TABLE (area_id uuid)
LANGUAGE sql STABLE ROWS 5 SET search_path = lakana, public, pg_temp AS $$
  WITH outlined AS MATERIALIZED (
    SELECT id, radius_m FROM admin_area
    WHERE ST_Covers(geom, place::geometry) AND daterange(valid_from, valid_to) @> current_date
  ), town AS (
    SELECT l.area_id FROM locality l
    WHERE l.area_id IN (
      SELECT w.area_id FROM area_within w
      WHERE w.ancestor_id = (SELECT id FROM outlined ORDER BY radius_m, id LIMIT 1))
    ORDER BY l.point <-> place, l.id LIMIT 1
  )
  SELECT id FROM outlined
  UNION
  SELECT w.ancestor_id FROM town JOIN area_within w USING (area_id)
  JOIN admin_area a ON a.id = w.ancestor_id
  WHERE a.geom IS NULL AND daterange(a.valid_from, a.valid_to) @> current_date
$$;

-- The nation that is meant where no area is named: the one of level 0 in force that no crosswalk leads to (a crosswalk
-- leads from the division in use to older and other ones). Raises LK400 where there are several or none.
CREATE FUNCTION lakana.home_area() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(id), string_agg(scheme || ':' || code || ' (' || name_fr || ')', ', ' ORDER BY scheme, code)
  INTO found, candidates
  FROM admin_area a
  WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date
    AND NOT EXISTS (SELECT FROM area_crosswalk c WHERE c.to_area_id = a.id);
  IF found IS NULL OR cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'areaCode', MESSAGE = format(
      'name the area: there are several nations here or none (%s).', coalesce(candidates, 'none'));
  END IF;
  RETURN found[1];
END $$;
