-- The places of before: one area each, and the nearest town where no outline tells.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

DROP TRIGGER settle_area_set ON lakana.locality;
DROP TRIGGER settle_area_set ON lakana.actor;
DROP TRIGGER settle_area_set ON lakana.service;
DROP TRIGGER settle_area_set ON lakana.demand_point;

REVOKE EXECUTE ON FUNCTION lakana.is_known_by_services FROM lakana_steward;

DROP INDEX lakana.access_coverage_idx;
ALTER TABLE lakana.access RENAME COLUMN area_set_id TO area_id;
CREATE INDEX access_coverage_idx ON lakana.access (category, area_id) INCLUDE (distance_m, under_18);
UPDATE lakana.access a SET area_id = d.area_id FROM lakana.demand_point d WHERE d.id = a.demand_point_id AND d.area_id <> a.area_id;
ALTER TABLE lakana.access ADD CONSTRAINT access_area_id_fkey FOREIGN KEY (area_id) REFERENCES lakana.admin_area (id);
DROP INDEX lakana.service_lies_in_idx;
ALTER TABLE lakana.service DROP CONSTRAINT service_area_set_check;
ALTER TABLE lakana.locality DROP COLUMN area_set_id;
ALTER TABLE lakana.actor DROP COLUMN area_set_id;
ALTER TABLE lakana.service DROP COLUMN area_set_id;
ALTER TABLE lakana.demand_point DROP COLUMN area_set_id;
CREATE INDEX service_area_id_idx ON lakana.service (area_id);
CREATE INDEX service_lies_in_idx ON lakana.service ((coalesce(area_id, zone_id)));
CREATE INDEX demand_point_area_id_idx ON lakana.demand_point (area_id);
DROP FUNCTION lakana.competent_at, lakana.known_areas;
DROP TABLE lakana.appointed_kind;
DROP FUNCTION lakana.travel_minutes, lakana.distances_if, lakana.parts_of, lakana.settle_places, lakana.settle_area_set,
  lakana.area_set_of;
