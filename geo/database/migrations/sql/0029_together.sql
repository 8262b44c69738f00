-- Some scenarios of one owner, with their places among those asked for, each with what it does to the services of their
-- category: which are gone from their places, and where sites are added. One that is not the owner's is left out.
-- Raises LK400 where they are of several categories, or one changes a confidential service.
CREATE OR REPLACE FUNCTION lakana.scenarios_together(whose text, ids uuid[])
RETURNS TABLE (number integer, scenario_id uuid, category lakana.service_category, gone uuid[], sites geography[],
               changes jsonb, base_data jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF (SELECT count(DISTINCT s.category) FROM scenario s WHERE s.owner = whose AND s.id = ANY (ids)) > 1 THEN
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
