-- What a confidential site is called and whom one calls tell nothing of where it stands.

CREATE FUNCTION lakana.neutral_name() RETURNS text
LANGUAGE sql VOLATILE AS $$
  SELECT 'Abri ' || lpad((('x' || left(md5(gen_random_uuid()::text), 7))::bit(28)::integer % 1000000)::text, 6, '0')
$$;

-- Numbers as they are dialled, by whatever digits they are written: those of other scripts, wide, raised or in circles. The
-- zeros of all scripts that have digits of their own, of Unicode 14; nine follow each.
CREATE FUNCTION lakana.plain_digits(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  zeros CONSTANT text := U&'\0660\06F0\07C0\0966\09E6\0A66\0AE6\0B66\0BE6\0C66\0CE6\0D66\0DE6\0E50\0ED0\0F20\1040\1090\17E0\1810\1946\19D0\1A80\1A90\1B50\1BB0\1C40\1C50\A620\A8D0\A900\A9D0\A9F0\AA50\ABF0\+0104A0\+010D30\+011066\+0110F0\+011136\+0111D0\+0112F0\+011450\+0114D0\+011650\+0116C0\+011730\+0118E0\+011950\+011C50\+011D50\+011DA0\+016A60\+016AC0\+016B50\+01E140\+01E2F0\+01E950';
  digit record;
BEGIN
  IF written !~ '[^\u0001-\u007f]' THEN
    RETURN written;
  END IF;
  written := normalize(written, NFKC);
  FOR digit IN
    SELECT DISTINCT one, (ascii(one) - ascii(zero))::text AS plain
    FROM regexp_split_to_table(regexp_replace(written, '[\u0001-\u065f]', '', 'g'), '') AS one,
      regexp_split_to_table(zeros, '') AS zero
    WHERE one <> '' AND ascii(one) BETWEEN ascii(zero) AND ascii(zero) + 9
  LOOP
    written := replace(written, digit.one, digit.plain);
  END LOOP;
  RETURN written;
END $$;

-- What two ways of writing one number have in common: its last eight digits, or all of a shorter one.
CREATE FUNCTION lakana.phone_key(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(right(regexp_replace(lakana.plain_digits(phone), '[^0-9]', '', 'g'), 8), '')
$$;

-- The keys of all numbers that a contact may hold, wherever one ends and the next begins.
CREATE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array(
    SELECT substr(digits, start, 8)
    FROM regexp_replace(lakana.plain_digits(contact), '[^0-9]', '', 'g') AS digits, generate_series(1, length(digits) - 7) AS start
    UNION
    SELECT found[1] FROM regexp_matches(regexp_replace(lakana.plain_digits(contact), '[ ().\-/]', '', 'g'), '[0-9]{3,7}', 'g') AS found
  )
$$;

-- The keys of all that is public of a record: its number, and each of eight digits or more that another text of it holds,
-- where a slash parts two of them or does not.
CREATE FUNCTION lakana.number_keys(phone text, others text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2 AS $$
  SELECT lakana.phone_key(phone) WHERE phone IS NOT NULL
  UNION ALL
  SELECT lakana.phone_key(found[1])
  FROM unnest(ARRAY['[0-9](?:[ ().-]*[0-9]){7,}', '[0-9](?:[ ().\-/]*[0-9]){7,}']) AS form,
    regexp_matches(lakana.plain_digits(others), form, 'g') AS found
  WHERE length(others) > 7
$$;

-- Numbers that led to a site while it was public: by one of these at its front gate it would be known again.
CREATE TABLE exact.former_phone (
  phone_key TEXT NOT NULL,
  CONSTRAINT former_phone_pkey PRIMARY KEY (phone_key)
);
-- Every number that a public record has had, whatever became of it: where a site was hidden cannot be told by them.
CREATE FUNCTION exact.keep_phones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO exact.former_phone SELECT DISTINCT phone_key(phone) FROM old_rows WHERE phone_key(phone) IS NOT NULL
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO exact.former_phone
    SELECT DISTINCT phone_key(o.phone) FROM old_rows o LEFT JOIN new_rows n USING (id)
    WHERE phone_key(o.phone) IS NOT NULL AND n.phone IS DISTINCT FROM o.phone
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['actor', 'service'] LOOP
    EXECUTE format('CREATE TRIGGER former_phones_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS '
      'old_rows FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', name);
    EXECUTE format('CREATE TRIGGER former_phones_delete AFTER DELETE ON lakana.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', name);
  END LOOP;
END $$;
INSERT INTO exact.former_phone
SELECT DISTINCT lakana.phone_key(side->>'phone')
FROM audit.entry e LEFT JOIN audit.sealed x USING (number), unnest(ARRAY[e.before, e.after, x.before, x.after]) AS side
WHERE e.subject IN ('actor', 'service') AND lakana.phone_key(side->>'phone') IS NOT NULL
ON CONFLICT DO NOTHING;

-- Words that public services, actors and organisations were called by, whatever became of them: by one of these a hidden
-- site would be known again, and a refusal does not tell which had it.
CREATE TABLE exact.former_word (
  word TEXT NOT NULL,
  CONSTRAINT former_word_pkey PRIMARY KEY (word)
);
CREATE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s, unnest(ARRAY[%s]) AS given, regexp_split_to_table(fold(given), '' '') AS word '
    'WHERE length(word) >= 3 AND word ~ ''[[:alpha:]]'' %s', TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'AND NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO exact.former_word SELECT DISTINCT word FROM (%s %s) AS gone ON CONFLICT DO NOTHING',
    format(words, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'new_rows') END);
  RETURN NULL;
END $$;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES ('service', 'name'), ('actor', 'name'), ('organization', 'name, acronym')) AS known(place, names) LOOP
    EXECUTE format('CREATE TRIGGER former_words_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS '
      'old_rows FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words(%L)', one.place, one.names);
    EXECUTE format('CREATE TRIGGER former_words_delete AFTER DELETE ON lakana.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words(%L)', one.place, one.names);
  END LOOP;
END $$;
INSERT INTO exact.former_word
SELECT DISTINCT word
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  regexp_split_to_table(lakana.fold(side->>'name'), ' ') AS word
WHERE (e.subject = 'service' AND side->>'confidential' = 'false' OR e.subject IN ('actor', 'organization'))
  AND length(word) >= 3 AND word ~ '[[:alpha:]]'
  AND NOT EXISTS (SELECT FROM lakana.service s WHERE s.id::text = e.subject_id AND NOT s.confidential AND s.name = side->>'name')
  AND NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id::text = e.subject_id AND a.name = side->>'name')
  AND NOT EXISTS (SELECT FROM lakana.organization o WHERE o.id::text = e.subject_id AND o.name = side->>'name')
