-- What there is: names that tell by these rules give way to neutral ones, front gates keep their numbers alone or go where these
-- may not stand either. Stewards see that one is missing, and one entry of the log says how many.
DO $$
DECLARE
  renamed integer := 0;
  mended integer := 0;
  removed integer := 0;
  gate record;
BEGIN
  SET LOCAL lakana.bulk = 'on';
  UPDATE lakana.service s SET name = NULL WHERE confidential AND (SELECT kind FROM lakana.what_tells(s.name, s.zone_id, false)) IS NOT NULL;
  GET DIAGNOSTICS renamed = ROW_COUNT;
  FOR gate IN
    SELECT g.service_id, lakana.numbers_alone(g.contact) AS alone, s.zone_id
    FROM lakana.front_gate g JOIN lakana.service s ON s.id = g.service_id, lakana.what_tells(g.contact, s.zone_id, true) WHERE kind IS NOT NULL
  LOOP
    IF gate.alone IS NULL OR (SELECT kind FROM lakana.what_tells(gate.alone, gate.zone_id, true)) IS NOT NULL THEN
      DELETE FROM lakana.front_gate WHERE service_id = gate.service_id;
      removed := removed + 1;
    ELSE
      UPDATE lakana.front_gate SET contact = gate.alone WHERE service_id = gate.service_id;
      mended := mended + 1;
    END IF;
  END LOOP;
  IF renamed + mended + removed > 0 THEN
    PERFORM audit.append('RENAME', 'service', NULL, NULL,
      jsonb_build_object('revision', '0037', 'services', renamed, 'frontGatesMended', mended, 'frontGatesRemoved', removed));
  END IF;
  SET LOCAL lakana.bulk = 'off';
END $$;
