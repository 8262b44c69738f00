-- The keys that folding now gives otherwise are computed again, and nothing else: no version moves, and the log has
-- nothing to tell.
SET CONSTRAINTS ALL IMMEDIATE;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT d.adrelid::regclass AS place, a.attname AS key, pg_get_expr(d.adbin, d.adrelid) AS folded,
           CASE WHEN EXISTS (SELECT FROM pg_attribute n WHERE n.attrelid = d.adrelid AND n.attname = 'name_fr')
                THEN 'name_fr' ELSE 'name' END AS name
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE a.attgenerated = 's' AND pg_get_expr(d.adbin, d.adrelid) LIKE '%fold(%'
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.place);
    EXECUTE format('UPDATE %s SET %I = %2$I WHERE %I IS DISTINCT FROM %s', one.place, one.name, one.key, one.folded);
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', one.place);
  END LOOP;
END $$;
