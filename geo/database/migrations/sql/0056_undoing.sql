-- What stands on an import: rows that it left and that are not so any more (CHANGED), and rows of others that refer to what it made
-- (REFERRED), with the table and the key of the row, and of REFERRED the table that refers to it. Who runs or stands where is told to
-- no steward: while there is any exact place, nothing that such places refer to is undone by one, and who has a key is not said.
CREATE FUNCTION audit.stands_on_import(wanted uuid) RETURNS TABLE (relation text, row_key text, reason text, referring text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  one record;
  child record;
  keys text;
BEGIN
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
        AND f.conrelid NOT IN ('lakana.area_within'::regclass, 'audit.import'::regclass) AND one.relation <> 'lakana.source'
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

-- Undo an import on which nothing stands: what it changed gets back what stood before, what it made goes, what it took away comes back,
-- statement by statement from the last one to the first. A statement that wrote several tables has no order among these, so a step that a
-- constraint forbids waits for the others. A source that others came to use stays.
CREATE FUNCTION audit.undo_import(wanted uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
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
  UPDATE import SET undone_at = now(), undone_by = coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner') WHERE id = wanted;
  PERFORM append('UNDO', 'import', wanted::text, NULL, jsonb_build_object('rows', undone));
  RETURN undone;
END $$;

-- Undo what one statement did to one table.
CREATE FUNCTION audit.undo_step(wanted uuid, relation text, action text, first bigint, last bigint) RETURNS void
LANGUAGE plpgsql SET search_path = audit, public, pg_temp AS $$
DECLARE
  form CONSTANT record := import_columns(relation::regclass);
  given CONSTANT text := format('audit.import_change c, jsonb_populate_recordset(NULL::%s, c.%I) k WHERE c.import_id = $1 AND c.number BETWEEN $2 AND $3',
    relation, CASE action WHEN 'INSERT' THEN 'keys' ELSE 'former' END);
  same CONSTANT text := (SELECT string_agg(format('t.%1$I = k.%1$I', name), ' AND ') FROM unnest(form.keys) AS name);
  columns CONSTANT text := (SELECT string_agg(quote_ident(name), ', ') FROM unnest(form.written) AS name);
  values CONSTANT text := (SELECT string_agg(format('k.%I', name), ', ') FROM unnest(form.written) AS name);
BEGIN
  EXECUTE CASE action
    WHEN 'INSERT' THEN format('DELETE FROM %s t USING %s AND %s', relation, given, same)
    WHEN 'UPDATE' THEN format('UPDATE %s t SET (%s) = ROW(%s) FROM %s AND %s', relation, columns, values, given, same)
    ELSE format('INSERT INTO %s (%s) SELECT %s FROM %s', relation, columns, values, given) END USING wanted, first, last;
END $$;

REVOKE EXECUTE ON FUNCTION audit.stands_on_import, audit.undo_import, audit.undo_step FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.stands_on_import, audit.undo_import TO lakana_steward;
