-- Of many rows together is asked what was asked row by row.

-- As before; of many the numbers are compared with those of the front gates as they are read, and not where there is no gate. Gathered
-- first, those of a million services were five million texts, of which each gate was compared with all.
CREATE OR REPLACE FUNCTION lakana.check_public_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys CONSTANT text := format('SELECT key FROM %%s, number_keys(%s) AS key %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  written CONSTANT text := format('%s %s', format(keys, 'new_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(keys, 'old_rows') END);
  added text[];
BEGIN
  IF is_worked_out_later() THEN
    IF EXISTS (SELECT FROM front_gate) THEN
      EXECUTE format('SELECT array_agg(key) FROM (%s) AS given
        WHERE key IN (SELECT unnest(phone_keys(contact)) FROM front_gate)', written) INTO added;
      PERFORM refuse_gate_numbers(added, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT array_agg(key) FROM (%s) AS given', written) INTO added;
  IF added IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM hold_words(false);
  PERFORM refuse_gate_numbers(added, TG_TABLE_NAME);
  UPDATE service SET name = NULL
  WHERE confidential AND name !~ '^Abri [0-9]{6}$' AND name ~ '([0-9][^0-9]*){3}' AND phone_keys(name) && added;
  RETURN NULL;
END $$;

-- Of many the actors whom nobody would find by a service are looked for at the end, together.
DROP TRIGGER unlist_newcomer ON lakana.actor;
CREATE CONSTRAINT TRIGGER unlist_newcomer AFTER INSERT OR UPDATE OF kind ON lakana.actor DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION exact.unlist_runner();
