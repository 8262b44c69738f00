-- The localities in a tile: all or, where they are more than so many, of each of 16 × 16 cells the one of most people, ties by id.
-- The `number` of a feature says for how many localities it stands. One range of locality_tile_idx.
-- Binds: first, last (keys of the tile), zoom, x, y, most.
WITH few(holds) AS MATERIALIZED (
  SELECT count(*) <= CAST(:most AS int) FROM (
    SELECT FROM lakana.locality WHERE lakana.tile_key(point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint) LIMIT CAST(:most AS int) + 1
  ) AS found
), cell AS MATERIALIZED (
  SELECT (lakana.tile_key(point) - CAST(:first AS bigint)) >> (2 * (16 - CAST(:zoom AS int))) AS cell, count(*) AS number,
         max(coalesce(population, -1)) AS people
  FROM lakana.locality WHERE lakana.tile_key(point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint) AND NOT (SELECT holds FROM few)
  GROUP BY 1
), shown AS (
  SELECT id, 1 AS number FROM lakana.locality
  WHERE lakana.tile_key(point) BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint) AND (SELECT holds FROM few)
  UNION ALL
  SELECT largest.id, cell.number::int FROM cell CROSS JOIN LATERAL (
    SELECT l.id FROM lakana.locality l
    WHERE lakana.tile_key(l.point) BETWEEN CAST(:first AS bigint) + (cell << (2 * (16 - CAST(:zoom AS int))))
                                       AND CAST(:first AS bigint) + ((cell + 1) << (2 * (16 - CAST(:zoom AS int)))) - 1
      AND coalesce(l.population, -1) = cell.people
    ORDER BY l.id LIMIT 1
  ) AS largest
), place AS (
  SELECT ST_AsMVTGeom(ST_Transform(l.point::geometry, 3857), ST_TileEnvelope(CAST(:zoom AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 0) AS geom,
         shown.number, l.id::text AS id, l.name_fr AS name, l.name_en AS "nameEn", l.name_bm AS "nameBm",
         l.scheme || ':' || l.code AS "areaCode", l.population AS "populationTotal", l.under_18 AS "populationUnder18", o.illustrative
  FROM shown JOIN lakana.locality l ON l.id = shown.id JOIN lakana.source o ON o.id = l.source_id
  ORDER BY l.population DESC NULLS LAST, l.id
)
SELECT nullif(encode(ST_AsMVT(place, 'localities', 4096, 'geom'), 'base64'), '') FROM place
