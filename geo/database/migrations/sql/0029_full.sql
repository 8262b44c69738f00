-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- What is full is no refusal of who asks: LK503, since the same write succeeds when there is room.

CREATE OR REPLACE FUNCTION lakana.bound_proposals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM audit.count_apart('proposal', coalesce(NEW.proposed_person, NEW.proposed_by));
  IF (SELECT count(*) FROM proposal
      WHERE coalesce(proposed_person, proposed_by) = coalesce(NEW.proposed_person, NEW.proposed_by) AND status = 'OPEN'
        AND is_there(subject_id)) >= 100 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK503', MESSAGE =
      '100 proposals of yours are open, which is the most; wait until stewards have reviewed some.';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.bound_scenarios() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  PERFORM audit.count_apart('scenario', NEW.owner);
  IF (SELECT count(*) FROM scenario WHERE owner = NEW.owner) >= 200 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK503', MESSAGE =
      '200 scenarios are saved for you or your organisation, which is the most; take one away (retireScenario).';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.attribute_siting_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.holder := coalesce(audit.keeper(), 'owner');
  PERFORM audit.count_apart('siting_job', NEW.holder);
  IF (SELECT count(*) FROM siting_job WHERE holder = NEW.holder AND status IN ('QUEUED', 'RUNNING')) >= 3 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK503', MESSAGE =
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
