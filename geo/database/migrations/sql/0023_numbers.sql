-- Numbers that are public, whole: of a phone that held two, or one with an extension, only the last eight digits were known.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- As before; digits in circles, of whatever kind, and those of Chinese count as well.
CREATE OR REPLACE FUNCTION lakana.plain_digits(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- Letters of Europe and signs have no digits of their own.
  SELECT CASE WHEN common !~ '[^\u0001-\u024f]' THEN common
    WHEN shown ~ '[^\u0001-\u065f\u2000-\u2bff]' THEN lakana.other_digits(shown) ELSE shown END
  FROM normalize(written, NFKC) AS common, translate(common,
    '⓵⓶⓷⓸⓹⓺⓻⓼⓽⓿❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈➊➋➌➍➎➏➐➑➒🄋🄌〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖',
    '1234567890123456789123456789123456789000' || '0123456789' || '123456789') AS shown
$$;

-- The digits of a text, with a + before the code of a country: of + or 00 and at least eleven digits, and of just eleven. Every
-- number of a country begins with its code, so two numbers are not the same for what they have in common with it.
CREATE FUNCTION lakana.dialled(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(lakana.plain_digits(written),
    '[+](?!(?:[ ().\-/]*[0-9]){11})', ' ', 'g'),
    '(?<![0-9+][ ().\-/]*)00(?=(?:[ ().\-/]*[0-9]){11})', '+00+', 'g'),
    '(?<![0-9+][ ().\-]*)(?=(?:[0-9][ ().\-]*){10}[0-9](?![ ().\-]*[0-9]))', '+', 'g'),
    '[^0-9+]+', '', 'g')
$$;

-- All that eight digits in a row can be of what is dialled; coded: which begin in the code of a country.
CREATE FUNCTION lakana.eights(dialled text) RETURNS TABLE (key text, coded boolean)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 5 AS $$
  SELECT left(later, 8), substr(dialled, greatest(at - 3, 1), least(3, at - 1)) ~ '[+]'
  FROM generate_series(1, length(dialled) - 7) AS at, replace(substr(dialled, at), '+', '') AS later
  WHERE substr(dialled, at, 1) <> '+' AND length(later) >= 8
$$;

-- Short codes of three to seven digits, by groups: "80 347 / 76 00 11 22" holds "80347". Hours are none, nor are parts of a number
-- of eight digits, with the code of a country or without. A contact may hold one anywhere; a record has those that stand by
-- themselves, or before or after a number of eight digits.
CREATE FUNCTION lakana.short_codes(written text, anywhere boolean) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 2 AS $$
  SELECT DISTINCT code
  FROM regexp_matches(
      regexp_replace(lakana.plain_digits(written), '(?<![0-9:])[0-9]{1,2} ?[:h](?:[0-5][0-9])?(?![0-9:])', ' h ', 'g'),
      CASE WHEN anywhere THEN '[+]?[0-9](?:[ ().\-/]*[0-9])*' ELSE '[+]?[0-9](?:[ ().\-]*[0-9])*' END, 'g') AS run,
    LATERAL (SELECT array_agg(part[1]) AS parts FROM regexp_matches(run[1], '[0-9]+', 'g') AS part) AS groups,
    regexp_replace(run[1], '[^0-9+]', '', 'g') AS whole,
    generate_series(1, cardinality(parts)) AS first, generate_series(first, cardinality(parts)) AS last,
    array_to_string(parts[first:last], '') AS code
  WHERE whole !~ '^(?:[0-9]{8}|(?:[+]|00)[0-9]{11})$' AND length(code) BETWEEN 3 AND 7
    AND (anywhere OR length(whole) <= 7
         OR length(code) >= 4 AND length(whole) = length(code) + 8 AND (first = 1 OR last = cardinality(parts)))
$$;

-- The keys of all numbers that a contact may hold, wherever one ends and the next begins. A key with + is that of one that begins
-- in the code of a country elsewhere.
CREATE OR REPLACE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  WITH number AS (
    SELECT * FROM lakana.eights(lakana.dialled(contact))
  )
  SELECT array(
    SELECT key FROM number UNION SELECT '+' || key FROM number WHERE NOT coded UNION SELECT lakana.short_codes(contact, true))
