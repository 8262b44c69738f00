-- What 0012 took away, for a database without confidential places; 0001_disclosure and 0004_disclosure are run again after it.

SELECT exact.list_actor(id) FROM exact.unlisted_actor;
DROP TABLE exact.unlisted_actor;
DROP FUNCTION exact.unlist_runner, exact.leave_site, lakana.hold_subject CASCADE;  -- with their triggers
DROP FUNCTION exact.unlist, exact.list_actor, exact.knows_actor;

DROP TRIGGER hide_confidential_site ON lakana.service;
DROP TRIGGER find_zone ON exact.site;
DROP TRIGGER publish_zone ON exact.site;
DROP FUNCTION lakana.hide_confidential_site, lakana.neutral_source, lakana.refuse_without_zone, exact.find_zone, exact.publish_zone, exact.settle;
ALTER TABLE lakana.service
  DROP CONSTRAINT service_confidential_check,
  DROP COLUMN zone_id,
  ALTER COLUMN actor_id SET NOT NULL,
  ALTER COLUMN point SET NOT NULL,
  ALTER COLUMN area_id SET NOT NULL;
ALTER TABLE exact.site DROP COLUMN zone_id, DROP COLUMN actor_id;
DROP TABLE lakana.zone_area, lakana.zone, lakana.zoning;
DROP FUNCTION
  lakana.keep_zones, lakana.zones_of_country, lakana.zone_of, lakana.zones_at, lakana.zone_for, lakana.area_holds_zone,
  lakana.zones_meeting;

DROP POLICY told ON audit.entry;
ALTER TABLE audit.entry DISABLE ROW LEVEL SECURITY;
DROP TRIGGER leave_id ON lakana.shelter;
DROP TRIGGER check_front_gate ON lakana.front_gate;
DROP TABLE audit.withheld, exact.former_phone, exact.former_word, exact.former_gate;
DROP FUNCTION exact.keep_phones, exact.keep_words CASCADE;  -- with their triggers
DROP FUNCTION
  audit.digest_of, exact.forget, exact.was_public, lakana.leave_id, lakana.neutral_name, lakana.telling_words,
  lakana.skeleton, lakana.plain_digits, lakana.phone_key, lakana.phone_keys, lakana.number_keys,
  lakana.check_front_gate;
DROP FUNCTION lakana.check_public_numbers, lakana.keep_names_untold CASCADE;  -- with their triggers

DROP TRIGGER change_confidence ON lakana.service;
CREATE OR REPLACE FUNCTION lakana.change_confidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.confidential THEN
    NEW.phone := NULL;  -- a number can be looked up; whom to call stands at the front gate
    IF NOT OLD.confidential THEN
      INSERT INTO exact.site (service_id, point, area_id, locality_id)
      VALUES (NEW.id, NEW.point, NEW.area_id, NEW.locality_id)
      ON CONFLICT (service_id) DO UPDATE
      SET point = excluded.point, area_id = excluded.area_id, locality_id = excluded.locality_id;
    END IF;
  ELSIF OLD.confidential THEN
    IF NOT EXISTS (
      SELECT FROM proposal p WHERE p.kind = 'PUBLICATION' AND p.status = 'APPROVED' AND p.reviewed_at = now()
        AND p.reviewed_by <> p.proposed_by
        AND p.subject_id = (SELECT s.id FROM shelter s WHERE s.service_id = NEW.id)
    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
        'A confidential site becomes public only by a proposal that a second steward approves.';
    END IF;
    DELETE FROM exact.site WHERE service_id = NEW.id RETURNING point, area_id, locality_id
    INTO NEW.point, NEW.area_id, NEW.locality_id;
    IF NEW.point IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'proposal_id', MESSAGE =
        'nobody has recorded where the site stands; give its place first.';
    END IF;
    DELETE FROM front_gate WHERE service_id = NEW.id;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER change_confidence BEFORE INSERT OR UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.change_confidence();

CREATE OR REPLACE FUNCTION lakana.keep_to_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF session_user = 'lakana_partner' AND NOT EXISTS (
    SELECT FROM service s JOIN actor a ON a.id = s.actor_id
    WHERE s.id = (CASE TG_TABLE_NAME WHEN 'shelter' THEN to_jsonb(OLD)->>'service_id' ELSE to_jsonb(OLD)->>'id' END)::uuid
      AND a.organization_id::text = current_setting('lakana.organization', true)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE = 'It belongs to another organisation.';
  END IF;
  RETURN NEW;
END $$;

DROP FUNCTION lakana.is_own;

CREATE FUNCTION exact.settle(service uuid, place geography, area uuid, locality uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO exact.site (service_id, point, area_id, locality_id) VALUES (service, place, area, locality)
  ON CONFLICT (service_id) DO UPDATE
  SET point = excluded.point, area_id = excluded.area_id, locality_id = excluded.locality_id
$$;

REVOKE EXECUTE ON FUNCTION exact.settle FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exact.settle TO lakana_steward;

DROP TRIGGER audit ON exact.site;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.site DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('service_id', 'point', 'area_id', 'locality_id');
