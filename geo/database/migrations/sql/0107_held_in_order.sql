-- Who takes an import back holds its rows before anything that follows from them, as every writer does: first the row, then the turn
-- of its category. A steward's undoing of places wrote the distances first and waited for a village to which somebody referred who
-- waited for the distances. Rows that only get back what stood before may still be referred to.
CREATE OR REPLACE FUNCTION audit.hold_import(wanted uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  -- Those that were written last come first: they refer to the others, and so are held first by whoever writes them.
  FOR one IN SELECT relation, action = 'INSERT' AS goes, array_to_string((import_columns(relation::regclass)).keys, ', ') AS keys
             FROM import_change WHERE import_id = wanted GROUP BY relation, goes ORDER BY max(number) DESC, relation LOOP
    EXECUTE format('SELECT FROM %1$s WHERE (%2$s) IN (
        SELECT %2$s FROM audit.import_change c, jsonb_populate_recordset(NULL::%1$s, c.keys)
        WHERE (c.import_id, c.relation, c.action = ''INSERT'') = ($1, $2, $3))
      ORDER BY %2$s %3$s', one.relation, one.keys, CASE WHEN one.goes THEN 'FOR UPDATE' ELSE 'FOR NO KEY UPDATE' END)
    USING wanted, one.relation, one.goes;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION audit.hold_import TO lakana_steward;
