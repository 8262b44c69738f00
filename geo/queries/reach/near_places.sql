-- Pairs of demand points and shelters with free places that stand within reach of each other, nearest first, ties by
-- ids; those of the nation asked about. Binds: those of the reach, and of scope.
--
-- A shelter needs no more than its nearest demand points with as many children as there are free places in all: when it
-- comes to a farther one, the nearer ones have either filled it or found so many places that none is left anywhere.
WITH {scope}, reach(most) AS MATERIALIZED (
  SELECT :reach
), free AS MATERIALIZED (
  SELECT s.id, s.point, greatest(s.capacity - h.occupancy, 0) AS places
  FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id
  WHERE s.category = 'SAFE_SHELTER' AND s.capacity > h.occupancy AND s.point IS NOT NULL
    AND (NOT (SELECT lakana.several_nations()) OR s.area_set_id IN (
      SELECT area_id FROM lakana.area_nation WHERE nation_id = lakana.nation_of((SELECT id FROM scope))))
), pair AS MATERIALIZED (
  -- ST_DWithin does not round as ST_Distance does, which has the last word.
  SELECT d.id AS demand_point_id, f.id AS service_id, d.under_18, ST_Distance(f.point, d.point) AS distance_m
  FROM free f JOIN lakana.demand_point d ON ST_DWithin(f.point, d.point, (SELECT most FROM reach) + 0.001)
  WHERE d.under_18 > 0 AND (NOT (SELECT lakana.several_nations()) OR d.area_set_id IN (
      SELECT area_id FROM lakana.area_nation WHERE nation_id = lakana.nation_of((SELECT id FROM scope))))
), near AS (
  SELECT pair.*, sum(under_18) OVER (
           PARTITION BY service_id ORDER BY distance_m, demand_point_id ROWS UNBOUNDED PRECEDING) - under_18 AS nearer
  FROM pair WHERE distance_m <= (SELECT most FROM reach)
)
SELECT demand_point_id, service_id, distance_m FROM near
WHERE nearer < (SELECT sum(places) FROM free)
ORDER BY distance_m, demand_point_id, service_id
