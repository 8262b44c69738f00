-- A trigger's plan is kept for the session: one that was made for a single row went through all new rows for each old one, and
-- 11,000 services renamed at once took 14 s, 22,000 of 200,000 over 10 minutes. Sets and full joins are hashed or sorted.
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

CREATE OR REPLACE FUNCTION lakana.note_demand_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  moved uuid[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT array_agg(n.id) INTO moved
    FROM new_rows n FULL JOIN old_rows o USING (id) WHERE NOT n.point::geometry = o.point::geometry;
    IF moved IS NULL THEN
      RETURN NULL;
    END IF;
    DELETE FROM travel_time WHERE demand_point_id = ANY (moved);
  END IF;
  PERFORM note_travel_change(enum_range(NULL::service_category));
  RETURN NULL;
END $$;

-- Whether a front gate's number is public was found by reading every public record: 15 s with 300,000 services, while nobody
-- else could write a number.
CREATE FUNCTION lakana.numbers_of(phone text, others text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT array(SELECT number_keys(phone, others))
$$;
CREATE INDEX actor_numbers_idx ON lakana.actor USING gin (lakana.numbers_of(phone, name));
CREATE INDEX service_numbers_idx ON lakana.service
USING gin (lakana.numbers_of(phone, name || coalesce(', ' || opening_hours, ''))) WHERE NOT confidential;
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

REVOKE EXECUTE ON FUNCTION lakana.numbers_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.numbers_of TO lakana_partner, lakana_steward;  -- who write what is indexed

-- What is asked of each hidden name, whether it tells something, takes 60 ms with 100,000 services, and was asked on every write
-- of a service, an actor or an organisation before it was looked whether a new word is in that name.
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
