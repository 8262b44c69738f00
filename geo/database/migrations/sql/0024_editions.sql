-- An area is of an edition of its scheme, and what its code is written as names it wherever a code is taken.

ALTER TABLE lakana.admin_area ADD COLUMN edition TEXT;
ALTER TABLE lakana.admin_area DISABLE TRIGGER USER;
-- The version that its source names, else the year of its first day; several of one code are told apart by a number.
UPDATE lakana.admin_area a
SET edition = named.edition || CASE WHEN named.number > 1 THEN '.' || named.number ELSE '' END
FROM (
  SELECT id, edition, row_number() OVER (PARTITION BY scheme, code, edition ORDER BY valid_from NULLS FIRST, id) AS number
  FROM (
    SELECT each.id, each.scheme, each.code, each.valid_from,
           coalesce(substring(s.name FROM '\mv[0-9]+\M'), to_char(each.valid_from, 'YYYY'), 'undated') AS edition
    FROM lakana.admin_area each JOIN lakana.source s ON s.id = each.source_id) known) named
WHERE named.id = a.id;
ALTER TABLE lakana.admin_area ENABLE TRIGGER USER;
ALTER TABLE lakana.admin_area ALTER COLUMN edition SET NOT NULL,
  ADD CONSTRAINT admin_area_written_check CHECK (scheme || edition !~ '[[:space:]:@]' AND code !~ '[[:space:]:]'),
  ADD CONSTRAINT admin_area_scheme_edition_code_key UNIQUE (scheme, edition, code);

-- How the code of an area is written: with its edition where that is not in force.
CREATE FUNCTION lakana.area_code(scheme text, edition text, code text, valid_from date, valid_to date) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT scheme || CASE WHEN daterange(valid_from, valid_to) @> current_date THEN '' ELSE '@' || edition END || ':' || code
$$;

-- The one area that a code names: SCHEME@EDITION:CODE of any edition, SCHEME:CODE of those in force, or CODE alone where it
-- is the only one in force. NULL where there is none; raises LK400 where there are several. Texts of callers are in HINT,
-- which is not logged.
CREATE FUNCTION lakana.area_written(area_code text, argument text DEFAULT 'areaCode') RETURNS uuid
LANGUAGE plpgsql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
DECLARE
  given text := upper(regexp_replace(area_code, '[\s\u00a0\u202f]', '', 'g'));
  division text := CASE WHEN position(':' IN given) > 0 THEN split_part(given, ':', 1) END;
  wanted text := substr(given, position(':' IN given) + 1);
  of_edition text := CASE WHEN position('@' IN division) > 0 THEN substr(division, position('@' IN division) + 1) END;
  found uuid[];
  candidates text;
BEGIN
  SELECT array_agg(id), string_agg(scheme || ':' || code || ' (' || name_fr || ')', ', ' ORDER BY scheme)
  INTO found, candidates
  FROM admin_area
  WHERE upper(code) = wanted AND (division IS NULL OR upper(scheme) = split_part(division, '@', 1))
    AND CASE WHEN of_edition IS NULL THEN daterange(valid_from, valid_to) @> current_date
        ELSE upper(edition) = of_edition END;
  IF cardinality(found) > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument,
      HINT = format('%s; choose one of %s', area_code, candidates), MESSAGE = 'several areas in force bear the code %s.';
  END IF;
  RETURN found[1];
END $$;

-- The one locality that SCHEME:CODE names; NULL where there is none.
CREATE FUNCTION lakana.locality_written(locality_code text) RETURNS uuid
LANGUAGE sql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
  SELECT max(id::text)::uuid FROM locality
  WHERE upper(code) = upper(regexp_replace(split_part(locality_code, ':', 2), '[\s\u00a0\u202f]', '', 'g'))
    AND upper(scheme) = upper(regexp_replace(split_part(locality_code, ':', 1), '[\s\u00a0\u202f]', '', 'g'))
  HAVING count(*) = 1
$$;
CREATE INDEX locality_code_idx ON lakana.locality (upper(code));

-- The area that a code names; raises LK400 where there is none, with those that may be meant, and for a locality with the
-- area that holds it.
CREATE OR REPLACE FUNCTION lakana.area_in_force(area_code text, argument text DEFAULT 'areaCode') RETURNS uuid
LANGUAGE plpgsql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found uuid := area_written(area_code, argument);
  wanted text := code_key(substr(area_code, position(':' IN area_code) + 1));
  of_scheme text := code_key(split_part(split_part(area_code, ':', 1), '@', 1));
  in_force boolean := position('@' IN area_code) = 0;
  candidates text;
BEGIN
  IF found IS NULL THEN
    SELECT area_code || ' lies in ' || area_code(a.scheme, a.edition, a.code, a.valid_from, a.valid_to) INTO candidates
    FROM locality l JOIN admin_area a ON a.id = l.area_id WHERE l.id = locality_written(area_code);
    IF candidates IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument, HINT = candidates,
        MESSAGE = 'a locality is no area; name the one that holds it: %s.';
    END IF;
    SELECT string_agg(named, ', ') INTO candidates FROM (
      SELECT area_code(scheme, edition, code, valid_from, valid_to) AS named FROM admin_area
      WHERE code_key(code) = wanted AND (daterange(valid_from, valid_to) @> current_date OR code_key(scheme) = of_scheme)
      ORDER BY position(':' IN area_code) = 0 OR code_key(scheme) = of_scheme DESC,
        daterange(valid_from, valid_to) @> current_date DESC, scheme, edition, code LIMIT 3) alike;
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument,
      HINT = area_code || coalesce(' (did you mean ' || candidates || '?)', ''),
      MESSAGE = CASE WHEN in_force THEN 'no area in force bears the code %s; adminAreas lists the codes, written SCHEME:CODE.'
                ELSE 'no area bears the code %s; adminAreas lists the codes of an edition.' END;
  END IF;
  RETURN found;
END $$;

-- The area or, where none bears the code, the locality that a code names; raises LK400 where there is neither.
CREATE FUNCTION lakana.place_in_force(area_code text, argument text DEFAULT 'areaCode') RETURNS uuid
LANGUAGE sql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(area_written(area_code, argument), locality_written(area_code), area_in_force(area_code, argument))
$$;

-- The one locality of that name, by any known spelling, inside an area where one is given; NULL where there is none, or
-- several.
CREATE OR REPLACE FUNCTION lakana.locality_named(wanted text, area uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT max(l.id::text)::uuid FROM locality l
  WHERE l.id IN (SELECT locality_id FROM locality_name WHERE name_key = fold(wanted))
    AND (area IS NULL OR l.area_id IN (SELECT area_id FROM area_within WHERE ancestor_id = area))
  HAVING count(*) = 1
$$;

REVOKE EXECUTE ON FUNCTION lakana.area_code, lakana.area_written, lakana.locality_written, lakana.place_in_force FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.area_code, lakana.area_written, lakana.locality_written, lakana.place_in_force
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
