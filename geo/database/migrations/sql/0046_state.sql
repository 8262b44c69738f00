-- A version of what the public may read is one that was never before, not the next number: entity tags are made of it, and a backup
-- that is restored would give out once more the numbers that were given out since it was made, for other contents.
CREATE FUNCTION lakana.never_before() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := hashtextextended(gen_random_uuid()::text, 0);
  RETURN NEW;
END $$;
CREATE TRIGGER never_before BEFORE INSERT OR UPDATE ON lakana.public_version FOR EACH ROW EXECUTE FUNCTION lakana.never_before();

CREATE OR REPLACE FUNCTION lakana.public_version() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(bit_xor(version), 0) FROM public_version
$$;

UPDATE lakana.public_version SET version = version;
REVOKE EXECUTE ON FUNCTION lakana.never_before FROM PUBLIC;
