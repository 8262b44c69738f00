CREATE OR REPLACE TRIGGER follow_to_nearest_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
DROP FUNCTION lakana.is_worked_out_later;
