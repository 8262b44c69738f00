-- What a holder may keep has a bound, and what a person may do is counted by person, whatever keys they hold.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Keys of a person -----------------------------------------------------------------------------------------------

ALTER TABLE identity.key ADD COLUMN person_id UUID;
ALTER TABLE identity.key ADD CONSTRAINT key_person_id_fkey FOREIGN KEY (person_id) REFERENCES identity.person (id);

-- Custodians and stewards are people. Their keys of before stay good, and stay nobody's: see exact.locate and
-- lakana.attribute_persons for what nobody may do.
CREATE FUNCTION identity.check_bound() RETURNS trigger
LANGUAGE plpgsql SET search_path = identity, pg_temp AS $$
BEGIN
  IF NEW.person_id IS NULL AND NEW.audience IN ('CUSTODIAN', 'STEWARD') THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'a key of a custodian or a steward is bound to a person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_bound BEFORE INSERT OR UPDATE OF person_id, audience ON identity.key
FOR EACH ROW EXECUTE FUNCTION identity.check_bound();

-- Who acts, as the transaction says: issuer and subject; NULL where nobody is bound to what they showed.
CREATE OR REPLACE FUNCTION audit.person() RETURNS text
LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('lakana.person', true), '') $$;

-- Whose what is kept is: the person's, whatever keys they hold; of a key that is bound to nobody, the key's.
CREATE FUNCTION audit.keeper() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('lakana.person', true), ''), nullif(current_setting('lakana.holder', true), ''))
$$;
CREATE OR REPLACE FUNCTION lakana.scenario_owner() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce('organization:' || nullif(current_setting('lakana.organization', true), ''),
                  nullif(current_setting('lakana.person', true), ''), nullif(current_setting('lakana.holder', true), ''))
$$;

ALTER TABLE audit.entry ADD COLUMN IF NOT EXISTS person TEXT;  -- an upgrade that was taken back leaves it
CREATE INDEX entry_person_name_key_idx ON audit.entry (person, name_key) WHERE action = 'LOCATE';

-- Entries of before have no person, and keep the text that their hashes were taken of.
CREATE OR REPLACE FUNCTION audit.text_of(one audit.entry) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT (jsonb_build_array(one.number, one.at_s, one.login, one.holder, one.action, one.subject, one.subject_id,
                            one.before, one.after, one.sealed_digest, one.previous_hash)
          || CASE WHEN one.person IS NULL THEN '[]' ELSE jsonb_build_array(one.person) END)::text
$$;

