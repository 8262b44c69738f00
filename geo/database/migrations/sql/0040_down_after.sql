-- The triggers of before, once their functions are back.
CREATE TRIGGER follow_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_service_change();
CREATE TRIGGER follow_update AFTER UPDATE ON lakana.demand_point REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.follow_demand_change();
REVOKE EXECUTE ON FUNCTION lakana.follow_category, lakana.refresh_access FROM PUBLIC;
