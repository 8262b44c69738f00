-- Back to what 0015_turns.sql found, but for the audit log: who was written down stays there, and its hashes hold.

DROP TRIGGER attribute_proposal_persons ON lakana.proposal;
DROP TRIGGER bound_proposals ON lakana.proposal;
DROP TRIGGER bound_scenarios ON lakana.scenario;
DROP TRIGGER check_bound ON identity.key;
DROP FUNCTION lakana.attribute_persons, lakana.bound_proposals, lakana.bound_scenarios, identity.check_bound;
DROP INDEX audit.answered_holder_answered_at_idx, audit.answered_answered_at_idx, audit.entry_person_name_key_idx;
DROP INDEX lakana.proposal_proposed_by_idx;
ALTER TABLE lakana.proposal DROP COLUMN proposed_person, DROP COLUMN reviewed_person;
ALTER TABLE identity.key DROP COLUMN person_id;

CREATE OR REPLACE FUNCTION lakana.scenario_owner() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce('organization:' || nullif(current_setting('lakana.organization', true), ''),
                  nullif(current_setting('lakana.holder', true), ''))
$$;

ALTER TABLE lakana.siting_job DROP COLUMN name_key;
ALTER TABLE lakana.siting_job DROP COLUMN own_number;
ALTER TABLE lakana.siting_job
  ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad((999999999999 - number)::text, 12, '0')) STORED NOT NULL;
CREATE INDEX siting_job_holder_name_key_id_idx ON lakana.siting_job (holder, name_key, id);

CREATE OR REPLACE FUNCTION lakana.attribute_siting_job() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.holder := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  RETURN NEW;
END $$;

DROP FUNCTION audit.keeper;

CREATE OR REPLACE FUNCTION exact.locate(wanted uuid, purpose text) RETURNS TABLE (number bigint, lon double precision, lat double precision)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  asker text := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  oldest numeric;
BEGIN
  PERFORM audit.lock();
  SELECT min(at_s) INTO oldest FROM (
    SELECT at_s FROM audit.entry e WHERE e.holder = asker AND e.action = 'LOCATE'
      AND e.at_s > extract(epoch FROM clock_timestamp()) - 3600
    ORDER BY e.name_key LIMIT 20
  ) lately HAVING count(*) = 20;
  IF oldest IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK429',
      DETAIL = ceil(oldest + 3600 - extract(epoch FROM clock_timestamp()))::int::text,
      MESSAGE = 'Twenty exact places were told in the last hour, which is the most; ask again later.';
  END IF;
  number := audit.append('LOCATE', 'shelter', wanted::text, NULL, jsonb_build_object('purpose', purpose));
  SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry) INTO lon, lat
  FROM shelter s JOIN service v ON v.id = s.service_id JOIN exact.site e ON e.service_id = v.id
  WHERE s.id = wanted AND v.confidential;
  RETURN NEXT;
END $$;

CREATE OR REPLACE FUNCTION audit.remember(asker text, given_key text, given_digest text, given_answer jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
  INSERT INTO answered (holder, key, digest, answer) VALUES (asker, given_key, given_digest, given_answer)
$$;
