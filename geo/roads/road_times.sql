-- The times of one category that has services in a nation, by one mode in one season, into fresh_time.
-- Binds: category, mode, season, nation (NULL: there are not several), edges (the statement that pgRouting reads the reversed network from).
WITH place AS MATERIALIZED (
  SELECT l.id AS demand_point_id, l.point, l.node, l.off_road_m, l.node IS NULL OR l.off_road_m > r.max_off_road_m AS beyond,
         l.off_road_m * 0.06 / w.speed_km_h AS walk, w.speed_km_h
  FROM pg_temp.leg l CROSS JOIN lakana.road_network r
  JOIN lakana.travel_estimate w ON w.mode = 'WALK' AND w.season = CAST(:season AS lakana.season)
  WHERE l.mode = CAST(:mode AS lakana.travel_mode) AND l.category IS NULL AND l.nation_id IS NOT DISTINCT FROM CAST(:nation AS uuid)
), root AS MATERIALIZED (
  SELECT vid, id AS service_id, node, point, first_at_node FROM pg_temp.leg
  WHERE mode = CAST(:mode AS lakana.travel_mode) AND category = CAST(:category AS lakana.service_category)
    AND nation_id IS NOT DISTINCT FROM CAST(:nation AS uuid)
), reached AS MATERIALIZED (
  SELECT found.node, root.service_id, found.agg_cost
  FROM pgr_drivingDistance(
    CAST(:edges AS text),
    -- Those that the graph holds: where pgRouting 3.4 is given another one, it finds nothing at all.
    (SELECT coalesce(array_agg(vid ORDER BY vid) FILTER (WHERE first_at_node), ARRAY[0]::bigint[]) FROM root),
    1e9, true, true
  ) AS found JOIN root ON root.vid = found.FROM_V
  WHERE found.node <> found.FROM_V
), way AS (
  SELECT p.demand_point_id, r.service_id, p.walk + r.agg_cost AS minutes
  FROM place p JOIN reached r USING (node) WHERE NOT p.beyond
  UNION ALL
  SELECT p.demand_point_id, s.service_id, ST_Distance(p.point, s.point) * 0.06 / p.speed_km_h
  FROM place p JOIN root s USING (node) WHERE NOT p.beyond
), best AS (
  SELECT DISTINCT ON (demand_point_id) * FROM way ORDER BY demand_point_id, minutes, service_id
)
INSERT INTO pg_temp.fresh_time (category, mode, season, demand_point_id, service_id, minutes, off_road_m, beyond_roads)
SELECT CAST(:category AS lakana.service_category), CAST(:mode AS lakana.travel_mode), CAST(:season AS lakana.season),
  p.demand_point_id, b.service_id, b.minutes, p.off_road_m, p.beyond
FROM place p LEFT JOIN best b USING (demand_point_id)