CREATE OR REPLACE FUNCTION audit.append(
  action text, subject text, subject_id text, before jsonb, after jsonb,
  sealed_before jsonb DEFAULT NULL, sealed_after jsonb DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SET search_path = audit, public, pg_temp AS $$
DECLARE
  one entry;
  salt text := gen_random_uuid()::text || gen_random_uuid()::text;
BEGIN
  PERFORM audit.lock();  -- one after the other, so that each knows the hash before it
  SELECT number + 1, hash INTO one.number, one.previous_hash FROM entry ORDER BY number DESC LIMIT 1;
  one.number := coalesce(one.number, 1);
  one.previous_hash := coalesce(one.previous_hash, '');
  one.at_s := extract(epoch FROM clock_timestamp());
  one.login := session_user;
  one.holder := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  one.person := audit.person();
  one.action := action;
  one.subject := subject;
  one.subject_id := subject_id;
  one.before := before;
  one.after := after;
  IF sealed_before IS NOT NULL OR sealed_after IS NOT NULL THEN
    one.sealed_digest := seal_of(salt, sealed_before, sealed_after);
  END IF;
  one.hash := encode(sha256(convert_to(text_of(one), 'UTF8')), 'hex');
  INSERT INTO entry (number, at_s, login, holder, person, action, subject, subject_id, before, after, sealed_digest,
                     previous_hash, hash)
  VALUES (one.number, one.at_s, one.login, one.holder, one.person, one.action, one.subject, one.subject_id, one.before,
          one.after, one.sealed_digest, one.previous_hash, one.hash);
  IF one.sealed_digest IS NOT NULL THEN
    INSERT INTO sealed VALUES (one.number, salt, sealed_before, sealed_after);
  END IF;
  RETURN one.number;
END $$;

-- Every call counts and is logged, also one that finds nothing: else it could be tried which ids are confidential.
-- Twenty an hour are told to one person; all keys that are nobody's count as one person.
CREATE OR REPLACE FUNCTION exact.locate(wanted uuid, purpose text)
RETURNS TABLE (number bigint, lon double precision, lat double precision)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  oldest numeric;
BEGIN
  PERFORM audit.lock();
  SELECT min(at_s) INTO oldest FROM (
    SELECT at_s FROM audit.entry e WHERE e.action = 'LOCATE' AND e.person IS NOT DISTINCT FROM audit.person()
      AND e.at_s > extract(epoch FROM clock_timestamp()) - 3600
    ORDER BY e.name_key LIMIT 20
  ) lately HAVING count(*) = 20;
  IF oldest IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK429',
      DETAIL = ceil(oldest + 3600 - extract(epoch FROM clock_timestamp()))::int::text,
      MESSAGE = 'Twenty exact places were told to you in the last hour, by whatever key, which is the most; ask again later.';
  END IF;
  number := audit.append('LOCATE', 'shelter', wanted::text, NULL, jsonb_build_object('purpose', purpose));
  SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry) INTO lon, lat
  FROM shelter s JOIN service v ON v.id = s.service_id JOIN exact.site e ON e.service_id = v.id
  WHERE s.id = wanted AND v.confidential;
  RETURN NEXT;
END $$;

-- Two stewards are two people ------------------------------------------------------------------------------------

ALTER TABLE lakana.proposal ADD COLUMN proposed_person TEXT;
ALTER TABLE lakana.proposal ADD COLUMN reviewed_person TEXT;

-- Named to come after attribute_proposal, which says which key did it and that an open one is reviewed once.
CREATE FUNCTION lakana.attribute_persons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  whole CONSTANT boolean := NEW.kind = 'PUBLICATION' AND (TG_OP = 'INSERT' OR NEW.status = 'APPROVED');
BEGIN
  IF whole AND audit.person() IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      'To make a confidential site public takes two people, and this key is bound to none; use one that is '
      '(lakana keys create --person).';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_person := audit.person();
    RETURN NEW;
  END IF;
  NEW.reviewed_person := audit.person();
  IF whole AND OLD.proposed_person IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      'It was proposed with a key that is bound to no person; reject it, and have it proposed anew.';
  ELSIF whole AND OLD.proposed_person = NEW.reviewed_person THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      'To make a confidential site public takes two stewards: who proposed it may not approve it, by whatever key.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attribute_proposal_persons BEFORE INSERT OR UPDATE ON lakana.proposal
FOR EACH ROW EXECUTE FUNCTION lakana.attribute_persons();

-- What a holder may keep -----------------------------------------------------------------------------------------
-- Each check waits for others of the same holder, so that writes that come at once cannot pass it together.

CREATE OR REPLACE FUNCTION audit.count_apart(what text, holder text) RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtext('lakana.quota ' || what), hashtext(holder)) $$;

CREATE INDEX proposal_proposed_by_idx ON lakana.proposal (coalesce(proposed_person, proposed_by)) WHERE status = 'OPEN';

CREATE FUNCTION lakana.bound_proposals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM audit.count_apart('proposal', coalesce(NEW.proposed_person, NEW.proposed_by));
  IF (SELECT count(*) FROM proposal
      WHERE coalesce(proposed_person, proposed_by) = coalesce(NEW.proposed_person, NEW.proposed_by) AND status = 'OPEN') >= 100 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      '100 proposals of yours are open, which is the most; wait until stewards have reviewed some.';
  END IF;
  RETURN NEW;
