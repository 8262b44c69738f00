-- The services of a category (all where it is NULL) that may be as near to a place as reach_m on the spheroid: the index is
-- walked by distance on the sphere, up to 0.56 % off, until nothing nearer can follow.
CREATE FUNCTION lakana.services_around(place geography, wanted lakana.service_category, reach_m double precision)
RETURNS SETOF lakana.service
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  walk CONSTANT text := format(
    'SELECT * FROM service %s ORDER BY point <-> $1', CASE WHEN wanted IS NOT NULL THEN 'WHERE category = $2' END);
  one service;
BEGIN
  FOR one IN EXECUTE walk USING place, wanted LOOP
    EXIT WHEN one.point <-> place > reach_m * 1.006;
    RETURN NEXT one;
  END LOOP;
END $$;
