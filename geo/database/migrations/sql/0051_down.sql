DROP TRIGGER settle_insert ON lakana.locality;
DROP TRIGGER settle_update ON lakana.locality;
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.locality
FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
