-- How many places a confidential shelter has and how many are taken stands in exact.places, which no audience reads; the
-- tables that partners read hold tens: in a small home the number tells of one child's coming and going.

-- Checked at the end of a transaction: the trigger of a service that is about to be inserted writes here first.
CREATE TABLE exact.places (
  service_id UUID NOT NULL,
  capacity INTEGER,
  occupancy INTEGER,
  CONSTRAINT places_pkey PRIMARY KEY (service_id),
  CONSTRAINT places_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id)
    ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.places DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('service_id', 'capacity', 'occupancy');
CREATE TRIGGER audit_truncation AFTER TRUNCATE ON exact.places
FOR EACH STATEMENT EXECUTE FUNCTION audit.follow_truncation();

-- As before; who counts the places of a confidential shelter as a partner is of the organisation that runs it.
CREATE OR REPLACE FUNCTION audit.follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  former jsonb := CASE WHEN TG_OP <> 'INSERT' THEN told(to_jsonb(OLD)) END;
  later jsonb := CASE WHEN TG_OP <> 'DELETE' THEN told(to_jsonb(NEW)) END;
  sealed text[] := TG_ARGV[1:];
  subject_id text := coalesce(later, former)->>TG_ARGV[0];
  hidden boolean := TG_TABLE_SCHEMA IN ('exact', 'raw');
  asker jsonb;
  about uuid;
BEGIN
  IF former IS NOT DISTINCT FROM later AND NOT hidden THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_SCHEMA = 'exact' AND TG_OP = 'UPDATE' AND former->>'actor_id' IS NOT NULL AND later = former || '{"actor_id": null}' THEN
    RETURN NULL;  -- the actor has left the directory, and an entry beside that of its leaving would tell what it ran
  END IF;
  IF TG_TABLE_NAME = 'shelter' THEN
    sealed := sealed || '{occupancy}'::text[];
  ELSIF TG_TABLE_NAME = 'service' AND 'true' IN (former->>'confidential', later->>'confidential') THEN
    sealed := sealed || '{capacity}'::text[];
  ELSIF TG_TABLE_NAME = 'proposal' THEN
    about := coalesce(later, former)->>'subject_id';
    IF 'true' IN (former->>'by_partner', later->>'by_partner') AND EXISTS (
      SELECT FROM lakana.service s LEFT JOIN lakana.shelter h ON h.service_id = s.id
      WHERE s.confidential AND about IN (s.id, h.id)
    ) THEN
      sealed := sealed || '{proposed_by,proposed_person}'::text[];
    ELSE
      about := NULL;
    END IF;
  END IF;
  IF session_user = 'lakana_partner' AND TG_TABLE_NAME IN ('service', 'shelter', 'proposal', 'places') AND (
    later->>'confidential' = 'true' OR about IS NOT NULL
    OR EXISTS (SELECT FROM lakana.service s WHERE s.id = (later->>'service_id')::uuid AND s.confidential)
  ) THEN
    asker := jsonb_build_object('holder', current_setting('lakana.holder', true), 'person', current_setting('lakana.person', true));
    PERFORM set_config('lakana.holder', 'partner', true), set_config('lakana.person', '', true);
  END IF;
  IF former->>TG_ARGV[0] <> subject_id THEN
    PERFORM append('DELETE', TG_TABLE_NAME, former->>TG_ARGV[0], NULL, NULL, former, NULL);
    PERFORM append('INSERT', TG_TABLE_NAME, subject_id, NULL, part(later, NULL, sealed, false),
                   NULL, part(later, NULL, sealed, true));
    RETURN NULL;
  END IF;
  PERFORM append(
    TG_OP, TG_TABLE_NAME, subject_id,
    part(former, later, sealed, false), part(later, former, sealed, false),
    part(former, CASE WHEN NOT hidden THEN later END, sealed, true),
    CASE WHEN asker IS NULL THEN part(later, CASE WHEN NOT hidden THEN former END, sealed, true)
      ELSE coalesce(part(later, former, sealed, true), '{}') || asker END);
  IF asker IS NOT NULL THEN
    PERFORM set_config('lakana.holder', asker->>'holder', true), set_config('lakana.person', asker->>'person', true);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION lakana.in_tens(number integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT number - number % 10 $$;

-- Fires where a statement names the column, so that what it gives is the number and never a band that was there before.
CREATE FUNCTION lakana.keep_capacity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  INSERT INTO exact.places (service_id, capacity)
  VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.id ELSE OLD.id END, NEW.capacity)
  ON CONFLICT (service_id) DO UPDATE SET capacity = excluded.capacity;
  NEW.capacity := in_tens(NEW.capacity);
  RETURN NEW;
