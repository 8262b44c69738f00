SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION pg_temp.later(said text, pattern text) RETURNS void LANGUAGE plpgsql AS $$
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
SELECT pg_temp.later('', '^(names_insert|names_update|follow_spots_insert|follow_spots_update|follow_to_nearest_update|note_insert|note_update)$');

REVOKE EXECUTE ON FUNCTION lakana.is_worked_out_later FROM lakana_partner;
