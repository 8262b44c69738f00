-- Organisations are told apart by their names; one that looks like another is refused. The lock lets two that are written
-- at once see each other. Rows of before stay as they are.
CREATE FUNCTION lakana.keep_names_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  -- A name of signs alone folds to nothing; it is compared as it is.
  folded text := coalesce(nullif(lakana.fold(NEW.name), ''), NEW.name);
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.name = OLD.name THEN
    RETURN NEW;  -- one of before that looks like another can be changed in all else
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lakana.organization'), hashtext(folded));
  IF EXISTS (
    SELECT FROM organization o
    WHERE o.id <> NEW.id AND coalesce(nullif(o.name_key, ''), o.name) = folded
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE =
      'an organisation of that name is in the directory already; change that one.';
  END IF;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION lakana.keep_names_apart FROM PUBLIC;

CREATE TRIGGER keep_names_apart BEFORE INSERT OR UPDATE OF name ON lakana.organization
FOR EACH ROW EXECUTE FUNCTION lakana.keep_names_apart();
