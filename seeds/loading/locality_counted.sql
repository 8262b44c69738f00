-- An area is known to have as many inhabited places as localities lie in it, or more.
UPDATE lakana.admin_area a SET locality_count = p.places
FROM (
  SELECT w.ancestor_id, count(*) AS places
  FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_set_id
  JOIN lakana.admin_area b ON b.id = w.ancestor_id AND (b.scheme, b.edition) = (:scheme, :edition)
  GROUP BY w.ancestor_id
) p
WHERE p.ancestor_id = a.id AND p.places > coalesce(a.locality_count, 0)
