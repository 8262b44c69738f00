-- What 0014 took away.

DROP TRIGGER band_ages ON lakana.shelter;
DROP FUNCTION lakana.band_ages, lakana.has_places, lakana.services_around;
DROP INDEX lakana.service_lies_in_idx, lakana.service_confidential_idx;
ALTER TABLE lakana.service DROP COLUMN public_capacity;
GRANT SELECT ON lakana.service, lakana.shelter TO lakana_public;

CREATE FUNCTION lakana.services_around(place geography, wanted lakana.service_category, reach_m double precision)
RETURNS SETOF lakana.service
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  walk CONSTANT text := format(
    'SELECT * FROM service WHERE point IS NOT NULL %s ORDER BY point <-> $1',
    CASE WHEN wanted IS NOT NULL THEN 'AND category = $2' END);
  one service;
BEGIN
  FOR one IN EXECUTE walk USING place, wanted LOOP
    EXIT WHEN one.point <-> place > reach_m * 1.006;
    RETURN NEXT one;
  END LOOP;
END $$;

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
  END IF;
  RETURN QUERY
  SELECT asked.number::integer, s.id, s.category,
    ARRAY(SELECT (c->>'service_id')::uuid FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('CLOSE', 'MOVE')),
    ARRAY(SELECT ST_SetSRID(ST_MakePoint((c->>'lon')::double precision, (c->>'lat')::double precision), 4326)::geography
          FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('ADD', 'MOVE')),
    s.changes, s.base_data
  FROM unnest(ids) WITH ORDINALITY AS asked(id, number) JOIN scenario s ON s.id = asked.id AND s.owner = whose;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.services_around FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.services_around
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
