-- A site that was public and becomes confidential is another one from then on: new ids, a new name, and nothing that is kept
-- leads from the one to the other.

ALTER TABLE lakana.shelter DROP CONSTRAINT shelter_service_id_fkey, ADD CONSTRAINT shelter_service_id_fkey
  FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE lakana.front_gate DROP CONSTRAINT front_gate_service_id_fkey, ADD CONSTRAINT front_gate_service_id_fkey
  FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE exact.site DROP CONSTRAINT site_service_id_fkey, ADD CONSTRAINT site_service_id_fkey
  FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- Entries of the audit log that stewards do not read any more, by digests of the ids that they are about: which those are
-- cannot be read from here, and the log itself stays as it was written.
CREATE TABLE audit.withheld (
  digest TEXT NOT NULL,
  CONSTRAINT withheld_pkey PRIMARY KEY (digest)
);
CREATE FUNCTION audit.digest_of(subject_id text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(subject_id, 'UTF8')), 'hex')
$$;
ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY told ON audit.entry FOR SELECT TO lakana_steward
USING (NOT EXISTS (SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id)));

-- A row that takes another id is logged as one that went and one that came: the first sealed whole.
CREATE OR REPLACE FUNCTION audit.follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  former jsonb := CASE WHEN TG_OP <> 'INSERT' THEN told(to_jsonb(OLD)) END;
  later jsonb := CASE WHEN TG_OP <> 'DELETE' THEN told(to_jsonb(NEW)) END;
  sealed text[] := TG_ARGV[1:];
  subject_id text := coalesce(later, former)->>TG_ARGV[0];
  hidden boolean := TG_TABLE_SCHEMA IN ('exact', 'raw');
BEGIN
  IF former IS NOT DISTINCT FROM later AND NOT hidden THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_SCHEMA = 'exact' AND TG_OP = 'UPDATE' AND former->>'actor_id' IS NOT NULL AND later = former || '{"actor_id": null}' THEN
    RETURN NULL;  -- the actor has left the directory, and an entry beside that of its leaving would tell what it ran
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
    part(later, CASE WHEN NOT hidden THEN former END, sealed, true));
  RETURN NULL;
END $$;

