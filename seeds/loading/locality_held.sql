-- How many localities lie in each area, and how many are known to lie in no part of it: counted once for all areas.
DROP TABLE IF EXISTS pg_temp.locality_held;
CREATE TEMPORARY TABLE locality_held ON COMMIT DROP AS
WITH placed AS MATERIALIZED (
  SELECT area_set_id, area_id, count(*) AS many FROM lakana.locality GROUP BY area_set_id, area_id
), told AS (
  SELECT w.ancestor_id AS area_id, p.many AS inside, 0 AS own FROM placed p JOIN lakana.area_within w ON w.area_id = p.area_set_id
  UNION ALL
  SELECT area_id, 0, many FROM placed
)
SELECT area_id, sum(inside) AS inside, sum(own) AS own FROM told GROUP BY area_id;
ANALYZE locality_held
