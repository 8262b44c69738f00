-- Neutral names are French again, those that are there too; the neutral source keeps its words.

CREATE FUNCTION lakana.neutral_name() RETURNS text VOLATILE LANGUAGE sql AS $$
  SELECT 'Abri ' || lpad((('x' || left(md5(gen_random_uuid()::text), 7))::bit(28)::integer % 1000000)::text, 6, '0')
$$;
REVOKE EXECUTE ON FUNCTION lakana.neutral_name() FROM PUBLIC;

DO $$
DECLARE
  each oid;
BEGIN
  EXECUTE replace(pg_get_functiondef('lakana.hide_confidential_site'::regproc), 'neutral_name(NEW.zone_id)', 'neutral_name()');
  UPDATE lakana.service SET name = NULL WHERE confidential AND name ~ '^Shelter [0-9]{6}$';
  FOR each IN SELECT oid FROM pg_proc WHERE pronamespace = 'lakana'::regnamespace AND prosrc LIKE '%^(Abri|Shelter) [0-9]{6}$%' LOOP
    EXECUTE replace(pg_get_functiondef(each), '^(Abri|Shelter) [0-9]{6}$', '^Abri [0-9]{6}$');
  END LOOP;
END $$;

DROP FUNCTION lakana.neutral_name(uuid), lakana.is_called_in_english;
