-- The audit log: every change of what people keep, attributed, with before and after, in rows chained by their hashes.
-- What no audience may read (places of sites, raw counts, digests of keys) is sealed: it stands in a table that nobody
-- reads, and the entry holds a salted digest of it, so that neither can be changed without the other.

CREATE SCHEMA audit;

CREATE TABLE audit.entry (
  number BIGINT NOT NULL,
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad((999999999999 - number)::text, 12, '0')) STORED NOT NULL,
  at_s NUMERIC(17, 6) NOT NULL,
  login TEXT NOT NULL,
  holder TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT,
  before JSONB,
  after JSONB,
  sealed_digest TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (number),
  CONSTRAINT entry_id_key UNIQUE (id)
);
CREATE INDEX entry_name_key_id_idx ON audit.entry (name_key, id);
CREATE INDEX entry_subject_id_name_key_idx ON audit.entry (subject_id, name_key);
CREATE INDEX entry_holder_name_key_idx ON audit.entry (holder, name_key);

CREATE TABLE audit.sealed (
  number BIGINT NOT NULL,
  salt TEXT NOT NULL,
  before JSONB,
  after JSONB,
  CONSTRAINT sealed_pkey PRIMARY KEY (number),
  CONSTRAINT sealed_number_fkey FOREIGN KEY(number) REFERENCES audit.entry (number)
);

-- What was answered to a write, by its holder and idempotency key: the same write sent again gets the same answer.
CREATE TABLE audit.answered (
  holder TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  answer JSONB NOT NULL,
  answered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT answered_pkey PRIMARY KEY (holder, key)
);

-- Who may write to these tables without a row of the log for each row: the owner, for bulk loads, which note themselves.
CREATE FUNCTION audit.is_bulk() RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('lakana.bulk', true), '') = 'on'
    AND pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'audit.entry'::regclass), 'MEMBER')
$$;

-- The text that an entry's hash is taken of: unambiguous, and without a printed time.
CREATE FUNCTION audit.text_of(one audit.entry) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(one.number, one.at_s, one.login, one.holder, one.action, one.subject, one.subject_id,
                           one.before, one.after, one.sealed_digest, one.previous_hash)::text
$$;

CREATE FUNCTION audit.seal_of(salt text, before jsonb, after jsonb) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(salt, before, after)::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit.lock() RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtext('lakana.audit')) $$;

CREATE FUNCTION audit.append(
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
  one.action := action;
  one.subject := subject;
  one.subject_id := subject_id;
  one.before := before;
  one.after := after;
  IF sealed_before IS NOT NULL OR sealed_after IS NOT NULL THEN
    one.sealed_digest := seal_of(salt, sealed_before, sealed_after);
  END IF;
  one.hash := encode(sha256(convert_to(text_of(one), 'UTF8')), 'hex');
  INSERT INTO entry (number, at_s, login, holder, action, subject, subject_id, before, after, sealed_digest, previous_hash, hash)
  VALUES (one.number, one.at_s, one.login, one.holder, one.action, one.subject, one.subject_id, one.before, one.after,
          one.sealed_digest, one.previous_hash, one.hash);
  IF one.sealed_digest IS NOT NULL THEN
    INSERT INTO sealed VALUES (one.number, salt, sealed_before, sealed_after);
  END IF;
  RETURN one.number;
END $$;

-- A row with its points in words, without what is derived from other columns.
CREATE FUNCTION audit.told(given jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = audit, public, pg_temp AS $$
  SELECT CASE WHEN given ? 'point' THEN jsonb_set(given, '{point}', to_jsonb(ST_AsText((given->>'point')::geography)))
         ELSE given END - 'name_key'
$$;

-- Of two rows the part that differs, or of one row all, without these columns or with these only.
CREATE FUNCTION audit.part(given jsonb, other jsonb, columns text[], chosen boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_object_agg(key, value) FROM jsonb_each(given)
  WHERE (key = ANY (columns)) = chosen AND (other IS NULL OR other->key IS DISTINCT FROM value)
$$;

-- Arguments of the trigger: the column that names the row, then the columns that are sealed. What nobody may read is
-- sealed whole and logged even where it stays the same: else who writes a guess would learn whether it was right.
CREATE FUNCTION audit.follow() RETURNS trigger
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
  PERFORM append(
    TG_OP, TG_TABLE_NAME, subject_id,
    part(former, later, sealed, false), part(later, former, sealed, false),
    part(former, CASE WHEN NOT hidden THEN later END, sealed, true),
    part(later, CASE WHEN NOT hidden THEN former END, sealed, true));
  RETURN NULL;
END $$;

CREATE FUNCTION audit.follow_truncation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
BEGIN
  PERFORM append('TRUNCATE', TG_TABLE_NAME, NULL, NULL, NULL);
  RETURN NULL;
END $$;

CREATE FUNCTION audit.refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever appended to';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.sealed
FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- Deferred: rows are logged as their transaction commits, so that writers wait for each other just then, and the lock of
-- the log comes after every other lock.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('lakana.organization', '''id'''),
    ('lakana.actor', '''id'''),
    ('lakana.service', '''id'', ''phone'', ''point'', ''radius_m'', ''area_id'', ''locality_id'''),
    ('lakana.shelter', '''id'''),
    ('lakana.front_gate', '''service_id'''),
    ('lakana.proposal', '''id'''),
    ('lakana.release', '''number'''),
    ('exact.site', '''service_id'', ''point'', ''area_id'', ''locality_id'''),
    ('raw.incident_count', '''locality_id'', ''count'', ''censored_below'''),
    ('identity.key', '''id'', ''digest'''),
    ('identity.person', '''id''')
  ) AS followed(name, arguments) LOOP
    EXECUTE format(
      'CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED '
      'FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow(%s)', one.name, one.arguments);
    EXECUTE format(
      'CREATE TRIGGER audit_truncation AFTER TRUNCATE ON %s EXECUTE FUNCTION audit.follow_truncation()', one.name);
  END LOOP;
END $$;

-- Idempotency, for every login that writes; what was answered to whom can be asked by who knows holder and key only.
CREATE FUNCTION audit.recall(asker text, given_key text) RETURNS TABLE (digest text, answer jsonb)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1 SET search_path = audit, public, pg_temp AS $$
BEGIN
  -- The same write sent twice at once: the second waits for the first.
  PERFORM pg_advisory_xact_lock(hashtext('lakana.answered'), hashtext(asker || ' ' || given_key));
  RETURN QUERY SELECT a.digest, a.answer FROM answered a WHERE a.holder = asker AND a.key = given_key;
END $$;

CREATE FUNCTION audit.remember(asker text, given_key text, given_digest text, given_answer jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
  INSERT INTO answered (holder, key, digest, answer) VALUES (asker, given_key, given_digest, given_answer)
$$;

REVOKE ALL ON SCHEMA audit FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION audit.is_bulk, audit.recall, audit.remember
  TO lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON audit.entry TO lakana_steward;
