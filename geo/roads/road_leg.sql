-- The nearest node that somebody travels through by this mode, for every demand point and service, in metres on the
-- spheroid; ties by id. `<->` walks the index by distance on the sphere, up to 0.56 % off, so the nearest 8 are measured
-- again. A service too far from any road is none that roads lead to. Bind: mode.
DELETE FROM pg_temp.leg WHERE mode = CAST(:mode AS lakana.travel_mode);

WITH travelled AS MATERIALIZED (
  SELECT array_agg(DISTINCT class) AS classes FROM lakana.road_speed WHERE mode = CAST(:mode AS lakana.travel_mode)
), place AS (
  SELECT id, NULL::lakana.service_category AS category, point, area_set_id FROM lakana.demand_point
  UNION ALL
  SELECT id, category, point, area_set_id FROM lakana.service WHERE point IS NOT NULL
), owned AS (
  SELECT place.*, CASE WHEN (SELECT lakana.several_nations()) THEN lakana.nation_of(area_set_id) END AS nation_id FROM place
)
INSERT INTO pg_temp.leg (mode, id, category, nation_id, point, node, off_road_m, vid, first_at_node)
SELECT CAST(:mode AS lakana.travel_mode), p.id, p.category, p.nation_id, p.point, n.id, n.off_road_m,
  -9000000000000000000 + row_number() OVER (ORDER BY p.id),
  row_number() OVER (PARTITION BY p.category, p.nation_id, n.id ORDER BY n.off_road_m, p.id) = 1
FROM owned p LEFT JOIN LATERAL (
  SELECT near.id, ST_Distance(near.point, p.point) AS off_road_m FROM (
    SELECT r.id, r.point FROM road.node r
    WHERE EXISTS (
      SELECT FROM road.edge e
      WHERE (e.source = r.id OR e.target = r.id) AND e.class = ANY ((SELECT classes FROM travelled)::text[])
        AND CASE WHEN CAST(:mode AS lakana.travel_mode) = 'WALK' THEN e.on_foot ELSE e.forward OR e.backward END
    )
    ORDER BY r.point <-> p.point LIMIT 8
  ) near ORDER BY 2, 1 LIMIT 1
) n ON true
WHERE p.category IS NULL OR n.off_road_m <= (SELECT max_off_road_m FROM lakana.road_network);

ANALYZE pg_temp.leg
