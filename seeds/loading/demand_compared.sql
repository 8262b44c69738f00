-- Demand points as they are wanted, beside what is there, and how many of which kind. Areas are found together for those that bring none.
DROP TABLE IF EXISTS pg_temp.demand_compared;
CREATE TEMPORARY TABLE demand_compared ON COMMIT DROP AS
WITH known AS MATERIALIZED (
  SELECT coalesce(d.id, w.id) AS id, w.locality_id, w.area_id, w.area_set_id, w.point, w.population, w.under_18, w.source_id, w.is_spread,
         row_number() OVER (ORDER BY w.unit_id, w.id) AS number
  FROM demand_wanted w LEFT JOIN lakana.demand_point d ON d.locality_id = w.locality_id
  WHERE w.population > 0 AND w.under_18 IS NOT NULL
), unsettled AS MATERIALIZED (
  SELECT array_agg(number ORDER BY number) AS numbers, array_agg(point ORDER BY number) AS points, array_agg(area_id ORDER BY number) AS areas
  FROM known k WHERE area_set_id IS NULL AND NOT EXISTS (SELECT FROM lakana.demand_point d WHERE d.id = k.id)
), settled AS MATERIALIZED (
  SELECT numbers[found.number] AS number, found.area_set_id FROM unsettled CROSS JOIN LATERAL lakana.area_sets_of(points, areas) AS found
)
SELECT k.id, locality_id, k.area_id, coalesce(k.area_set_id, s.area_set_id) AS area_set_id, k.point, k.population, k.under_18, k.source_id, is_spread,
       number, d.id IS NULL AS is_new,
       d.id IS NOT NULL AND ((d.area_id, d.population, d.under_18, d.source_id) IS DISTINCT FROM (k.area_id, k.population, k.under_18, k.source_id)
         OR NOT d.point::geometry ~= k.point::geometry) AS differs
FROM known k LEFT JOIN settled s USING (number) LEFT JOIN (
  SELECT id, area_id, population, under_18, source_id, point FROM lakana.demand_point) d ON d.id = k.id;
ANALYZE demand_compared;
SELECT count(*) FILTER (WHERE is_new OR differs) + (
         SELECT count(*) FROM lakana.demand_point d JOIN lakana.area_within n ON n.area_id = d.area_set_id AND n.ancestor_id = ANY (CAST(:nations AS uuid[]))
         WHERE NOT EXISTS (SELECT FROM demand_compared k WHERE k.id = d.id)) AS altered,
       count(locality_id) AS localities, count(*) FILTER (WHERE locality_id IS NULL AND NOT is_spread) AS cells,
       count(*) FILTER (WHERE is_spread) AS hexagons, coalesce(sum(population) FILTER (WHERE is_spread), 0) AS spread
FROM demand_compared