END $$;
-- Named to come after attribute_proposal and attribute_proposal_persons, which say whose it is.
CREATE TRIGGER bound_proposals BEFORE INSERT ON lakana.proposal
FOR EACH ROW EXECUTE FUNCTION lakana.bound_proposals();

CREATE FUNCTION lakana.bound_scenarios() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM audit.count_apart('scenario', NEW.owner);
  IF (SELECT count(*) FROM scenario WHERE owner = NEW.owner) >= 200 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      '200 scenarios are saved for you or your organisation, which is the most; take one away (retireScenario).';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bound_scenarios BEFORE INSERT ON lakana.scenario
FOR EACH ROW EXECUTE FUNCTION lakana.bound_scenarios();

-- A job's place in its holder's own list: a number over all jobs, which a cursor shows, would tell how many others have.
ALTER TABLE lakana.siting_job ADD COLUMN own_number BIGINT;
UPDATE lakana.siting_job j SET own_number = n.own_number
FROM (SELECT id, row_number() OVER (PARTITION BY holder ORDER BY number) AS own_number FROM lakana.siting_job) n
WHERE n.id = j.id;
ALTER TABLE lakana.siting_job ALTER COLUMN own_number SET NOT NULL;
ALTER TABLE lakana.siting_job DROP COLUMN name_key;
ALTER TABLE lakana.siting_job
  ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad((999999999999 - own_number)::text, 12, '0')) STORED NOT NULL;
CREATE INDEX siting_job_holder_name_key_id_idx ON lakana.siting_job (holder, name_key, id);

CREATE OR REPLACE FUNCTION lakana.attribute_siting_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.holder := coalesce(audit.keeper(), 'owner');
  PERFORM audit.count_apart('siting_job', NEW.holder);
  IF (SELECT count(*) FROM siting_job WHERE holder = NEW.holder AND status IN ('QUEUED', 'RUNNING')) >= 3 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
      '3 jobs of yours wait or run, which is the most; wait for one, or cancel it (cancelSiting).';
  END IF;
  -- The 100 newest are kept: the oldest that are over make room.
  DELETE FROM siting_job WHERE id IN (
    SELECT id FROM siting_job WHERE holder = NEW.holder AND status NOT IN ('QUEUED', 'RUNNING')
    ORDER BY name_key OFFSET 99
  );
  SELECT coalesce(max(own_number), 0) + 1 INTO NEW.own_number FROM siting_job WHERE holder = NEW.holder;
  RETURN NEW;
END $$;

-- Keys of writes that were made are kept for 48 hours, 20,000 of a holder.
CREATE INDEX answered_holder_answered_at_idx ON audit.answered (holder, answered_at);
CREATE INDEX answered_answered_at_idx ON audit.answered (answered_at);

CREATE OR REPLACE FUNCTION audit.remember(asker text, given_key text, given_digest text, given_answer jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  eldest timestamptz;
BEGIN
  -- A few of anybody's at a time, so that none waits long and all go in the end.
  DELETE FROM answered WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM answered WHERE answered_at < now() - interval '48 hours' ORDER BY answered_at LIMIT 100
    FOR UPDATE SKIP LOCKED));
  PERFORM audit.count_apart('answered', asker);
  SELECT answered_at INTO eldest FROM answered
  WHERE holder = asker AND answered_at >= now() - interval '48 hours'
  ORDER BY answered_at DESC OFFSET 19999 LIMIT 1;
  IF eldest IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK429',
      DETAIL = greatest(1, ceil(extract(epoch FROM eldest + interval '48 hours' - now())))::int::text,
      MESSAGE = '20,000 writes of yours were made in the last 48 hours, and their idempotency keys are kept for so long; '
        'go on when the oldest is forgotten.';
  END IF;
  INSERT INTO answered (holder, key, digest, answer) VALUES (asker, given_key, given_digest, given_answer);
END $$;

REVOKE EXECUTE ON FUNCTION
  identity.check_bound, audit.person, audit.keeper, audit.count_apart, lakana.attribute_persons, lakana.bound_proposals,
  lakana.bound_scenarios
  FROM PUBLIC;

