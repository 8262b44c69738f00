-- What tells where a confidential shelter is, or who runs it, is asked by one function: of its front gate and of its name, when
-- they are written, and when a public record gets a word or a number later.

-- What reads as an address or a place: of the web, of mail, degrees, a plus code, letters among digits or words for digits, signs
-- that may stand for some. A front gate is a telephone number with words; hours may stand beside it. A name has no number of six
-- digits either.
CREATE FUNCTION lakana.telling_form(given text, gate boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(
    substring(plain FROM '[^ ]*(?:://|@|[[:alnum:]][.\u3002][[:alpha:]]{2,}|[[:alnum:]][+][[:alnum:]])[^ ]*'),
    substring(plain FROM '[\u1369-\u137c\u2030-\u2038\u203b-\u2bff\u3000-\u303f\u3192-\u319f\u3200-\u33ff\U00010100-\U0001018f\U0001d360-\U0001d37f\U0001f000-\U0001fbff]'),
    substring(bare FROM '[0-9]*[0-9][^[:alnum:] ()+/\-\u2010-\u2014][0-9]{2,}'),
    substring(bare FROM '[0-9]+ ?(?:[°˚\u030a]|deg|[''"’”]+ ?[[:alnum:]])'),
    substring(bare FROM '[0-9]+ ?[NSEWO](?![[:alnum:]])'),
    substring(bare FROM '(?<![[:alnum:]])[NSEWO] ?-?[0-9]+'),
    substring(bare FROM '[0-9]+ ?[ns](?![[:alnum:]]).*[0-9] ?[eow](?![[:alnum:]])'),
    substring(lower(bare) FROM '[0-9]+ (?:nord|sud|north|south)\M|\m(?:lat|lon|lng|latitude|longitude|gps)\M'),
    substring(bare FROM '[[:alnum:]]*(?:[0-9][[:alpha:]]|[[:alpha:]][0-9])[[:alnum:]]*'),
    substring(fold(given) FROM '\m(?:(?:zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|'
      'vingt|trente|quarante|cinquante|soixante|cent|et|one|two|three|four|five|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|'
      'sixty|seventy|eighty|ninety|hundred)(?: |$)){4,}'),
    CASE WHEN NOT gate THEN substring(plain FROM '[0-9](?:[^0-9]*[0-9]){5,}') END)
  FROM plain_digits(given) AS plain,
    -- Without numbers by pairs with points, hours and ordinals.
    regexp_replace(plain, '(?<![0-9.,])(?:[+]?[0-9]{1,3}[.])?[0-9]{2}(?:[.][0-9]{2}){3}(?![.,]?[0-9])'
      '|(?<![0-9:])[0-9]{1,2}:[0-5][0-9](?![0-9:])'
      '|(?<![[:alnum:]])[0-9]{1,2} ?(?:h[0-5][0-9]|h|j|er|re|e|eme|ème|nd|nde|bis|ter)(?![[:alnum:]])', ' ', 'g') AS bare
$$;

-- Whether a public record has one of these numbers, or had.
CREATE FUNCTION lakana.is_public_number(keys text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT cardinality(keys) > 0 AND (
    EXISTS (SELECT FROM actor WHERE numbers_of(phone, name) && keys)
    OR EXISTS (SELECT FROM service WHERE NOT confidential AND numbers_of(phone, name || coalesce(', ' || opening_hours, '')) && keys)
    OR EXISTS (SELECT FROM organization, number_keys(NULL, concat_ws(', ', name, acronym, url)) AS key WHERE key = ANY (keys))
    OR EXISTS (SELECT FROM training_event, number_keys(NULL, concat_ws(', ', name, programme, description)) AS key
               WHERE key = ANY (keys))
    OR EXISTS (SELECT FROM exact.former_phone f WHERE f.phone_key = ANY (keys)))
$$;

-- What a name or a front gate tells, and as what: a FORM, a WORD of somebody or something of its zone or of the directory, or a
-- NUMBER; NULL and NULL where it tells nothing.
CREATE FUNCTION lakana.what_tells(given text, of_zone uuid, gate boolean, OUT kind text, OUT telling text)
LANGUAGE plpgsql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NOT gate AND given ~ '^Abri [0-9]{6}$' THEN
    RETURN;  -- a neutral one, whoever else is called so
  END IF;
  kind := 'FORM';
  telling := telling_form(given, gate);
  IF telling IS NULL THEN
    kind := 'WORD';
    telling := telling_words(given, of_zone, gate);
  END IF;
  IF telling IS NULL THEN
    kind := CASE WHEN is_public_number(phone_keys(given)) OR gate AND EXISTS (SELECT FROM exact.former_gate WHERE contact_key = fold(given))
      THEN 'NUMBER' END;
    telling := CASE WHEN kind IS NOT NULL THEN given END;
  END IF;
END $$;

-- The word is in HINT, which no log has (log_error_verbosity).
CREATE FUNCTION lakana.refuse_telling(given text, of_zone uuid, gate boolean) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found record;
BEGIN
  IF gate OR given ~ '([0-9][^0-9]*){3}' THEN
    PERFORM pg_advisory_xact_lock(hashtext('lakana.front_gate'));  -- one at a time with check_public_numbers
  END IF;
  found := what_tells(given, of_zone, gate);
  IF found.kind IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = CASE WHEN gate THEN 'front_gate' ELSE 'name' END,
      HINT = found.telling, MESSAGE = CASE found.kind
        WHEN 'FORM' THEN CASE WHEN gate
          THEN 'it holds « %s »: a front gate is a telephone number with words beside it, and no address, place or code; leave that out.'
          ELSE 'it holds « %s »: a name has no address, place or code and no number of six digits; give another, or none and a neutral '
            'one is made.' END
        WHEN 'WORD' THEN CASE WHEN gate
          THEN 'it holds « %s », by which a place or a body is known; give a contact that tells nothing of where it is.'
          ELSE 'it holds « %s », by which a place of its zone or somebody or something public is or was known; give another name, or none '
            'and a neutral one is made.' END
        ELSE CASE WHEN gate
          THEN 'a public record has or had this number or contact, which would tell where to look; give one that nothing else has.'
          ELSE 'a public record has or had its number; give another name, or none and a neutral one is made.' END END;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION lakana.check_front_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM refuse_telling(NEW.contact, (SELECT zone_id FROM service WHERE id = NEW.service_id), true);
  RETURN NEW;
END $$;

-- As before; the name is asked what it tells as a front gate is.
CREATE OR REPLACE FUNCTION lakana.hide_confidential_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  hidden uuid;
BEGIN
  IF NOT NEW.confidential THEN
    NEW.zone_id := NULL;
    NEW.radius_m := 0;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT zone_id INTO hidden FROM exact.site WHERE service_id = OLD.id;
  END IF;
  NEW.zone_id := coalesce(hidden, zone_for(NEW.point, NEW.area_id), NEW.zone_id);
  PERFORM refuse_without_zone(NEW.zone_id);
  IF NEW.name IS NULL THEN
    NEW.name := neutral_name();
  ELSIF TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name OR NEW.zone_id IS DISTINCT FROM OLD.zone_id THEN
    PERFORM refuse_telling(NEW.name, NEW.zone_id, false);
  END IF;
  UPDATE zoning SET in_use = true WHERE NOT in_use AND country_id = (SELECT country_id FROM zone WHERE id = NEW.zone_id);
  NEW.actor_id := NULL;
  NEW.point := NULL;
  NEW.radius_m := 0;
  NEW.locality_id := NULL;
  NEW.area_id := NULL;
  NEW.opening_hours := NULL;
  NEW.phone := NULL;
  NEW.verified_on := date_trunc('quarter', NEW.verified_on)::date;
  NEW.source_id := neutral_source(NEW.source_id);
  RETURN NEW;
END $$;

-- A contact that names nobody and nothing: its numbers of six digits or more alone; NULL where it has none.
CREATE FUNCTION lakana.numbers_alone(contact text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = lakana, public, pg_temp AS $$
DECLARE
  bare text := plain_digits(contact);
  telling text := telling_form(bare, true);
BEGIN
  WHILE telling IS NOT NULL AND position(telling IN bare) > 0 LOOP
    bare := replace(bare, telling, ' | ');
    telling := telling_form(bare, true);
  END LOOP;
  RETURN (
    SELECT 'Permanence, ' || string_agg(btrim(regexp_replace(run[1], '[^0-9+]+', ' ', 'g')), ' / ')
    FROM regexp_matches(regexp_replace(bare, '(?<![0-9:])[0-9]{1,2}[:h](?:[0-5][0-9])?(?![0-9:])', ' | ', 'g'),
                        '[+]?[0-9](?:[ ().\-\u2010-\u2014]*[0-9]){5,}', 'g') AS run);
END $$;

-- The other way round: a public record does not get the number of a front gate, in whatever text. A hidden name that has a short
-- one gives way to a neutral one.
CREATE OR REPLACE FUNCTION lakana.check_public_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys CONSTANT text := format('SELECT key FROM %%s, number_keys(%s) AS key %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  added text[];
BEGIN
  EXECUTE format('SELECT array_agg(key) FROM (%s %s) numbers', format(keys, 'new_rows'),
    CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(keys, 'old_rows') END) INTO added;
  IF added IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lakana.front_gate'));
  IF EXISTS (SELECT FROM front_gate WHERE phone_keys(contact) && added) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = CASE WHEN TG_TABLE_NAME IN ('organization', 'training_event') THEN 'name' ELSE 'phone' END, MESSAGE =
      'it holds the number of a front gate, which must lead to nothing public; give another.';
  END IF;
  UPDATE service SET name = NULL
  WHERE confidential AND name !~ '^Abri [0-9]{6}$' AND name ~ '([0-9][^0-9]*){3}' AND phone_keys(name) && added;
  RETURN NULL;
END $$;

-- As before, by words of three letters and joined ones. A front gate that cannot be mended is left, and no write of others fails.
CREATE OR REPLACE FUNCTION lakana.keep_names_untold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s, unnest(ARRAY[%s]) AS given, '
    'LATERAL (SELECT words_of(given) UNION SELECT fold(given) WHERE length(fold(given)) = 2) AS said (word) %s',
    TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  -- What is left out of names, and of front gates.
  ours CONSTANT text[] := ARRAY(
    SELECT '\m(?:' || array_to_string(own_words(gate), '|') || ')\M|[^[:alpha:]]' FROM unnest('{false,true}'::boolean[]) AS gate ORDER BY gate);
  shapes text[];
  one record;
BEGIN
  IF NOT EXISTS (SELECT FROM service WHERE confidential AND regexp_replace(name_key, ours[1], '', 'g') <> '')
     AND NOT EXISTS (SELECT FROM front_gate WHERE regexp_replace(fold(contact), ours[2], '', 'g') <> '') THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT array_agg(DISTINCT skeleton(lower(word))) FROM (%s %s) words', format(words, 'new_rows'),
    CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'old_rows') END) INTO shapes;
  IF shapes IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN
    WITH told AS (
      SELECT id, zone_id, name AS text, false AS is_gate FROM service WHERE confidential
      UNION ALL
      SELECT s.id, s.zone_id, g.contact, true FROM front_gate g JOIN service s ON s.id = g.service_id
    ), alike AS MATERIALIZED (
      SELECT *, numbers_alone(text) AS alone FROM told WHERE regexp_replace(fold(text), ours[1 + is_gate::integer], '', 'g') <> ''
        AND EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN skeleton(fold(text))) > 0)
    )
    SELECT a.* FROM alike a, what_tells(text, zone_id, is_gate) WHERE kind IS NOT NULL AND (NOT is_gate OR alone IS NOT NULL)
  LOOP
    IF NOT one.is_gate THEN
      UPDATE service SET name = NULL WHERE id = one.id;
    ELSE
      BEGIN
        UPDATE front_gate SET contact = one.alone WHERE service_id = one.id AND contact <> one.alone;
      EXCEPTION WHEN SQLSTATE 'LK400' THEN
        NULL;
      END;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES ('names_insert', 'INSERT', 'NEW TABLE AS new_rows', 'lakana.keep_names_untold'),
    ('names_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows', 'lakana.keep_names_untold'),
    ('former_words_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows', 'exact.keep_words'),
    ('former_words_delete', 'DELETE', 'OLD TABLE AS old_rows', 'exact.keep_words')) AS known(called, written, rows, does) LOOP
    EXECUTE format('DROP TRIGGER %I ON lakana.organization', one.called);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.organization REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %s(%L)',
      one.called, one.written, one.rows, one.does, 'name, acronym_word(acronym), host_word(url)');
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.telling_form, lakana.is_public_number, lakana.what_tells, lakana.refuse_telling, lakana.numbers_alone
  FROM PUBLIC;

