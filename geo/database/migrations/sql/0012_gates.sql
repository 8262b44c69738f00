-- A front gate that could stay by no rule keeps its number alone, or goes where that may not stand either: how many did.
CREATE OR REPLACE FUNCTION pg_temp.mend_front_gates(OUT mended integer, OUT removed integer)
LANGUAGE plpgsql AS $$
DECLARE
  gate record;
BEGIN
  mended := 0;
  removed := 0;
  FOR gate IN SELECT service_id, contact, regexp_replace(contact, '[^0-9+ ]+', ' ', 'g') AS number FROM lakana.front_gate LOOP
    BEGIN
      UPDATE lakana.front_gate SET contact = gate.contact WHERE service_id = gate.service_id;
    EXCEPTION WHEN SQLSTATE 'LK400' THEN
      BEGIN
        IF gate.number !~ '[0-9]{2}' THEN
          RAISE EXCEPTION USING ERRCODE = 'LK400';
        END IF;
        UPDATE lakana.front_gate SET contact = 'Permanence, ' || regexp_replace(btrim(gate.number), '\s+', ' ', 'g')
        WHERE service_id = gate.service_id;
        mended := mended + 1;
      EXCEPTION WHEN SQLSTATE 'LK400' THEN
        DELETE FROM lakana.front_gate WHERE service_id = gate.service_id;
        removed := removed + 1;
      END;
    END;
  END LOOP;
END $$;
