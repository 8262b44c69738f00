-- Codes of areas are read with blanks and case forgiven, and what is asked with longitude and latitude exchanged is told so.

-- What a code has in common with those that one may have meant: ML3 and ML03, iso-3166-2 and ISO 3166 2.
CREATE OR REPLACE FUNCTION lakana.code_key(code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(upper(code), '[^[:alnum:]]', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')
$$;

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

DROP INDEX lakana.admin_area_code_idx;
CREATE INDEX admin_area_code_idx ON lakana.admin_area (upper(code));

-- Returns true, or raises LK400 for a place outside of the box around every country that would lie in the hull of one with
-- longitude and latitude exchanged. A country without an outline tells nothing.
CREATE FUNCTION lakana.refuse_exchanged(place geography, argument text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM admin_area WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date AND geom && place::geometry
  ) THEN
    RETURN true;
  END IF;
  IF abs(ST_X(place::geometry)) <= 90 AND EXISTS (
    SELECT FROM admin_area
    WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date
      AND geom && ST_FlipCoordinates(place::geometry)  -- before the hull, which takes 0.6 ms
      AND ST_Covers(ST_ConvexHull(geom), ST_FlipCoordinates(place::geometry))
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = argument, MESSAGE =
      'longitude and latitude are swapped: exchanged, they lie in the country.';
  END IF;
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.code_key, lakana.refuse_exchanged FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.code_key, lakana.refuse_exchanged
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
