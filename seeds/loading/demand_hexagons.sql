-- Where only the number of an area is known, its people who live in no known locality are spread over hexagons of one grid in the
-- equal-area EPSG:6933 whose centres lie in its outline, or where none does over one point inside. Bind: edge_m.
WITH thin AS MATERIALIZED (
  SELECT u.nation_id, u.id, u.geom, u.people, u.source_id FROM demand_unit u LEFT JOIN demand_wanted p ON p.unit_id = u.id
  WHERE u.geom IS NOT NULL
  GROUP BY u.nation_id, u.id, u.geom, u.people, u.source_id
  HAVING u.people > coalesce(sum(p.weight) FILTER (WHERE p.locality_id IS NOT NULL), 0) AND count(*) FILTER (WHERE p.locality_id IS NULL AND p.id IS NOT NULL) = 0
), centre AS MATERIALIZED (
  SELECT t.id, cell.i, cell.j, ST_Transform(ST_Centroid(cell.geom), 4326) AS point
  FROM thin t CROSS JOIN LATERAL ST_HexagonGrid(CAST(:edge_m AS double precision), ST_Transform(t.geom, 6933)) AS cell
), inside AS MATERIALIZED (
  SELECT c.id, c.i, c.j, c.point FROM (SELECT * FROM centre ORDER BY id) c JOIN thin t USING (id) WHERE ST_Covers(t.geom, c.point)
), place AS (
  SELECT id, i, j, point FROM inside
  UNION ALL
  SELECT id, 0, 0, ST_PointOnSurface(geom) FROM thin WHERE NOT EXISTS (SELECT FROM inside WHERE inside.id = thin.id)
)
INSERT INTO demand_wanted (id, nation_id, unit_id, area_id, point, weight, is_spread, source_id)
SELECT md5(p.id || ' ' || p.i || ' ' || p.j)::uuid, t.nation_id, t.id, t.id, p.point::geography, 1, true, t.source_id
FROM place p JOIN thin t USING (id)
