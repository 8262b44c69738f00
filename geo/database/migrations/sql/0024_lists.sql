-- Returns true where the cursor of a list inside a record is of that very record, or where there is none; else raises LK400.
CREATE FUNCTION lakana.is_cursor_of(holder uuid, cursor_holder uuid) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF cursor_holder <> holder THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'after',
      MESSAGE = 'not a cursor of this list; pass an `end_cursor` of it, with the same other arguments.';
  END IF;
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.is_cursor_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_cursor_of
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
