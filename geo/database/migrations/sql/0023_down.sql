-- What 0023 added goes; what was renamed or mended stays, and what is remembered of numbers and words.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DROP INDEX
  lakana.actor_joined_idx, lakana.service_joined_idx, lakana.organization_joined_idx, lakana.training_event_joined_idx,
  lakana.organization_acronym_word_idx, lakana.organization_host_word_idx, lakana.front_gate_keys_idx;
REVOKE EXECUTE ON FUNCTION lakana.phone_keys FROM lakana_steward;
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
      one.called, one.written, one.rows, one.does, 'name, acronym');
  END LOOP;
  FOR one IN SELECT * FROM (VALUES ('actor', true), ('service', true), ('organization', false), ('training_event', false)) AS known(place, has_phone) LOOP
    EXECUTE format('DROP TRIGGER former_phones_update ON lakana.%I', one.place);
    EXECUTE format('DROP TRIGGER former_phones_delete ON lakana.%I', one.place);
    IF one.has_phone THEN
      EXECUTE format('CREATE TRIGGER former_phones_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS '
        'old_rows FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', one.place);
      EXECUTE format('CREATE TRIGGER former_phones_delete AFTER DELETE ON lakana.%I REFERENCING OLD TABLE AS old_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', one.place);
    END IF;
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION lakana.plain_digits(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- Letters of Europe and signs have no digits of their own.
  SELECT CASE WHEN common ~ '[^\u0001-\u065f\u2000-\u2bff]' THEN lakana.other_digits(common) ELSE common END
  FROM normalize(written, NFKC) AS common
$$;
CREATE OR REPLACE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array(
    SELECT substr(digits, start, 8)
    FROM regexp_replace(lakana.plain_digits(contact), '[^0-9]', '', 'g') AS digits, generate_series(1, length(digits) - 7) AS start
    UNION
    SELECT found[1] FROM regexp_matches(regexp_replace(lakana.plain_digits(contact), '[ ().\-/]', '', 'g'), '[0-9]{3,7}', 'g') AS found
  )
$$;
CREATE OR REPLACE FUNCTION lakana.number_keys(phone text, others text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2 AS $$
  SELECT lakana.phone_key(phone) WHERE phone IS NOT NULL
  UNION ALL
  SELECT lakana.phone_key(found[1])
  FROM unnest(ARRAY['[0-9](?:[ ().-]*[0-9]){7,}', '[0-9](?:[ ().\-/]*[0-9]){7,}']) AS form,
    regexp_matches(lakana.plain_digits(others), form, 'g') AS found
  WHERE length(others) > 7
$$;
CREATE OR REPLACE FUNCTION exact.keep_phones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO exact.former_phone SELECT DISTINCT phone_key(phone) FROM old_rows WHERE phone_key(phone) IS NOT NULL
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO exact.former_phone
    SELECT DISTINCT phone_key(phone) FROM (SELECT id, phone FROM old_rows EXCEPT SELECT id, phone FROM new_rows) AS former
    WHERE phone_key(phone) IS NOT NULL
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lakana.telling_words(given text, of_zone uuid) RETURNS text
LANGUAGE sql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
  WITH said AS MATERIALIZED (
    -- Words that are spelt letter by letter are put together: "b l a" is "bla".
    SELECT ' ' || regexp_replace(fold(given), '(?<=\y\w) (?=\w\y)', '', 'g') || ' ' AS words, skeleton(fold(given)) AS glued
  ), inside AS MATERIALIZED (
    SELECT DISTINCT w.area_id FROM zone_area part JOIN area_within w ON w.ancestor_id = part.area_id WHERE part.zone_id = of_zone
  ), town AS (
    SELECT id, name_key, name_en, name_bm FROM locality WHERE area_id IN (SELECT area_id FROM inside)
    UNION
    SELECT l.id, l.name_key, l.name_en, l.name_bm FROM zone z JOIN locality l ON ST_Covers(z.geom, l.point::geometry)
    WHERE z.id = of_zone
  ), neighbour AS MATERIALIZED (
    SELECT a.id, a.name_key, o.name_key AS organization, fold(o.acronym) AS acronym
    FROM (
      SELECT id FROM actor WHERE area_id IN (SELECT area_id FROM inside)
      UNION
      SELECT a.id FROM zone z JOIN actor a ON ST_Covers(z.geom, a.point::geometry) WHERE z.id = of_zone
    ) here JOIN actor a USING (id) LEFT JOIN organization o ON o.id = a.organization_id
  ), name AS (
    SELECT name_key AS name FROM town
    UNION SELECT fold(name_en) FROM town
    UNION SELECT fold(name_bm) FROM town
    UNION SELECT n.name_key FROM town JOIN locality_name n ON n.locality_id = town.id
    UNION SELECT fold(one) FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
      WHERE a.id IN (SELECT area_id FROM inside)
    UNION SELECT one FROM neighbour, unnest(ARRAY[name_key, organization, acronym]) AS one
  ), word AS MATERIALIZED (
    SELECT DISTINCT one AS word FROM said, regexp_split_to_table(btrim(said.words), ' ') AS one
    WHERE length(one) >= 3 AND one ~ '[[:alpha:]]' AND one NOT IN ('abri', 'permanence')  -- as we call what has no name
    UNION
    SELECT one FROM said, (SELECT name_key FROM actor UNION SELECT name_key FROM organization) body,
      regexp_split_to_table(body.name_key, ' ') AS one
    WHERE length(one) >= 6 AND position(skeleton(one) IN said.glued) > 0
  )
  SELECT min(found) FROM (
    SELECT name AS found FROM name, said WHERE length(name) >= 2 AND position(' ' || name || ' ' IN said.words) > 0
      OR length(name) >= 5 AND position(skeleton(name) IN said.glued) > 0
    UNION ALL
    SELECT word FROM word WHERE EXISTS (SELECT FROM organization o WHERE fold(o.acronym) = word)
    UNION ALL
    SELECT word FROM word WHERE word NOT IN ('les', 'des', 'aux', 'une', 'sur', 'par', 'the', 'and', 'for') AND (
      SELECT count(*) FROM (
        SELECT coalesce(a.organization_id, a.id) FROM actor a
        WHERE a.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || a.name_key || ' ') > 0
        UNION
        SELECT o.id FROM organization o WHERE position(' ' || word || ' ' IN ' ' || o.name_key || ' ') > 0
        UNION
        SELECT coalesce(a.organization_id, a.id) FROM service s JOIN actor a ON a.id = s.actor_id
        WHERE s.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || s.name_key || ' ') > 0
        UNION
        SELECT t.id FROM training_event t
        WHERE position(' ' || word || ' ' IN ' ' || fold(concat_ws(' ', t.name, t.programme, t.description)) || ' ') > 0
      ) body
    ) BETWEEN 1 AND 4
    UNION ALL
    SELECT f.word FROM exact.former_word f, said
    WHERE f.word NOT IN ('abri', 'permanence')
      AND (position(' ' || f.word || ' ' IN said.words) > 0 OR length(f.word) >= 6 AND position(skeleton(f.word) IN said.glued) > 0)
      AND (SELECT count(*) FROM (
        (SELECT FROM service s
         WHERE s.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || s.name_key || ' ') > 0 LIMIT 5)
        UNION ALL
        (SELECT FROM actor a
         WHERE a.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || a.name_key || ' ') > 0 LIMIT 5)
      ) others) < 5
  ) told
