-- Release, locality, area and level of each area that a leaf counts in.
SELECT r.release_number, l.locality, a.area, p.level
FROM raw.released_area r JOIN seen_locality l USING (locality_id) JOIN seen_area a USING (area_id)
JOIN lakana.admin_area p ON p.id = r.area_id
WHERE r.release_number IN (SELECT number FROM seen_release) ORDER BY 1, 2, 4
