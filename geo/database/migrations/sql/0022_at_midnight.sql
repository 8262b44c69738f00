-- What is written of a confidential shelter is told of all of them at one time: its places from the next midnight (UTC), when it
-- was verified from the next quarter. An organisation writes of all of its shelters in one go, and those that changed in one
-- minute would be known as its own.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- The day as it was written, and from which day on it is told; NULL where it is told already.
ALTER TABLE exact.places ADD COLUMN verified_on DATE, ADD COLUMN told_from DATE;
DROP TRIGGER audit ON exact.places;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.places DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk())
EXECUTE FUNCTION audit.follow('service_id', 'capacity', 'occupancy', 'changed_on', 'had_places', 'verified_on', 'told_from');

CREATE OR REPLACE FUNCTION lakana.keep_capacity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  later CONSTANT boolean := TG_OP = 'UPDATE' AND OLD.confidential AND NOT audit.is_owner();
BEGIN
  INSERT INTO exact.places (service_id, capacity)
  VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.id ELSE OLD.id END, NEW.capacity)
  ON CONFLICT (service_id) DO UPDATE SET capacity = excluded.capacity;
  NEW.capacity := CASE WHEN later THEN OLD.capacity ELSE in_tens(NEW.capacity) END;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lakana.keep_occupancy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  later CONSTANT boolean := TG_OP = 'UPDATE' AND NOT audit.is_owner();
BEGIN
  IF (SELECT confidential FROM service WHERE id = NEW.service_id) THEN
    INSERT INTO exact.places (service_id, occupancy) VALUES (NEW.service_id, NEW.occupancy)
    ON CONFLICT (service_id) DO UPDATE SET occupancy = excluded.occupancy;
    NEW.occupancy := CASE WHEN later THEN OLD.occupancy ELSE in_tens(NEW.occupancy) END;
  END IF;
  RETURN NEW;
END $$;

-- By name before hide_confidential_site, which tells the quarter.
CREATE FUNCTION lakana.keep_verified() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  later CONSTANT boolean := NOT audit.is_owner();
BEGIN
  INSERT INTO exact.places (service_id, verified_on, told_from)
  VALUES (OLD.id, NEW.verified_on,
          CASE WHEN later THEN date_trunc('quarter', now() AT TIME ZONE 'UTC') + interval '3 months' END)
  ON CONFLICT (service_id) DO UPDATE SET verified_on = excluded.verified_on, told_from = excluded.told_from;
  IF later THEN
    NEW.verified_on := OLD.verified_on;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER band_verified BEFORE UPDATE OF verified_on ON lakana.service
FOR EACH ROW WHEN (OLD.confidential AND NEW.confidential) EXECUTE FUNCTION lakana.keep_verified();

-- As before; the day of its last visit comes back as well.
CREATE OR REPLACE FUNCTION lakana.move_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  kept exact.places;
BEGIN
  IF NEW.confidential THEN
    INSERT INTO exact.places (service_id, capacity, occupancy)
    VALUES (OLD.id, NEW.capacity, (SELECT occupancy FROM shelter WHERE service_id = OLD.id))
    ON CONFLICT (service_id) DO UPDATE SET occupancy = excluded.occupancy;
    NEW.capacity := in_tens(NEW.capacity);
  ELSE
    SELECT * INTO kept FROM exact.places WHERE service_id = OLD.id;
    IF NEW.capacity IS NOT DISTINCT FROM OLD.capacity THEN
      NEW.capacity := kept.capacity;
    END IF;
    IF NEW.verified_on IS NOT DISTINCT FROM OLD.verified_on THEN
      NEW.verified_on := coalesce(kept.verified_on, NEW.verified_on);
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- As before; what is written once more is no change.
CREATE OR REPLACE FUNCTION exact.keep_midnight() RETURNS trigger
LANGUAGE plpgsql SET search_path = exact, public, pg_temp AS $$
DECLARE
  today CONSTANT date := now() AT TIME ZONE 'UTC';
BEGIN
  -- Both numbers of a new one are written one after the other.
  IF (NEW.capacity, NEW.occupancy) IS DISTINCT FROM (OLD.capacity, OLD.occupancy)
     AND NEW.changed_on IS DISTINCT FROM today AND num_nulls(OLD.capacity, OLD.occupancy) = 0 THEN
    NEW.had_places := OLD.occupancy < OLD.capacity;
    NEW.changed_on := today;
  END IF;
  RETURN NEW;
END $$;

-- What is to be told by now and is not.
CREATE FUNCTION exact.due() RETURNS TABLE (service_id uuid, counts boolean, visit boolean, capacity integer, occupancy integer, verified_on date)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT e.service_id, coalesce(e.changed_on < today, true), e.told_from <= today, e.capacity, e.occupancy, e.verified_on
  FROM exact.places e
  JOIN service s ON s.id = e.service_id AND s.confidential
  LEFT JOIN shelter h ON h.service_id = e.service_id
  CROSS JOIN (SELECT (now() AT TIME ZONE 'UTC')::date AS today) AS utc
  WHERE e.told_from <= today OR coalesce(e.changed_on < today, true)
    AND (in_tens(e.capacity) IS DISTINCT FROM s.capacity OR in_tens(e.occupancy) IS DISTINCT FROM h.occupancy)
$$;

-- The owner calls it daily. Shelters are locked before their services, as writes do, and before what is told is read.
CREATE FUNCTION exact.tell_places() RETURNS bigint
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  told CONSTANT uuid[] := ARRAY(SELECT service_id FROM exact.due());
BEGIN
  PERFORM FROM shelter WHERE service_id = ANY (told) ORDER BY id FOR UPDATE;
  PERFORM FROM service WHERE id = ANY (told) ORDER BY id FOR UPDATE;
  UPDATE shelter h SET occupancy = d.occupancy FROM exact.due() d
  WHERE d.service_id = h.service_id AND d.counts AND d.occupancy IS NOT NULL AND in_tens(d.occupancy) <> h.occupancy;
  UPDATE service s SET capacity = d.capacity FROM exact.due() d
  WHERE d.service_id = s.id AND d.counts AND in_tens(d.capacity) IS DISTINCT FROM s.capacity;
  UPDATE service s SET verified_on = d.verified_on FROM exact.due() d WHERE d.service_id = s.id AND d.visit;
  RETURN cardinality(told);
END $$;

-- Proposals are listed by their moment, which they tell: numbers have gaps where proposals are deleted with what they would
-- have changed, and a cursor holds what a list is ordered by.
DROP INDEX lakana.proposal_name_key_id_idx;
ALTER TABLE lakana.proposal DROP COLUMN name_key, DROP COLUMN number;
ALTER TABLE lakana.proposal ADD COLUMN name_key TEXT COLLATE "C"
  GENERATED ALWAYS AS (lpad(((extract(epoch FROM (proposed_at AT TIME ZONE 'UTC')) * 1000000)::bigint)::text, 16, '0')) STORED NOT NULL;
CREATE INDEX proposal_name_key_id_idx ON lakana.proposal (name_key, id);

REVOKE EXECUTE ON FUNCTION lakana.keep_verified, exact.due, exact.tell_places FROM PUBLIC;
