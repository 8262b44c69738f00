-- What 0022 added goes; what waits to be told is told first. What it made faster stays, and that times leave no hole.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL lakana.bulk = 'on';
UPDATE exact.places SET changed_on = changed_on - 1 WHERE changed_on IS NOT NULL;
UPDATE exact.places SET told_from = CURRENT_DATE WHERE told_from IS NOT NULL;
SELECT exact.tell_places();
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL lakana.bulk = 'off';
DROP INDEX lakana.proposal_name_key_id_idx;
ALTER TABLE lakana.proposal DROP COLUMN name_key;
ALTER TABLE lakana.proposal ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL;
ALTER TABLE lakana.proposal ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad(number::text, 12, '0')) STORED NOT NULL;
CREATE INDEX proposal_name_key_id_idx ON lakana.proposal (name_key, id);
DROP FUNCTION exact.tell_places, exact.due;
DROP FUNCTION lakana.keep_verified CASCADE;  -- with its trigger
DROP TRIGGER audit ON exact.places;
ALTER TABLE exact.places DROP COLUMN verified_on, DROP COLUMN told_from;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.places DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk())
EXECUTE FUNCTION audit.follow('service_id', 'capacity', 'occupancy', 'changed_on', 'had_places');
CREATE OR REPLACE FUNCTION lakana.keep_capacity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  INSERT INTO exact.places (service_id, capacity)
  VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.id ELSE OLD.id END, NEW.capacity)
  ON CONFLICT (service_id) DO UPDATE SET capacity = excluded.capacity;
  NEW.capacity := in_tens(NEW.capacity);
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION lakana.keep_occupancy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF (SELECT confidential FROM service WHERE id = NEW.service_id) THEN
    INSERT INTO exact.places (service_id, occupancy) VALUES (NEW.service_id, NEW.occupancy)
    ON CONFLICT (service_id) DO UPDATE SET occupancy = excluded.occupancy;
    NEW.occupancy := in_tens(NEW.occupancy);
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION lakana.move_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.confidential THEN
    INSERT INTO exact.places (service_id, capacity, occupancy)
    VALUES (OLD.id, NEW.capacity, (SELECT occupancy FROM shelter WHERE service_id = OLD.id))
    ON CONFLICT (service_id) DO UPDATE SET occupancy = excluded.occupancy;
    NEW.capacity := in_tens(NEW.capacity);
  ELSIF NEW.capacity IS NOT DISTINCT FROM OLD.capacity THEN
    NEW.capacity := (SELECT capacity FROM exact.places WHERE service_id = OLD.id);
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER check_runner ON exact.site;
CREATE OR REPLACE FUNCTION exact.check_runner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM actor WHERE id = NEW.actor_id AND NOT is_known_by_services(kind)) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'actor_id', MESSAGE =
      'actors of this kind are always listed, so one without a public service would stand out; name an actor of another kind, '
      'OTHER for example, which may belong to the same organisation.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_runner BEFORE INSERT OR UPDATE OF actor_id ON exact.site
FOR EACH ROW EXECUTE FUNCTION exact.check_runner();
CREATE OR REPLACE FUNCTION exact.settle(service uuid, place geography, area uuid, locality uuid, actor uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE exact.site s SET
    point = coalesce(place, s.point),
    area_id = CASE WHEN place IS NULL THEN s.area_id ELSE area END,
    locality_id = CASE WHEN place IS NULL THEN s.locality_id ELSE locality END,
    actor_id = coalesce(actor, s.actor_id)
  WHERE s.service_id = service;
  IF NOT FOUND THEN
    INSERT INTO exact.site (service_id, point, area_id, locality_id, actor_id) VALUES (service, place, area, locality, actor);
  END IF;
END $$;
DROP FUNCTION exact.refuse_runner;
ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND NOT (login = 'lakana_partner' AND holder = 'partner')
  AND NOT EXISTS (
    SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id)
      AND (w.actor_id IS NULL OR NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = w.actor_id)))
  AND CASE WHEN subject = 'organization' THEN
    EXISTS (SELECT FROM lakana.actor a WHERE a.organization_id = subject_id::uuid)
    OR EXISTS (SELECT FROM lakana.training_organizer t WHERE t.organization_id = subject_id::uuid) ELSE true END);
DELETE FROM audit.withheld WHERE confidential;
DROP FUNCTION lakana.keep_withheld, lakana.blur_proposal CASCADE;  -- with their triggers
DROP FUNCTION lakana.is_listed_organization, lakana.is_about_confidential;
ALTER TABLE audit.withheld DROP COLUMN confidential;
DROP FUNCTION audit.is_owner;
DROP INDEX lakana.actor_numbers_idx, lakana.service_numbers_idx;
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
DROP FUNCTION lakana.numbers_of;
