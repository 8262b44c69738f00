-- As before, and it gives the id of the entry that it leaves in the audit log: its number counts those that are withheld.
DROP FUNCTION exact.locate;
CREATE FUNCTION exact.locate(wanted uuid, purpose text)
RETURNS TABLE (entry_id uuid, lon double precision, lat double precision)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  oldest numeric;
  entry_number bigint;
BEGIN
  PERFORM audit.lock();
  SELECT min(at_s) INTO oldest FROM (
    SELECT at_s FROM audit.entry e WHERE e.action = 'LOCATE' AND e.person IS NOT DISTINCT FROM audit.person()
      AND e.at_s > extract(epoch FROM clock_timestamp()) - 3600
    ORDER BY e.name_key LIMIT 20
  ) lately HAVING count(*) = 20;
  IF oldest IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK429',
      DETAIL = ceil(oldest + 3600 - extract(epoch FROM clock_timestamp()))::int::text,
      MESSAGE = 'Twenty exact places were told to you in the last hour, by whatever key, which is the most; ask again later.';
  END IF;
  entry_number := audit.append('LOCATE', 'shelter', wanted::text, NULL, jsonb_build_object('purpose', purpose));
  SELECT e.id INTO entry_id FROM audit.entry e WHERE e.number = entry_number;
  SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry) INTO lon, lat
  FROM shelter s JOIN service v ON v.id = s.service_id JOIN exact.site e ON e.service_id = v.id
  WHERE s.id = wanted AND v.confidential;
  RETURN NEXT;
END $$;
REVOKE EXECUTE ON FUNCTION exact.locate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exact.locate TO lakana_custodian;