ON CONFLICT DO NOTHING;

-- A folded text by the shapes of its letters: blanks gone, letters of other scripts and digits as the Latin letters that
-- they pass for. "segou2", "s e g o u" and Cyrillic "ѕeгou" hold what "segou" does.
CREATE FUNCTION lakana.skeleton(folded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(folded, 'авгекмнорстухіїјѕһԁԛԝӏαβεηικμνορτυχωγ0134578l ', 'abrekmhopctyxiijshdqwiabenikuvoptuxwyoieastbi')
$$;

-- What a text says of a zone, in folded words: a place there by any spelling, an actor or organisation at work there, and
-- of the whole directory an acronym or a word of a name of bodies or of what they run that fewer than five bodies share,
-- because whoever runs a site may have its office elsewhere. All bodies alike, or a refusal would tell which of them it is.
-- So does a word of a training, and one that public services or bodies were called by, if fewer than five are so now. Names of five letters and rare words of
-- six are found inside others as well. NULL where it says nothing.
CREATE FUNCTION lakana.telling_words(given text, of_zone uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
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

-- Front gates of sites that have been published since, folded: by one of these a site would be known when it is hidden again.
CREATE TABLE exact.former_gate (
  contact_key TEXT NOT NULL,
  CONSTRAINT former_gate_pkey PRIMARY KEY (contact_key)
);

-- A front gate is a contact and no place: neither named like a place or a body of its zone, nor a number or an address of
-- the web that is public, nor what led to a site before. The word is in HINT, which no log has (log_error_verbosity).
CREATE FUNCTION lakana.check_front_gate() RETURNS trigger
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
  IF EXISTS (SELECT FROM actor, number_keys(phone, name) AS key WHERE key = ANY (keys))
     OR EXISTS (SELECT FROM service, number_keys(phone, concat_ws(', ', name, opening_hours)) AS key
                WHERE NOT confidential AND key = ANY (keys))
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
CREATE TRIGGER check_front_gate BEFORE INSERT OR UPDATE OF contact ON lakana.front_gate
FOR EACH ROW EXECUTE FUNCTION lakana.check_front_gate();

-- The other way round: a public record does not get the number of a front gate, in whatever text.
CREATE FUNCTION lakana.check_public_numbers() RETURNS trigger
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

-- A public record that comes later may bear a word by which a hidden site is called: that one has a neutral name from then
-- on, and its front gate keeps its number alone. Where no number would be left it stays, for somebody has to be called.
CREATE FUNCTION lakana.keep_names_untold() RETURNS trigger
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
  FOR one IN
    SELECT * FROM (
      SELECT id, zone_id, name AS text, false AS is_gate FROM service WHERE confidential
      UNION ALL
      SELECT s.id, s.zone_id, g.contact, true FROM front_gate g JOIN service s ON s.id = g.service_id
    ) told
    WHERE regexp_replace(fold(text), ours, '', 'g') <> ''
      AND EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN skeleton(fold(text))) > 0)
      AND telling_words(text, zone_id) IS NOT NULL
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
DO $$
DECLARE
  one record;
  check_of record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('actor', 'name', 'phone, name'),
    ('service', 'name', $q$phone, concat_ws(', ', name, opening_hours)$q$),
    ('organization', 'name, acronym', $q$NULL, concat_ws(', ', name, acronym, url)$q$),
    ('training_event', 'name, programme, description', $q$NULL, concat_ws(', ', name, programme, description)$q$),
    ('locality', 'name_fr, name_en, name_bm', NULL), ('locality_name', 'name', NULL), ('admin_area', 'name_fr, name_en, name_bm', NULL)
  ) AS known(place, names, numbers) LOOP
    FOR check_of IN SELECT * FROM (VALUES
      ('names', 'keep_names_untold', one.names), ('numbers', 'check_public_numbers', one.numbers)
    ) AS given(called, does, texts) WHERE texts IS NOT NULL LOOP
      EXECUTE format('CREATE TRIGGER %s_insert AFTER INSERT ON lakana.%I REFERENCING NEW TABLE AS new_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION lakana.%I(%L)', check_of.called, one.place, check_of.does, check_of.texts);
      EXECUTE format('CREATE TRIGGER %s_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION lakana.%I(%L)', check_of.called, one.place, check_of.does, check_of.texts);
    END LOOP;
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION
  lakana.neutral_name, lakana.skeleton, lakana.telling_words, lakana.plain_digits, lakana.phone_key,
  lakana.phone_keys, lakana.number_keys, lakana.check_front_gate, lakana.check_public_numbers, lakana.keep_names_untold,
  exact.keep_phones, exact.keep_words FROM PUBLIC;
