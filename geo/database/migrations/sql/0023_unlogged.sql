-- No message of ours holds a text of the caller's or what was found for it: the server's log keeps messages and, with
-- log_error_verbosity = terse, nothing else. The words are in HINT, which takes the place of %s (geo.database.sqlstates).

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

CREATE OR REPLACE FUNCTION lakana.home_area() RETURNS uuid
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
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'areaCode', HINT = coalesce(candidates, 'none'), MESSAGE =
      'name the area: there are several nations here or none (%s).';
  END IF;
  RETURN found[1];
END $$;

CREATE OR REPLACE FUNCTION lakana.reach_m(by lakana.travel_mode, during lakana.season, minutes double precision)
RETURNS double precision LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  metres double precision;
BEGIN
  SELECT minutes / 60 * speed_km_h * 1000 / detour INTO metres
  FROM lakana.travel_estimate WHERE mode = by AND season = during;
  IF metres > 1000000 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'within.travel.minutes',
      HINT = format('%s minutes one comes %s', minutes, round((metres / 1000)::numeric, 1)),
      MESSAGE = 'in %s km far, and at most 1,000 can be asked for; give fewer minutes.';
  END IF;
  RETURN metres;
END $$;

-- Organisations are told apart without blanks: what stands between letters and is none of them folds to a blank, and fonts
-- show some of it as nothing. Rows of before stay as they are.
CREATE OR REPLACE FUNCTION lakana.keep_names_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  -- A name of signs alone folds to nothing; it is compared as it is.
  folded text := coalesce(nullif(replace(lakana.fold(NEW.name), ' ', ''), ''), NEW.name);
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.name = OLD.name THEN
    RETURN NEW;  -- one of before that looks like another can be changed in all else
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lakana.organization'), hashtext(folded));
  IF EXISTS (
    SELECT FROM organization o
    WHERE o.id <> NEW.id AND coalesce(nullif(replace(o.name_key, ' ', ''), ''), o.name) = folded
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE =
      'an organisation of that name is in the directory already; change that one.';
  END IF;
  RETURN NEW;
END $$;
