-- To each demand point, the nearest of the services that came: those that have no spot to themselves yet. What is nearest in all is told
-- from this and from what was nearest before. Where all are farther than that, even through the earth, it is that distance alone.
DROP TABLE IF EXISTS pg_temp.looked_for, pg_temp.came, pg_temp.nearest_new;
-- Of a category that had no service all is found anew.
CREATE TEMPORARY TABLE looked_for ON COMMIT DROP AS SELECT DISTINCT category FROM lakana.block_access;
CREATE TEMPORARY TABLE came ON COMMIT DROP AS
SELECT s.category, s.id, s.point, lakana.geocentric(s.point) AS geocentric FROM lakana.service s
WHERE s.point IS NOT NULL AND s.category IN (SELECT category FROM looked_for) AND NOT EXISTS (
  SELECT FROM lakana.service_spot t
  WHERE t.category = s.category AND t.point::geometry = s.point::geometry AND t.service_id = s.id);
CREATE INDEX ON came USING gist (category, geocentric gist_geometry_ops_nd);
ANALYZE came;
CREATE TEMPORARY TABLE nearest_new ON COMMIT DROP AS
WITH point AS MATERIALIZED (
  SELECT id, point, lakana.geocentric(point) AS here FROM lakana.demand_point
), former AS MATERIALIZED (
  SELECT category, demand_point_id, distance_m FROM lakana.access WHERE category IN (SELECT category FROM came)
), reach AS MATERIALIZED (
  SELECT c.category, p.*, chord, chord > f.distance_m AS is_beyond,
         CASE WHEN chord > 1000000 THEN 20000000 ELSE chord + lakana.chord_margin_m(chord) END AS metres
  FROM (SELECT DISTINCT category FROM came) c CROSS JOIN point p LEFT JOIN former f ON (f.category, f.demand_point_id) = (c.category, p.id)
  CROSS JOIN LATERAL (
    SELECT ST_3DDistance(n.geocentric, p.here) AS chord FROM came n WHERE n.category = c.category ORDER BY n.geocentric <<->> p.here LIMIT 1
  ) first
)
SELECT r.category, r.id AS point_id, best.id AS service_id, best.metres
FROM reach r CROSS JOIN LATERAL (
  SELECT n.id, ST_Distance(n.point, r.point) AS metres FROM came n
  WHERE n.category = r.category AND ST_3DDistance(n.geocentric, r.here) <= r.metres AND n.geocentric &&&
    ST_MakeLine(ST_Translate(r.here, -r.metres, -r.metres, -r.metres), ST_Translate(r.here, r.metres, r.metres, r.metres))
  ORDER BY 2, 1 LIMIT 1
) best
WHERE r.is_beyond IS NOT TRUE
UNION ALL
SELECT category, id, NULL, chord FROM reach WHERE is_beyond;
ANALYZE nearest_new
