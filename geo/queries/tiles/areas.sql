-- The outlines in a tile of the areas of a level that are in force, as they were prepared for its zoom.
-- Binds: zoom, x, y, level (its number), layer (its name).
WITH tile(box) AS MATERIALIZED (
  SELECT ST_TileEnvelope(CAST(:zoom AS int), CAST(:x AS int), CAST(:y AS int))
), area AS (
  SELECT ST_AsMVTGeom(p.geom, box, 4096, 64) AS geom, a.id::text AS id, a.name_fr AS name, a.name_en AS "nameEn", a.name_bm AS "nameBm",
         lakana.area_code(a.scheme, a.edition, a.code, a.valid_from, a.valid_to) AS "areaCode", a.outline_derived AS derived, o.illustrative
  FROM tile JOIN lakana.area_outline p ON p.geom && ST_Expand(box, (ST_XMax(box) - ST_XMin(box)) / 64)
  JOIN lakana.admin_area a ON a.id = p.area_id JOIN lakana.source o ON o.id = a.source_id
  WHERE p.most_zoom = (SELECT min(band) FROM unnest('{4,7,10,14}'::int[]) AS band WHERE band >= CAST(:zoom AS int))
    AND p.level = CAST(:level AS int) AND daterange(a.valid_from, a.valid_to) @> current_date
  ORDER BY a.id
)
SELECT nullif(encode(ST_AsMVT(area, CAST(:layer AS text), 4096, 'geom'), 'base64'), '') FROM area WHERE geom IS NOT NULL
