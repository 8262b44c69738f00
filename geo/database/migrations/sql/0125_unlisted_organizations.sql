-- Whether an organisation that the directory does not list has a record, or a login, is told to no steward: whoever has one may run a
-- confidential shelter.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- An organisation that leaves the directory is kept (geo/writes/organizations.py).
REVOKE DELETE ON lakana.organization FROM lakana_steward;

-- As before, and no steward takes a list back of which some organisations were new to the directory: by what its report says, which is
-- the same whether there were records of them. What is told then is that alone.
CREATE OR REPLACE FUNCTION audit.stands_on_import(wanted uuid) RETURNS TABLE (relation text, row_key text, reason text, referring text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  one record;
  child record;
  keys text;
BEGIN
  IF NOT is_owner() AND EXISTS (SELECT FROM import i WHERE i.id = wanted
      AND (i.kind = 'organizations' AND i.rows_new > 0 OR i.report->'troubles' ? 'ORGANIZATIONS_ADDED')) THEN
    RETURN QUERY SELECT 'lakana.organization', NULL::text, 'REFERRED', NULL::text;
    RETURN;
  END IF;
  FOR one IN SELECT c.relation, min(c.compared) AS compared FROM import_change c WHERE c.import_id = wanted AND c.relation !~ '^exact'
             GROUP BY c.relation ORDER BY 1 LOOP
    keys := array_to_string((import_columns(one.relation::regclass)).keys, ', ');
    RETURN QUERY EXECUTE format(
      'WITH noted AS (
         SELECT %1$s, digest, c.number, c.action FROM audit.import_change c, ROWS FROM (
           jsonb_populate_recordset(NULL::%2$s, c.keys), unnest(c.digests)) AS k (%3$s, digest)
         WHERE (c.import_id, c.relation) = ($1, %4$L)
       ), ends AS (
         SELECT DISTINCT ON (%1$s) *, first_value(action) OVER (PARTITION BY %1$s ORDER BY number) AS first FROM noted ORDER BY %1$s, number DESC
       )
       SELECT %4$L, ROW(%1$s)::text, ''CHANGED'', NULL::text FROM ends LEFT JOIN (SELECT *, true AS is_there FROM %2$s) t USING (%1$s)
       WHERE CASE action WHEN ''DELETE'' THEN is_there ELSE CASE WHEN is_there THEN %5$s <> digest ELSE first <> ''INSERT'' END END',
      keys, one.relation, (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = one.relation::regclass AND attnum > 0 AND NOT attisdropped), one.relation, as_digest(one.compared, 't')) USING wanted;
    FOR child IN
      SELECT f.conrelid::regclass::text AS name, f.conrelid::regclass::text ~ '^(exact|identity)' AND NOT is_owner() AS is_hidden, a.attname AS column,
        its.attname AS key, (import_columns(f.conrelid)).keys AS keys
      FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
      JOIN pg_attribute its ON its.attrelid = f.confrelid AND its.attnum = f.confkey[1]
      WHERE f.confrelid = one.relation::regclass AND f.contype = 'f' AND cardinality(f.conkey) = 1
        AND f.conrelid NOT IN ('lakana.area_within'::regclass, 'lakana.area_outline'::regclass, 'audit.import'::regclass) AND one.relation <> 'lakana.source'
        AND (one.relation, f.connamespace::regnamespace::text) <> ('lakana.service', 'exact')  -- what is hidden has another id
    LOOP
      RETURN QUERY EXECUTE format(
        'SELECT DISTINCT %1$L, CASE WHEN NOT %6$L THEN ROW(r.%2$I)::text END, ''REFERRED'', CASE WHEN NOT %6$L THEN %3$L END FROM %3$s r
         WHERE (%5$L OR r.%2$I IN (SELECT k.%7$I FROM audit.import_change c, jsonb_populate_recordset(NULL::%1$s, c.keys) k
                          WHERE (c.import_id, c.relation, c.action) = ($1, %1$L, ''INSERT'')))
           AND NOT EXISTS (SELECT FROM audit.import_change c, jsonb_populate_recordset(NULL::%3$s, c.keys) k
                           WHERE (c.import_id, c.relation) = ($1, %3$L) AND %4$s)',
        one.relation, child.column, child.name, (SELECT coalesce(string_agg(format('k.%1$I = r.%1$I', name), ' AND '), 'false') FROM unnest(child.keys) AS name),
        child.is_hidden AND child.name ~ '^exact', child.is_hidden, child.key)
      USING wanted;
    END LOOP;
  END LOOP;
END $$;
