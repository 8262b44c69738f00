-- Public phone numbers that somebody says are wrong, for the stewards: who said so is nowhere, and when is known by the day. There
-- is one open row for each number of a record, so there are never more than public numbers. Like a proposal it names what it is
-- about without a foreign key: a word of anybody's must not keep an import from being undone.
CREATE TYPE lakana.wrong_number_outcome AS ENUM ('CORRECTED', 'RIGHT');

CREATE TABLE lakana.wrong_number (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad((first_reported_on - '2000-01-01'::date)::text, 6, '0')) STORED NOT NULL,
  record_id UUID NOT NULL,
  number TEXT NOT NULL,
  reports INTEGER DEFAULT 1 NOT NULL,
  first_reported_on DATE DEFAULT (now() AT TIME ZONE 'UTC')::date NOT NULL,
  last_reported_on DATE DEFAULT (now() AT TIME ZONE 'UTC')::date NOT NULL,
  outcome lakana.wrong_number_outcome,
  settled_by TEXT,
  settled_person TEXT,
  settled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT wrong_number_pkey PRIMARY KEY (id),
  CONSTRAINT wrong_number_settled_check CHECK ((outcome IS NULL) = (settled_by IS NULL) AND (outcome IS NULL) = (settled_at IS NULL))
);
CREATE INDEX wrong_number_name_key_id_idx ON lakana.wrong_number (name_key, id);
CREATE UNIQUE INDEX wrong_number_open_idx ON lakana.wrong_number (record_id, number) WHERE outcome IS NULL;
CREATE INDEX wrong_number_record_id_idx ON lakana.wrong_number (record_id);

-- Note that a number is wrong. It answers nothing, whatever it finds: only what the public reads of a record counts, so a
-- confidential shelter has no number here. The record is held, so that one that is hidden meanwhile leaves nothing behind.
CREATE FUNCTION lakana.report_wrong_number(subject uuid, said text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  public_phone text;
  today CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
  SELECT phone INTO public_phone FROM service WHERE id = subject AND NOT confidential FOR KEY SHARE;
  IF NOT FOUND THEN
    SELECT phone INTO public_phone FROM actor WHERE id = subject FOR KEY SHARE;
  END IF;
  INSERT INTO wrong_number AS known (record_id, number)
  SELECT DISTINCT subject, number FROM phones(public_phone) WHERE number = said AND (
    EXISTS (SELECT FROM wrong_number w WHERE w.record_id = subject AND w.number = said AND outcome IS NULL)
    OR (SELECT count(*) FROM wrong_number WHERE first_reported_on = today AND outcome IS NULL) < 1000)
  ON CONFLICT (record_id, number) WHERE outcome IS NULL
  DO UPDATE SET reports = least(known.reports + 1, 1000), last_reported_on = today;
END $$;

-- Who settled it is what the transaction says, and it is settled once.
CREATE FUNCTION lakana.settle_wrong_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF OLD.outcome IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'id', MESSAGE = 'it is settled already.';
  END IF;
  NEW.settled_by := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  NEW.settled_person := audit.person();
  NEW.settled_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER settle_wrong_number BEFORE UPDATE OF outcome ON lakana.wrong_number
FOR EACH ROW EXECUTE FUNCTION lakana.settle_wrong_number();

-- What leaves the directory, or becomes confidential and so another one, takes along what was said of its numbers. What the log
-- has of that is withheld: it would stand for something that is not there any more.
CREATE FUNCTION lakana.forget_wrong_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  WITH gone AS (DELETE FROM wrong_number WHERE record_id = OLD.id RETURNING id)
  INSERT INTO audit.withheld (digest) SELECT audit.digest_of(id::text) FROM gone ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_wrong_numbers AFTER DELETE ON lakana.actor FOR EACH ROW EXECUTE FUNCTION lakana.forget_wrong_numbers();
CREATE TRIGGER forget_wrong_numbers AFTER DELETE ON lakana.service FOR EACH ROW EXECUTE FUNCTION lakana.forget_wrong_numbers();
CREATE TRIGGER forget_hidden_wrong_numbers AFTER UPDATE ON lakana.service FOR EACH ROW WHEN (OLD.id <> NEW.id)
EXECUTE FUNCTION lakana.forget_wrong_numbers();

-- What stewards do is logged; what anybody says is not, so that nobody can fill the log or hold it up.
CREATE CONSTRAINT TRIGGER audit AFTER UPDATE OF outcome ON lakana.wrong_number DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('id');
CREATE TRIGGER audit_truncation AFTER TRUNCATE ON lakana.wrong_number EXECUTE FUNCTION audit.follow_truncation();

REVOKE EXECUTE ON FUNCTION lakana.report_wrong_number, lakana.settle_wrong_number, lakana.forget_wrong_numbers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.report_wrong_number TO lakana_public;
GRANT SELECT, UPDATE (outcome) ON lakana.wrong_number TO lakana_steward;
