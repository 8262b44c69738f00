DROP TRIGGER follow_spots_insert ON lakana.service;
DROP TRIGGER follow_spots_update ON lakana.service;
DROP TRIGGER follow_spots_delete ON lakana.service;
DROP FUNCTION lakana.nearest_services;
DROP FUNCTION lakana.spots_around;
DROP FUNCTION lakana.follow_spots;
DROP INDEX lakana.service_spot_idx;
DROP TABLE lakana.service_spot;
DROP FUNCTION lakana.least_m;
DROP FUNCTION lakana.geocentric;

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

REVOKE EXECUTE ON FUNCTION lakana.services_around FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.services_around
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
