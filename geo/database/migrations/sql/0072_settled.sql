-- The sets of areas of all places are found together and before any row is locked; then the rows that differ are written, services,
-- which stewards wait for, last. Twice for each row, and each row locked while the next were looked at, it took 6 minutes for 20,000
-- localities and as many services.
CREATE OR REPLACE FUNCTION lakana.settle_places() RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  tables CONSTANT text[] := '{locality,demand_point,actor,service}';
  one text;
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS settled_place (
    of_table text, id uuid, point geography, area_id uuid, area_set_id uuid, PRIMARY KEY (of_table, id)) ON COMMIT DROP;
  DELETE FROM settled_place;
  FOREACH one IN ARRAY tables LOOP
    EXECUTE format('WITH numbered AS MATERIALIZED (
        SELECT id, point, area_id, row_number() OVER (ORDER BY id) AS number FROM %1$I WHERE area_id IS NOT NULL
      )
      INSERT INTO settled_place SELECT %1$L, n.id, n.point, n.area_id, f.area_set_id
      FROM numbered n JOIN area_sets_of(
        ARRAY(SELECT point FROM numbered ORDER BY number), ARRAY(SELECT area_id FROM numbered ORDER BY number)) f USING (number)', one);
  END LOOP;
  ANALYZE settled_place;
  FOREACH one IN ARRAY tables LOOP
    EXECUTE format('UPDATE %1$I t SET area_set_id = s.area_set_id FROM settled_place s
      WHERE s.of_table = %1$L AND s.id = t.id AND t.area_set_id IS DISTINCT FROM s.area_set_id
        AND t.area_id = s.area_id AND t.point::geometry = s.point::geometry', one);
    -- Those that came or moved meanwhile.
    EXECUTE format('UPDATE %1$I t SET area_set_id = area_set_of(point, area_id)
      WHERE area_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM settled_place s WHERE s.of_table = %1$L AND s.id = t.id AND s.area_id = t.area_id AND s.point::geometry = t.point::geometry)', one);
  END LOOP;
  PERFORM settle_nations();
END $$;
