-- How long the common border of any two areas in force of one parent is, in metres, below a nation (:nation). Outlines that
-- were drawn apart do not meet exactly: a border is what lies within a thousandth of a degree, and less than 1 km is a corner.
WITH RECURSIVE tree AS (
  SELECT a.id, NULL::uuid AS parent_id, a.geom FROM lakana.admin_area a WHERE a.id = CAST(:nation AS uuid)
  UNION ALL
  SELECT a.id, a.parent_id, a.geom
  FROM tree t JOIN lakana.admin_area a ON a.parent_id = t.id
  WHERE daterange(a.valid_from, a.valid_to) @> current_date
), shared AS (
  SELECT one.id AS one, other.id AS other, greatest(
    ST_Length(ST_CollectionExtract(ST_Intersection(ST_Boundary(one.geom), ST_Buffer(other.geom, 0.001)), 2)::geography),
    ST_Length(ST_CollectionExtract(ST_Intersection(ST_Boundary(other.geom), ST_Buffer(one.geom, 0.001)), 2)::geography)
  ) AS metres
  FROM tree one JOIN tree other ON other.parent_id = one.parent_id AND other.id > one.id
  WHERE one.geom && ST_Expand(other.geom, 0.001)
)
SELECT one::text, other::text, metres FROM shared WHERE metres >= 1000
