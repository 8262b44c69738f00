-- A confidential service has no place, no area and no actor, whoever writes what: it has a zone. Where it stands and who
-- runs it is kept in exact.site, which no audience reads.

DROP TRIGGER publish_sites ON lakana.admin_area;
DROP TRIGGER publish_sites ON lakana.area_population;
DROP TRIGGER publish_sites ON lakana.area_crosswalk;
DROP FUNCTION exact.publish_sites;
DROP TRIGGER publish_area ON exact.site;
DROP FUNCTION exact.publish_area;
DROP TRIGGER hide_confidential_site ON lakana.service;
DROP FUNCTION lakana.hide_confidential_site;
DROP FUNCTION lakana.disclosure_area;
DROP FUNCTION exact.settle;

ALTER TABLE lakana.service
  ADD COLUMN zone_id UUID,
  ADD CONSTRAINT service_zone_id_fkey FOREIGN KEY(zone_id) REFERENCES lakana.zone (id),
  ALTER COLUMN actor_id DROP NOT NULL,
  ALTER COLUMN point DROP NOT NULL,
  ALTER COLUMN area_id DROP NOT NULL;
CREATE INDEX service_zone_id_idx ON lakana.service (zone_id);

-- Who runs it may be in the directory or not (0012_unlisted).
ALTER TABLE exact.site
  ADD COLUMN zone_id UUID,
  ADD COLUMN actor_id UUID,
  ADD CONSTRAINT site_zone_id_fkey FOREIGN KEY(zone_id) REFERENCES lakana.zone (id);
ALTER TABLE exact.site ALTER COLUMN zone_id SET STATISTICS 0, ALTER COLUMN actor_id SET STATISTICS 0;

DROP TRIGGER audit ON exact.site;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.site DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk())
EXECUTE FUNCTION audit.follow('service_id', 'point', 'area_id', 'locality_id', 'zone_id', 'actor_id');

CREATE OR REPLACE FUNCTION audit.told(given jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = audit, public, pg_temp AS $$
  SELECT CASE WHEN given->>'point' IS NOT NULL
    THEN jsonb_set(given, '{point}', to_jsonb(ST_AsText((given->>'point')::geography))) ELSE given END - 'name_key'
$$;

CREATE FUNCTION lakana.refuse_without_zone(zone uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF zone IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'confidential', MESSAGE =
      'the country has not been divided into zones yet, in which confidential places are told; its operator does so with '
      'the command lakana zones make.';
  END IF;
END $$;

-- The zone is worked out as the place is written and at no other time: areas that change move nobody.
CREATE FUNCTION exact.find_zone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR OLD.zone_id IS NULL OR NEW.area_id <> OLD.area_id OR NOT NEW.point::geometry = OLD.point::geometry THEN
    NEW.zone_id := zone_for(NEW.point, NEW.area_id);
  ELSE
    NEW.zone_id := OLD.zone_id;
  END IF;
  PERFORM refuse_without_zone(NEW.zone_id);
  RETURN NEW;
END $$;
CREATE TRIGGER find_zone BEFORE INSERT OR UPDATE ON exact.site FOR EACH ROW EXECUTE FUNCTION exact.find_zone();

-- A site that moves to another zone takes what is told of it along, and its front gate is looked at again; a move inside its
-- zone writes nothing.
CREATE FUNCTION exact.publish_zone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE service SET zone_id = NEW.zone_id WHERE id = NEW.service_id AND confidential AND zone_id IS DISTINCT FROM NEW.zone_id;
  IF FOUND THEN
    UPDATE front_gate SET contact = contact WHERE service_id = NEW.service_id;
  END IF;
  RETURN NULL;
END $$;

-- The source that stands in the place of another, which may name who runs a site: illustrative where that one is.
CREATE FUNCTION lakana.neutral_source(former uuid) RETURNS uuid
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  invented boolean := (SELECT illustrative FROM source WHERE id = former);
  wanted text := CASE WHEN invented THEN 'confidential illustrative' ELSE 'confidential' END;
BEGIN
  INSERT INTO source (id, key, name, illustrative)
  VALUES (md5(wanted)::uuid, wanted, CASE WHEN invented THEN 'Source non divulguée, données d’illustration' ELSE 'Source non divulguée' END, invented)
  ON CONFLICT (key) DO NOTHING;
  RETURN (SELECT id FROM source WHERE key = wanted);
END $$;

CREATE FUNCTION lakana.hide_confidential_site() RETURNS trigger
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
CREATE TRIGGER hide_confidential_site BEFORE INSERT OR UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.hide_confidential_site();

DROP TRIGGER change_confidence ON lakana.service;
CREATE TRIGGER change_confidence BEFORE UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.change_confidence();

-- Stewards write where a site stands and who runs it, the place or the actor or both; nobody reads either back.
CREATE FUNCTION exact.settle(service uuid, place geography, area uuid, locality uuid, actor uuid) RETURNS void
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

-- Actors that run confidential sites and nothing public (0012_unlisted).
CREATE TABLE exact.unlisted_actor (
  id UUID NOT NULL,
  record JSONB NOT NULL,
  trainings JSONB NOT NULL,
  CONSTRAINT unlisted_actor_pkey PRIMARY KEY (id)
);

-- Whether a service is of the organisation that the transaction writes for: by its actor or, where it is confidential, by
-- the one that nobody reads.
CREATE FUNCTION lakana.is_own(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM service s LEFT JOIN exact.site e ON e.service_id = s.id
    LEFT JOIN actor a ON a.id = coalesce(s.actor_id, e.actor_id) LEFT JOIN exact.unlisted_actor u ON u.id = e.actor_id
    WHERE s.id = is_own.service
      AND coalesce(a.organization_id::text, u.record->>'organization_id') = current_setting('lakana.organization', true))
$$;

CREATE OR REPLACE FUNCTION lakana.keep_to_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF session_user = 'lakana_partner' AND NOT is_own(
    (CASE TG_TABLE_NAME WHEN 'shelter' THEN to_jsonb(OLD)->>'service_id' ELSE to_jsonb(OLD)->>'id' END)::uuid
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE = 'It belongs to another organisation.';
  END IF;
  RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION
  exact.find_zone, exact.publish_zone, exact.settle, lakana.refuse_without_zone, lakana.neutral_source, lakana.hide_confidential_site, lakana.is_own
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exact.settle TO lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.is_own TO lakana_partner;
