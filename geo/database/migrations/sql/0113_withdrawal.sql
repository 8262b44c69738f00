-- A steward withdraws a record, which leaves every surface as the transaction ends, and is told what had been public and since when.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- What has been public of a record, each fact with the first moment of it; NULL where it was there before the log began. The record is
-- given as it is now: of its columns those that are facts, and `record` for that it was there at all.
CREATE FUNCTION audit.out_since(kind text, wanted uuid, present jsonb) RETURNS TABLE (fact text, since timestamp with time zone)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH entry AS MATERIALIZED (
    SELECT e.number, e.at_s, e.action, coalesce(e.before, '{}') || coalesce(x.before, '{}') AS before,
      coalesce(e.after, '{}') || coalesce(x.after, '{}') AS after
    FROM audit.entry e LEFT JOIN audit.sealed x USING (number) WHERE e.subject = kind AND e.subject_id = wanted::text
  ), begun AS (
    -- It came, or came back from being confidential; or it was loaded with many.
    SELECT coalesce(
      (SELECT max(number) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'), 0) AS number,
      coalesce(
      (SELECT max(at_s) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'),
      (SELECT min(at_s) FROM audit.entry WHERE action = 'LOAD')) AS at_s
  ), known AS (
    SELECT f.fact, f.name, nullif(present->>f.name, '[]') AS present
    FROM (VALUES
      ('RECORD', 'record'), ('NAME', 'name'), ('PLACE', 'point'), ('LOCALITY', 'locality_id'), ('ACTOR', 'actor_id'), ('PHONE', 'phone'),
      ('OPENING_HOURS', 'opening_hours'), ('LANGUAGES', 'languages'), ('CLOSED', 'closed_from'), ('SOURCE', 'source_id')) AS f (fact, name)
    WHERE present ? f.name
  ), lived AS (
    SELECT k.fact, b.at_s,
      CASE WHEN first.before ? k.name THEN nullif(first.before->>k.name, '[]') ELSE k.present END IS NOT NULL AS at_first,
      (SELECT min(e.at_s) FROM entry e WHERE e.number > b.number AND nullif(e.after->>k.name, '[]') IS NOT NULL) AS later_s
    FROM known k CROSS JOIN begun b LEFT JOIN LATERAL (
      SELECT before FROM entry e WHERE e.number > b.number AND (e.before ? k.name OR e.after ? k.name) ORDER BY e.number LIMIT 1
    ) first ON true
  )
  SELECT fact, to_timestamp(CASE WHEN at_first THEN at_s ELSE later_s END) FROM lived WHERE at_first OR later_s IS NOT NULL
$$;

-- As before, of a service that is about to become confidential.
CREATE OR REPLACE FUNCTION exact.was_public(wanted uuid) RETURNS TABLE (fact text, since timestamp with time zone)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 6 SET search_path = lakana, public, pg_temp AS $$
  SELECT o.fact, o.since FROM service s, audit.out_since('service', s.id, to_jsonb(s)) AS o WHERE s.id = wanted AND NOT s.confidential
$$;

-- A holder whose organisation was withdrawn has none, and is never let in again as it is.
ALTER TABLE identity.key DROP CONSTRAINT key_scope_check, ADD CONSTRAINT key_scope_check CHECK (
  CASE audience WHEN 'PARTNER' THEN organization_id IS NOT NULL OR revoked_at IS NOT NULL WHEN 'PLANNER' THEN area_id IS NULL
  ELSE organization_id IS NULL AND area_id IS NULL END);
ALTER TABLE identity.person DROP CONSTRAINT person_scope_check, ADD CONSTRAINT person_scope_check CHECK (
  CASE audience WHEN 'PARTNER' THEN organization_id IS NOT NULL OR revoked_at IS NOT NULL WHEN 'PLANNER' THEN area_id IS NULL
  ELSE organization_id IS NULL AND area_id IS NULL END);

-- End all keys, links and sessions of an organisation. What the log has of them is withheld with what it has of the organisation.
CREATE FUNCTION identity.end_organization(gone uuid) RETURNS void
LANGUAGE plpgsql SET search_path = identity, pg_temp AS $$
BEGIN
  INSERT INTO audit.withheld (digest)
  SELECT audit.digest_of(id::text) FROM (SELECT id, organization_id FROM key UNION ALL SELECT id, organization_id FROM person) AS holder
  WHERE organization_id = gone ON CONFLICT DO NOTHING;
  PERFORM identity.end_sessions(id) FROM person WHERE organization_id = gone;
  UPDATE key SET revoked_at = coalesce(revoked_at, now()), organization_id = NULL
  WHERE organization_id = gone OR person_id IN (SELECT id FROM person WHERE organization_id = gone);
  UPDATE person SET revoked_at = coalesce(revoked_at, now()), organization_id = NULL WHERE organization_id = gone;
END $$;

-- Take a record out for good, with all that leads to it: of a shelter its service, of an actor its services, of an organisation its
-- actors and their services, its presence and what its keys and people may do, of a guidance text the steps that rest on it. Returns
-- its kind, how many records went, and what had been public of it; NULL where there is none of that id. A confidential shelter tells
-- nothing that was not known, what is in no directory has not been public, and an actor of an organisation that is in none stays there.
CREATE FUNCTION lakana.withdraw(wanted uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kind text;
  present jsonb;
  told jsonb;
  its_actors uuid[] := '{}';
  its_services uuid[] := '{}';
  records integer := 1;
  listed CONSTANT boolean := NOT EXISTS (SELECT FROM exact.unlisted_actor u WHERE u.id = wanted)
    AND NOT EXISTS (SELECT FROM organization o WHERE o.id = wanted AND NOT is_listed_organization(o.id::text));
BEGIN
  PERFORM hold_words(false);  -- before any row is locked, as other writers do
  PERFORM exact.list_actor(wanted);
  SELECT k, r - 'name_key' INTO kind, present FROM (
    SELECT 'organization', to_jsonb(o) FROM organization o WHERE id = wanted
    UNION ALL SELECT 'actor', to_jsonb(a) FROM actor a WHERE id = wanted
    UNION ALL SELECT 'service', to_jsonb(s) FROM service s WHERE id = wanted
    UNION ALL SELECT 'shelter', to_jsonb(s) FROM service s WHERE id = (SELECT service_id FROM shelter WHERE id = wanted)
    UNION ALL SELECT 'presence', jsonb_build_object('name', p.organization_name) FROM presence p WHERE id = wanted
    UNION ALL SELECT 'training_event', to_jsonb(t) FROM training_event t WHERE id = wanted
    UNION ALL SELECT 'guidance', jsonb_build_object('name', s.name) FROM guidance g JOIN source s ON s.id = g.source_id WHERE s.id = wanted
    UNION ALL SELECT 'pathway_step', '{}' FROM pathway_step WHERE id = wanted
  ) AS known (k, r);
  IF kind IS NULL THEN
    RETURN NULL;
  END IF;
  IF kind IN ('organization', 'actor') THEN
    its_actors := ARRAY(SELECT id FROM actor WHERE wanted IN (id, organization_id) ORDER BY id);
    its_services := ARRAY(SELECT id FROM service WHERE actor_id = ANY (its_actors) ORDER BY id);
  ELSIF kind IN ('service', 'shelter') THEN
    its_services := ARRAY[present->>'id'];
  END IF;
  -- As the triggers that keep distances do, which come too late.
  PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(category))
  FROM (SELECT DISTINCT category::text FROM service WHERE id = ANY (its_services) ORDER BY 1) AS held;
  IF listed AND present->>'confidential' IS DISTINCT FROM 'true' THEN
    SELECT jsonb_agg(jsonb_build_object('fact', o.fact, 'since', o.since) ORDER BY o.fact) INTO told
    FROM audit.out_since(CASE kind WHEN 'shelter' THEN 'service' ELSE kind END,
                         coalesce((present->>'id')::uuid, wanted), present || '{"record": true}') AS o;
  END IF;
  DELETE FROM service WHERE id = ANY (its_services);
  DELETE FROM actor WHERE id = ANY (its_actors);
  records := greatest(cardinality(its_actors) + cardinality(its_services), 1);
  CASE kind
    WHEN 'organization' THEN
      records := cardinality(its_actors) + cardinality(its_services) + 1 + (SELECT count(*) FROM presence WHERE organization_id = wanted);
      DELETE FROM training_organizer WHERE organization_id = wanted;
      PERFORM identity.end_organization(wanted);
      DELETE FROM organization WHERE id = wanted;
    WHEN 'presence' THEN
      DELETE FROM presence WHERE id = wanted;
    WHEN 'training_event' THEN
      DELETE FROM training_event WHERE id = wanted;
    WHEN 'guidance' THEN
      WITH gone AS (DELETE FROM pathway_step WHERE source_id = wanted RETURNING id) SELECT records + count(*) INTO records FROM gone;
      DELETE FROM guidance WHERE source_id = wanted;
    WHEN 'pathway_step' THEN
      DELETE FROM pathway_step WHERE id = wanted;
    ELSE
      NULL;
  END CASE;
  -- What follows from it is done and logged first: the lock of the log comes after every other.
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;
  PERFORM audit.append('WITHDRAW', kind, wanted::text, NULL, jsonb_build_object('reason', withdraw.reason, 'records', records));
  RETURN jsonb_build_object('kind', kind, 'records', records, 'was_public', coalesce(told, '[]'));
END $$;

REVOKE EXECUTE ON FUNCTION audit.out_since, identity.end_organization, lakana.withdraw FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.withdraw TO lakana_steward;
