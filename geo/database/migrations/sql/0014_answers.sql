-- What answers may tell of confidential services and of the places of shelters.

-- Whether a shelter has a place free, which is all that everybody may know of how many: NULL where nobody knows.
CREATE FUNCTION lakana.has_places(service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT h.occupancy < s.capacity FROM shelter h JOIN service s ON s.id = h.service_id WHERE s.id = has_places.service
$$;

-- How many places there are, how many are taken, and how often that was written are for those who show a key.
ALTER TABLE lakana.service ADD COLUMN public_capacity INTEGER
  GENERATED ALWAYS AS (CASE WHEN category <> 'SAFE_SHELTER' THEN capacity END) STORED;
REVOKE SELECT ON lakana.service, lakana.shelter FROM lakana_public;
GRANT SELECT (id, service_id, minimum_age, maximum_age, girls, boys) ON lakana.shelter TO lakana_public;
GRANT SELECT (id, actor_id, name, name_key, category, confidential, zone_id, point, radius_m, locality_id, area_id,
              public_capacity, opening_hours, phone, verified_on, source_id) ON lakana.service TO lakana_public;

-- Ages of a confidential shelter are kept as the bands 0 to 5, 6 to 11 and 12 to 17 that hold them. One that becomes
-- confidential takes another id with its service, and its row is written with that.
CREATE FUNCTION lakana.band_ages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF (SELECT confidential FROM service WHERE id = NEW.service_id) THEN
    NEW.minimum_age := NEW.minimum_age / 6 * 6;
    NEW.maximum_age := NEW.maximum_age / 6 * 6 + 5;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER band_ages BEFORE INSERT OR UPDATE ON lakana.shelter FOR EACH ROW EXECUTE FUNCTION lakana.band_ages();

-- Without a trigger: the log would tell the exact ages under the new ids, and a version that something was changed.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE lakana.shelter DISABLE TRIGGER USER;
DO $$
DECLARE
  banded integer;
BEGIN
  UPDATE lakana.shelter SET minimum_age = minimum_age / 6 * 6, maximum_age = maximum_age / 6 * 6 + 5
  WHERE service_id IN (SELECT id FROM lakana.service WHERE confidential) AND (minimum_age % 6 <> 0 OR maximum_age % 6 <> 5);
  GET DIAGNOSTICS banded = ROW_COUNT;
  IF banded > 0 THEN
    PERFORM audit.append('BAND', 'shelter', NULL, NULL, jsonb_build_object('revision', '0014', 'shelters', banded));
  END IF;
END $$;
ALTER TABLE lakana.shelter ENABLE TRIGGER USER;

-- Where a service lies: in an area or, where it is confidential, in a zone.
CREATE INDEX service_lies_in_idx ON lakana.service (coalesce(area_id, zone_id));
CREATE INDEX service_confidential_idx ON lakana.service (category, zone_id) WHERE confidential;

-- As before, but giving no more of a service than who asks may read of it.
DROP FUNCTION lakana.services_around;
CREATE FUNCTION lakana.services_around(
  place geography, wanted lakana.service_category, reach_m double precision
) RETURNS TABLE (id uuid)
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  walk CONSTANT text := format(
    'SELECT id, point <-> $1 AS sphere_m FROM service WHERE point IS NOT NULL %s ORDER BY point <-> $1',
    CASE WHEN wanted IS NOT NULL THEN 'AND category = $2' END);
  one record;
BEGIN
  FOR one IN EXECUTE walk USING place, wanted LOOP
    EXIT WHEN one.sphere_m > reach_m * 1.006;
    id := one.id;
    RETURN NEXT;
  END LOOP;
END $$;

-- Raises LK400 where they are of several categories, or where one of them changes a confidential service: what it does not
-- say of where that stands, no comparison may.
CREATE OR REPLACE FUNCTION lakana.scenarios_together(whose text, ids uuid[])
RETURNS TABLE (number integer, scenario_id uuid, category lakana.service_category, gone uuid[], sites geography[],
               changes jsonb, base_data jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found bigint;
  categories bigint;
BEGIN
  SELECT count(*), count(DISTINCT s.category) INTO found, categories
  FROM scenario s WHERE s.owner = whose AND s.id = ANY (ids);
  IF found < cardinality(ids) THEN
    RETURN;
  ELSIF categories > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'scenarioIds', MESSAGE =
      'these scenarios are for different categories of service; compare those of one category at a time.';
  ELSIF EXISTS (
    SELECT FROM scenario s, jsonb_array_elements(s.changes) AS c JOIN service hidden ON hidden.id = (c->>'service_id')::uuid
    WHERE s.owner = whose AND s.id = ANY (ids) AND hidden.confidential
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'scenarioIds', MESSAGE =
      'one of them changes a confidential service, which has no distance; take that change out of it.';
  END IF;
  RETURN QUERY
  SELECT asked.number::integer, s.id, s.category,
    ARRAY(SELECT (c->>'service_id')::uuid FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('CLOSE', 'MOVE')),
    ARRAY(SELECT ST_SetSRID(ST_MakePoint((c->>'lon')::double precision, (c->>'lat')::double precision), 4326)::geography
          FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('ADD', 'MOVE')),
    s.changes, s.base_data
  FROM unnest(ids) WITH ORDINALITY AS asked(id, number) JOIN scenario s ON s.id = asked.id AND s.owner = whose;
END $$;

-- Answers that jobs keep were measured to where confidential services were said to stand.
UPDATE lakana.siting_job j SET status = 'FAILED', answer = NULL, best_objective = NULL, gap_percent = NULL,
  problem = 'It counted confidential services, which have no distance any more; ask for it again.'
WHERE status = 'DONE' AND EXISTS (
  SELECT FROM lakana.service s WHERE s.confidential AND s.category::text = j.asked->>'category');

REVOKE EXECUTE ON FUNCTION lakana.has_places, lakana.services_around, lakana.band_ages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.has_places, lakana.services_around
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