END $$;
CREATE TRIGGER band_capacity BEFORE INSERT OR UPDATE OF capacity ON lakana.service
FOR EACH ROW WHEN (NEW.confidential) EXECUTE FUNCTION lakana.keep_capacity();

CREATE FUNCTION lakana.keep_occupancy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF (SELECT confidential FROM service WHERE id = NEW.service_id) THEN
    INSERT INTO exact.places (service_id, occupancy) VALUES (NEW.service_id, NEW.occupancy)
    ON CONFLICT (service_id) DO UPDATE SET occupancy = excluded.occupancy;
    NEW.occupancy := in_tens(NEW.occupancy);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER band_occupancy BEFORE INSERT OR UPDATE OF occupancy ON lakana.shelter
FOR EACH ROW EXECUTE FUNCTION lakana.keep_occupancy();

-- A service that becomes confidential takes its numbers along, one that becomes public brings them back. By name after
-- band_capacity and before change_confidence, which gives it another id.
CREATE FUNCTION lakana.move_places() RETURNS trigger
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
CREATE TRIGGER band_places BEFORE UPDATE ON lakana.service
FOR EACH ROW WHEN (NEW.confidential <> OLD.confidential) EXECUTE FUNCTION lakana.move_places();

CREATE FUNCTION lakana.bring_back_occupancy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE shelter s SET occupancy = coalesce(p.occupancy, s.occupancy)
  FROM exact.places p WHERE p.service_id = NEW.id AND s.service_id = NEW.id;
  DELETE FROM exact.places WHERE service_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER bring_back_occupancy AFTER UPDATE ON lakana.service
FOR EACH ROW WHEN (OLD.confidential AND NOT NEW.confidential) EXECUTE FUNCTION lakana.bring_back_occupancy();

-- A shelter takes a new id as its service is hidden; what move_places kept is told in tens.
CREATE OR REPLACE FUNCTION lakana.leave_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.id := gen_random_uuid();
  NEW.occupancy := in_tens(NEW.occupancy);
  RETURN NEW;
END $$;

-- A write to a confidential site that changes nothing that is read raises no version.
CREATE OR REPLACE FUNCTION lakana.next_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  derived CONSTANT text[] := ARRAY['version', 'name_key', 'public_capacity'];
  hidden boolean := CASE TG_TABLE_NAME
    WHEN 'service' THEN (to_jsonb(NEW)->>'confidential')::boolean
    WHEN 'shelter' THEN (SELECT confidential FROM service WHERE id = (to_jsonb(NEW)->>'service_id')::uuid)
    ELSE false END;
BEGIN
  NEW.version := CASE
    WHEN NEW.id <> OLD.id THEN 1
    WHEN hidden AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN OLD.version
    ELSE OLD.version + 1 END;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.has_places(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN s.confidential THEN e.occupancy < e.capacity ELSE h.occupancy < s.capacity END
  FROM shelter h JOIN service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  WHERE s.id = has_places.service
$$;

-- How many places are free: of a confidential shelter the tens that are told of it, one less the other, and 0 where there is none.
CREATE FUNCTION lakana.free_places(service uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN s.confidential THEN CASE WHEN e.occupancy < e.capacity THEN greatest(s.capacity - h.occupancy, 0) ELSE 0 END
         ELSE greatest(s.capacity - h.occupancy, 0) END
  FROM shelter h JOIN service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  WHERE s.id = free_places.service
$$;

-- What there is: versions stay, for nothing that is told changes.
SET LOCAL lakana.bulk = 'on';
INSERT INTO exact.places
SELECT s.id, s.capacity, h.occupancy FROM lakana.service s LEFT JOIN lakana.shelter h ON h.service_id = s.id WHERE s.confidential;
ALTER TABLE lakana.service DISABLE TRIGGER USER;
ALTER TABLE lakana.shelter DISABLE TRIGGER USER;
UPDATE lakana.shelter h SET occupancy = lakana.in_tens(h.occupancy)
FROM lakana.service s WHERE s.id = h.service_id AND s.confidential;
UPDATE lakana.service SET capacity = lakana.in_tens(capacity) WHERE confidential;
ALTER TABLE lakana.service ENABLE TRIGGER USER;
ALTER TABLE lakana.shelter ENABLE TRIGGER USER;
SET LOCAL lakana.bulk = 'off';

REVOKE EXECUTE ON FUNCTION
  lakana.in_tens, lakana.keep_capacity, lakana.keep_occupancy, lakana.move_places, lakana.bring_back_occupancy,
  lakana.free_places FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.free_places TO lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