$$;

-- The keys of all that is public of a record: of its phone, and of each eight digits or more in a row of another text of it,
-- whatever signs part them. Hours do.
CREATE OR REPLACE FUNCTION lakana.number_keys(phone text, others text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 5 AS $$
DECLARE
  digits text := lakana.dialled(phone);
  text text := lakana.plain_digits(others);
BEGIN
  RETURN QUERY SELECT CASE WHEN coded THEN '+' || key ELSE key END FROM lakana.eights(digits);
  IF digits !~ '^(?:[0-9]{8}|[+][0-9]{11})$' THEN  -- as most phones are, without a short code
    RETURN QUERY SELECT lakana.short_codes(phone, false);
  END IF;
  IF text ~ '(?:[0-9][^0-9]*){8}' THEN
    RETURN QUERY SELECT CASE WHEN coded THEN '+' || key ELSE key END
    FROM regexp_matches(
        regexp_replace(text, '(?<![0-9:])[0-9]{1,2}:[0-5][0-9](?![0-9:])', ' h ', 'g'), '[+]?[0-9](?:[^[:alnum:]]*[0-9]){7,}', 'g') AS run,
      lakana.eights(lakana.dialled(run[1]));
  END IF;
END $$;
-- As before, each key once.
CREATE OR REPLACE FUNCTION lakana.numbers_of(phone text, others text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  RETURN array(SELECT DISTINCT number_keys(phone, others));
END $$;

CREATE INDEX front_gate_keys_idx ON lakana.front_gate USING gin (lakana.phone_keys(contact));
GRANT EXECUTE ON FUNCTION lakana.phone_keys TO lakana_steward;  -- who writes what is indexed
-- The other indexes hold what these functions gave before.
REINDEX INDEX lakana.actor_numbers_idx;
REINDEX INDEX lakana.service_numbers_idx;

-- Every number that a public record has had, in whatever text, whatever became of it.
CREATE OR REPLACE FUNCTION exact.keep_phones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  texts CONSTANT text := format('SELECT id, %s FROM %%s %s', TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO exact.former_phone SELECT DISTINCT key FROM (%s %s) AS former (id, phone, others), '
    'number_keys(phone, others) AS key ON CONFLICT DO NOTHING',
    format(texts, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(texts, 'new_rows') END);
  RETURN NULL;
END $$;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('actor', 'phone, name'), ('service', $q$phone, concat_ws(', ', name, opening_hours)$q$),
    ('organization', $q$NULL::text, concat_ws(', ', name, acronym, url)$q$),
    ('training_event', $q$NULL::text, concat_ws(', ', name, programme, description)$q$)
  ) AS known(place, texts) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS former_phones_update ON lakana.%I', one.place);
    EXECUTE format('DROP TRIGGER IF EXISTS former_phones_delete ON lakana.%I', one.place);
    EXECUTE format('CREATE TRIGGER former_phones_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS '
      'old_rows FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones(%L)', one.place, one.texts);
    EXECUTE format('CREATE TRIGGER former_phones_delete AFTER DELETE ON lakana.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones(%L)', one.place, one.texts);
  END LOOP;
END $$;
INSERT INTO exact.former_phone
SELECT DISTINCT key
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  lakana.number_keys(side->>'phone', concat_ws(', ', side->>'name', side->>'opening_hours', side->>'acronym', side->>'url',
                                               side->>'programme', side->>'description')) AS key
WHERE e.subject IN ('actor', 'organization', 'training_event')
  OR e.subject = 'service' AND NOT EXISTS (SELECT FROM lakana.service s WHERE s.id::text = e.subject_id AND s.confidential)
ON CONFLICT DO NOTHING;

REVOKE EXECUTE ON FUNCTION lakana.dialled, lakana.eights, lakana.short_codes FROM PUBLIC;
