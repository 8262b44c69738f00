-- Demand points as they are wanted: what is the same stays. Areas are found together for those that bring none.
WITH known AS MATERIALIZED (
  SELECT coalesce(d.id, w.id) AS id, w.locality_id, w.area_id, w.area_set_id, w.point, w.population, w.under_18, w.source_id, w.is_spread,
         row_number() OVER (ORDER BY w.unit_id, w.id) AS number
  FROM demand_wanted w LEFT JOIN lakana.demand_point d ON d.locality_id = w.locality_id
  WHERE w.population > 0 AND w.under_18 IS NOT NULL
), compared AS MATERIALIZED (
  SELECT k.*, d.id IS NULL AS is_new,
         d.id IS NOT NULL AND ((d.area_id, d.population, d.under_18, d.source_id) IS DISTINCT FROM (k.area_id, k.population, k.under_18, k.source_id)
           OR NOT d.point::geometry ~= k.point::geometry) AS differs
  FROM known k LEFT JOIN lakana.demand_point d USING (id)
), gone AS (
  DELETE FROM lakana.demand_point d USING lakana.area_within n
  WHERE n.area_id = d.area_set_id AND n.ancestor_id = ANY (CAST(:nations AS uuid[])) AND NOT EXISTS (SELECT FROM known k WHERE k.id = d.id)
  RETURNING d.id
), changed AS (
  UPDATE lakana.demand_point d SET area_id = c.area_id, point = c.point, population = c.population, under_18 = c.under_18, source_id = c.source_id
  FROM compared c WHERE c.id = d.id AND c.differs
), settled AS MATERIALIZED (
  SELECT number, area_set_id FROM compared WHERE is_new AND area_set_id IS NOT NULL
  UNION ALL
  SELECT numbers[found.number], found.area_set_id
  FROM (SELECT array_agg(number ORDER BY number) AS numbers, array_agg(point ORDER BY number) AS points, array_agg(area_id ORDER BY number) AS areas
        FROM compared WHERE is_new AND area_set_id IS NULL) AS unsettled
  CROSS JOIN LATERAL lakana.area_sets_of(points, areas) AS found
), added AS (
  INSERT INTO lakana.demand_point (id, locality_id, area_id, point, population, under_18, source_id, area_set_id, block_id)
  SELECT id, locality_id, area_id, point, population, under_18, source_id, s.area_set_id, lakana.block_of(s.area_set_id, point, locality_id IS NOT NULL)
  FROM compared JOIN settled s USING (number) WHERE is_new ORDER BY number
)
SELECT count(*) FILTER (WHERE is_new OR differs) + (SELECT count(*) FROM gone) AS altered, count(locality_id) AS localities,
       count(*) FILTER (WHERE locality_id IS NULL AND NOT is_spread) AS cells, count(*) FILTER (WHERE is_spread) AS hexagons,
       coalesce(sum(population) FILTER (WHERE is_spread), 0) AS spread
FROM compared
