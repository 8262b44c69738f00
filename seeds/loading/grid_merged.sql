-- The cells of the nations that the grid covers, whole.
WITH nation AS MATERIALIZED (
  SELECT id, geom FROM lakana.admin_area
  WHERE level = 0 AND geom IS NOT NULL AND daterange(valid_from, valid_to) @> current_date AND NOT lakana.has_successor(id)
), given AS MATERIALIZED (
  SELECT DISTINCT ON (s.lon, s.lat) s.lon, s.lat, s.people, n.id AS nation_id, c.people AS former
  FROM nation n JOIN staged s ON n.geom && ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326) AND ST_Covers(n.geom, ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326))
  LEFT JOIN lakana.population_cell c USING (lon, lat)
  ORDER BY s.lon, s.lat, n.id
), gone AS (
  DELETE FROM lakana.population_cell c
  WHERE c.nation_id IN (SELECT nation_id FROM given) AND NOT EXISTS (SELECT FROM given g WHERE (g.lon, g.lat) = (c.lon, c.lat))
  RETURNING 1
), written AS (
  INSERT INTO lakana.population_cell (lon, lat, nation_id, people, source_id)
  SELECT lon, lat, nation_id, people, CAST(:source_id AS uuid) FROM given WHERE former IS DISTINCT FROM people
  ON CONFLICT (lon, lat) DO UPDATE SET people = excluded.people, nation_id = excluded.nation_id, source_id = excluded.source_id
)
SELECT count(*) FILTER (WHERE former IS NULL) AS new, count(*) FILTER (WHERE former <> people) AS changed, count(*) FILTER (WHERE former = people) AS same,
       count(*) FILTER (WHERE former IS DISTINCT FROM people) + (SELECT count(*) FROM gone) AS altered
FROM given
