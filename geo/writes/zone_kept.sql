-- Keep the zones of a nation (:nation), given as lists of the ids of their areas (:zones): with the names of their areas, by
-- code, and a point and a radius that follow from their outline alone.
WITH given AS MATERIALIZED (
  -- An id that follows from the areas: what is seeded again is the same again.
  SELECT md5(part::text)::uuid AS id, part FROM jsonb_array_elements(CAST(:zones AS jsonb)) AS part
), part AS MATERIALIZED (
  SELECT g.id AS zone_id, a.id AS area_id, a.code, a.name_fr, a.name_en, a.name_bm, a.source_id, coalesce(a.geom, (
    SELECT ST_Multi(ST_Union(below.geom)) FROM lakana.area_within w JOIN lakana.admin_area below ON below.id = w.area_id
    WHERE w.ancestor_id = a.id AND below.geom IS NOT NULL
  )) AS geom  -- of a nation without an outline, that of its parts
  FROM given g CROSS JOIN LATERAL jsonb_array_elements_text(g.part) AS one(id)
  JOIN lakana.admin_area a ON a.id = one.id::uuid
), listed AS (
  SELECT zone_id, count(*) AS many,
    array_agg(name_fr ORDER BY code) AS fr,
    array_agg(coalesce(name_en, name_fr) ORDER BY code) AS en,
    array_agg(coalesce(name_bm, name_fr) ORDER BY code) AS bm,
    count(name_en) > 0 AS in_en, count(name_bm) > 0 AS in_bm,
    ST_Multi(ST_Union(geom)) AS geom, min(source_id::text)::uuid AS source_id
  FROM part GROUP BY zone_id
), zone AS (
  INSERT INTO lakana.zone (id, country_id, name_fr, name_en, name_bm, geom, point, radius_m, source_id)
  SELECT zone_id, CAST(:nation AS uuid),
    CASE WHEN many = 1 THEN fr[1] ELSE array_to_string(fr[1 : many - 1], ', ') || ' et ' || fr[many] END,
    CASE WHEN many > 1 THEN array_to_string(en[1 : many - 1], ', ') || ' and ' || en[many] WHEN in_en THEN en[1] END,
    CASE WHEN many > 1 THEN array_to_string(bm[1 : many - 1], ', ') || ' ni ' || bm[many] WHEN in_bm THEN bm[1] END,
    geom, ST_PointOnSurface(geom)::geography, sqrt(ST_Area(geom::geography) / pi()), source_id
  FROM listed
)
INSERT INTO lakana.zone_area (zone_id, area_id) SELECT zone_id, area_id FROM part
