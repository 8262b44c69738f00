-- The cells of a grid that no locality holds, each in its unit.
WITH held AS MATERIALIZED (
  SELECT point, holds_m, ST_Expand(point::geometry, holds_m / 110000 / greatest(cos(radians(ST_Y(point::geometry))), 0.01), holds_m / 110000) AS box
  FROM demand_wanted WHERE EXISTS (SELECT FROM lakana.population_cell)
), cell AS MATERIALIZED (
  SELECT c.*, ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326) AS place FROM lakana.population_cell c
), town_cell AS MATERIALIZED (
  SELECT DISTINCT c.lon, c.lat FROM held h JOIN cell c ON c.place && h.box AND ST_DWithin(c.place::geography, h.point, h.holds_m)
)
INSERT INTO demand_wanted (id, nation_id, unit_id, area_id, point, weight, is_spread, source_id)
SELECT DISTINCT ON (c.lon, c.lat) md5(c.lon || ' ' || c.lat)::uuid, u.nation_id, u.id, u.id, c.place::geography, c.people, false, c.source_id
FROM demand_unit u JOIN cell c ON c.nation_id = u.nation_id AND u.geom && c.place AND ST_Covers(u.geom, c.place)
LEFT JOIN town_cell t USING (lon, lat)
WHERE t.lon IS NULL
ORDER BY c.lon, c.lat, u.id
