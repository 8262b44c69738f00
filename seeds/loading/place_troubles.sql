-- The area of each place: as its row says, else the smallest of the division whose outline holds it. Of places outside of all
-- outlines, those up to 5 km away are taken for the nation's, since outlines are simplified; others are refused.
WITH place AS MATERIALIZED (
  SELECT file, "row", point, floor(10 * ST_X(point)) AS x, floor(10 * ST_Y(point)) AS y FROM staged
), near AS MATERIALIZED (  -- square by square: to look for each place among all areas took a fifth of the time of an import
  SELECT s.x, s.y, a.id FROM (SELECT DISTINCT place.x, place.y FROM place) s
  CROSS JOIN LATERAL (
    SELECT a.id, a.scheme, a.edition FROM lakana.admin_area a
    WHERE a.geom && ST_Expand(ST_MakeEnvelope(s.x / 10, s.y / 10, (s.x + 1) / 10, (s.y + 1) / 10, 4326), 1e-6) OFFSET 0) a
  WHERE (a.scheme, a.edition) = (:scheme, :edition)
), held AS MATERIALIZED (
  SELECT DISTINCT ON (h.file, h."row") h.file, h."row", h.id, h.name_fr
  FROM (
    SELECT p.file, p."row", p.point, a.id, a.name_fr, a.geom, a.radius_m
    FROM place p JOIN near USING (x, y) JOIN lakana.admin_area a USING (id)
    ORDER BY a.id OFFSET 0  -- area by area, which PostGIS prepares its outline for
  ) h
  WHERE ST_Covers(h.geom, h.point)
  ORDER BY h.file, h."row", h.radius_m, h.id
), nation AS MATERIALIZED (
  SELECT id, geom FROM lakana.admin_area WHERE (scheme, edition, level) = (:scheme, :edition, 0)
), outside AS MATERIALIZED (
  SELECT s.file, s."row", s.lon, s.lat, s.point, s.is_stated,
         (SELECT n.id FROM nation n ORDER BY n.geom::geography <-> s.point::geography, n.id LIMIT 1) AS nation_id,
         (SELECT min(ST_Distance(n.geom::geography, s.point::geography)) FROM nation n) AS away_m
  FROM staged s LEFT JOIN held USING (file, "row") WHERE held.id IS NULL
), mended AS (
  SELECT o.*, m.trouble, m.which, a.name_fr AS area
  FROM outside o
  LEFT JOIN LATERAL (
    SELECT tried.trouble, tried.which, tried.point
    FROM (VALUES (1, 'EXCHANGED', NULL, ST_SetSRID(ST_MakePoint(o.lat, o.lon), 4326)),
                 (2, 'WITHOUT_SIGN', 'longitude', ST_SetSRID(ST_MakePoint(-o.lon, o.lat), 4326)),
                 (3, 'WITHOUT_SIGN', 'latitude', ST_SetSRID(ST_MakePoint(o.lon, -o.lat), 4326))) AS tried(turn, trouble, which, point)
    WHERE o.away_m > 5000 AND EXISTS (SELECT FROM nation n WHERE ST_Covers(n.geom, tried.point))
    ORDER BY turn LIMIT 1
  ) m ON true
  LEFT JOIN LATERAL (
    SELECT a.name_fr FROM lakana.admin_area a
    WHERE a.geom && m.point AND (a.scheme, a.edition) = (:scheme, :edition) AND ST_Covers(a.geom, m.point)
    ORDER BY a.radius_m, a.id LIMIT 1
  ) a ON true
), apart AS (
  SELECT s.file, s."row", held.name_fr AS area, stated.name_fr AS stated,
         ST_Distance(stated.geom::geography, s.point::geography) AS away_m
  FROM staged s JOIN held USING (file, "row") JOIN lakana.admin_area stated ON stated.id = s.area_id
  WHERE s.is_stated AND stated.geom IS NOT NULL AND NOT ST_Covers(stated.geom, s.point)
), settled AS (
  UPDATE staged s SET area_id = coalesce(s.area_id, f.id)
  FROM (
    SELECT file, "row", id FROM held
    UNION ALL
    SELECT file, "row", nation_id FROM outside WHERE away_m <= 5000 OR away_m IS NULL
  ) f
  WHERE (s.file, s."row") = (f.file, f."row") AND s.area_id IS NULL
), gone AS (
  DELETE FROM staged s USING outside o WHERE (s.file, s."row") = (o.file, o."row") AND o.away_m > 5000
)
SELECT file, "row", 'lat' AS field, round(lat::numeric, 4) || ', ' || round(lon::numeric, 4) AS value,
       CASE WHEN away_m <= 5000 THEN 'NEAR_BORDER' ELSE coalesce(trouble, 'OUTSIDE') END AS trouble,
       jsonb_build_object('km', greatest(round((away_m / 1000)::numeric, 1), 0.1), 'area', area, 'which', which) AS told
FROM mended WHERE away_m IS NOT NULL
UNION ALL
SELECT file, "row", NULL, stated, 'ELSEWHERE',
       jsonb_build_object('km', greatest(round((away_m / 1000)::numeric, 1), 0.1), 'area', area, 'stated', stated)
FROM apart WHERE away_m > 100
UNION ALL
SELECT file, "row", 'lat', lat || ', ' || lon, 'ON_A_GRID', '{}'::jsonb
FROM staged s
WHERE NOT EXISTS (SELECT FROM outside o WHERE (o.file, o."row") = (s.file, s."row") AND o.away_m > 5000)
  AND round((10 * lon)::numeric, 6) = round((10 * lon)::numeric)
  AND round((10 * lat)::numeric, 6) = round((10 * lat)::numeric)
ORDER BY file, "row"
