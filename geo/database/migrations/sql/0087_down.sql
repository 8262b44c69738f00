SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION pg_temp.work_out_at_once(pattern text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT regexp_replace(regexp_replace(pg_get_triggerdef(oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                          'FOR EACH STATEMENT WHEN \(.*?\) EXECUTE', 'FOR EACH STATEMENT EXECUTE') AS statement
    FROM pg_trigger WHERE tgrelid IN ('lakana.actor'::regclass, 'lakana.service'::regclass) AND tgname ~ pattern
  LOOP
    EXECUTE one.statement;
  END LOOP;
END $$;
SELECT pg_temp.work_out_at_once('^(names|follow_spots|follow_to_nearest|note)_delete$');
DROP TRIGGER unlist_runner ON lakana.service;
CREATE CONSTRAINT TRIGGER unlist_runner AFTER DELETE ON lakana.service DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.actor_id IS NOT NULL) EXECUTE FUNCTION exact.unlist_runner();
DROP FUNCTION audit.hold_import, audit.import_size, audit.undo_changes, audit.note_undone;