$$;
CREATE OR REPLACE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s, unnest(ARRAY[%s]) AS given, regexp_split_to_table(fold(given), '' '') AS word '
    'WHERE length(word) >= 3 AND word ~ ''[[:alpha:]]'' %s', TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'AND NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO exact.former_word SELECT DISTINCT word FROM (%s %s) AS gone ON CONFLICT DO NOTHING',
    format(words, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'new_rows') END);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lakana.check_front_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys text[] := phone_keys(NEW.contact);
  telling text := telling_words(NEW.contact, (SELECT zone_id FROM service WHERE id = NEW.service_id));
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.front_gate'));  -- one at a time with check_public_numbers
  telling := coalesce(telling, substring(NEW.contact FROM
    '(?i)[a-z]+://[^ ]+|www[.][^ ]+|(?:^|[^0-9.,])-?[0-9]{1,2}[.,][0-9]{2,}(?:[^0-9]{2,}|[,;/])[0-9]{1,3}[.,][0-9]{2,}(?![0-9.,])'));
  IF telling IS NULL THEN
    SELECT min(host) INTO telling FROM (
      SELECT regexp_replace(lower(url), '^https?://(www[.])?|[:/?#].*$', '', 'g') AS host FROM organization WHERE url IS NOT NULL
    ) site WHERE position(host IN lower(NEW.contact)) > 0;
  END IF;
  IF telling IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'front_gate', HINT = telling, MESSAGE =
      'it holds « %s », by which a place or a body is known; give a contact that tells nothing of where it is.';
  END IF;
  IF EXISTS (SELECT FROM actor WHERE numbers_of(phone, name) && keys)
     OR EXISTS (SELECT FROM service WHERE NOT confidential AND numbers_of(phone, name || coalesce(', ' || opening_hours, '')) && keys)
     OR EXISTS (SELECT FROM organization, number_keys(NULL, concat_ws(', ', name, acronym, url)) AS key WHERE key = ANY (keys))
     OR EXISTS (SELECT FROM training_event, number_keys(NULL, concat_ws(', ', name, programme, description)) AS key
                WHERE key = ANY (keys))
     OR EXISTS (SELECT FROM exact.former_phone f WHERE f.phone_key = ANY (keys))
     OR EXISTS (SELECT FROM exact.former_gate f WHERE f.contact_key = fold(NEW.contact)) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'front_gate', MESSAGE =
      'a public record has or had this number or contact, which would tell where to look; give one that nothing else has.';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION lakana.hide_confidential_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  hidden uuid;
  telling text;
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
  ELSIF NEW.name ~ '^Abri [0-9]{6}$' THEN
    NULL;  -- a neutral one, whoever else is called so
  ELSIF TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name OR NEW.zone_id IS DISTINCT FROM OLD.zone_id THEN
    telling := telling_words(NEW.name, NEW.zone_id);
    IF telling IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', HINT = telling, MESSAGE =
        'it holds « %s », by which a place of its zone or somebody or something public is or was known; give another name, or none '
        'and a neutral one is made.';
    END IF;
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
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lakana.keep_names_untold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s, unnest(ARRAY[%s]) AS given, regexp_split_to_table(fold(given), '' '') AS word %s',
    TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  ours CONSTANT text := 'abri|permanence|[^[:alpha:]]';
  shapes text[];
  one record;
