-- As 0023 had it.
DROP FUNCTION lakana.is_cursor_of;

-- The one area in force that a code names: SCHEME:CODE, or CODE alone where it is the only one. Raises LK400 where there
-- are several, and where there is none, with those that may be meant. The texts are in HINT, which is not logged.
CREATE OR REPLACE FUNCTION lakana.area_in_force(area_code text, argument text DEFAULT 'areaCode') RETURNS uuid
LANGUAGE plpgsql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
DECLARE
  given text := upper(regexp_replace(area_code, '[\s\u00a0\u202f]', '', 'g'));
  wanted text := substr(given, position(':' IN given) + 1);
  of_scheme text := CASE WHEN position(':' IN given) > 0 THEN split_part(given, ':', 1) END;
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(id), string_agg(scheme || ':' || code || ' (' || name_fr || ')', ', ' ORDER BY scheme)
  INTO found, candidates
  FROM admin_area
  WHERE upper(code) = wanted AND (of_scheme IS NULL OR upper(scheme) = of_scheme)
    AND daterange(valid_from, valid_to) @> current_date;
  IF found IS NULL THEN
    SELECT string_agg(named, ', ') INTO candidates FROM (
      SELECT scheme || ':' || code AS named FROM admin_area
      WHERE code_key(code) = code_key(wanted) AND daterange(valid_from, valid_to) @> current_date
      ORDER BY (of_scheme IS NULL OR code_key(scheme) = code_key(of_scheme)) DESC, scheme, code LIMIT 3) alike;
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument,
      HINT = area_code || coalesce(' (did you mean ' || candidates || '?)', ''), MESSAGE =
      'no area in force bears the code %s; adminAreas lists the codes, written SCHEME:CODE or CODE.';
  ELSIF cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument,
      HINT = format('%s; choose one of %s', area_code, candidates), MESSAGE = 'several areas in force bear the code %s.';
  END IF;
  RETURN found[1];
END $$;

CREATE OR REPLACE FUNCTION lakana.locality_named(wanted text, area uuid) RETURNS uuid
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
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', HINT = format('%s: %s', wanted, candidates), MESSAGE =
      'several localities are called %s; add areaCode to choose one.';
  END IF;
  RETURN found[1];
END $$;

DROP FUNCTION lakana.place_in_force;
DROP FUNCTION lakana.locality_written;
DROP INDEX lakana.locality_code_idx;
DROP FUNCTION lakana.area_written;
DROP FUNCTION lakana.area_code;
ALTER TABLE lakana.admin_area DROP CONSTRAINT admin_area_written_check, DROP COLUMN edition,
  DROP CONSTRAINT admin_area_level_check, ADD CONSTRAINT admin_area_level_check CHECK (level BETWEEN 0 AND 5);
DROP TABLE lakana.level_name;
ALTER TYPE lakana.area_level RENAME VALUE 'ADM0' TO 'NATION';
ALTER TYPE lakana.area_level RENAME VALUE 'ADM1' TO 'REGION';
ALTER TYPE lakana.area_level RENAME VALUE 'ADM2' TO 'CERCLE';
ALTER TYPE lakana.area_level RENAME TO reporting_level;
