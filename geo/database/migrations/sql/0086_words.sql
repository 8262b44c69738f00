-- As before; but whoever is not the owner waits for less long than the others wait for a turn to write (geo.database.writer.PATIENCE_S):
-- two who waited until their statements ended took both turns of their audience.
CREATE OR REPLACE FUNCTION lakana.hold_words(hidden boolean) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  before CONSTANT text := current_setting('lock_timeout');
BEGIN
  IF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'lakana.service'::regclass), 'MEMBER') THEN
    PERFORM set_config('lock_timeout', '4s', true);
  END IF;
  IF hidden THEN
    PERFORM pg_advisory_xact_lock(hashtext('lakana.words'));
  ELSE
    PERFORM pg_advisory_xact_lock_shared(hashtext('lakana.words'));
  END IF;
  PERFORM set_config('lock_timeout', before, true);
END $$;
