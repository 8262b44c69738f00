-- An actor that runs confidential sites and nothing public would be found by what it lacks, so it is not in the directory: its
-- record is kept here until it runs something public. That another runs the site from now on brings nobody back, or the
-- directory would tell that this one did.

-- Take actors out of the directory where they are to be out of it, with what names them: proposals, and their entries of the
-- log, which stand beside those of the site. Words of their names and their numbers stay known as those of former records.
CREATE FUNCTION exact.unlist(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one record;
  former_bulk text := coalesce(current_setting('lakana.bulk', true), '');
BEGIN
  FOR one IN
    SELECT a.* FROM actor a WHERE a.id = ANY (ids) AND EXISTS (SELECT FROM exact.site WHERE actor_id = a.id)
      AND NOT EXISTS (SELECT FROM service WHERE actor_id = a.id) ORDER BY id FOR UPDATE
  LOOP
    INSERT INTO exact.unlisted_actor SELECT one.id, to_jsonb(one) - 'name_key',
      (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM trained_actor t WHERE t.actor_id = one.id);
    IF NOT audit.is_bulk() THEN
      PERFORM audit.append('UNLIST', 'actor', NULL, NULL, NULL, NULL, jsonb_build_object('id', one.id));
    END IF;
    INSERT INTO audit.withheld SELECT audit.digest_of(id::text) FROM (
      SELECT one.id UNION ALL SELECT p.id FROM proposal p WHERE p.subject_id = one.id) AS known ON CONFLICT DO NOTHING;
    DELETE FROM proposal WHERE subject_id = one.id;
    PERFORM set_config('lakana.bulk', 'on', true);
    DELETE FROM actor WHERE id = one.id;
    PERFORM set_config('lakana.bulk', former_bulk, true);
  END LOOP;
END $$;

-- Put an actor back into the directory, since something public is about to be its own; tells whether it is there now.
CREATE FUNCTION exact.list_actor(wanted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kept exact.unlisted_actor;
BEGIN
  DELETE FROM exact.unlisted_actor WHERE id = wanted RETURNING * INTO kept;
  IF FOUND THEN
    INSERT INTO actor (id, organization_id, name, kind, point, locality_id, area_id, jurisdiction_id, phone, verified_on, source_id)
    SELECT r.id, (SELECT o.id FROM organization o WHERE o.id = r.organization_id), r.name, r.kind, r.point, r.locality_id, r.area_id,
      r.jurisdiction_id, r.phone, r.verified_on, r.source_id
    FROM jsonb_populate_record(NULL::actor, kept.record) AS r;
    INSERT INTO trained_actor SELECT t.* FROM jsonb_populate_recordset(NULL::trained_actor, kept.trainings) AS t
    WHERE EXISTS (SELECT FROM training_event e WHERE e.id = t.training_event_id);
  END IF;
  RETURN EXISTS (SELECT FROM actor WHERE id = wanted);
END $$;

-- Whether an actor may be given as who runs a confidential site: in the directory or not.
CREATE FUNCTION exact.knows_actor(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM actor WHERE id = wanted) OR EXISTS (SELECT FROM exact.unlisted_actor WHERE id = wanted)
$$;

-- Looked at when all else of a transaction is written, so that the order of writes does not matter.
CREATE FUNCTION exact.unlist_runner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = exact, public, pg_temp AS $$
BEGIN
  PERFORM unlist(ARRAY[CASE TG_TABLE_NAME WHEN 'site' THEN NEW.actor_id ELSE OLD.actor_id END]);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unlist_runner AFTER INSERT OR UPDATE OF actor_id ON exact.site DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL) EXECUTE FUNCTION exact.unlist_runner();
CREATE CONSTRAINT TRIGGER unlist_runner AFTER DELETE ON lakana.service DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.actor_id IS NOT NULL) EXECUTE FUNCTION exact.unlist_runner();
CREATE CONSTRAINT TRIGGER unlist_moved_runner AFTER UPDATE OF actor_id, confidential ON lakana.service DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.actor_id IS DISTINCT FROM NEW.actor_id AND OLD.actor_id IS NOT NULL) EXECUTE FUNCTION exact.unlist_runner();

-- An actor who leaves the directory leaves the site behind: that it cannot leave would tell who runs one.
CREATE FUNCTION exact.leave_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = exact, public, pg_temp AS $$
BEGIN
  UPDATE site SET actor_id = NULL WHERE actor_id = OLD.id AND NOT EXISTS (SELECT FROM unlisted_actor WHERE id = OLD.id);
  RETURN NULL;
END $$;
CREATE TRIGGER leave_site AFTER DELETE ON lakana.actor FOR EACH ROW EXECUTE FUNCTION exact.leave_site();
CREATE INDEX site_actor_id_idx ON exact.site (actor_id);

-- A proposal is about what is there as it is kept: one that was under way while its subject was hidden finds nothing.
CREATE FUNCTION lakana.hold_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.kind = 'ACTOR' THEN
    PERFORM FROM actor WHERE id = NEW.subject_id FOR KEY SHARE;
  ELSE
    PERFORM FROM service WHERE id = coalesce((SELECT service_id FROM shelter WHERE id = NEW.subject_id), NEW.subject_id) FOR KEY SHARE;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'id', MESSAGE =
      'there is nothing of that id that you may change; pass an id that an earlier answer gave.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_subject BEFORE INSERT ON lakana.proposal FOR EACH ROW EXECUTE FUNCTION lakana.hold_subject();

REVOKE EXECUTE ON FUNCTION
  exact.unlist, exact.list_actor, exact.knows_actor, exact.unlist_runner, exact.leave_site, lakana.hold_subject FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exact.list_actor, exact.knows_actor TO lakana_steward;
