-- Organisations that lists brought had ids that follow from their names. Whoever guesses a name could ask for the id, and was told
-- whether there is one that the directory does not list. These get ids by chance; whoever has a login in their name keeps it.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

SET LOCAL lakana.bulk = 'on';
DO $$
DECLARE
  others CONSTANT jsonb := (
    SELECT jsonb_object_agg(o.id, gen_random_uuid()) FROM lakana.organization o
    WHERE o.id = md5('organization ' || coalesce(nullif(o.name_key, ''), o.name))::uuid AND NOT lakana.is_listed_organization(o.id::text));
  one record;
BEGIN
  IF others IS NULL THEN
    RETURN;
  END IF;
  FOR one IN SELECT conrelid::regclass AS name, conname, conkey FROM pg_constraint
             WHERE confrelid = 'lakana.organization'::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', one.name, one.conname);
  END LOOP;
  UPDATE lakana.organization SET id = (others->>id::text)::uuid WHERE others ? id::text;
  FOR one IN SELECT f.conrelid::regclass AS name, a.attname AS key FROM pg_constraint f
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
             WHERE f.confrelid = 'lakana.organization'::regclass AND f.contype = 'f' LOOP
    EXECUTE format('UPDATE %1$s SET %2$I = ($1->>%2$I::text)::uuid WHERE $1 ? %2$I::text', one.name, one.key) USING others;
  END LOOP;
  UPDATE exact.unlisted_actor SET record = jsonb_set(record, '{organization_id}', others->(record->>'organization_id'))
  WHERE others ? (record->>'organization_id');
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;
  FOR one IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
             WHERE confrelid = 'lakana.organization'::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', one.name, one.conname);
  END LOOP;
  PERFORM audit.append('UNLINK', 'organization', NULL, NULL, jsonb_build_object(
    'revision', '0126', 'rows', (SELECT count(*) FROM jsonb_object_keys(others))));
END $$;
SET LOCAL lakana.bulk = 'off';
