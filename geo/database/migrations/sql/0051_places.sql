-- Many localities at a time, which only the owner writes: what a row gives of its own was found by area_sets_of. Row by row it took
-- 0.8 ms where six divisions hold a place.
DROP TRIGGER settle_area_set ON lakana.locality;
CREATE TRIGGER settle_insert BEFORE INSERT ON lakana.locality
FOR EACH ROW WHEN (NEW.area_set_id IS NULL) EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_update BEFORE UPDATE ON lakana.locality
FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
