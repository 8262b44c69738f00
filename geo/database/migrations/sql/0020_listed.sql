-- Whether an actor is in the directory follows from public services alone, whatever else it runs: so neither that it is there
-- nor that it goes or comes tells anything of a confidential shelter. Kinds that are known by an office of their own are there
-- always; all others from their first public service to their last, and without one their record is kept in
-- exact.unlisted_actor. An organisation is told while one of its actors is, or where it has held a training.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION lakana.is_known_by_services(kind lakana.actor_kind) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT kind IN ('SOCIAL_SERVICE', 'NGO', 'CIVIL_SOCIETY', 'CHILD_RIGHTS_ASSOCIATION', 'WOMENS_GROUP', 'YOUTH_GROUP', 'SCHOOL',
                  'HEALTH_FACILITY', 'OTHER')
$$;

-- Entries that are withheld while an actor is not in the directory, and there again with it. What partners write of confidential
-- shelters is withheld too: an organisation writes of all of its shelters in one go, so the moment of an entry told whose it was.
ALTER TABLE audit.withheld ADD COLUMN actor_id UUID;
ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND NOT (login = 'lakana_partner' AND holder = 'partner')
  AND NOT EXISTS (
    SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id)
      AND (w.actor_id IS NULL OR NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = w.actor_id)))
  AND CASE WHEN subject = 'organization' THEN
    EXISTS (SELECT FROM lakana.actor a WHERE a.organization_id = subject_id::uuid)
    OR EXISTS (SELECT FROM lakana.training_organizer t WHERE t.organization_id = subject_id::uuid) ELSE true END);

CREATE INDEX training_organizer_organization_id_idx ON lakana.training_organizer (organization_id);

CREATE FUNCTION exact.withhold_actor(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO audit.withheld (digest, actor_id) SELECT audit.digest_of(id::text), wanted FROM (
    SELECT wanted AS id UNION ALL SELECT p.id FROM proposal p WHERE p.subject_id = wanted) AS known ON CONFLICT DO NOTHING
$$;

CREATE OR REPLACE FUNCTION exact.unlist(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT a.* FROM actor a WHERE a.id = ANY (ids) AND is_known_by_services(a.kind)
      AND NOT EXISTS (SELECT FROM service WHERE actor_id = a.id) ORDER BY id FOR UPDATE
  LOOP
    -- Looked at again: while this waited for the row, somebody may have given it a service.
    CONTINUE WHEN EXISTS (SELECT FROM service WHERE actor_id = one.id);
    INSERT INTO exact.unlisted_actor SELECT one.id, to_jsonb(one) - 'name_key',
      (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM trained_actor t WHERE t.actor_id = one.id);
    PERFORM exact.withhold_actor(one.id);
    DELETE FROM proposal WHERE subject_id = one.id;
    DELETE FROM actor WHERE id = one.id;
  END LOOP;
END $$;

-- Put an actor back into the directory as it left it, its version included, for a write that names it: where it has no public
-- service at the end of the transaction, it leaves again. Tells whether it is there now.
CREATE OR REPLACE FUNCTION exact.list_actor(wanted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kept exact.unlisted_actor;
BEGIN
  PERFORM FROM actor WHERE id = wanted FOR KEY SHARE;
  IF FOUND THEN
    RETURN true;
  END IF;
  -- One at a time: the record that another writer brings back may be kept anew as that one ends.
  PERFORM pg_advisory_xact_lock(hashtext('lakana.actor'), hashtext(wanted::text));
  DELETE FROM exact.unlisted_actor WHERE id = wanted RETURNING * INTO kept;
  IF FOUND THEN
    INSERT INTO actor (id, organization_id, name, kind, point, locality_id, area_id, jurisdiction_id, phone, verified_on, source_id, version)
    SELECT r.id, (SELECT o.id FROM organization o WHERE o.id = r.organization_id), r.name, r.kind, r.point, r.locality_id, r.area_id,
      r.jurisdiction_id, r.phone, r.verified_on, r.source_id, r.version
    FROM jsonb_populate_record(NULL::actor, kept.record) AS r;
    INSERT INTO trained_actor SELECT t.* FROM jsonb_populate_recordset(NULL::trained_actor, kept.trainings) AS t
    WHERE EXISTS (SELECT FROM training_event e WHERE e.id = t.training_event_id);
  END IF;
  RETURN EXISTS (SELECT FROM actor WHERE id = wanted);
END $$;

-- Looked at when all else of a transaction is written, so that the order of writes does not matter.
DROP TRIGGER unlist_runner ON exact.site;
CREATE OR REPLACE FUNCTION exact.unlist_runner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = exact, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'actor' THEN
    PERFORM unlist(ARRAY[NEW.id]);
  ELSE
    PERFORM unlist(ARRAY[OLD.actor_id]);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unlist_newcomer AFTER INSERT OR UPDATE OF kind ON lakana.actor DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION exact.unlist_runner();

-- An actor who leaves for good leaves the site behind: that it cannot leave would tell who runs one. What the log has of it
-- stays withheld, as while it was not in the directory.
CREATE OR REPLACE FUNCTION exact.leave_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = exact, lakana, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM unlisted_actor WHERE id = OLD.id) THEN
    UPDATE site SET actor_id = NULL WHERE actor_id = OLD.id;
    IF is_known_by_services(OLD.kind) THEN
      PERFORM withhold_actor(OLD.id);
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- What there is. Entries of actors that are in the directory are told again.
UPDATE audit.withheld w SET actor_id = u.id FROM exact.unlisted_actor u WHERE w.digest = audit.digest_of(u.id::text);
DELETE FROM audit.withheld w USING lakana.actor a WHERE w.digest = audit.digest_of(a.id::text);
SELECT exact.list_actor(id) FROM exact.unlisted_actor WHERE NOT lakana.is_known_by_services((record->>'kind')::lakana.actor_kind);
SELECT exact.unlist(array_agg(id)) FROM lakana.actor;

REVOKE EXECUTE ON FUNCTION lakana.is_known_by_services, exact.withhold_actor FROM PUBLIC;
