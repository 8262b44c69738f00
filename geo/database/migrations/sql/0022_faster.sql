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
