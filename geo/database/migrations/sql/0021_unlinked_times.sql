-- What numbers and moments of writes still told of who runs a confidential shelter.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Entries are listed by their moment, which they tell, and not by their number: numbers have gaps where entries are withheld,
-- and a cursor holds what a list is ordered by.
ALTER TABLE audit.entry DROP COLUMN name_key;
ALTER TABLE audit.entry ADD COLUMN name_key TEXT COLLATE "C"
  GENERATED ALWAYS AS (lpad((9999999999999999 - (at_s * 1000000)::bigint)::text, 16, '0')) STORED NOT NULL;
CREATE INDEX entry_name_key_id_idx ON audit.entry (name_key, id);
CREATE INDEX entry_subject_id_name_key_idx ON audit.entry (subject_id, name_key);
CREATE INDEX entry_holder_name_key_idx ON audit.entry (holder, name_key);
CREATE INDEX entry_person_name_key_idx ON audit.entry (person, name_key) WHERE action = 'LOCATE';

-- Whether a confidential shelter has places left is told as it was at the last midnight, UTC, so all of them change at one time:
-- an organisation writes of all of its shelters in one go, and those that change in one minute would be known as its own.
ALTER TABLE exact.places ADD COLUMN changed_on DATE, ADD COLUMN had_places BOOLEAN;
CREATE FUNCTION exact.keep_midnight() RETURNS trigger
LANGUAGE plpgsql SET search_path = exact, public, pg_temp AS $$
DECLARE
  today CONSTANT date := now() AT TIME ZONE 'UTC';
BEGIN
  -- Both numbers of a new one are written one after the other.
  IF NEW.changed_on IS DISTINCT FROM today AND num_nulls(OLD.capacity, OLD.occupancy) = 0 THEN
    NEW.had_places := OLD.occupancy < OLD.capacity;
    NEW.changed_on := today;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_midnight BEFORE UPDATE OF capacity, occupancy ON exact.places
FOR EACH ROW EXECUTE FUNCTION exact.keep_midnight();
DROP TRIGGER audit ON exact.places;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.places DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk())
EXECUTE FUNCTION audit.follow('service_id', 'capacity', 'occupancy', 'changed_on', 'had_places');

CREATE OR REPLACE FUNCTION lakana.has_places(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN NOT s.confidential THEN h.occupancy < s.capacity
    WHEN e.changed_on = (now() AT TIME ZONE 'UTC')::date THEN e.had_places ELSE e.occupancy < e.capacity END
  FROM shelter h JOIN service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  WHERE s.id = has_places.service
$$;

CREATE OR REPLACE FUNCTION lakana.free_places(service uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN s.confidential AND has_places(s.id) IS NOT TRUE THEN 0 ELSE greatest(s.capacity - h.occupancy, 0) END
  FROM shelter h JOIN service s ON s.id = h.service_id WHERE s.id = free_places.service
$$;

-- An actor of a kind with an office of its own is in the directory whatever it runs, so it would be found by what it lacks:
-- another runs a confidential shelter.
CREATE FUNCTION exact.check_runner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM actor WHERE id = NEW.actor_id AND NOT is_known_by_services(kind)) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'actor_id', MESSAGE =
      'actors of this kind are always listed, so one without a public service would stand out; name an actor of another kind, '
      'OTHER for example, which may belong to the same organisation.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_runner BEFORE INSERT OR UPDATE OF actor_id ON exact.site
FOR EACH ROW EXECUTE FUNCTION exact.check_runner();

REVOKE EXECUTE ON FUNCTION exact.keep_midnight, exact.check_runner FROM PUBLIC;
