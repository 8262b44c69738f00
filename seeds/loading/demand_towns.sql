-- The points that are wanted, first the localities of known population, each in its unit. A locality stands for the ground that its
-- people take up at 5,000 a square kilometre, as in towns, and for 500 m around it at least. Binds: nations.
CREATE TEMPORARY TABLE demand_wanted ON COMMIT DROP AS
SELECT DISTINCT ON (l.id) md5('demand ' || l.id)::uuid AS id, n.ancestor_id AS nation_id, u.id AS unit_id, l.id AS locality_id, l.area_id, l.area_set_id,
       l.point, l.population::double precision AS weight, greatest(500, 1000 * sqrt(l.population / (5000 * pi()))) AS holds_m,
       false AS is_spread, NULL::integer AS population, NULL::integer AS under_18, l.source_id
FROM lakana.locality l
JOIN lakana.area_within n ON n.area_id = l.area_set_id AND n.ancestor_id = ANY (CAST(:nations AS uuid[]))
LEFT JOIN (lakana.area_within w JOIN demand_unit u ON u.id = w.ancestor_id) ON w.area_id = l.area_set_id AND u.nation_id = n.ancestor_id
WHERE l.population > 0
ORDER BY l.id, u.id
