-- What 0021 took away; the shapes of letters stay, which find more.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER FUNCTION lakana.telling_words COST 100;
DROP FUNCTION lakana.plain_digits;
ALTER FUNCTION lakana.other_digits RENAME TO plain_digits;
DROP FUNCTION exact.check_runner, exact.keep_midnight CASCADE;  -- with their triggers
DROP TRIGGER audit ON exact.places;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exact.places DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('service_id', 'capacity', 'occupancy');
CREATE OR REPLACE FUNCTION lakana.has_places(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN s.confidential THEN e.occupancy < e.capacity ELSE h.occupancy < s.capacity END
  FROM shelter h JOIN service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  WHERE s.id = has_places.service
$$;
CREATE OR REPLACE FUNCTION lakana.free_places(service uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN s.confidential THEN CASE WHEN e.occupancy < e.capacity THEN greatest(s.capacity - h.occupancy, 0) ELSE 0 END
         ELSE greatest(s.capacity - h.occupancy, 0) END
  FROM shelter h JOIN service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  WHERE s.id = free_places.service
$$;
ALTER TABLE exact.places DROP COLUMN changed_on, DROP COLUMN had_places;
ALTER TABLE audit.entry DROP COLUMN name_key;
ALTER TABLE audit.entry ADD COLUMN name_key TEXT COLLATE "C"
  GENERATED ALWAYS AS (lpad((999999999999 - number)::text, 12, '0')) STORED NOT NULL;
CREATE INDEX entry_name_key_id_idx ON audit.entry (name_key, id);
CREATE INDEX entry_subject_id_name_key_idx ON audit.entry (subject_id, name_key);
CREATE INDEX entry_holder_name_key_idx ON audit.entry (holder, name_key);
CREATE INDEX entry_person_name_key_idx ON audit.entry (person, name_key) WHERE action = 'LOCATE';
