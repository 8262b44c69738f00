-- What is said of a place and does not agree: the smallest area that it is said to lie in, by an area (:area) or by a locality
-- (:locality), and whose outline it stands farther outside of than :far_m metres, or than :far_inside_m and inside of another area
-- of its edition and level; or a locality too far away, or of another area. One row, or none. Outlines are drawn coarsely, so a
-- place near a border may stand outside of its own area.
WITH said AS (
  SELECT 'area_code' AS field, CAST(:area AS uuid) AS area_set_id, NULL::text AS town
  WHERE CAST(:area AS uuid) IS NOT NULL
  UNION ALL
  SELECT 'locality_id', l.area_set_id, l.name_fr FROM lakana.locality l WHERE l.id = CAST(:locality AS uuid)
), outside AS (
  SELECT said.field, said.town, a.name_fr, lakana.area_code(a.scheme, a.edition, a.code, a.valid_from, a.valid_to) AS code,
         ST_Distance(a.geom::geography, CAST(:point AS geography)) AS metres, a.radius_m AS size
  FROM said JOIN lakana.area_within w ON w.area_id = said.area_set_id
  JOIN lakana.admin_area a ON a.id = w.ancestor_id AND a.geom IS NOT NULL
  WHERE NOT ST_DWithin(a.geom::geography, CAST(:point AS geography), :far_inside_m) AND (
    NOT ST_DWithin(a.geom::geography, CAST(:point AS geography), :far_m)
    OR EXISTS (
      SELECT FROM lakana.areas_at(CAST(:point AS geography)) held JOIN lakana.admin_area theirs ON theirs.id = held.area_id
      WHERE (theirs.scheme, theirs.edition, theirs.level) = (a.scheme, a.edition, a.level)))
), apart AS (
  SELECT 'locality_id', l.name_fr, NULL, NULL, ST_Distance(l.point, CAST(:point AS geography)), 'Infinity'::double precision
  FROM lakana.locality l
  WHERE l.id = CAST(:locality AS uuid) AND NOT ST_DWithin(l.point, CAST(:point AS geography), :far_from_town_m)
), other AS (
  -- Both lie in areas of one edition and level, and these are two.
  SELECT 'locality_id', l.name_fr, theirs.name_fr,
         lakana.area_code(theirs.scheme, theirs.edition, theirs.code, theirs.valid_from, theirs.valid_to), NULL::double precision,
         'Infinity'::double precision
  FROM lakana.locality l
  JOIN lakana.area_within w ON w.area_id = l.area_set_id JOIN lakana.admin_area theirs ON theirs.id = w.ancestor_id
  JOIN lakana.area_within v ON v.area_id = CAST(:area AS uuid) JOIN lakana.admin_area ours ON ours.id = v.ancestor_id
  WHERE l.id = CAST(:locality AS uuid) AND ours.id <> theirs.id
    AND (ours.scheme, ours.edition, ours.level) = (theirs.scheme, theirs.edition, theirs.level)
)
SELECT field, town, name_fr AS name, code, metres FROM (
  SELECT * FROM outside UNION ALL SELECT * FROM apart UNION ALL SELECT * FROM other
) AS found ORDER BY size, code LIMIT 1
