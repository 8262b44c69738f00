-- What 0019 took away; next_version and leave_id stay as they are, which count and tell no more.
DROP TRIGGER band_capacity ON lakana.service;
DROP TRIGGER band_places ON lakana.service;
DROP TRIGGER bring_back_occupancy ON lakana.service;
DROP TRIGGER band_occupancy ON lakana.shelter;
CREATE OR REPLACE FUNCTION lakana.has_places(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT h.occupancy < s.capacity FROM shelter h JOIN service s ON s.id = h.service_id WHERE s.id = has_places.service
$$;
CREATE OR REPLACE FUNCTION lakana.leave_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.id := gen_random_uuid();
  RETURN NEW;
END $$;
SET LOCAL lakana.bulk = 'on';
UPDATE lakana.shelter h SET occupancy = coalesce(p.occupancy, h.occupancy) FROM exact.places p WHERE p.service_id = h.service_id;
UPDATE lakana.service s SET capacity = p.capacity FROM exact.places p WHERE p.service_id = s.id;
SET LOCAL lakana.bulk = 'off';
DROP TABLE exact.places;
DROP FUNCTION
  lakana.free_places, lakana.keep_capacity, lakana.keep_occupancy, lakana.move_places, lakana.bring_back_occupancy,
  lakana.in_tens;

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
  IF session_user = 'lakana_partner' AND TG_TABLE_NAME IN ('service', 'shelter', 'proposal') AND (
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
