-- The outlines of a level that have no outline of their own: made of their parts, where all parts have one.
WITH made AS (
  SELECT parent.id, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Union(part.geom)), 3)) AS geom, min(part.source_id::text)::uuid AS source_id
  FROM lakana.admin_area parent JOIN lakana.admin_area part ON part.parent_id = parent.id
  WHERE (parent.scheme, parent.edition, parent.level) = (:scheme, :edition, :level) AND (parent.geom IS NULL OR parent.outline_derived)
  GROUP BY parent.id HAVING bool_and(part.geom IS NOT NULL)
)
UPDATE lakana.admin_area a SET geom = made.geom, outline_derived = true, outline_source_id = made.source_id
FROM made WHERE made.id = a.id AND ST_AsBinary(made.geom) IS DISTINCT FROM ST_AsBinary(a.geom)
