-- Each demand point by itself, by two triggers.
DROP TRIGGER settle_insert ON lakana.demand_point;
DROP TRIGGER settle_update ON lakana.demand_point;
DROP FUNCTION lakana.settle_demand_point, lakana.area_sets_of, lakana.outlined_among, lakana.area_set_among;
CREATE TRIGGER settle_area_set BEFORE INSERT OR UPDATE ON lakana.demand_point
FOR EACH ROW EXECUTE FUNCTION lakana.settle_area_set();
CREATE TRIGGER settle_block BEFORE INSERT OR UPDATE ON lakana.demand_point
FOR EACH ROW EXECUTE FUNCTION lakana.settle_block();
REVOKE EXECUTE ON FUNCTION lakana.settle_block FROM PUBLIC;
