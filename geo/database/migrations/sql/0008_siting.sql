-- Jobs that look for sites. A planner's login sees all of them; the API shows each holder their own.
CREATE TYPE lakana.siting_job_status AS ENUM ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED');

CREATE TABLE lakana.siting_job (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  number BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad((999999999999 - number)::text, 12, '0')) STORED NOT NULL,
  holder TEXT NOT NULL,
  asked JSONB NOT NULL,
  status lakana.siting_job_status DEFAULT 'QUEUED' NOT NULL,
  progress DOUBLE PRECISION DEFAULT '0' NOT NULL,
  best_objective DOUBLE PRECISION,
  gap_percent DOUBLE PRECISION,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  finished_at TIMESTAMP WITH TIME ZONE,
  seen_at TIMESTAMP WITH TIME ZONE,
  problem TEXT,
  answer JSONB,
  CONSTRAINT siting_job_pkey PRIMARY KEY (id),
  CONSTRAINT siting_job_progress_check CHECK (progress BETWEEN 0 AND 1),
  CONSTRAINT siting_job_answer_check CHECK ((status = 'DONE') = (answer IS NOT NULL))
);
CREATE INDEX siting_job_holder_name_key_id_idx ON lakana.siting_job (holder, name_key, id);
CREATE INDEX siting_job_status_number_idx ON lakana.siting_job (status, number);

-- Whose a job is is what the transaction says, never what a statement says, and it stays so.
CREATE FUNCTION lakana.attribute_siting_job() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.holder := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  RETURN NEW;
END $$;

CREATE TRIGGER attribute_siting_job BEFORE INSERT ON lakana.siting_job
FOR EACH ROW EXECUTE FUNCTION lakana.attribute_siting_job();

-- Who asked for a job and who cancelled one is logged; how far one is would only fill the log.
CREATE CONSTRAINT TRIGGER audit AFTER INSERT ON lakana.siting_job DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('id', 'asked', 'answer');
CREATE CONSTRAINT TRIGGER audit_cancellation AFTER UPDATE OF status ON lakana.siting_job DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.status = 'CANCELLED' AND NOT audit.is_bulk())
EXECUTE FUNCTION audit.follow('id', 'asked', 'answer');

REVOKE EXECUTE ON FUNCTION lakana.attribute_siting_job FROM PUBLIC;
GRANT SELECT, DELETE ON lakana.siting_job TO lakana_planner;
GRANT INSERT (id, asked) ON lakana.siting_job TO lakana_planner;
GRANT UPDATE (status, progress, best_objective, gap_percent, started_at, finished_at, seen_at, problem, answer)
  ON lakana.siting_job TO lakana_planner;
