-- What an import changed is kept, so that it can be undone: of each row its key, a digest of what the import left, and what stood there
-- before. Triggers note it, so no loader can forget a part. Nobody but the owner reads it.
ALTER TABLE audit.import ADD COLUMN undone_at TIMESTAMP WITH TIME ZONE, ADD COLUMN undone_by TEXT, ALTER COLUMN source_id DROP NOT NULL;
ALTER TABLE audit.import ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (
  lpad((9999999999999999 - (extract(epoch FROM (imported_at AT TIME ZONE 'UTC')) * 1000000)::bigint)::text, 16, '0')) STORED NOT NULL;
DROP INDEX audit.import_imported_at_idx;
CREATE INDEX import_name_key_id_idx ON audit.import (name_key, id);
ALTER TABLE audit.import DROP CONSTRAINT import_source_id_fkey;
ALTER TABLE audit.import ADD CONSTRAINT import_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id) ON DELETE SET NULL;

CREATE TABLE audit.import_change (
  import_id UUID NOT NULL,
  number BIGINT GENERATED ALWAYS AS IDENTITY,
  relation TEXT NOT NULL,
  action TEXT NOT NULL,
  keys JSONB NOT NULL,
  compared TEXT[] NOT NULL,
  digests BIGINT[] NOT NULL,
  former JSONB,
  CONSTRAINT import_change_pkey PRIMARY KEY (import_id, number),
  CONSTRAINT import_change_import_id_fkey FOREIGN KEY(import_id) REFERENCES audit.import (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- The columns of a table: those of its key, those that a person or a list gives, and all that can be written. What triggers work out
-- follows from these, and versions go on rising.
CREATE FUNCTION audit.import_columns(relation regclass, OUT keys text[], OUT compared text[], OUT written text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT array_agg(k.attname::text ORDER BY place) FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS part (attnum, place)
          JOIN pg_attribute k ON k.attnum = part.attnum AND k.attrelid = relation WHERE c.conrelid = relation AND c.contype = 'p'),
         array_agg(attname::text ORDER BY attnum) FILTER (WHERE attname <> 'locality_count'),
         array_agg(attname::text ORDER BY attnum)
  FROM pg_attribute
  WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND attname NOT IN ('version', 'area_set_id', 'block_id')
$$;

-- A row as JSON, in whose texts shapes are exact; and a digest of some of its columns.
CREATE FUNCTION audit.as_json(columns text[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('jsonb_build_object(%s)', string_agg(format('%L, %s.%I::text', name, alias, name), ', ')) FROM unnest(columns) AS name
$$;
CREATE FUNCTION audit.as_digest(columns text[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('hashtextextended(ROW(%s)::text, 0)', string_agg(format('%s.%I', alias, name), ', ')) FROM unnest(columns) AS name
$$;

CREATE FUNCTION audit.note_import() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  form CONSTANT record := import_columns(TG_RELID);
  source CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN 'new_rows n' WHEN 'DELETE' THEN 'old_rows o' ELSE format(
    'new_rows n JOIN old_rows o USING (%s) WHERE ROW(%s) IS DISTINCT FROM ROW(%s)', array_to_string(form.keys, ', '),
    (SELECT string_agg(format('n.%I', name), ', ') FROM unnest(form.written) AS name),
    (SELECT string_agg(format('o.%I', name), ', ') FROM unnest(form.written) AS name)) END;
BEGIN
  EXECUTE format(
    'INSERT INTO import_change (import_id, relation, action, keys, compared, digests, former)
     SELECT $1, $2, $3, jsonb_agg(key), $4, array_agg(digest), jsonb_agg(former) FILTER (WHERE former IS NOT NULL)
     FROM (SELECT %s AS key, %s AS digest, %s AS former, (row_number() OVER () - 1) / 1000 AS part FROM %s) AS each GROUP BY part ORDER BY part',
    as_json(form.keys, CASE TG_OP WHEN 'DELETE' THEN 'o' ELSE 'n' END),
    as_digest(form.compared, CASE TG_OP WHEN 'DELETE' THEN 'o' ELSE 'n' END),
    CASE TG_OP WHEN 'INSERT' THEN 'NULL::jsonb' ELSE as_json(form.written, 'o') END, source)
  USING current_setting('lakana.import')::uuid, TG_RELID::regclass::text, TG_OP, form.compared;
  RETURN NULL;
END $$;

-- Note what imports change in a table; called once for each table that they write.
CREATE FUNCTION audit.follow_imports(watched regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one record;
BEGIN
  FOR one IN VALUES ('INSERT', 'NEW TABLE AS new_rows'), ('DELETE', 'OLD TABLE AS old_rows'),
                    ('UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows') LOOP
    EXECUTE format(
      'CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT
       WHEN (current_setting(''lakana.import'', true) <> '''') EXECUTE FUNCTION audit.note_import()',
      'note_import_' || lower(one.column1), one.column1, watched, one.column2);
  END LOOP;
END $$;
SELECT audit.follow_imports(each) FROM unnest(ARRAY['lakana.source', 'lakana.organization', 'lakana.actor', 'lakana.service',
  'lakana.locality', 'lakana.locality_name', 'lakana.demand_point', 'lakana.admin_area', 'lakana.area_crosswalk',
  'lakana.area_population', 'lakana.presence', 'lakana.guidance', 'lakana.pathway_step', 'lakana.training_event',
  'lakana.training_organizer', 'lakana.training_participants', 'raw.training_participants', 'exact.unlisted_actor', 'audit.area_spelling', 'audit.foreign_id']::regclass[]) AS each;

REVOKE EXECUTE ON FUNCTION audit.import_columns, audit.as_json, audit.as_digest, audit.note_import, audit.follow_imports FROM PUBLIC;