BEGIN
  IF NOT EXISTS (SELECT FROM service WHERE confidential AND regexp_replace(name_key, ours, '', 'g') <> '')
     AND NOT EXISTS (SELECT FROM front_gate WHERE regexp_replace(fold(contact), ours, '', 'g') <> '') THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT array_agg(DISTINCT skeleton(word)) FROM (%s %s) words WHERE length(word) >= 2', format(words, 'new_rows'),
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
      SELECT * FROM told WHERE regexp_replace(fold(text), ours, '', 'g') <> ''
        AND EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN skeleton(fold(text))) > 0)
    )
    SELECT * FROM alike WHERE telling_words(text, zone_id) IS NOT NULL
  LOOP
    IF NOT one.is_gate THEN
      UPDATE service SET name = NULL WHERE id = one.id;
    ELSIF plain_digits(one.text) ~ '([0-9][^0-9]*){6}' THEN
      UPDATE front_gate SET contact = 'Permanence, ' || btrim(regexp_replace(plain_digits(one.text), '[^0-9+]+', ' ', 'g'))
      WHERE service_id = one.id;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lakana.numbers_of(phone text, others text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT array(SELECT number_keys(phone, others))
$$;
REINDEX INDEX lakana.actor_numbers_idx;
REINDEX INDEX lakana.service_numbers_idx;
DELETE FROM exact.former_phone WHERE phone_key LIKE '+%';
DROP FUNCTION
  lakana.telling_words(text, uuid, boolean), lakana.refuse_telling, lakana.what_tells, lakana.is_public_number, lakana.telling_form, lakana.numbers_alone, lakana.words_of,
  lakana.host_word, lakana.acronym_word, lakana.joined_words, lakana.own_words, lakana.short_codes, lakana.eights, lakana.dialled;
REVOKE EXECUTE ON FUNCTION lakana.telling_words FROM PUBLIC;
