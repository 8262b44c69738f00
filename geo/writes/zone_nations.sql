-- The nations in force that have an outline, or whose parts have one, and whose country has no zones yet, with the first nation of their country: two
-- nations are of one country where a crosswalk leads from the one to the other.
WITH nation AS (
  SELECT n.id, n.scheme, n.code, EXISTS (
    SELECT FROM lakana.area_within w JOIN lakana.admin_area part ON part.id = w.area_id
    WHERE w.ancestor_id = n.id AND part.geom IS NOT NULL
  ) AS outlined
  FROM lakana.admin_area n WHERE n.level = 0 AND daterange(n.valid_from, n.valid_to) @> current_date
), same AS (
  SELECT mine.area_id AS id, its.area_id AS other
  FROM lakana.area_within mine JOIN lakana.area_within its USING (ancestor_id)
  WHERE mine.area_id IN (SELECT id FROM nation) AND its.area_id IN (SELECT id FROM nation)
)
SELECT n.id::text, (min(s.other::text)) AS country
FROM nation n JOIN same s USING (id)
WHERE n.outlined AND NOT EXISTS (SELECT FROM same JOIN lakana.zoning z ON z.country_id = same.other WHERE same.id = n.id)
GROUP BY n.id, n.scheme, n.code
ORDER BY n.scheme, n.code
