-- Imports are undone beside others: the command holds what others wait for at the end alone, and what a steward undoes is small.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- What follows from many services and actors that go is worked out at the end too.
CREATE FUNCTION pg_temp.work_out_later(said text, pattern text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT regexp_replace(regexp_replace(pg_get_triggerdef(oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                          'FOR EACH STATEMENT (WHEN \(.*?\) )?EXECUTE', 'FOR EACH STATEMENT ' || said || 'EXECUTE') AS statement
    FROM pg_trigger WHERE tgrelid IN ('lakana.actor'::regclass, 'lakana.service'::regclass) AND tgname ~ pattern
  LOOP
    EXECUTE one.statement;
  END LOOP;
END $$;
SELECT pg_temp.work_out_later('WHEN (NOT lakana.is_worked_out_later()) ', '^(names|follow_spots|follow_to_nearest|note)_delete$');
DROP TRIGGER unlist_runner ON lakana.service;
CREATE CONSTRAINT TRIGGER unlist_runner AFTER DELETE ON lakana.service DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.actor_id IS NOT NULL AND NOT lakana.is_worked_out_later()) EXECUTE FUNCTION exact.unlist_runner();

-- As before; of many the words are kept at the end (exact.keep_words_later): who writes the same word waits for whoever keeps it.
CREATE OR REPLACE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s AS changed, unnest(public_texts(changed::%I)) AS given, words_of(given) AS word %s',
    TG_TABLE_NAME, CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO %s SELECT DISTINCT word FROM (%s %s) AS gone ON CONFLICT DO NOTHING',
    CASE WHEN is_worked_out_later() THEN 'pg_temp.former_word' ELSE 'exact.former_word' END,
    format(words, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'new_rows') END);
  RETURN NULL;
END $$;

-- Keep other writers from the rows that an import left, and from referring to them, until the transaction ends.
CREATE FUNCTION audit.hold_import(wanted uuid) RETURNS void
LANGUAGE plpgsql SET search_path = audit, public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT DISTINCT relation, array_to_string((import_columns(relation::regclass)).keys, ', ') AS keys
             FROM import_change WHERE import_id = wanted ORDER BY relation LOOP
    EXECUTE format('SELECT FROM %1$s WHERE (%2$s) IN (
        SELECT %2$s FROM audit.import_change c, jsonb_populate_recordset(NULL::%1$s, c.keys) WHERE (c.import_id, c.relation) = ($1, $2))
      ORDER BY %2$s FOR UPDATE', one.relation, one.keys) USING wanted, one.relation;
  END LOOP;
END $$;

-- How much undoing an import is, in rows: those that it wrote, and where it wrote areas all places, which are then looked for in the
-- outlines ten times as fast as a row is undone.
CREATE FUNCTION audit.import_size(wanted uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
  SELECT coalesce(sum(cardinality(digests)), 0) + CASE WHEN bool_or(relation IN ('lakana.admin_area', 'lakana.area_crosswalk')) THEN
    ((SELECT count(*) FROM lakana.locality) + (SELECT count(*) FROM lakana.demand_point) + (SELECT count(*) FROM lakana.actor)
     + (SELECT count(*) FROM lakana.service)) / 10 ELSE 0 END
  FROM import_change WHERE import_id = wanted
$$;

-- As before, in two parts: who undoes much notes it in the log at the end, which keeps other writers waiting.
CREATE FUNCTION audit.undo_changes(wanted uuid) RETURNS integer
LANGUAGE plpgsql SET search_path = audit, public, pg_temp AS $$
DECLARE
  undone CONSTANT integer := (SELECT coalesce(sum(cardinality(digests)), 0) FROM import_change WHERE import_id = wanted);
  steps jsonb[];
  postponed integer := 0;
BEGIN
  IF undone = 0 AND EXISTS (SELECT FROM import_row WHERE import_id = wanted) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'id', MESSAGE = 'what it changed was not kept then, so it cannot be undone.';
  END IF;
  SELECT array_agg(jsonb_build_object('relation', relation, 'action', action, 'first', first, 'last', last) ORDER BY last DESC) INTO steps
  FROM (SELECT relation, action, min(number) AS first, max(number) AS last
        FROM (SELECT *, number - row_number() OVER (PARTITION BY relation, action ORDER BY number) AS run FROM import_change
              WHERE import_id = wanted) AS each GROUP BY relation, action, run) AS run;
  WHILE steps <> '{}' LOOP
    BEGIN
      PERFORM undo_step(wanted, steps[1]->>'relation', steps[1]->>'action', (steps[1]->>'first')::bigint, (steps[1]->>'last')::bigint);
      postponed := 0;
    EXCEPTION WHEN foreign_key_violation OR exclusion_violation OR unique_violation THEN
      postponed := postponed + 1;
      IF postponed > cardinality(steps) THEN
        EXIT WHEN NOT EXISTS (SELECT FROM unnest(steps) AS step WHERE step->>'relation' <> 'lakana.source');
        RAISE;
      END IF;
      steps := steps || steps[1];
    END;
    steps := steps[2:];
  END LOOP;
  -- What a list has left of a service is what is there now.
  UPDATE foreign_id f SET version = s.version FROM import_change c, jsonb_populate_recordset(NULL::lakana.service, c.keys) k
  JOIN lakana.service s ON s.id = k.id
  WHERE (c.import_id, c.relation, c.action) = (wanted, 'lakana.service', 'UPDATE') AND (f.subject, f.row_id) = ('service', s.id);
  IF EXISTS (SELECT FROM import_change WHERE import_id = wanted AND relation IN ('lakana.admin_area', 'lakana.area_crosswalk')) THEN
    PERFORM lakana.settle_places();
  END IF;
  DELETE FROM import_change WHERE import_id = wanted;
  DELETE FROM import_row WHERE import_id = wanted;
  RETURN undone;
END $$;

CREATE FUNCTION audit.note_undone(wanted uuid, undone integer) RETURNS void
LANGUAGE plpgsql SET search_path = audit, public, pg_temp AS $$
BEGIN
  UPDATE import SET undone_at = now(), undone_by = coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner') WHERE id = wanted;
  PERFORM append('UNDO', 'import', wanted::text, NULL, jsonb_build_object('rows', undone));
END $$;

CREATE OR REPLACE FUNCTION audit.undo_import(wanted uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  undone CONSTANT integer := undo_changes(wanted);
BEGIN
  PERFORM note_undone(wanted, undone);
  RETURN undone;
END $$;

REVOKE EXECUTE ON FUNCTION audit.hold_import, audit.import_size, audit.undo_changes, audit.note_undone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.import_size TO lakana_steward;
