-- As kinds.sql, where children are covered as far as they found a place. Wants scope and found_place.
SELECT known.known, sum(d.under_18)::bigint AS population_under_18,
       sum(CASE WHEN d.id IS NOT NULL THEN coalesce(f.covered, 0) END)::bigint AS covered_under_18
FROM (VALUES (true), (false)) AS known(known)
LEFT JOIN (
  lakana.demand_point d
  JOIN lakana.area_within w ON w.area_id = d.area_set_id AND w.ancestor_id = (SELECT id FROM scope)
  LEFT JOIN found_place f ON f.demand_point_id = d.id
) ON (d.locality_id IS NOT NULL) = known.known
GROUP BY known.known
