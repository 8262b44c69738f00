-- Stewards let in partners and planners, who sign in by links, and keep them out again. Stewards and custodians are let in by whoever
-- runs the service: else one person would be two, and count twice. Of an organisation that is not in the directory no person is told
-- or let in by a steward: it may run a confidential shelter. Whether a link was used is told to nobody.
CREATE VIEW lakana.known_person WITH (security_barrier) AS
SELECT p.id, p.name, lakana.fold(p.name) COLLATE "C" AS name_key, p.audience, p.organization_id, p.area_id,
  p.issuer || ' ' || p.subject AS person, p.created_at, p.revoked_at,
  (SELECT i.expires_at FROM identity.invitation i
   WHERE i.person_id = p.id AND i.revoked_at IS NULL AND p.revoked_at IS NULL AND i.expires_at > now()
   ORDER BY i.created_at DESC LIMIT 1) AS link_until
FROM identity.person p
WHERE p.organization_id IS NULL OR lakana.is_listed_organization(p.organization_id::text);

-- The person of an id that a steward may invite or keep out.
CREATE FUNCTION lakana.invitable_person(wanted uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lakana, pg_temp AS $$
DECLARE
  found record;
BEGIN
  SELECT k.id, k.audience INTO found FROM known_person k WHERE k.id = wanted AND k.revoked_at IS NULL;
  IF found.audience IN ('CUSTODIAN', 'STEWARD') THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      'Stewards and custodians are let in and kept out by whoever runs the service: `lakana people`.';
  END IF;
  RETURN found.id;
END $$;

-- Make a link for a person, in the place of one that is open; nothing where there is none such. A holder makes at most 100 in a day.
CREATE FUNCTION lakana.make_link(wanted uuid, link text, hours integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
DECLARE
  holder text := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  whose uuid := lakana.invitable_person(wanted);
BEGIN
  IF whose IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lakana.invitation'), hashtext(holder));
  IF (SELECT count(*) FROM invitation WHERE invited_by = holder AND created_at > now() - interval '1 day') >= 100 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK503', MESSAGE = 'You have made 100 links since yesterday; make another tomorrow.';
  END IF;
  UPDATE invitation SET revoked_at = now() WHERE person_id = whose AND revoked_at IS NULL AND spent_at IS NULL;
  INSERT INTO invitation (person_id, digest, expires_at) VALUES (whose, link, now() + make_interval(hours => make_link.hours));
  RETURN whose;
END $$;

CREATE FUNCTION lakana.let_in(name text, audience text, organization uuid, area uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
DECLARE
  made uuid;
BEGIN
  IF let_in.audience NOT IN ('PARTNER', 'PLANNER') THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      'Stewards and custodians are let in and kept out by whoever runs the service: `lakana people`.';
  END IF;
  IF organization IS NOT NULL AND NOT lakana.is_listed_organization(organization::text) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'organization_id', MESSAGE =
      'the directory lists no organisation of that id; `organizations` lists them.';
  END IF;
  INSERT INTO person (issuer, subject, name, audience, organization_id, area_id)
  VALUES ('lakana', substr(replace(gen_random_uuid()::text, '-', ''), 1, 12), let_in.name, let_in.audience, organization, area)
  RETURNING id INTO made;
  RETURN made;
END $$;

CREATE FUNCTION lakana.keep_out(wanted uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
DECLARE
  whose uuid := lakana.invitable_person(wanted);
BEGIN
  UPDATE person SET revoked_at = now() WHERE id = whose;
  UPDATE identity.key SET revoked_at = now() WHERE person_id = whose AND revoked_at IS NULL;
  PERFORM identity.end_sessions(whose);
  RETURN whose;
END $$;

REVOKE ALL ON lakana.known_person FROM PUBLIC, lakana_public, lakana_partner, lakana_planner, lakana_custodian;
GRANT SELECT ON lakana.known_person TO lakana_steward;
REVOKE EXECUTE ON FUNCTION lakana.invitable_person, lakana.make_link, lakana.let_in, lakana.keep_out FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.make_link, lakana.let_in, lakana.keep_out TO lakana_steward;
