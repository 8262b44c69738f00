DROP TRIGGER settle_insert ON lakana.actor;
DROP TRIGGER settle_update ON lakana.actor;
DROP TRIGGER settle_insert ON lakana.service;
DROP TRIGGER settle_update ON lakana.service;
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.actor
FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
