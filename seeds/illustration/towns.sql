-- The most populous localities of a nation, with the region and the district of its division that they lie in. Binds: nation, most.
WITH town AS MATERIALIZED (
  SELECT l.* FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_id AND w.ancestor_id = CAST(:nation AS uuid)
  ORDER BY l.population DESC NULLS LAST, char_length(l.code), l.code LIMIT :most
), above AS MATERIALIZED (
  SELECT t.id, a.level, a.id AS area_id, a.code
  FROM town t JOIN lakana.area_within w ON w.area_id = t.area_id JOIN lakana.admin_area a ON a.id = w.ancestor_id
  JOIN lakana.admin_area n ON n.id = CAST(:nation AS uuid) AND (n.scheme, n.edition) = (a.scheme, a.edition)
)
SELECT t.id::text, t.name_fr AS name, ST_X(t.point::geometry) AS lon, ST_Y(t.point::geometry) AS lat, coalesce(t.population, 0) AS population,
       t.under_18, t.area_id::text, region.code AS region, region.area_id::text AS region_id, district.area_id::text AS district_id
FROM town t LEFT JOIN above region ON region.id = t.id AND region.level = 1 LEFT JOIN above district ON district.id = t.id AND district.level = 2
ORDER BY char_length(t.code), t.code
