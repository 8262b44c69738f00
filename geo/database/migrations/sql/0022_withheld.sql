-- What still named who runs a confidential shelter, to another steward.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Whether a write is by the owner (seeds, a restore, upkeep) and by none of the logins.
CREATE FUNCTION audit.is_owner() RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'audit.entry'::regclass), 'MEMBER')
$$;

-- Whatever is written about a confidential shelter is withheld, by whomever: who enters one enters its actor and its other
-- services in the same minutes. It stays withheld when the shelter is retired, and is shown when it is published. That an exact
-- place was asked for is always shown.
ALTER TABLE audit.withheld ADD COLUMN confidential BOOLEAN DEFAULT false NOT NULL;

CREATE FUNCTION lakana.is_listed_organization(organization_id text) RETURNS boolean
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM actor a WHERE a.organization_id = is_listed_organization.organization_id::uuid)
    OR EXISTS (SELECT FROM training_organizer t WHERE t.organization_id = is_listed_organization.organization_id::uuid)
$$;
-- Keys and people of an organisation that is not in the directory are not shown either: it may run a confidential shelter.
ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND NOT (login = 'lakana_partner' AND holder = 'partner')
  AND NOT EXISTS (
    SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id) AND CASE
      WHEN w.confidential THEN action <> 'LOCATE'
      ELSE w.actor_id IS NULL OR NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = w.actor_id) END)
  AND CASE
    WHEN subject = 'organization' THEN lakana.is_listed_organization(subject_id)
    WHEN subject IN ('key', 'person') THEN coalesce(lakana.is_listed_organization(
      coalesce(after->>'organization_id', before->>'organization_id')), true)
    ELSE true END);

CREATE FUNCTION lakana.keep_withheld() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  hidden boolean;
BEGIN
  IF TG_TABLE_NAME = 'service' THEN
    hidden := NEW.confidential;
  ELSE
    SELECT confidential INTO hidden FROM service WHERE id = NEW.service_id;
  END IF;
  IF hidden THEN
    INSERT INTO audit.withheld (digest, confidential) VALUES (audit.digest_of(NEW.id::text), true) ON CONFLICT DO NOTHING;
  ELSIF TG_TABLE_NAME = 'service' THEN
    DELETE FROM audit.withheld w WHERE w.confidential AND w.digest IN (
      SELECT audit.digest_of(NEW.id::text) UNION ALL SELECT audit.digest_of(id::text) FROM shelter WHERE service_id = NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_withheld_of_new AFTER INSERT ON lakana.service
FOR EACH ROW WHEN (NEW.confidential) EXECUTE FUNCTION lakana.keep_withheld();
CREATE TRIGGER keep_withheld AFTER UPDATE OF confidential ON lakana.service
FOR EACH ROW WHEN (NEW.confidential <> OLD.confidential) EXECUTE FUNCTION lakana.keep_withheld();
CREATE TRIGGER keep_withheld_of_new AFTER INSERT ON lakana.shelter
FOR EACH ROW EXECUTE FUNCTION lakana.keep_withheld();
CREATE TRIGGER keep_withheld AFTER UPDATE ON lakana.shelter
FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION lakana.keep_withheld();

-- What there is, and what was there until it was retired.
WITH own AS MATERIALIZED (
  SELECT e.subject_id AS id FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
  WHERE e.subject = 'service' AND side->>'confidential' = 'true'
  UNION
  SELECT id::text FROM lakana.service WHERE confidential
), either AS (
  SELECT id FROM own
  UNION
  SELECT e.subject_id FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
  WHERE e.subject = 'shelter' AND side->>'service_id' IN (SELECT id FROM own)
  UNION
  SELECT id::text FROM lakana.shelter WHERE service_id::text IN (SELECT id FROM own)
)
INSERT INTO audit.withheld (digest, confidential)
SELECT audit.digest_of(id), true FROM either WHERE NOT EXISTS (
  SELECT FROM lakana.service s LEFT JOIN lakana.shelter h ON h.service_id = s.id
  WHERE NOT s.confidential AND either.id IN (s.id::text, h.id::text))
ON CONFLICT DO NOTHING;

-- A partner proposes for all of its services in one go, too. So of its proposals about a confidential one the day is kept, and
-- they are listed from the next.
CREATE FUNCTION lakana.is_about_confidential(subject_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM withheld w WHERE w.digest = digest_of(is_about_confidential.subject_id::text) AND w.confidential)
$$;
-- Named to come after attribute_proposal, which writes the moment.
CREATE FUNCTION lakana.blur_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.by_partner AND is_about_confidential(NEW.subject_id) THEN
    NEW.proposed_at := date_trunc('day', NEW.proposed_at, 'UTC');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER blur_proposal BEFORE INSERT ON lakana.proposal
FOR EACH ROW EXECUTE FUNCTION lakana.blur_proposal();
ALTER TABLE lakana.proposal DISABLE TRIGGER USER;
UPDATE lakana.proposal SET proposed_at = date_trunc('day', proposed_at, 'UTC')
WHERE by_partner AND lakana.is_about_confidential(subject_id);
ALTER TABLE lakana.proposal ENABLE TRIGGER USER;

-- Only an actor that is given is checked. The one that is kept was checked as well with each move: whether a move was refused
-- told a steward who changed an actor's kind for a moment whether it runs the shelter.
CREATE FUNCTION exact.refuse_runner(runner uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM actor WHERE id = runner AND NOT is_known_by_services(kind)) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'actor_id', MESSAGE =
      'actors of this kind are always listed, so one without a public service would stand out; name an actor of another kind, '
      'OTHER for example, which may belong to the same organisation.';
  END IF;
END $$;
-- A backup may hold a public shelter with such an actor that was hidden since with another: hidden again it has none.
CREATE OR REPLACE FUNCTION exact.check_runner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM exact.refuse_runner(NEW.actor_id);
  RETURN NEW;
EXCEPTION WHEN SQLSTATE 'LK400' THEN
  IF NOT audit.is_owner() THEN
    RAISE;
  END IF;
  NEW.actor_id := NULL;
  RETURN NEW;
END $$;
DROP TRIGGER check_runner ON exact.site;
CREATE TRIGGER check_runner BEFORE INSERT ON exact.site FOR EACH ROW EXECUTE FUNCTION exact.check_runner();
CREATE OR REPLACE FUNCTION exact.settle(service uuid, place geography, area uuid, locality uuid, actor uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM exact.refuse_runner(actor);
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

-- A person who is revoked loses their keys for good; before, these came back with their rights when the person did.
UPDATE identity.key k SET revoked_at = now() FROM identity.person p
WHERE p.id = k.person_id AND k.revoked_at IS NULL AND (p.revoked_at IS NOT NULL OR k.created_at < p.created_at);

REVOKE EXECUTE ON FUNCTION
  audit.is_owner, lakana.keep_withheld, lakana.is_listed_organization, lakana.is_about_confidential, lakana.blur_proposal, exact.refuse_runner
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_listed_organization, lakana.is_about_confidential TO lakana_steward;