-- What there is: names that tell give way to neutral ones, front gates keep their numbers alone or go where these may not stand
-- either. Stewards see that one is missing, and one entry of the log says how many.
DO $$
DECLARE
  renamed integer := 0;
  mended integer := 0;
  removed integer := 0;
  gate record;
BEGIN
  SET LOCAL lakana.bulk = 'on';
  UPDATE lakana.service s SET name = NULL WHERE confidential AND (SELECT kind FROM lakana.what_tells(s.name, s.zone_id, false)) IS NOT NULL;
  GET DIAGNOSTICS renamed = ROW_COUNT;
  FOR gate IN
    SELECT g.service_id, lakana.numbers_alone(g.contact) AS alone, s.zone_id
    FROM lakana.front_gate g JOIN lakana.service s ON s.id = g.service_id, lakana.what_tells(g.contact, s.zone_id, true) WHERE kind IS NOT NULL
  LOOP
    IF gate.alone IS NULL OR (SELECT kind FROM lakana.what_tells(gate.alone, gate.zone_id, true)) IS NOT NULL THEN
      DELETE FROM lakana.front_gate WHERE service_id = gate.service_id;
      removed := removed + 1;
    ELSE
      UPDATE lakana.front_gate SET contact = gate.alone WHERE service_id = gate.service_id;
      mended := mended + 1;
    END IF;
  END LOOP;
  IF renamed + mended + removed > 0 THEN
    PERFORM audit.append('RENAME', 'service', NULL, NULL,
      jsonb_build_object('revision', '0023', 'services', renamed, 'frontGatesMended', mended, 'frontGatesRemoved', removed));
  END IF;
  SET LOCAL lakana.bulk = 'off';
END $$;
