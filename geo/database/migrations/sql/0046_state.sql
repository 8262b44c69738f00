-- A version of what the public may read is one that was never before, not the next number: entity tags are made of it, and a backup
-- that is restored would give out once more the numbers that were given out since it was made, for other contents.
CREATE FUNCTION lakana.never_before() RETURNS bigint
LANGUAGE sql VOLATILE AS $$ SELECT hashtextextended(gen_random_uuid()::text, 0) $$;

CREATE OR REPLACE FUNCTION lakana.public_version() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(bit_xor(version), 0) FROM public_version
$$;

CREATE OR REPLACE FUNCTION lakana.note_public_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  changed boolean := true;
BEGIN
  IF current_setting('lakana.public_changed', true) = 'yes' THEN
    RETURN NULL;  -- once a transaction is enough
  END IF;
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format(  -- a sum of 64 bits each: half of the time that comparing sets takes
      'SELECT (SELECT sum(hashtextextended(ROW(%1$s)::text, 0)) FROM new_rows r WHERE %2$s)
         IS DISTINCT FROM (SELECT sum(hashtextextended(ROW(%1$s)::text, 0)) FROM old_rows r WHERE %2$s)',
      TG_ARGV[0], TG_ARGV[1]) INTO changed;
  ELSIF TG_OP IN ('INSERT', 'DELETE') THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I r WHERE %s)',
                   CASE TG_OP WHEN 'INSERT' THEN 'new_rows' ELSE 'old_rows' END, TG_ARGV[1]) INTO changed;
  END IF;
  IF changed THEN
    UPDATE public_version SET version = never_before()
    WHERE slot = (SELECT slot FROM public_version ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
      INSERT INTO public_version (version) VALUES (never_before());
    END IF;
    PERFORM set_config('lakana.public_changed', 'yes', true);
  END IF;
  RETURN NULL;
END $$;

UPDATE lakana.public_version SET version = lakana.never_before();
REVOKE EXECUTE ON FUNCTION lakana.never_before FROM PUBLIC;
