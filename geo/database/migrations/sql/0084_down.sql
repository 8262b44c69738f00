DROP TRIGGER prepare_outlines ON lakana.admin_area;
DROP TABLE lakana.area_outline;
DROP INDEX lakana.service_tile_idx, lakana.locality_tile_idx;
DROP FUNCTION lakana.prepare_outlines, lakana.prepare_outline, lakana.every_second_bit, lakana.tile_key;
