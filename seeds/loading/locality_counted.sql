-- An area of a level is known to have as many inhabited places as localities lie in it, as its parts have with those that are known to
-- lie in no part, as areas of another division have that lie whole in it, or as somebody has said, whichever is most. From the deepest
-- level up, in each first those of the division that the localities' own areas are of, then the others'.
UPDATE lakana.admin_area a SET locality_count = p.places
FROM (
  SELECT b.id, greatest(
    coalesce(h.inside, 0),
    coalesce(h.own, 0) + (SELECT coalesce(sum(part.locality_count), 0) FROM lakana.admin_area part WHERE part.parent_id = b.id),
    (SELECT sum(other.locality_count) FROM lakana.area_crosswalk c JOIN lakana.admin_area other ON other.id = c.from_area_id
     WHERE c.to_area_id = b.id AND c.share = 1
     GROUP BY other.scheme, other.edition, other.level ORDER BY sum(other.locality_count) DESC NULLS LAST LIMIT 1)) AS places
  FROM lakana.admin_area b LEFT JOIN locality_held h ON h.area_id = b.id
  WHERE b.level = :level AND ((b.scheme, b.edition) = (:scheme, :edition)) = :is_own
) p
WHERE p.id = a.id AND p.places > coalesce(a.locality_count, 0)
