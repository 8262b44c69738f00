-- After the functions of before are back.
DROP FUNCTION lakana.has_successor, lakana.outlined_at;
DELETE FROM lakana.area_within WHERE area_id IN (SELECT id FROM lakana.area_set);
DROP TABLE lakana.area_set;
ALTER TABLE lakana.area_within
  ADD CONSTRAINT area_within_area_id_fkey FOREIGN KEY (area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE;
ALTER TABLE lakana.admin_area DROP COLUMN outline_source_id, DROP COLUMN outline_derived;
REVOKE EXECUTE ON FUNCTION lakana.travel_minutes, lakana.distances_if FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.travel_minutes
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.distances_if TO lakana_planner;
