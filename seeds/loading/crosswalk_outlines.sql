-- The outlines of areas that have none of their own, made of the areas of another division that make them up, where all of these have one.
WITH made AS (
  SELECT s.to_id AS id, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Union(part.geom)), 3)) AS geom,
         min(coalesce(part.outline_source_id, part.source_id)::text)::uuid AS source_id
  FROM staged s JOIN lakana.admin_area part ON part.id = s.from_id JOIN lakana.admin_area whole ON whole.id = s.to_id
  WHERE s.is_complete AND s.share = 1 AND (whole.geom IS NULL OR whole.outline_derived)
  GROUP BY s.to_id HAVING bool_and(part.geom IS NOT NULL)
)
UPDATE lakana.admin_area a SET geom = made.geom, outline_derived = true, outline_source_id = made.source_id
FROM made WHERE made.id = a.id AND ST_AsBinary(made.geom) IS DISTINCT FROM ST_AsBinary(a.geom)
