SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION pg_temp.names_at_once(said text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT regexp_replace(regexp_replace(pg_get_triggerdef(oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                          'FOR EACH STATEMENT (WHEN \(.*?\) )?EXECUTE', 'FOR EACH STATEMENT ' || said || 'EXECUTE') AS statement
    FROM pg_trigger WHERE tgrelid IN ('lakana.locality'::regclass, 'lakana.locality_name'::regclass) AND tgname IN ('names_insert', 'names_update')
  LOOP
    EXECUTE one.statement;
  END LOOP;
END $$;
SELECT pg_temp.names_at_once('');
