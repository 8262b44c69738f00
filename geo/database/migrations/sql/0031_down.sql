DROP INDEX lakana.actor_stands_in_idx, lakana.service_stands_in_idx, lakana.locality_name_name_part_idx;
DROP FUNCTION lakana.places_called, lakana.places_named;
ALTER TABLE lakana.admin_area DROP COLUMN search_key;