-- Take away what names a site that becomes confidential by the ids that it had: proposals, what scenarios do with it, and
-- answers that were worked out while it had a distance. What the audit log has of it, and of scenarios that named it, is read
-- by nobody any more. The words that it was called by are kept where nobody reads them, so that it is not called so again.
CREATE FUNCTION exact.forget(service_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  known text[];
  one jsonb := jsonb_build_array(jsonb_build_object('service_id', forget.service_id::text));
BEGIN
  SELECT array_agg(id::text) INTO known FROM (
    SELECT forget.service_id AS id UNION ALL SELECT s.id FROM shelter s WHERE s.service_id = forget.service_id) AS own;
  WITH gone AS (
    DELETE FROM proposal WHERE subject_id::text = ANY (known) RETURNING id
  )
  SELECT known || coalesce(array_agg(id::text), '{}') INTO known FROM gone;
  INSERT INTO exact.former_word
  SELECT DISTINCT word FROM (
    SELECT s.name FROM service s WHERE s.id = forget.service_id
    UNION SELECT side->>'name' FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
    WHERE e.subject = 'service' AND e.subject_id = forget.service_id::text
  ) AS had, regexp_split_to_table(fold(had.name), ' ') AS word WHERE length(word) >= 3 ON CONFLICT DO NOTHING;
  SELECT known || coalesce(array_agg(s.id::text), '{}') INTO known FROM scenario s WHERE s.changes @> one;
  INSERT INTO audit.withheld SELECT audit.digest_of(id) FROM unnest(known) AS id ON CONFLICT DO NOTHING;
  DELETE FROM scenario s WHERE s.changes @> one AND jsonb_array_length(s.changes) = 1;
  UPDATE scenario s SET changes = (
    SELECT jsonb_agg(change) FROM jsonb_array_elements(s.changes) AS change WHERE NOT change @> (one->0))
  WHERE s.changes @> one;
  UPDATE siting_job SET status = 'FAILED', answer = NULL, best_objective = NULL, gap_percent = NULL,
    finished_at = coalesce(finished_at, now()),
    problem = 'The services that it counted have changed; start the job again.'
  WHERE status IN ('DONE', 'RUNNING') AND asked->>'category' = (SELECT category::text FROM service s WHERE s.id = forget.service_id);
END $$;

-- What has been public of a service under this id, each fact with the first moment of it; NULL where it was there before the
-- log began. For the steward who is about to make it confidential.
CREATE FUNCTION exact.was_public(wanted uuid) RETURNS TABLE (fact text, since timestamp with time zone)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 6 SET search_path = lakana, public, pg_temp AS $$
  WITH entry AS MATERIALIZED (
    SELECT e.number, e.at_s, e.action, coalesce(e.before, '{}') || coalesce(x.before, '{}') AS before,
      coalesce(e.after, '{}') || coalesce(x.after, '{}') AS after
    FROM audit.entry e LEFT JOIN audit.sealed x USING (number) WHERE e.subject = 'service' AND e.subject_id = wanted::text
  ), begun AS (
    -- It came, or came back from being confidential; or it was loaded with many.
    SELECT coalesce(
      (SELECT max(number) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'), 0) AS number,
      coalesce(
      (SELECT max(at_s) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'),
      (SELECT min(at_s) FROM audit.entry WHERE action = 'LOAD')) AS at_s
  ), known AS (
    SELECT f.fact, f.name, to_jsonb(s)->>f.name AS present
    FROM service s, (VALUES
      ('NAME', 'name'), ('PLACE', 'point'), ('LOCALITY', 'locality_id'), ('ACTOR', 'actor_id'), ('PHONE', 'phone'),
      ('OPENING_HOURS', 'opening_hours')) AS f(fact, name)
    WHERE s.id = wanted AND NOT s.confidential
  ), lived AS (
    SELECT k.fact, b.at_s,
      CASE WHEN first.before ? k.name THEN first.before->>k.name ELSE k.present END IS NOT NULL AS at_first,
      (SELECT min(e.at_s) FROM entry e WHERE e.number > b.number AND e.after->>k.name IS NOT NULL) AS later_s
    FROM known k CROSS JOIN begun b LEFT JOIN LATERAL (
      SELECT before FROM entry e WHERE e.number > b.number AND (e.before ? k.name OR e.after ? k.name) ORDER BY e.number LIMIT 1
    ) first ON true
  )
  SELECT fact, to_timestamp(CASE WHEN at_first THEN at_s ELSE later_s END) FROM lived WHERE at_first OR later_s IS NOT NULL
$$;

-- Versions begin anew with a new id.
CREATE OR REPLACE FUNCTION lakana.next_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.version := CASE WHEN NEW.id = OLD.id THEN OLD.version + 1 ELSE 1 END;
  RETURN NEW;
END $$;

-- A shelter takes a new id with its service. Named to come before next_version.
CREATE FUNCTION lakana.leave_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.id := gen_random_uuid();
  RETURN NEW;
END $$;
CREATE TRIGGER leave_id BEFORE UPDATE ON lakana.shelter
FOR EACH ROW WHEN (NEW.service_id <> OLD.service_id) EXECUTE FUNCTION lakana.leave_id();

CREATE OR REPLACE FUNCTION lakana.change_confidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kept exact.site;
BEGIN
  IF NEW.confidential AND NOT OLD.confidential THEN
    IF NEW.name = OLD.name THEN
      NEW.name := NULL;
    END IF;
    -- As the triggers that keep distances do, which come too late for the rows that name the id.
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(OLD.category::text));
    DELETE FROM access WHERE service_id = OLD.id;
    INSERT INTO exact.site (service_id, point, area_id, locality_id, actor_id)
    VALUES (OLD.id, NEW.point, NEW.area_id, NEW.locality_id, NEW.actor_id)
    ON CONFLICT (service_id) DO UPDATE SET point = excluded.point, area_id = excluded.area_id,
      locality_id = excluded.locality_id, actor_id = excluded.actor_id;
    INSERT INTO exact.former_phone SELECT key FROM unnest(ARRAY[phone_key(OLD.phone), phone_key(NEW.phone)]) AS key
    WHERE key IS NOT NULL ON CONFLICT DO NOTHING;
    PERFORM exact.forget(OLD.id);
    NEW.id := gen_random_uuid();
  ELSIF OLD.confidential AND NOT NEW.confidential THEN
    IF NOT EXISTS (
      SELECT FROM proposal p WHERE p.kind = 'PUBLICATION' AND p.status = 'APPROVED' AND p.reviewed_at = now()
        AND p.reviewed_by <> p.proposed_by
        AND p.subject_id = (SELECT s.id FROM shelter s WHERE s.service_id = NEW.id)
    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
        'A confidential site becomes public only by a proposal that a second steward approves.';
    END IF;
    DELETE FROM exact.site WHERE service_id = NEW.id RETURNING * INTO kept;
    IF kept.actor_id IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'proposal_id', MESSAGE =
        'nobody has recorded where the site stands and who runs it; give its place and its actor first.';
    END IF;
    NEW.point := kept.point;
    NEW.area_id := kept.area_id;
    NEW.locality_id := kept.locality_id;
    NEW.actor_id := kept.actor_id;
    PERFORM exact.list_actor(kept.actor_id);
    INSERT INTO exact.former_phone SELECT DISTINCT key FROM front_gate g, number_keys(NULL, g.contact) AS key
    WHERE g.service_id = NEW.id ON CONFLICT DO NOTHING;
    INSERT INTO exact.former_gate SELECT fold(contact) FROM front_gate WHERE service_id = NEW.id ON CONFLICT DO NOTHING;
    DELETE FROM front_gate WHERE service_id = NEW.id;
  END IF;
  RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION
  audit.digest_of, exact.forget, exact.was_public, lakana.leave_id FROM PUBLIC;
GRANT SELECT ON audit.withheld TO lakana_steward;
GRANT EXECUTE ON FUNCTION audit.digest_of, exact.was_public TO lakana_steward;
