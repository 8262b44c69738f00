-- A number that rises with each transaction that changes something the public may read, and with no other: so what hangs on it, as
-- kept maps do, never tells that something hidden was written. It is the sum of a few rows. A writer takes one that no other holds
-- and makes one where all are held, so writers never wait for each other; each sees its own change when it commits.
CREATE TABLE lakana.public_version (
  slot INTEGER GENERATED ALWAYS AS IDENTITY,
  version BIGINT DEFAULT '1' NOT NULL,
  CONSTRAINT public_version_pkey PRIMARY KEY (slot)
);

CREATE FUNCTION lakana.public_version() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(sum(version), 0)::bigint FROM public_version
$$;

-- Arguments: what the public reads of a row r, and of which rows. A row that comes and goes within a transaction counts only where
-- it is one of these: a write that names an actor out of the directory lists it until the transaction ends.
CREATE FUNCTION lakana.note_public_change() RETURNS trigger
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
    UPDATE public_version SET version = version + 1
    WHERE slot = (SELECT slot FROM public_version ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
      INSERT INTO public_version DEFAULT VALUES;
    END IF;
    PERFORM set_config('lakana.public_changed', 'yes', true);
  END IF;
  RETURN NULL;
END $$;

-- Note the changes of a table in the columns that the public may read; called again where those become others.
CREATE FUNCTION lakana.follow_public(watched regclass, also text DEFAULT NULL, told text DEFAULT 'true') RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  shown CONSTANT text := concat_ws(', ', (
    SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = watched AND attnum > 0 AND NOT attisdropped
      AND has_column_privilege('lakana_public', attrelid, attnum, 'SELECT')), also);
  one record;
BEGIN
  FOR one IN VALUES ('INSERT', 'REFERENCING NEW TABLE AS new_rows'), ('DELETE', 'REFERENCING OLD TABLE AS old_rows'),
                    ('UPDATE', 'REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows'), ('TRUNCATE', '') LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_public_change(%L, %L)',
                   'note_public_' || lower(one.column1), one.column1, watched, one.column2, shown, told);
  END LOOP;
END $$;

SELECT lakana.follow_public(c.oid) FROM pg_class c
WHERE c.relnamespace = 'lakana'::regnamespace AND c.relkind = 'r' AND has_any_column_privilege('lakana_public', c.oid, 'SELECT');

-- Whether a public shelter has places left is told. Of confidential ones, as it was at midnight.
SELECT lakana.follow_public('lakana.shelter',
  '(SELECT r.occupancy < s.capacity FROM service s WHERE s.id = r.service_id AND NOT s.confidential)');
SELECT lakana.follow_public('lakana.service',
  '(SELECT h.occupancy < r.capacity FROM shelter h WHERE h.service_id = r.id AND NOT r.confidential)');
-- Who is in the directory (see 0020_listed.sql): an actor that is named by a write comes into the table until that ends.
SELECT lakana.follow_public('lakana.actor', NULL,
  '(NOT is_known_by_services(r.kind) OR EXISTS (SELECT FROM service s WHERE s.actor_id = r.id))');
SELECT lakana.follow_public('lakana.trained_actor', NULL,
  'EXISTS (SELECT FROM actor a WHERE a.id = r.actor_id
     AND (NOT is_known_by_services(a.kind) OR EXISTS (SELECT FROM service s WHERE s.actor_id = a.id)))');
SELECT lakana.follow_public('lakana.organization', NULL,
  '(EXISTS (SELECT FROM training_organizer t WHERE t.organization_id = r.id) OR EXISTS (SELECT FROM actor a WHERE a.organization_id = r.id
     AND (NOT is_known_by_services(a.kind) OR EXISTS (SELECT FROM service s WHERE s.actor_id = a.id))))');

REVOKE EXECUTE ON FUNCTION lakana.public_version, lakana.note_public_change, lakana.follow_public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.public_version TO lakana_public;
