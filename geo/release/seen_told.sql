-- Row, release, quarter (0 the year), locality, area (-1 none), type (-1 all) and count of each published cell.
SELECT p.id, p.release_number, CASE WHEN length(period) = 4 THEN 0 ELSE right(period, 1)::integer END,
       coalesce(l.locality, -1), coalesce(a.area, -1),
       coalesce(array_position(enum_range(NULL::lakana.incident_type), p.incident_type), 0) - 1, p.count
FROM lakana.published_count p
LEFT JOIN seen_locality l ON l.locality_id = p.locality_id
LEFT JOIN seen_area a ON a.area_id = p.area_id
WHERE release_number IN (SELECT number FROM seen_release) ORDER BY p.id
