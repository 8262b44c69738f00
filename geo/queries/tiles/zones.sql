-- The zones in a tile that have confidential services, and how many: all that is told of where these are.
-- Binds: zoom, x, y, categories (NULL: all).
WITH tile(box) AS MATERIALIZED (
  SELECT ST_TileEnvelope(CAST(:zoom AS int), CAST(:x AS int), CAST(:y AS int))
), hidden AS (
  SELECT zone_id, count(*)::int AS number FROM lakana.service
  WHERE confidential
    AND (CAST(:categories AS lakana.service_category[]) IS NULL OR category = ANY (CAST(:categories AS lakana.service_category[])))
  GROUP BY zone_id
), zone AS (
  SELECT ST_AsMVTGeom(ST_Transform(ST_SimplifyPreserveTopology(z.geom, 180 / 2 ^ CAST(:zoom AS int) / 512), 3857), box, 4096, 64) AS geom,
         hidden.number, z.id::text AS id, z.name_fr AS name, z.name_en AS "nameEn", z.name_bm AS "nameBm", z.radius_m AS "radiusMetres"
  FROM tile, hidden JOIN lakana.zone z ON z.id = hidden.zone_id
  WHERE z.geom && ST_Transform(box, 4326) ORDER BY z.id
)
SELECT nullif(encode(ST_AsMVT(zone, 'zones', 4096, 'geom'), 'base64'), '') FROM zone WHERE geom IS NOT NULL
