-- A row for each demand point and category, as before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

DROP TRIGGER follow_to_nearest_insert ON lakana.service;
DROP TRIGGER follow_to_nearest_update ON lakana.service;
DROP TRIGGER follow_to_nearest_delete ON lakana.service;
DROP TRIGGER follow_truncate ON lakana.service;
DROP TRIGGER follow_truncate ON lakana.demand_point;
DROP TRIGGER follow_update ON lakana.demand_point;
DROP TRIGGER follow_delete ON lakana.demand_point;
DROP TRIGGER settle_block ON lakana.demand_point;
DROP FUNCTION lakana.follow_category, lakana.refresh_access, lakana.keep_access, lakana.nearest_to, lakana.chord_margin_m,
  lakana.follow_truncation, lakana.make_blocks, lakana.settle_block;

ALTER VIEW lakana.access RENAME TO access_by_block;
CREATE TABLE lakana.access (
  category lakana.service_category NOT NULL,
  demand_point_id UUID NOT NULL,
  service_id UUID NOT NULL,
  distance_m DOUBLE PRECISION NOT NULL,
  under_18 INTEGER NOT NULL,
  area_set_id UUID NOT NULL,
  CONSTRAINT access_pkey PRIMARY KEY (category, demand_point_id),
  CONSTRAINT access_demand_point_id_fkey FOREIGN KEY (demand_point_id) REFERENCES lakana.demand_point (id) ON DELETE CASCADE,
  CONSTRAINT access_service_id_fkey FOREIGN KEY (service_id) REFERENCES lakana.service (id) ON DELETE CASCADE
);
INSERT INTO lakana.access
SELECT category, demand_point_id, service_id, distance_m, under_18, area_set_id FROM lakana.access_by_block;
CREATE INDEX access_coverage_idx ON lakana.access (category, area_set_id) INCLUDE (distance_m, under_18);
CREATE INDEX access_service_id_idx ON lakana.access (service_id);
CREATE INDEX access_demand_point_id_idx ON lakana.access (demand_point_id);
REVOKE ALL ON TABLE lakana.access FROM PUBLIC;
GRANT SELECT ON lakana.access TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;

DROP VIEW lakana.access_by_block;
DROP TABLE lakana.block_access, lakana.demand_block;
ALTER TABLE lakana.demand_point DROP COLUMN block_id;
DROP FUNCTION lakana.block_of;
SELECT lakana.follow_public('lakana.access');
SELECT lakana.follow_public('lakana.demand_point');
