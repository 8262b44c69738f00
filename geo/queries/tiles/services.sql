-- The services with a place in a tile: one by one or, where they are more than so many, gathered in 16 × 16 cells, each at the mean of
-- its services. Whether a feature is one or several, its `number` says. One range of service_tile_idx; gathered, from the index alone.
-- Binds: first, last (keys of the tile), zoom, x, y, categories (NULL: all), most.
WITH few(holds) AS MATERIALIZED (
  SELECT count(*) <= CAST(:most AS int) FROM (
    SELECT FROM lakana.service WHERE lakana.tile_key(point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint)
      AND (CAST(:categories AS lakana.service_category[]) IS NULL OR category = ANY (CAST(:categories AS lakana.service_category[])))
    LIMIT CAST(:most AS int) + 1
  ) AS found
), site AS (
  SELECT ST_AsMVTGeom(ST_Transform(s.point::geometry, 3857), ST_TileEnvelope(CAST(:zoom AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 0) AS geom,
         1 AS number, s.id::text AS id, s.name, s.category::text AS category, a.name AS "actorName", s.public_capacity AS capacity,
         s.verified_on::text AS "verifiedOn", o.illustrative
  FROM lakana.service s LEFT JOIN lakana.actor a ON a.id = s.actor_id JOIN lakana.source o ON o.id = s.source_id
  WHERE lakana.tile_key(s.point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint)
    AND (CAST(:categories AS lakana.service_category[]) IS NULL OR s.category = ANY (CAST(:categories AS lakana.service_category[])))
  ORDER BY lakana.tile_key(s.point), s.id
), part AS (
  SELECT (lakana.tile_key(point) - CAST(:first AS bigint)) >> (2 * (14 - CAST(:zoom AS int))) AS part, count(*) AS number,
         min(category) AS least, max(category) AS most
  FROM lakana.service
  WHERE lakana.tile_key(point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint)
    AND (CAST(:categories AS lakana.service_category[]) IS NULL OR category = ANY (CAST(:categories AS lakana.service_category[])))
  GROUP BY 1
), cell AS (
  SELECT ST_MakePoint(round(sum(number * (lakana.every_second_bit(part) * 64 + 32)) / sum(number)),
                      round(sum(number * (lakana.every_second_bit(part >> 1) * 64 + 32)) / sum(number))) AS geom,
         sum(number)::int AS number, CASE WHEN min(least) = max(most) THEN min(least)::text END AS category
  FROM part GROUP BY part >> 4 ORDER BY part >> 4
)
SELECT nullif(encode(CASE WHEN (SELECT holds FROM few) THEN (SELECT ST_AsMVT(site, 'services', 4096, 'geom') FROM site)
                   ELSE (SELECT ST_AsMVT(cell, 'services', 4096, 'geom') FROM cell) END, 'base64'), '')
