-- Of many localities the hidden names are asked once, at the end, and not at all where a list is only tried: 12,000 that were only tried
-- kept who writes a hidden name waiting from the first statement on.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION pg_temp.names_later(said text) RETURNS void LANGUAGE plpgsql AS $$
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
SELECT pg_temp.names_later('WHEN (NOT lakana.is_worked_out_later()) ');
