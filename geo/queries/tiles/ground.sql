-- The rivers, lakes and neighbouring countries in a tile.
-- Binds: zoom, x, y.
WITH tile(box) AS MATERIALIZED (
  SELECT ST_TileEnvelope(CAST(:zoom AS int), CAST(:x AS int), CAST(:y AS int))
), thing AS (
  SELECT ST_AsMVTGeom(ST_Transform(ST_SimplifyPreserveTopology(g.geom, 180 / 2 ^ CAST(:zoom AS int) / 512), 3857), box, 4096, 64) AS geom,
         g.kind::text AS kind, g.name_fr AS name, g.rank
  FROM tile JOIN lakana.ground g ON g.geom && ST_Transform(box, 4326) ORDER BY g.id
)
SELECT nullif(encode(ST_AsMVT(thing, 'ground', 4096, 'geom'), 'base64'), '') FROM thing WHERE geom IS NOT NULL
